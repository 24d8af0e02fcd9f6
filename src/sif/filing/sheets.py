"""Lay out the acuse and the report as document sheets."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from sif.filing.figures import AGAINST_CAP, amount_of
from sif.filing.models import Informe, Presentacion
from sif.filing.selectors import is_late, window_of
from sif.notices.sheet import Block, exact, fact, paragraph, section, table
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad
from sif.signing.chain import sha256_hex
from sif.values import Money

NO_BREAK = "\u00a0"
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_STAGES = {"normal": "normal", "correccion": "corrección"}
_REVOCATION = {
    "vigente": "el emisor respondió que no está revocado",
    "desconocido": "no se obtuvo respuesta del emisor; se preguntará de nuevo",
    "revocado": "revocado",
}
DEMO_WARNING = "Documento de demostración: la llave que lo sella se hizo en esta instalación y no tiene validez legal."


def pesos(centavos: int) -> str:
    """An amount as a document writes it: $1,234.50."""
    shown = str(Money(abs(centavos)))
    return f"−${shown}" if centavos < 0 else f"${shown}"


def day_in_words(day: date) -> str:
    """4 de junio de 2026."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def hour_in_words(moment: datetime) -> str:
    """4 de junio de 2026, 09:48:07 h, in the legal zone."""
    local = moment.astimezone(legal_zone())
    return f"{day_in_words(local.date())}, {local:%H:%M:%S}{NO_BREAK}h"


def term_in_words(due: datetime) -> str:
    """The last instant of a term: 3 de mayo de 2024, 24:00 h, when what begins outside is a midnight."""
    local = due.astimezone(legal_zone())
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{day_in_words(local.date() - timedelta(days=1))}, 24:00{NO_BREAK}h"
    return hour_in_words(due)


def name_of(contabilidad: Contabilidad) -> str:
    """Who the books are of, in a line."""
    candidatura = contabilidad.candidatura
    if candidatura is None:
        return f"{contabilidad.get_clase_display()}, {contabilidad.sujeto.nombre}"
    return f"{candidatura.persona.nombre}, {candidatura.cargo.nombre}, {candidatura.territorio.nombre}"


def _span(informe: Informe) -> str:
    periodo = informe.periodo
    return f"{periodo.numero}, del {day_in_words(periodo.desde)} al {day_in_words(periodo.hasta)}"


def _base(informe: Informe, titulo: str) -> dict[str, Any]:
    sujeto = informe.contabilidad.sujeto
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": titulo,
        "numero": informe.folio,
        "asunto": f"Informe de campaña, periodo {informe.periodo.numero}, {sujeto.nombre}",
        "proyecto": False,
        "destinatario": [],
        "firma": [],
    }


def _who(informe: Informe) -> list[Block]:
    contabilidad = informe.contabilidad
    return [
        fact("Proceso", contabilidad.etapa.proceso.nombre),
        fact("Sujeto obligado", f"{contabilidad.sujeto.nombre} ({contabilidad.sujeto.siglas})"),
        fact("Contabilidad", f"{contabilidad.pk}, {name_of(contabilidad)}"),
        fact("Periodo", _span(informe)),
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


def acuse_sheet(presentacion: Presentacion) -> dict[str, Any]:
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
            section("Archivos recibidos", _files(acuse["archivos"])),
            section("Acuse de la autoridad", *_authority(presentacion)),
        ],
        "huella": sha256_hex(acuse["cadena"].encode("utf-8")),
    }  # fmt: skip


def _term(informe: Informe) -> Block:
    window = window_of(informe.periodo)
    if window is None:
        return paragraph("El periodo no tiene ventana ordinaria de registro.")
    return fact("Plazo para presentarlo", f"hasta el {term_in_words(window.cierra_el)} ({window.base})")


def _signature(presentacion: Presentacion) -> list[Block]:
    return [
        fact("Firmó", f"{presentacion.nombre}, RFC {presentacion.rfc}"),
        fact("Certificado", f"serie {presentacion.serie}; {_REVOCATION[presentacion.revocacion]}"),
        fact("Cadena preparada", hour_in_words(presentacion.preparada_el)),
        exact("Cadena original", presentacion.cadena),
        exact("Sello digital (RSA con SHA-256)", presentacion.sello),
    ]


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
            "Cualquiera comprueba este acuse sin conexión: con el archivo acuse.json, la raíz publicada y la orden "
            "«sif acuse verificar», que nombra lo que haya cambiado."
        ),
    ]
    return blocks if settings.PRODUCTION else [*blocks, paragraph(DEMO_WARNING)]


def informe_sheet(informe: Informe) -> dict[str, Any]:
    """The sheet of a report: its lines with previous periods, this one and both; PROYECTO until presented."""
    content = informe.contenido
    presentacion = getattr(informe, "presentacion", None)
    return {
        **_base(informe, "Informe de campaña"),
        "proyecto": presentacion is None,
        "lugar_fecha": f"Preparado el {hour_in_words(informe.generado_el)}",
        "recuadro": [
            {"rotulo": "Ingresos del periodo", "texto": pesos(informe.ingresos)},
            {"rotulo": "Egresos del periodo", "texto": pesos(informe.egresos)},
        ],
        "secciones": [
            section("Identificación", *_who(informe), *_totals(informe)[2:]),
            section("Ingresos", _lines(content, "I")),
            section("Egresos", _lines(content, "II")),
            section("Saldo y tope de gastos", *_balance(content)),
            section("Firma", *_signed_by(presentacion)),
        ],
        "huella": informe.contenido_sha256,
    }


def _lines(content: dict[str, Any], rubro: str) -> Block:
    rows = [
        [line["linea"], line["titulo"], pesos(line["anterior"]), pesos(line["periodo"]), pesos(line["acumulado"])]
        for line in content["lineas"]
        if line["linea"] == rubro or line["linea"].startswith(f"{rubro}.")
    ]
    heads = [("Línea", "clave"), ("Concepto", "texto"), ("Periodos anteriores", "monto"), ("Este periodo", "monto"),
             ("Total", "monto")]  # fmt: skip
    *detail, total = rows
    return table(heads, detail, total)


def _balance(content: dict[str, Any]) -> list[Block]:
    spent = amount_of(content, AGAINST_CAP, "acumulado")
    blocks = [
        fact("Saldo del periodo", pesos(amount_of(content, "III"))),
        fact("Saldo acumulado", pesos(amount_of(content, "III", "acumulado"))),
        fact("Gasto acumulado que cuenta para el tope", pesos(spent)),
    ]
    tope = content["tope"]
    if tope is None:
        return [*blocks, fact("Tope de gastos", "esta contabilidad no tiene")]
    left = tope - spent
    said = f"quedan {pesos(left)}" if left >= 0 else f"se rebasa por {pesos(-left)}"
    return [*blocks, fact("Tope de gastos", f"{pesos(tope)}; {said}")]


def _signed_by(presentacion: Presentacion | None) -> list[Block]:
    if presentacion is None:
        return [paragraph("Sin presentar. Lo firma con su e.firma el Responsable de Finanzas.")]
    return [
        fact("Presentado", hour_in_words(presentacion.recibida_el)),
        fact("Firmó", f"{presentacion.nombre}, RFC {presentacion.rfc}, certificado {presentacion.serie}"),
        exact("Sello digital (RSA con SHA-256)", presentacion.sello),
    ]
