"""Cumplimiento: count what each subject of a stage owes by kind and state, and list the duties of one."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from operator import itemgetter

from django import forms
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.duties.generating import Obligacion
from sif.duties.selectors import compliance, drafts_of, obligations_of_authority, urgent
from sif.law.duties import STATES, load_duties
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado
from sif.web.admin.words import SUBJECTS
from sif.web.auditor.desk import StageListing, stage_page
from sif.web.auditor.frames import auditor_frame
from sif.web.columns import Column, Link, Row, panel
from sif.web.deposits import takes_deposits
from sif.web.duty_lists import DutyList, duty_words, what_words
from sif.web.filters import Filter, choice, words
from sif.web.formats import short_day
from sif.web.frame import Crumb
from sif.web.lazy import Words, law_words
from sif.web.states import state_look
from sif.web.tables import Table, Thing

_FOLIO = re.compile(r"[A-Z-]+-\d+-P\d+-V\d+")
"""The folio of a version of a report."""
GROUPS: dict[str, tuple[str, ...]] = {
    "cumplidas": ("cumplida",),
    "tarde": ("tarde",),
    "abiertas": ("abierta",),
    "por_venir": ("programada",),
    "vencidas": ("vencida", "omitida"),
    "por_confirmar": ("por_confirmar",),
    "sin_efecto": ("suspendida", "no_aplica"),
}
"""Columns of the panel, each with the states that it counts."""
LABELS: dict[str, Words] = {
    "cumplidas": _("Cumplidas"),
    "tarde": _("Tarde"),
    "abiertas": _("Abiertas"),
    "por_venir": _("Por venir"),
    "vencidas": _("Vencidas u omitidas"),
    "por_confirmar": _("Por confirmar"),
    "sin_efecto": _("Suspendidas o sin efecto"),
}


def _kinds() -> list[tuple[str, str]]:
    return sorted(
        ((clave, law_words(duty.que)) for clave, duty in load_duties(settings.JURISDICTION).items()),
        key=lambda pair: pair[1],
    )


def _states() -> list[tuple[str, str]]:
    return [(state, str(state_look(state).palabra)) for state in STATES]


def _asked(label: Words, pairs: Callable[[], list[tuple[str, str]]]) -> Filter:
    """Return a filter that `Compliance` applies itself: what it narrows is not in the database."""
    return Filter(
        lambda seat: forms.ChoiceField(label=label, required=False, choices=[("", translated("Todas")), *pairs()]),
        lambda rows, value, seat: rows,
    )


class Compliance(StageListing):
    """Every subject with books in the stage, with how many of its duties stand how."""

    template = "auditor/cumplimiento.html"
    page, title, file_name = "cumplimiento", _("Cumplimiento"), "cumplimiento"
    filters = {
        "q": words(_("Siglas o nombre"), "siglas", "nombre"),
        "tipo": choice(_("Clase de sujeto"), "tipo", SUBJECTS.items()),
        "obligacion": _asked(_("Obligación"), _kinds),
        "estado": _asked(_("Estado"), _states),
    }
    order = "nombre"
    columns = (
        Column("nombre", _("Sujeto"), "cosa", sort=True, link=Link("auditor:cumplimiento_sujeto", ("siglas",))),
        Column("siglas", _("Siglas"), "clave", under="nombre"),
        Column("clase", _("Clase"), source="tipo", words=SUBJECTS, sort=True),
        *(Column(key, LABELS[key], "numero", show=itemgetter(key), written=itemgetter(key)) for key in GROUPS),
    )
    empty = _("Nadie tiene libros en esta etapa.")

    @cached_property
    def counted(self) -> Counter[tuple[int, str, str]]:
        """The duties of the stage by subject, kind and state, of the kind asked."""
        kind = self.request.GET.get("obligacion", "")
        every = compliance(clock.today(), etapas=[self.seat.pk])
        return Counter({key: n for key, n in every.items() if kind in ("", key[1])})

    def query(self) -> QuerySet[Model]:
        """Select the subjects of the stage that have a duty of the kind and in the state asked."""
        state = self.request.GET.get("estado", "")
        found = {subject for subject, _kind, each in self.counted if state in ("", each)}
        return SujetoObligado.objects.filter(pk__in=found)

    def enrich(self, rows: list[Row]) -> None:
        """Count the duties of each subject by group of states."""
        by_subject: Counter[tuple[int, str]] = Counter()
        for (subject, _kind, state), n in self.counted.items():
            by_subject[subject, state] += n
        for row in rows:
            for key, states in GROUPS.items():
                row[key] = sum(by_subject[row["pk"], state] for state in states)

    def extra(self) -> Mapping[str, object]:
        """Add the same counts by kind of duty, and what the law asks of the authority itself."""
        return {"por_tipo": by_kind(self.counted), "propias": _own(self.seat)}


def by_kind(counted: Counter[tuple[int, str, str]]) -> Table:
    """Draw the duties of a stage by kind and group of states."""
    totals: Counter[tuple[str, str]] = Counter()
    for (_subject, kind, state), n in counted.items():
        totals[kind, state] += n
    rows = [
        {"que": duty_words(kind)} | {key: sum(totals[kind, each] for each in states) for key, states in GROUPS.items()}
        for kind in sorted({kind for kind, _state in totals}, key=duty_words)
    ]
    columns = (Column("que", _("Obligación"), "cosa"), *(Column(key, LABELS[key], "numero") for key in GROUPS))
    return panel(_("Por obligación"), rows, columns)


def _own(etapa: Etapa) -> Table | None:
    """Draw what the law asks of the authority in this stage [LGPP 84.2, 60.3]."""
    rows = [row for row in obligations_of_authority(clock.today()) if row.etapa == etapa.pk]
    heads = (
        Column(
            "que",
            _("Qué"),
            "cosa",
            show=lambda row: Thing(what_words(row), debajo=law_words(row.nota), articulo=row.articulo),
        ),
        Column(
            "vence",
            _("Vence"),
            show=lambda row: (
                short_day(row.vence_el, weekday=True, year=True) if row.vence_el else translated("la ley no da día")
            ),
        ),
        Column("estado", _("Estado"), "estado"),
    )
    return panel(_("Lo que toca a la autoridad"), rows, heads) if rows else None


@require_safe
@stage_page
def subject(request: HttpRequest, etapa: Etapa, siglas: str) -> HttpResponseBase:
    """Render the duties of one subject in every stage; with ?formato=, return their list as a file."""
    found = get_object_or_404(SujetoObligado, siglas=siglas)
    shown = DutyList(request, drafts_of([found.pk], clock.today()))
    if (file := shown.file()) is not None:
        return file
    crumb = Crumb(translated("Cumplimiento"), reverse("auditor:cumplimiento"))
    context = {
        "frame": auditor_frame(etapa, "cumplimiento", crumb, Crumb(found.nombre)),
        "sujeto": found,
        "vistas": shown.tabs(),
        "filtro": shown.filter,
        "tabla": shown.table(lambda row: _proof(row, siglas)),
        "linea": shown.line(),
    }
    return render(request, "auditor/cumplimiento_sujeto.html", context)


@require_safe
@stage_page
def urgency(request: HttpRequest, etapa: Etapa) -> HttpResponseBase:
    """Render the unmet duties of the stage, overdue or nearly due; with ?formato=, return their list as a file."""
    rows = urgent(clock.today(), [etapa.pk])
    subjects = SujetoObligado.objects.in_bulk(rows.subjects())
    shown = DutyList(request, rows, subjects)
    if (file := shown.file()) is not None:
        return file
    crumb = Crumb(translated("Cumplimiento"), reverse("auditor:cumplimiento"))
    context = {
        "frame": auditor_frame(etapa, "cumplimiento", crumb, Crumb(translated("Por escalar"))),
        "vistas": shown.tabs(),
        "filtro": shown.filter,
        "tabla": shown.table(lambda row: reverse("auditor:cumplimiento_sujeto", args=[subjects[row.sujeto].siglas])),
    }
    return render(request, "auditor/escalamiento.html", context)


def _proof(row: Obligacion, siglas: str) -> str:
    """Return the page of what proves a duty: that of its deposits or of the report that was presented; or ''."""
    if takes_deposits(row.tipo):
        return reverse("auditor:obligacion", args=[row.clave, siglas])
    return reverse("auditor:informe", args=[row.evidencia]) if _FOLIO.fullmatch(row.evidencia) else ""
