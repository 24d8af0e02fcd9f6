"""Show the spending and income of campaigns, one election against its cap, and the largest sanctions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Filters, Process, Statement, Totals
from sif.law.duties import load_duties
from sif.values import Money
from sif.web.columns import Values, panel
from sif.web.formats import local, long_day
from sif.web.lazy import law_words
from sif.web.public.cast import invented
from sif.web.public.listas import rule_urls, sanction_columns, statement_columns
from sif.web.public.pictures import home_pictures
from sif.web.public.stage import Stages, last_decided, nothing_yet, public_page, stages_of
from sif.web.public.words import millions

BIGGEST = 5


@dataclass(frozen=True, slots=True)
class Election:
    """A contest: office and place."""

    cargo: str
    territorio: str

    @property
    def clave(self) -> str:
        """Its key in the query string."""
        return f"{self.cargo}|{self.territorio}"

    @property
    def nombre(self) -> str:
        """Its name as a title."""
        return _("%(office)s, %(place)s") % {"office": self.cargo, "place": self.territorio}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Return the first page of the system, open to all."""
    stages = stages_of(request)
    context: dict[str, object] = {"demonstration": bool(invented()), "nothing": nothing_yet()}
    if stages.actual:
        totals = catalog.totals(stages.clave, Filters(clase="candidatura"))
        context |= (
            _figures(totals) | _election(request, stages.clave) | _sanctions(stages) | _reports(totals, stages.actual)
        )
        context |= home_pictures(stages.clave)
        context["ended"] = stages.actual.termina_el < local(stages.actual.datos_al).date()
    return public_page(request, "inicio", "home", stages, context)


def _figures(totals: Totals) -> dict[str, object]:
    spent, received = totals.egresos, totals.ingresos
    return {
        "spent": spent,
        "spent_words": millions(spent),
        "received": received,
        "received_words": millions(received),
        "unreported": totals.no_reportado,
        "candidacies": totals.cuantas,
        "over": totals.rebasan,
    }


def _election(request: HttpRequest, proceso: str) -> dict[str, object]:
    elections = [Election(*each) for each in catalog.elections(proceso)]
    if not elections:
        return {}
    asked = request.GET.get("eleccion", "")
    chosen = next((each for each in elections if each.clave == asked), elections[0])
    rows = catalog.election(proceso, chosen.cargo, chosen.territorio)
    return {
        "elections": sorted(elections, key=lambda each: each.nombre),
        "election": chosen,
        "election_cap": _cap(rows),
        "election_table": panel(chosen.nombre, rows, statement_columns()),
        "examples": list(dict.fromkeys(word for word in (chosen.territorio, rows[0].sujeto) if word)),
    }


def _cap(rows: Sequence[Statement]) -> Money | None:
    """Return the cap, when all compete under the same one."""
    caps = {row.tope for row in rows}
    return caps.pop() if len(caps) == 1 else None


def _sanctions(stages: Stages) -> dict[str, object]:
    """Return the largest of the stage; while it has none, those of the last stage in which the council decided."""
    decided = stages.actual if stages.actual and stages.actual.sanciones else last_decided(stages.todas)
    if decided is None:
        return {}
    rows = catalog.sanciones(decided.clave, part=slice(BIGGEST))
    columns = sanction_columns(rule_urls(rows, Stages(stages.todas, decided).query))
    return {
        "sanctions_of": decided,
        "sanctions_count": catalog.sum_sanciones(decided.clave).cuantas,
        "sanctions_total": decided.sanciones,
        "sanctions_table": panel(_("Las sanciones más altas"), rows, columns),
    }


def kind_words(kind: str, counted: Values) -> str:
    """Return how the reports of a kind stand: how many, filed, late, not filed in term, and those whose term runs."""
    duties = load_duties(settings.JURISDICTION)
    name = law_words(duties[kind].que) if kind in duties else kind
    due, done, late, runs = (
        counted[key] for key in ("informes_debidos", "informes_presentados", "informes_tarde", "informes_en_plazo")
    )
    parts = [ngettext("%(n)s presentado", "%(n)s presentados", done) % {"n": done}]
    if late:
        parts.append(ngettext("%(n)s de ellos con retraso", "%(n)s de ellos con retraso", late) % {"n": late})
    missing = due - done
    parts.append(ngettext("%(n)s vencido sin presentar", "%(n)s vencidos sin presentar", missing) % {"n": missing})
    if runs:
        last = long_day(date.fromisoformat(counted["informes_hasta"]))
        running = ngettext("%(n)s en plazo, hasta el %(day)s", "%(n)s en plazo, el último hasta el %(day)s", runs)
        parts.append(running % {"n": runs, "day": last})
    return _("%(kind)s: %(parts)s (%(all)s en total).") % {"kind": name, "parts": ", ".join(parts), "all": due + runs}


def _reports(totals: Totals, stage: Process) -> dict[str, object]:
    return {
        "kinds": [kind_words(kind, counted) for kind, counted in (stage.informes or {}).items()],
        "due": totals.informes_debidos,
        "presented": totals.informes_presentados,
        "late": totals.informes_tarde,
        "search_url": reverse("public:candidaturas"),
    }
