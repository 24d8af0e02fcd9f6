"""List the runs of the stage, and ask for another."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from sif.audit.selectors import runs_of
from sif.audit.tasks import ask_for_audit, open_audit
from sif.filing.selectors import obligations
from sif.proceedings.terms import report_due
from sif.registry import clock
from sif.registry.models import Etapa
from sif.web.auditor.desk import StageListing
from sif.web.authority_seat import person
from sif.web.columns import Column, Values
from sif.web.formats import digest_groups
from sif.web.tables import Empty, Thing
from sif.web.trabajos.following import job_url, to_job


def _run(row: Values) -> Thing:
    return Thing(str(row["corrida"]), debajo=_("Instantánea"), clave_debajo=digest_groups(row["instantanea"])[:19])


def _awaited(etapa: Etapa) -> Mapping[str, object]:
    """Return how many reports of a stage have not come while their term runs, and when the last of those terms ends."""
    if clock.today() > report_due(etapa)[0]:
        return {"por_llegar": 0}  # as in most of a review: its reports are not read
    now = clock.now()
    terms = [each.vence_el for each in obligations(etapa) if each.recibida_el is None and each.vence_el > now]
    return {"por_llegar": len(terms), "llegan_hasta": max(terms, default=None)}


class Runs(StageListing):
    """The runs, the last first; a post asks for the job that freezes the books as they stand and runs every rule."""

    template, page, file_name, title = "auditor/corridas.html", "cobertura", "corridas", _("Corridas")
    http_method_names = ["get", "head", "options", "post"]
    columns = (
        Column("corrida", _("Corrida"), "cosa", "pk", show=_run),
        Column("instantanea", source="instantanea__digest", where="file"),
        Column("corte", _("Libros al"), "dia", "instantanea__corte_el", phone="third"),
        Column("reglas", _("Reglas"), "numero", "cuantas", phone="third"),
        Column("hallazgos", _("Hallazgos"), "numero", "encontrados", phone="third"),
        Column("fin_el", _("Terminó"), "momento", phone="half"),
    )
    empty = Empty(
        _("El reglamento todavía no ha corrido en esta etapa."), _("Pida la primera corrida con el botón de arriba.")
    )

    def query(self) -> QuerySet[Model]:
        """Select them with how many rules ran and what they found."""
        return runs_of(self.seat)

    def extra(self) -> Mapping[str, object]:
        """Say whether one runs now, leading to it who asked for it, and which reports it would not see."""
        work = open_audit(self.seat)
        mine = work is not None and work.persona_id == person(self.request).pk
        told = {"en_curso": work is not None, "trabajo": job_url(work) if work and mine else ""}
        return {**told, **_awaited(self.seat)}

    def post(self, request: HttpRequest, seat: Etapa) -> HttpResponseBase:
        """Ask for the job. Raises PermissionDenied."""
        by = person(request)
        try:
            return to_job(request, ask_for_audit(seat, by), by)
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
