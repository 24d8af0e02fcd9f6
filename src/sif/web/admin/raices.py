"""List the cuts of the record, and publish its roots now."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sif.disclosure.cuts import cuts
from sif.filing.tasks import ask_to_publish
from sif.registry import clock
from sif.web.admin.desk import Seat, admin_page
from sif.web.columns import Column, Link, panel
from sif.web.tables import Empty, page_of
from sif.web.trabajos.following import to_job

COLUMNS = (
    Column("numero", _("Corte"), "cosa", link=Link("public:corte", ("numero",))),
    Column("hecho_el", _("Hecho"), "momento", phone="half"),
    Column("registros", _("Registros que cubre"), "numero", phone="half"),
    Column("sha256", _("Huella de su archivo"), "clave", phone="wide"),
    Column("sello", _("Sello de tiempo"), show=lambda row: _("Sí") if row["con_sello"] else _("No"), phone="half"),
)


@require_safe
@admin_page
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return every cut, the last first, and the act of making one more."""
    rows, pager = page_of(cuts(), request.GET)
    nothing = Empty(_("Todavía no hay cortes."), _("Un trabajador hace uno cada día, después de medianoche."))
    last = cuts().first()
    context = {
        "frame": seat.frame("raices"),
        "ultimo": last,
        "de_hoy": last is not None and clock.legal_day(last["hecho_el"]) == clock.today(),
        "sellos": settings.SELLO_TIEMPO,
        "tabla": panel(translated("Cortes"), rows, COLUMNS, pagina=pager, vacia=nothing),
    }
    return render(request, "admin/raices.html", context)


@require_POST
@admin_page
def publish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask for the job that cuts the log of records and publishes its sealed roots."""
    try:
        return to_job(request, ask_to_publish(seat.usuario), seat.usuario)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
