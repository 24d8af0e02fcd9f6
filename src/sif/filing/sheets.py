"""Lay out the acuse and the report as document sheets."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from sif.filing.annexes import annexes_in
from sif.filing.committing import signatures_of
from sif.filing.figures import HEADS, amount_of, changes, days_of, form_frozen
from sif.filing.models import Compromiso, Firmado, Informe, Presentacion
from sif.filing.selectors import before_of, is_late, term_of
from sif.filing.signers import ROLES, lacked_by
from sif.law.articles import cited_as_read
from sif.law.forms import FormSection
from sif.notices.sheet import Block, Section, exact, fact, paragraph, section, table
from sif.registry.clock import end_of_term, legal_zone
from sif.registry.corrections import books_at
from sif.registry.models import Contabilidad
from sif.signing.chain import sha256_hex
from sif.values import Money
from sif.values.words import MONTHS

NO_BREAK = "\u00a0"
_STAGES = {"normal": "normal", "correccion": "corrección"}
_REVOCATION = {
    "vigente": "el emisor respondió que no está revocado",
    "desconocido": "no se obtuvo respuesta del emisor; se preguntará de nuevo",
    "revocado": "revocado",
}
DEMO_WARNING = "Documento de demostración: la llave que lo sella se hizo en esta instalación y no tiene validez legal."


def pesos(centavos: int) -> str:
    """Return an amount as a document writes it: $1,234.50."""
    return Money(centavos).in_pesos()


def day_in_words(day: date) -> str:
    """4 de junio de 2026."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def hour_in_words(moment: datetime) -> str:
    """4 de junio de 2026, 09:48:07 h, in the legal zone."""
    local = moment.astimezone(legal_zone())
    return f"{day_in_words(local.date())}, {local:%H:%M:%S}{NO_BREAK}h"


def term_in_words(due: datetime) -> str:
    """The last instant of a term: 3 de mayo de 2024, 24:00 h, for a midnight and for the last minute of a day."""
    day, hour = end_of_term(due)
    return f"{day_in_words(day)}, 24:00{NO_BREAK}h" if hour == "24:00" else hour_in_words(due)


def name_of(contabilidad: Contabilidad) -> str:
    """Return the holder of some books, in a line."""
    candidatura = contabilidad.candidatura
    if candidatura is None:
        return f"{contabilidad.get_clase_display()}, {contabilidad.sujeto.nombre}"
    return candidatura.en_palabras


def span_in_words(informe: Informe) -> str:
    """The days of a report, after the number of its period where it is of that period alone: 2, del 1 de abril al…"""
    desde, hasta = days_of(informe.contenido)
    days = f"del {day_in_words(desde)} al {day_in_words(hasta)}"
    return f"{informe.periodo.numero}, {days}" if desde == informe.periodo.desde else days


def _which(informe: Informe) -> str:
    """Return the words that set a report apart within its kind: its period, or the year or years that it covers."""
    desde, hasta = days_of(informe.contenido)
    if desde == informe.periodo.desde:
        return f"periodo {informe.periodo.numero}"
    return f"ejercicio {hasta.year}" if desde.year == hasta.year else f"de {desde.year} a {hasta.year}"


def matter_of(informe: Informe) -> str:
    """Return the kind of a report with its period or years, as its pages head it."""
    return f"{form_frozen(informe)[0].nombre}, {_which(informe)}"


def books_of(informe: Informe) -> Contabilidad:
    """Return the books of a report as they were called when it was presented; as today while it is a draft."""
    presentacion = getattr(informe, "presentacion", None)
    return books_at(informe.contabilidad, presentacion.recibida_el) if presentacion else informe.contabilidad


def _base(informe: Informe, titulo: str) -> dict[str, object]:
    sujeto = books_of(informe).sujeto
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": titulo,
        "numero": informe.folio,
        "asunto": f"{matter_of(informe)}, {sujeto.nombre}",
        "proyecto": False,
        "destinatario": [],
        "firma": [],
        "consulta": True,
    }


def _who(informe: Informe) -> list[Block]:
    contabilidad = books_of(informe)
    return [
        fact("Proceso", contabilidad.etapa.proceso.nombre),
        fact("Sujeto obligado", f"{contabilidad.sujeto.nombre} ({contabilidad.sujeto.siglas})"),
        fact("Contabilidad", f"{contabilidad.pk}, {name_of(contabilidad)}"),
        fact("Periodo", span_in_words(informe)),
        fact("Etapa y versión", f"{_STAGES[informe.etapa_captura]}, versión {informe.version}"),
    ]


def _totals(informe: Informe) -> list[Block]:
    blocks = [
        fact("Ingresos del periodo", pesos(informe.ingresos)),
        fact("Egresos del periodo", pesos(informe.egresos)),
    ]
    if informe.contenido["sin_movimientos"]:
        blocks.append(paragraph("El sujeto obligado declara que en el periodo no tuvo movimientos."))
    return blocks


def acuse_sheet(presentacion: Presentacion) -> dict[str, object]:
    """The sheet of an acuse. Its `huella` is the SHA-256 of the acuse's cadena, which the log of acuses keeps."""
    informe, acuse = presentacion.informe, presentacion.acuse
    local = presentacion.recibida_el.astimezone(legal_zone())
    return {
        **_base(informe, "Acuse de presentación"),
        "lugar_fecha": f"Recibido el {hour_in_words(local)}",
        "recuadro": [
            {"rotulo": "Recibido", "texto": day_in_words(local.date())},
            {"rotulo": "Hora", "texto": f"{local:%H:%M:%S}{NO_BREAK}h"},
            {"rotulo": "Presentación", "texto": "Extemporánea" if is_late(presentacion) else "En plazo"},
        ],
        "secciones": [
            section("Informe presentado", *_who(informe), *_totals(informe), _term(informe)),
            section("Firma del Responsable de Finanzas", *_signature(presentacion)),
            *(section(f"Firma del {label}", *_signature(one), _came(one)) for label, one in _others(presentacion)),
            *_lacking(presentacion),
            section("Archivos recibidos", _files(acuse["archivos"])),
            section("Acuse de la autoridad", *_authority(presentacion)),
        ],
        "huella": sha256_hex(acuse["cadena"].encode("utf-8")),
    }


def _term(informe: Informe) -> Block:
    report = term_of(informe)
    if report is None:
        return paragraph("El periodo no tiene ventana ordinaria de registro.")
    return fact("Plazo para presentarlo", f"hasta el {term_in_words(report.vence_el)} ({report.base})")


def _signature(one: Firmado) -> list[Block]:
    return [
        fact("Firmó", f"{one.nombre}, RFC {one.rfc}"),
        fact("Certificado", f"serie {one.serie}; {_REVOCATION[one.revocacion]}"),
        fact("Cadena preparada", hour_in_words(one.preparada_el)),
        exact("Cadena original", one.cadena),
        exact("Sello digital (RSA con SHA-256)", one.sello),
    ]


def _others(presentacion: Presentacion) -> list[tuple[str, Compromiso]]:
    """Return who signed a presentation besides who presents it, each with their role in words."""
    return [(str(ROLES[one.papel].label), one) for one in signatures_of(presentacion) if one.papel in ROLES]


def _lacking(presentacion: Presentacion) -> list[Section]:
    """Say without which of the signatures that the law asks for a report was presented."""
    lacked = lacked_by(presentacion)
    if not lacked:
        return []
    return [section(f"Firma del {ROLES[lacked].label}", paragraph("No se recibió: se presentó sin ella."))]


def _came(one: Compromiso) -> Block:
    return fact("Llegó", hour_in_words(one.recibido_el))


def _files(archivos: list[dict[str, Any]]) -> Block:
    rows = [[entry["nombre"], f"{entry['bytes']:,}", entry["sha256"]] for entry in archivos]
    return table([("Archivo", "texto"), ("Bytes", "monto"), ("SHA-256", "clave")], rows)


def _authority(presentacion: Presentacion) -> list[Block]:
    acuse = presentacion.acuse
    blocks = [
        exact("Cadena del acuse", acuse["cadena"]),
        exact("Sello de la autoridad", acuse["sello_autoridad"]),
        fact("Lugar en el registro de acuses", f"hoja {presentacion.hoja}"),
        paragraph(
            "Cualquiera comprueba este acuse sin conexión: con el archivo acuse.json, la raíz publicada y la página "
            "verificar.html o la orden «sif acuse verificar», que nombran lo que haya cambiado."
        ),
    ]
    return blocks if settings.PRODUCTION else [*blocks, paragraph(DEMO_WARNING)]


def informe_sheet(informe: Informe) -> dict[str, object]:
    """Return the sheet of a report: its lines with previous periods, this one and both; PROYECTO until presented."""
    presentacion = getattr(informe, "presentacion", None)
    return {
        **_base(informe, form_frozen(informe)[0].nombre),
        "proyecto": presentacion is None,
        "lugar_fecha": f"Preparado el {hour_in_words(informe.generado_el)}",
        "recuadro": [
            {"rotulo": "Ingresos del periodo", "texto": pesos(informe.ingresos)},
            {"rotulo": "Egresos del periodo", "texto": pesos(informe.egresos)},
        ],
        "secciones": [
            section("Identificación", *_who(informe), *_totals(informe)[2:]),
            *(section(part.titulo, _lines(informe, part)) for part in form_frozen(informe)[1].secciones),
            *_cap(informe),
            *_corrected(informe),
            *_annexed(informe),
            section("Firma", *_signed_by(presentacion)),
        ],
        "huella": informe.contenido_sha256,
    }


def _lines(informe: Informe, part: FormSection) -> Block:
    """Return the lines of a part of the form that the version froze, each with its article."""
    columns = HEADS[form_frozen(informe)[1].columnas]
    lines = [line for line in informe.contenido["lineas"] if line["linea"] in part.lineas]
    rows = [[line["linea"], _titled(line), *(pesos(line[column]) for column, _head in columns)] for line in lines]
    heads = [("Línea", "clave"), ("Concepto", "texto"), *((head, "monto") for _column, head in columns)]
    return table(heads, rows[:-1], rows[-1]) if part.suma else table(heads, rows)


def _titled(line: dict[str, object]) -> str:
    """Return the title of a line and its article; versions of before lines had one say the title alone."""
    base = str(line.get("base") or "")
    return f"{line['titulo']} ({cited_as_read(base, settings.JURISDICTION)})" if base else str(line["titulo"])


def _cap(informe: Informe) -> list[Section]:
    """Render the spending that counts against the cap and the remainder, in the forms with a cap."""
    content, kind = informe.contenido, form_frozen(informe)[1]
    if not kind.tope:
        return []
    spent, tope = amount_of(content, kind.tope, "acumulado"), content["tope"]
    said = "esta contabilidad no tiene"
    if tope is not None:
        left = tope - spent
        said = f"{pesos(tope)}; {f'quedan {pesos(left)}' if left >= 0 else f'se rebasa por {pesos(-left)}'}"
    counted = fact("Gasto acumulado que cuenta para el tope", pesos(spent))
    return [section("Tope de gastos", counted, fact("Tope de gastos", said))]


def _corrected(informe: Informe) -> list[Section]:
    """Render the changes of a version against the version presented before, line by line."""
    before = before_of(informe)
    if before is None:
        return []
    rows = [
        [each.linea, each.titulo, pesos(each.informe), pesos(each.libros), pesos(each.diferencia)]
        for each in changes(before.contenido, informe.contenido)
    ]
    title = f"Diferencias con la versión {before.version}, que se presentó antes"
    if not rows:
        return [section(title, paragraph("Las cifras son las mismas."))]
    heads = [
        ("Línea", "clave"),
        ("Concepto", "texto"),
        (f"Versión {before.version}", "monto"),
        (f"Versión {informe.version}", "monto"),
        ("Diferencia", "monto"),
    ]
    return [section(title, table(heads, rows))]


def _annexed(informe: Informe) -> list[Section]:
    """Render the annexes of a version, each with its basis, its rows and the digest that the report carries."""
    rows = [[f"{each.titulo} ({each.fundamento})", f"{each.renglones:,}", each.sha256] for each in annexes_in(informe)]
    heads = [("Anexo", "texto"), ("Renglones", "monto"), ("SHA-256", "clave")]
    return [section("Anexos que el sistema adjunta", table(heads, rows))] if rows else []


def _signed_by(presentacion: Presentacion | None) -> list[Block]:
    if presentacion is None:
        return [paragraph("Sin presentar. Lo firma con su e.firma el Responsable de Finanzas.")]
    return [
        fact("Presentado", hour_in_words(presentacion.recibida_el)),
        *_who_signed("Firmó", presentacion),
        *(block for label, one in _others(presentacion) for block in _who_signed(f"Firmó el {label}", one)),
    ]


def _who_signed(how: str, one: Firmado) -> list[Block]:
    return [
        fact(how, f"{one.nombre}, RFC {one.rfc}, certificado {one.serie}"),
        exact("Sello digital (RSA con SHA-256)", one.sello),
    ]
