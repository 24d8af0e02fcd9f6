"""Lay out a notice, a deposit, a receipt, a CEP and a warehouse note as document sheets."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from sif.books.models import AvisoContratacion, Cep, MovimientoInventario, ReciboRepap
from sif.books.records import contract_row
from sif.books.services.kardex import thousandths
from sif.catalogs.models import PersonaSujeto
from sif.filing.models import Deposito
from sif.filing.sheets import DEMO_WARNING, day_in_words, hour_in_words, name_of, pesos, term_in_words
from sif.law.duties import load_duties
from sif.notices.documents import render_pdf
from sif.notices.sheet import Block, exact, fact, paragraph, section, table
from sif.registry import clock
from sif.registry.corrections import books_at, subject_at
from sif.registry.models import Contabilidad
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.hours import legal_hour

_NOTICE = {"nuevo": "nuevo", "modificatorio": "modificatorio", "cancelacion": "de cancelación"}
_PAID = {"efectivo": "en efectivo", "cheque": "con cheque", "transferencia": "por transferencia", "": ""}


def notice_pdf(aviso: AvisoContratacion) -> bytes:
    """Return the acuse of a contracting notice: what was told, when, and whether it was in time."""
    return render_pdf("registro", notice_sheet(aviso))


def notice_huella(aviso: AvisoContratacion) -> str:
    """Return the digest that the acuse of a notice prints, of its facts and not of its words: its code comes of it."""
    facts = {
        "folio": aviso.folio,
        "contabilidad": aviso.contabilidad_id,
        "tipo": aviso.tipo,
        "contenido": aviso.contenido,
        "presentado_el": legal_hour(aviso.presentado_el),
    }
    return sha256_hex(canonical_json(facts))


def deposit_pdf(deposito: Deposito) -> bytes:
    """Draw the acuse of a deposit: for which duty, when, and the digest of the file. It is kept as it is issued."""
    return render_pdf("registro", deposit_sheet(deposito))


def deposit_huella(deposito: Deposito) -> str:
    """Return the digest that the acuse of a deposit prints, of its facts and not of its words: its code comes of it."""
    facts = {
        "folio": deposito.folio,
        "sujeto": deposito.sujeto_id,
        "obligacion": deposito.obligacion,
        "desde": deposito.desde.isoformat(),
        "hasta": deposito.hasta.isoformat(),
        "cumplida_el": deposito.cumplida_el.isoformat(),
        "archivo": deposito.sha256,
        "depositado_el": legal_hour(deposito.depositado_el),
    }
    return sha256_hex(canonical_json(facts))


def deposit_matter(deposito: Deposito) -> tuple[str, str]:
    """Return the subject of a deposit, as it was called then, and its duty with its period."""
    duty = load_duties(settings.JURISDICTION)[deposito.obligacion]
    return subject_at(deposito.sujeto, deposito.depositado_el).nombre, f"{duty.que}, {_period_of(deposito)}"


def notice_matter(aviso: AvisoContratacion) -> tuple[str, str]:
    """Return the subject of a contracting notice, as it was called then, and of which kind it is."""
    subject = books_at(aviso.contabilidad, aviso.presentado_el).sujeto
    return subject.nombre, f"Aviso {_NOTICE[aviso.tipo]} de contratación"


def _period_of(deposito: Deposito) -> str:
    return f"del {day_in_words(deposito.desde)} al {day_in_words(deposito.hasta)}"


def repap_pdf(recibo: ReciboRepap) -> bytes:
    """Return a REPAP receipt, to be signed by who receives."""
    return render_pdf("registro", repap_sheet(recibo))


def cep_pdf(cep: Cep) -> bytes:
    """Return a CEP, with its seal if it is signed."""
    return render_pdf("registro", cep_sheet(cep))


def note_pdf(movements: Sequence[MovimientoInventario]) -> bytes:
    """Return a note of entry or exit; the movements are those of one note, at least one."""
    return render_pdf("registro", note_sheet(movements))


def notice_sheet(aviso: AvisoContratacion) -> dict[str, object]:
    """Return the sheet of a notice."""
    content, books = aviso.contenido, books_at(aviso.contabilidad, aviso.presentado_el)
    delivery = content["entrega_el"]
    facts = [
        fact("Proveedor", f"{content['proveedor']}, RFC {content['proveedor_rfc']}"),
        fact("Objeto", content["objeto"]),
        fact("Fecha de suscripción", _iso(content["suscrito_el"])),
        fact("Entrega o inicio del servicio", _iso(delivery) if delivery else "no se dijo"),
        fact("Valor total", pesos(content["monto"])),
        fact("Precio unitario", pesos(content["precio_unitario"]) if content["precio_unitario"] else "no se dijo"),
        fact("Condiciones de ejecución", content["condiciones"]),
        fact("Penalización por incumplimiento", content["penalizacion"] or "no se pactó"),
    ]
    if aviso.modifica_a is not None:
        facts.insert(0, fact("Sustituye al aviso", aviso.modifica_a.folio))
    if "motivo" in content:
        facts.append(fact("Motivo de la cancelación", content["motivo"]))
    return {
        **_base("Acuse de aviso de contratación", aviso.folio, aviso.presentado_el),
        **_found_by(notice_huella(aviso)),
        "asunto": f"Aviso {_NOTICE[aviso.tipo]} de contratación, {books.sujeto.nombre}",
        "recuadro": [
            {"rotulo": "Presentado", "texto": hour_in_words(aviso.presentado_el)},
            {"rotulo": "Oportunidad", "texto": _opportunity(aviso)},
        ],
        "secciones": [
            section(
                "De quién",
                *_who(books),
                fact("Presentó", aviso.presentado_por.named_at(aviso.presentado_el)),
            ),
            section("El contrato", *facts),
            section("Fundamento", *_law(aviso)),
        ],
    }


def deposit_sheet(deposito: Deposito) -> dict[str, object]:
    """Return the sheet of a deposit."""
    moment, subject = deposito.depositado_el, subject_at(deposito.sujeto, deposito.depositado_el)
    duty = load_duties(settings.JURISDICTION)[deposito.obligacion]
    done = [] if deposito.cumplida_el == clock.legal_day(moment) else [deposito.cumplida_el]
    return {
        **_base("Acuse de depósito", deposito.folio, moment),
        **_found_by(deposit_huella(deposito)),
        "asunto": f"{duty.que}, {subject.nombre}",
        "recuadro": [{"rotulo": "Depositado", "texto": hour_in_words(moment)}],
        "secciones": [
            section(
                "De quién",
                fact("Sujeto obligado", f"{subject.nombre} ({subject.siglas})"),
                fact("Depositó", deposito.depositado_por.named_at(moment)),
            ),
            section(
                "La obligación",
                fact("Qué", duty.que),
                fact("Periodo", _period_of(deposito)),
                *(fact("Se hizo, según el documento", day_in_words(day)) for day in done),
                fact("Fundamento", duty.articulo),
            ),
            section(
                "El documento",
                fact("Archivo", deposito.nombre),
                fact("Bytes", f"{deposito.bytes:,}"),
                exact("Huella SHA-256", deposito.sha256),
            ),
        ],
    }


def _opportunity(aviso: AvisoContratacion) -> str:
    row = contract_row(aviso.contrato)
    if row.plazo is None:
        return "Sin plazo en esta etapa"
    first = row.avisos[0]
    return "En tiempo" if row.plazo.met_by(first.presentado_el) else "Extemporáneo"


def _law(aviso: AvisoContratacion) -> list[Block]:
    row = contract_row(aviso.contrato)
    if row.plazo is None:
        return [paragraph("Fuera de precampaña y campaña los contratos se informan cada trimestre.", "LGPP 61.1.f.II")]
    words = (
        f"Los contratos de precampaña y campaña se avisan en los {row.plazo.plazo} días posteriores a su suscripción y "
        f"antes de la entrega. El plazo de este venció el {term_in_words(row.plazo.vence_el)}."
    )
    return [paragraph(words, row.plazo.base)]


def repap_sheet(recibo: ReciboRepap) -> dict[str, object]:
    """Return the sheet of a REPAP receipt."""
    books = books_at(recibo.contabilidad, recibo.expedido_el)
    return {
        **_base("Recibo de reconocimiento por actividades políticas", recibo.folio, recibo.expedido_el),
        "asunto": f"REPAP, {books.sujeto.nombre}",
        "recuadro": [{"rotulo": "Recibí", "texto": pesos(recibo.monto)}, *_void(recibo.cancelado_el)],
        "secciones": [
            section(
                "Quién recibe",
                fact("Nombre", recibo.persona.nombre),
                fact("CURP", recibo.persona.curp or "no se dijo"),
                fact("Clave de elector", _elector(recibo)),
            ),
            section(
                "Por qué",
                fact("Actividad", recibo.actividad),
                fact("Días", f"del {day_in_words(recibo.desde)} al {day_in_words(recibo.hasta)}"),
                fact("Pago", f"{day_in_words(recibo.pagado_el)}, {_PAID[recibo.medio]}"),
            ),
            section(
                "Quién paga",
                *_who(books),
                fact("Expidió", recibo.expedido_por.named_at(recibo.expedido_el)),
            ),
        ],
        "firma": [recibo.persona.nombre, "Recibí de conformidad"],
    }


def cep_sheet(cep: Cep) -> dict[str, object]:
    """Return the sheet of a CEP; PROYECTO while nobody signed it."""
    books = books_at(cep.contabilidad, cep.firmado_el) if cep.firmado_el else cep.contabilidad
    post = "general" if cep.representacion == "general" else f"ante casilla, sección {cep.seccion}"
    paid = [fact("Pago", "gratuito")]
    if cep.oneroso and cep.pagado_el:
        paid = [fact("Pago", f"{pesos(cep.monto)}, {day_in_words(cep.pagado_el)}, {_PAID[cep.medio]}")]
    return {
        **_base("Comprobante electrónico de pago", cep.folio, cep.expedido_el),
        "proyecto": cep.firmado_el is None,
        "asunto": f"Representante {post}, {books.sujeto.nombre}",
        "recuadro": [{"rotulo": "Monto", "texto": pesos(cep.monto)}, *_void(cep.cancelado_el)],
        "secciones": [
            section(
                "La persona representante", fact("Nombre", cep.persona.nombre), fact("Representación", post), *paid
            ),
            section("Quién expide", *_who(books), fact("Expidió", cep.expedido_por.named_at(cep.expedido_el))),
            section("Firma", *_seal(cep)),
        ],
    }


def _seal(cep: Cep) -> list[Block]:
    if cep.firmado_el is None:
        return [paragraph("Sin firmar. Lo firma con su e.firma el Responsable de Finanzas.")]
    return [
        fact("Firmado", hour_in_words(cep.firmado_el)),
        fact("Certificado", cep.firma.certificado_serie),
        exact("Sello digital (RSA con SHA-256)", cep.firma.sello),
    ]


def note_sheet(movements: Sequence[MovimientoInventario]) -> dict[str, object]:
    """Return the sheet of a warehouse note."""
    first = movements[0]
    books = books_at(first.contabilidad, first.registrado_el)
    entering = first.tipo == "entrada"
    heads = (("Clave", "clave"), ("Artículo", "texto"), ("Cantidad", "monto"), ("Unidad", "texto"), ("Costo", "monto"))
    rows = [
        [
            row.articulo.clave,
            row.articulo.nombre,
            thousandths(row.cantidad_milesimas),
            row.articulo.unidad,
            pesos(row.costo),
        ]
        for row in movements
    ]
    total = ["", "", "", "Total", pesos(sum(row.costo for row in movements))]
    kind = "entrada" if entering else "salida"
    return {
        **_base(f"Nota de {kind} de almacén", first.documento, first.registrado_el),
        "asunto": f"{'Entrada al' if entering else 'Salida del'} almacén, {books.sujeto.nombre}",
        "recuadro": [{"rotulo": "Fecha", "texto": day_in_words(first.fecha)}],
        "secciones": [
            section(
                "De quién",
                *_who(books),
                fact("Registró", first.registrado_por.named_at(first.registrado_el)),
            ),
            section("De dónde viene" if entering else "A dónde va", *_whence(first)),
            section("Los artículos", table(heads, rows, total)),
        ],
        "firma": [first.recibe or "Nombre y firma", "Recibe"],
    }


def _whence(movement: MovimientoInventario) -> list[Block]:
    if movement.tipo == "entrada":
        return [fact("Origen", movement.get_origen_display() or "no se dijo")]
    blocks = []
    if movement.evento is not None:
        event = movement.evento
        blocks.append(fact("Evento", f"{event.numero}, {event.nombre}, {day_in_words(event.fecha)}, {event.municipio}"))
    if movement.destino:
        blocks.append(fact("Lugar", movement.destino))
    return blocks


def _base(titulo: str, numero: str, moment: datetime) -> dict[str, object]:
    warning = [] if settings.PRODUCTION else [DEMO_WARNING]
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": titulo,
        "numero": numero,
        "proyecto": False,
        "lugar_fecha": f"Expedido el {hour_in_words(moment)}",
        "destinatario": warning,
        "firma": [],
    }


def _found_by(huella: str) -> dict[str, object]:
    """Return what makes the public address find a document: the digest of its facts, of which its code comes."""
    return {"huella": huella, "consulta": True}


def _who(contabilidad: Contabilidad) -> list[Block]:
    return [
        fact("Sujeto obligado", f"{contabilidad.sujeto.nombre} ({contabilidad.sujeto.siglas})"),
        fact("Contabilidad", f"{contabilidad.pk}, {name_of(contabilidad)}"),
    ]


def _void(cancelled: datetime | None) -> list[dict[str, str]]:
    return [{"rotulo": "CANCELADO", "texto": hour_in_words(cancelled)}] if cancelled else []


def _elector(recibo: ReciboRepap) -> str:
    """Return the key of elector that was known when the receipt was issued, or the first known after."""
    known = PersonaSujeto.objects.filter(
        persona__identidad=recibo.persona.identidad, sujeto=recibo.contabilidad.sujeto_id, relacion="repap"
    ).exclude(clave_elector="")
    ordered = known.order_by("registrada_el", "pk")
    row = ordered.filter(registrada_el__lte=recibo.expedido_el).last() or ordered.first()
    return row.clave_elector if row else "no se dijo"


def _iso(day: str) -> str:
    return day_in_words(date.fromisoformat(day))
