"""Post a draft once, reversing the póliza that it corrects."""

from dataclasses import replace

from sif.books.models import Borrador, Poliza
from sif.books.services import Correction, Support, post_borrador
from sif.registry.models import Usuario
from sif.statements.poliza_paper import poliza_pdf
from sif.values import Money
from sif.web.party.captura.aside import misplaced
from sif.web.party.draft_parser import Reader, Understood, understand
from sif.web.party.mesa import Mesa


def understood(row: Borrador, mesa: Mesa) -> Understood:
    """Parse a draft with the chart of its books and the reach of the person of the desk.

    Of one that cannot be read whole, its day is told too where it is of no period that it may be posted in.
    """
    reader = Reader(row.contabilidad, mesa.chart(row.contabilidad), mesa.alcance)
    meant = understand(row.contenido, reader, row.comprobante)
    if meant.problemas and (wrong := misplaced(mesa, row)):
        meant.problemas.append(wrong)
    return meant


def post(row: Borrador, meant: Understood, by: Usuario) -> Poliza:
    """Post what the draft means. Raises PolizaRefused."""
    assert meant.poliza is not None
    corrected = row.contenido.get("corrige")
    if not corrected:
        return post_borrador(row, meant.poliza, by, support=meant.soporte)
    originals = Poliza.objects.select_related("periodo", "contabilidad__sujeto", "registrada_por")
    original = originals.get(contabilidad=row.contabilidad, eslabon=corrected["asiento"])
    correction = Correction(original, corrected["motivo"], poliza_pdf(original))
    return post_borrador(row, meant.poliza, by, support=_invoices(original, meant.soporte), correction=correction)


def _invoices(original: Poliza, support: Support) -> Support:
    """Return the support with every invoice that the wrong póliza used."""
    named = {number for number, _part in support.comprobantes}
    uses = original.comprobantes.exclude(comprobante__in=named).values_list("comprobante_id", "monto")
    return replace(support, comprobantes=(*support.comprobantes, *((number, Money(part)) for number, part in uses)))
