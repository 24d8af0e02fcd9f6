"""A póliza on paper: its sheet, drawn by the letter «poliza» with its own digest at the foot."""

from django.utils import translation

from sif.books.models import Poliza
from sif.books.selectors import reference_of, substitute_of, substituted_by
from sif.notices import sheet
from sif.notices.documents import render_pdf
from sif.registry.clock import legal_zone
from sif.values import Money
from sif.web.formats import currency_amount, long_day, moment_words, plain_amount
from sif.web.party.auxiliaries import names_of
from sif.web.party.mesa import books_name


def poliza_pdf(poliza: Poliza) -> bytes:
    """The PDF of a posted póliza as it was posted; the same póliza gives the same bytes until another corrects it."""
    with translation.override("es-mx"):  # a document of the books is in the language of the law, whoever asks for it
        return render_pdf("poliza", poliza_sheet(poliza))


def poliza_sheet(poliza: Poliza) -> dict[str, object]:
    """What the paper says, as `sif.notices.sheet` writes documents; its foot carries the digest of the póliza."""
    books, short = poliza.contabilidad, reference_of(poliza).split(";")[0]
    return {
        "organo": books.sujeto.nombre, "titulo": "Póliza", "numero": short, "proyecto": False,
        "asunto": f"Contabilidad {books.pk}, {books_name(books)}",
        "lugar_fecha": f"Registrada el {moment_words(poliza.registrada_el, zone=True)}",
        "recuadro": [
            {"rotulo": "Total", "texto": currency_amount(Money(poliza.total))},
            {"rotulo": "Asiento de la cadena", "texto": str(poliza.eslabon)},
        ],
        "destinatario": [], "firma": [poliza.registrada_por.nombre, "Registró la póliza"],
        "huella": bytes(poliza.huella).hex(),
        "secciones": [
            sheet.section("Datos", *_facts(poliza)),
            sheet.section("Movimientos", _lines(poliza)),
            *_support(poliza),
        ],
    }  # fmt: skip


def _facts(poliza: Poliza) -> list[sheet.Block]:
    registered = poliza.registrada_el.astimezone(legal_zone()).date()
    facts = [
        sheet.fact("Concepto", poliza.concepto),
        sheet.fact("Operación", long_day(poliza.fecha_operacion)),
        sheet.fact("Registro", f"{long_day(registered)}, {(registered - poliza.fecha_operacion).days} días después"),
        sheet.fact("Periodo", f"{poliza.periodo.numero}, tipo {poliza.tipo}, {poliza.get_subtipo_display().lower()}"),
    ]
    if poliza.revierte_a:
        facts.append(sheet.fact("Revierte a", reference_of(poliza.revierte_a)))
    reversal = getattr(poliza, "reversion", None)
    if reversal:
        facts.append(sheet.fact("La revierte", reference_of(reversal)))
    for label, other in (("La sustituye", substitute_of(poliza)), ("Sustituye a", substituted_by(poliza))):
        if other:
            facts.append(sheet.fact(label, reference_of(other)))
    return facts


def _lines(poliza: Poliza) -> sheet.Block:
    lines = list(poliza.movimientos.select_related("cuenta").order_by("linea"))
    names = names_of((line.auxiliar_tipo, line.auxiliar_id) for line in lines)
    columns = (
        ("Cuenta", "clave"), ("Nombre", "texto"), ("Auxiliar y concepto", "texto"), ("Cargo", "monto"),
        ("Abono", "monto"),
    )  # fmt: skip
    rows = [
        (
            line.cuenta_id, line.cuenta.nombre,
            " · ".join(filter(None, (names.get((line.auxiliar_tipo, line.auxiliar_id), ""), line.concepto))),
            plain_amount(line.cargo) if line.cargo else "", plain_amount(line.abono) if line.abono else "",
        )
        for line in lines
    ]  # fmt: skip
    sums = (plain_amount(sum(line.cargo for line in lines)), plain_amount(sum(line.abono for line in lines)))
    return sheet.table(columns, rows, ("Sumas iguales", "", "", *sums))


def _support(poliza: Poliza) -> list[dict[str, object]]:
    """Invoices and files that stand behind it."""
    uses = poliza.comprobantes.select_related("comprobante").order_by("pk")
    invoices = [(u.comprobante.uuid, u.comprobante.emisor_nombre, plain_amount(u.monto)) for u in uses]
    files = poliza.evidencias.select_related("clase", "sin_efecto").order_by("pk")
    kept = [
        (each.clase.nombre, each.nombre + (" (sin efecto)" if hasattr(each, "sin_efecto") else ""), each.archivo_id)
        for each in files
    ]
    sections = []
    if invoices:
        columns = (("Folio fiscal", "clave"), ("Emisor", "texto"), ("Monto usado", "monto"))
        sections.append(sheet.section("Comprobantes fiscales", sheet.table(columns, invoices)))
    if kept:
        columns = (("Clase", "texto"), ("Archivo", "texto"), ("SHA-256", "clave"))
        sections.append(sheet.section("Evidencias", sheet.table(columns, kept)))
    return sections
