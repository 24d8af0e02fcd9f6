"""Draw what was deposited for a duty, alike for who deposits and for who reviews, and give its file and its acuse."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.books.services import file_of, read_file
from sif.duties.depositing import Receivable, deposits_of, receivable
from sif.filing.models import Deposito
from sif.law.duties import load_duties
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.web.columns import Column, Link, panel
from sif.web.duty_lists import what_words
from sif.web.files import PDF, download, sealed_pdf
from sif.web.formats import short_day
from sif.web.load import RETRY_AFTER
from sif.web.tables import Empty, Table, Thing


def takes_deposits(clave: str) -> bool:
    """Return whether documents are deposited for a kind of duty."""
    return bool(load_duties(settings.JURISDICTION)[clave].deposito)


def duty_or_404(sujeto: SujetoObligado, clave: str) -> Receivable:
    """Return a duty of a subject as it stands today. Raises Http404 for one for which nothing is deposited."""
    found = receivable(sujeto.pk, clave, clock.today())
    if found is None:
        raise Http404(_("No hay una obligación %(clave)s que se cumpla con un depósito.") % {"clave": clave})
    return found


def deposits_table(found: Receivable, desk: str) -> Table:
    """Draw what was deposited for a duty; desk: where the addresses of the files are."""
    columns = (
        Column("folio", _("Folio"), "clave"),
        Column("nombre", _("Documento"), "cosa", link=Link(f"{desk}:deposito_documento")),
        Column("depositado_el", _("Depositado"), "momento"),
        Column("quien", _("Depositó"), show=lambda row: row.depositado_por.named_at(row.depositado_el)),
        *((Column("cumplida_el", _("Se hizo"), show=_done),) if found.acto else ()),
        Column("acuse", _("Acuse"), "cosa", show=_acuse(desk)),
    )
    nothing = Empty(_("Nada se ha depositado."))
    return panel(_("Depósitos"), list(deposits_of(found)), columns, vacia=nothing)


def _done(row: Deposito) -> str:
    return short_day(row.cumplida_el, year=True)


def _acuse(desk: str) -> Callable[[Deposito], Thing]:
    return lambda row: Thing(_("Acuse"), reverse(f"{desk}:deposito_acuse", args=[row.pk]))


def duty_context(found: Receivable, desk: str) -> dict[str, object]:
    """Say a duty, its period and its deposits, for a template."""
    row = found.obligacion
    return {
        "obligacion": row,
        "que": what_words(row),
        "hallada": found,
        "tabla": deposits_table(found, desk),
    }


def document(number: int) -> HttpResponse:
    """Give the file of a deposit that the scope of the request reads: never shown by the browser, only kept by it."""
    found = get_object_or_404(Deposito, pk=number)
    return download(_kept(found.sha256), PDF, f"{found.folio}.pdf")


def _kept(sha256: str) -> bytes:
    if file_of(sha256) is None:
        raise Http404(_("El documento no está en el archivo."))
    return read_file(sha256)


def acuse(number: int) -> HttpResponse:
    """Give the acuse of a deposit that the scope of the request reads, sealed, as it was issued.

    Until it was drawn, the page says that it is being made.
    """
    found = get_object_or_404(Deposito.objects.select_related("acuse"), pk=number)
    if found.acuse_kept:
        return sealed_pdf(_kept(found.acuse_kept), f"acuse-{found.folio}.pdf")
    page = render_to_string("503_elaborando.html", {"deposito": found})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})
