"""Constancia de fallas: show what kept a person from working in some days, and give it sealed by the authority."""

from datetime import UTC, date, datetime, timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sif.availability.certifying import Holder, certify, check_span, code_of_folio, constancia_bytes
from sif.availability.kept import log_faults
from sif.availability.measuring import FAILURES, PROBED, folder_of
from sif.availability.reading import Failure, Log, failures_of, minutes_of, read
from sif.availability.sealing import sealed_days
from sif.availability.sheet import constancia_sheet
from sif.filing.sealing import sealed as with_seal
from sif.filing.services import authority_key
from sif.notices.documents import render_pdf
from sif.registry.clock import midnight
from sif.values import Problem, Refused
from sif.web.availability import gap_table, outage_table
from sif.web.columns import Column, panel
from sif.web.fields import day_field
from sif.web.files import PDF, download
from sif.web.formats import moment_words
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty, Table

USUAL = 7
"""How many days the page shows before somebody chooses."""


class SpanForm(forms.Form):
    """The days that a constancia covers, whole."""

    desde = day_field(gettext_lazy("Primer día"))
    hasta = day_field(gettext_lazy("Último día"))


@require_safe
@party_page
def constancia(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the outages of some days and the person's own failures; with ?formato=pdf or json, the constancia."""
    today = datetime.now(UTC).astimezone(mesa.ahora.tzinfo).date()
    usual = {"desde": f"{today - timedelta(days=USUAL - 1):%d/%m/%Y}", "hasta": f"{today:%d/%m/%Y}"}
    form = SpanForm({name: request.GET.get(name) or usual[name] for name in usual})
    problems: tuple[Problem, ...] = ()
    log: Log | None = None
    if form.is_valid():
        try:
            log = _read(form.cleaned_data["desde"], form.cleaned_data["hasta"])
        except Refused as refused:
            problems = refused.problems
    if log is not None and request.GET.get("formato") in ("pdf", "json"):
        return _file(request.GET["formato"], mesa, log, _own_failures(request, mesa, log))
    context: dict[str, object] = {
        "frame": mesa.frame("constancia"),
        "form": form,
        "problemas": problems,
        "log": log,
    }
    if log is not None:
        mine = _own_failures(request, mesa, log)
        query = urlencode({name: f"{form.cleaned_data[name]:%d/%m/%Y}" for name in usual})
        context |= {
            "minutos": minutes_of(log.caidas),
            "caidas": outage_table(log),
            "huecos": gap_table(log) if log.huecos else None,
            "fallas": _own(mine),
            "consulta": query,
        }
    return render(request, "party/constancia.html", context, status=200 if log is not None else 422)


def _read(since: date, until: date) -> Log:
    begins, ends = midnight(since), midnight(until + timedelta(days=1))
    now = datetime.now(UTC)
    check_span(begins, ends, now)
    return read(settings.DATOS, begins, min(ends, now), PROBED)


def _own_failures(request: HttpRequest, mesa: Mesa, log: Log) -> list[Failure]:
    """Return what failed to the person, and in this session while the database did not say whose it is (ADR 0285)."""
    return failures_of(settings.DATOS, mesa.usuario.pk, log.desde, log.hasta, request.session.session_key or "")


def _file(kind: str, mesa: Mesa, log: Log, failures: list[Failure]) -> HttpResponse:
    """Seal and return the constancia as a document or as data."""
    key = authority_key()
    folders = [folder_of(settings.DATOS, log) for log in (PROBED, FAILURES)]
    probed, failed = (sealed_days(folder) for folder in folders)
    read_from = log.desde.astimezone(UTC).date() - timedelta(days=1)  # an outage may begin the day before
    wrong = [
        fault
        for folder, seals in zip(folders, (probed, failed), strict=True)
        for fault in log_faults(folder, seals, key.public_key(), read_from)
    ]
    changed = sorted({each.dia.isoformat() for each in wrong if each.dia >= read_from})
    within = {each.dia.isoformat(): each.sha256 for each in probed if each.dia >= log.desde.date()}
    holder = Holder(mesa.usuario.pk, mesa.usuario.nombre, [each.nombre for each in mesa.sujetos])
    made = certify(log, failures, holder, within, changed, key, datetime.now(UTC))
    if kind == "json":
        return download(constancia_bytes(made), "application/json", f"{made['folio']}.json")
    sheet = constancia_sheet(made, code_of_folio(made["folio"], key))
    paper = render_pdf("constancia", sheet)  # it says the hour at which it is asked for
    return download(with_seal(paper, anew=True), PDF, f"{made['folio']}.pdf")


def _own(failures: list[Failure]) -> Table:
    columns = (
        Column("momento", _("Momento"), show=lambda each: moment_words(each.momento)),
        Column("pedido", _("Folio"), "clave", phone="wide"),
        Column("modulo", _("Módulo")),
        Column("estado", _("Error"), "numero"),
        Column("ms", _("Milisegundos"), "numero", show=lambda each: round(each.ms)),
    )
    nothing = Empty(_("Ninguna petición suya falló."), _("Lo que su navegador no llegó a enviar no se mide aquí."))
    return panel(_("Sus peticiones que fallaron"), failures, columns, vacia=nothing, totales={})
