"""Lay out a póliza on paper with its digest at the foot."""

from sif.books.models import Poliza
from sif.books.selectors import reference_of, substitute_of, substituted_by
from sif.filing.sheets import day_in_words, hour_in_words
from sif.notices import sheet
from sif.notices.documents import render_pdf
from sif.registry import clock
from sif.registry.corrections import books_at
from sif.statements.names import names_of, written
from sif.values import Money


def poliza_pdf(poliza: Poliza) -> bytes:
    """The PDF of a posted póliza as it was posted; the same póliza gives the same bytes until another corrects it."""
    return render_pdf("poliza", poliza_sheet(poliza))


def poliza_sheet(poliza: Poliza) -> dict[str, object]:
    """Return the content of the paper of a póliza, as `sif.notices.sheet` takes it; the foot carries the digest."""
    books, short = books_at(poliza.contabilidad, poliza.registrada_el), reference_of(poliza).split(";")[0]
    return {
        "organo": books.sujeto.nombre,
        "titulo": "Póliza",
        "numero": short,
        "proyecto": False,
        "asunto": f"Contabilidad {books.pk}, {books.titular}",
        "lugar_fecha": f"Registrada el {hour_in_words(poliza.registrada_el)}",
        "recuadro": [
            {"rotulo": "Total", "texto": Money(poliza.total).in_pesos()},
            {"rotulo": "Asiento de la cadena", "texto": str(poliza.eslabon)},
        ],
        "destinatario": [],
        "firma": [poliza.registrada_por.named_at(poliza.registrada_el), "Registró la póliza"],
        "huella": bytes(poliza.huella).hex(),
        "secciones": [
            sheet.section("Datos", *_facts(poliza)),
            sheet.section("Movimientos", _lines(poliza)),
            *_support(poliza),
        ],
    }


def _after(days: int) -> str:
    return "el mismo día" if days == 0 else f"{days} día{'s' if days > 1 else ''} después"


def _facts(poliza: Poliza) -> list[sheet.Block]:
    registered = clock.legal_day(poliza.registrada_el)
    facts = [
        sheet.fact("Concepto", poliza.concepto),
        sheet.fact("Operación", day_in_words(poliza.fecha_operacion)),
        sheet.fact("Registro", f"{day_in_words(registered)}, {_after((registered - poliza.fecha_operacion).days)}"),
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
        ("Cuenta", "clave"),
        ("Nombre", "texto"),
        ("Auxiliar y concepto", "texto"),
        ("Cargo", "monto"),
        ("Abono", "monto"),
    )
    rows = [
        (
            line.cuenta_id,
            line.cuenta.nombre,
            " · ".join(filter(None, (written(names, line.auxiliar_tipo, line.auxiliar_id), line.concepto))),
            str(Money(line.cargo)) if line.cargo else "",
            str(Money(line.abono)) if line.abono else "",
        )
        for line in lines
    ]
    sums = (str(Money(sum(line.cargo for line in lines))), str(Money(sum(line.abono for line in lines))))
    return sheet.table(columns, rows, ("Sumas iguales", "", "", *sums))


def _support(poliza: Poliza) -> list[sheet.Section]:
    """Invoices and files that stand behind it."""
    uses = poliza.comprobantes.select_related("comprobante").order_by("pk")
    invoices = [(u.comprobante.uuid, u.comprobante.emisor_nombre, str(Money(u.monto))) for u in uses]
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
