"""List the runs of the stage, and ask for another."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.audit.selectors import runs_of
from sif.audit.tasks import ask_for_audit, open_audit
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, stage_at_hand
from sif.web.formats import digest_groups, short_day
from sif.web.seats import seated_at
from sif.web.tables import Column, Empty, Row, Table, Thing, page_number, pager_for
from sif.web.trabajos.following import job_url, to_job


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def runs(request: HttpRequest) -> HttpResponse:
    """The runs, the last first; a post asks for the job that freezes the books as they stand and runs every rule."""
    etapa, by = stage_at_hand(request), person(request)
    if request.method == "POST":
        try:
            return to_job(request, ask_for_audit(etapa, by), by)
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    work, found = open_audit(etapa), runs_of(etapa)
    page = pager_for(page_number(request.GET), found.count())
    columns = (
        Column("corrida", _("Corrida"), "cosa"),
        Column("corte", _("Libros al"), telefono="third"),
        Column("reglas", _("Reglas"), "numero", telefono="third"),
        Column("hallazgos", _("Hallazgos"), "numero", telefono="third"),
        Column("fin", _("Terminó"), "momento", telefono="half"),
    )
    rows = [_row(each) for each in found[max(0, page.desde - 1) : page.hasta]]
    nothing = Empty(
        _("El reglamento todavía no ha corrido en esta etapa."), _("Pida la primera corrida con el botón de arriba.")
    )
    context = {
        "frame": auditor_frame(etapa, "cobertura"),
        "tabla": Table(_("Corridas"), columns, rows, pagina=page, vacia=nothing),
        "en_curso": work is not None,
        "trabajo": job_url(work) if work and work.persona_id == by.pk else "",
    }
    return render(request, "auditor/corridas.html", context)


def _row(each: dict[str, Any]) -> Row:
    digest = digest_groups(each["digest"])[:19]
    return Row(
        {
            "corrida": Thing(str(each["pk"]), debajo=_("Instantánea"), clave_debajo=digest),
            "corte": short_day(each["corte"], year=True),
            "reglas": each["cuantas"],
            "hallazgos": each["encontrados"],
            "fin": each["fin_el"],
        }
    )
