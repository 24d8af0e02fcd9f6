"""Show the spending and income of campaigns, one election against its cap, and the largest sanctions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Filters, PublicSanction, Statement
from sif.values import Money
from sif.web.formats import local
from sif.web.public.listas import rule_urls, sanction_columns, sanction_row, statement_columns, statement_row
from sif.web.public.personas import invented
from sif.web.public.stage import Stages, last_decided, nothing_yet, public_page, stages_of
from sif.web.public.words import millions
from sif.web.tables import Table

BIGGEST = 5


@dataclass(frozen=True, slots=True)
class Election:
    """A contest: office and place, and who competes, those that spent most first."""

    cargo: str
    territorio: str
    filas: tuple[Statement, ...]

    @property
    def clave(self) -> str:
        """Its key in the query string."""
        return f"{self.cargo}|{self.territorio}"

    @property
    def nombre(self) -> str:
        """Its name as a title."""
        return _("%(office)s, %(place)s") % {"office": self.cargo, "place": self.territorio}

    @property
    def tope(self) -> Money | None:
        """The cap, when all compete under the same one."""
        caps = {row.tope for row in self.filas}
        return caps.pop() if len(caps) == 1 else None


def elections_of(rows: Sequence[Statement]) -> list[Election]:
    """The contests of a stage, by money spent."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for row in rows:
        groups.setdefault((row.cargo, row.territorio), []).append(row)
    found = [Election(office, place, tuple(sorted(who, key=_most))) for (office, place), who in groups.items()]
    return sorted(found, key=lambda each: (-sum(row.total.centavos for row in each.filas), each.clave))


def _most(row: Statement) -> tuple[int, str]:
    return -row.total.centavos, row.nombre


def _sum(rows: Sequence[Statement], name: str) -> Money:
    return Money(sum(getattr(row, name).centavos for row in rows))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the system, open to all."""
    stages = stages_of(request)
    context: dict[str, object] = {"demonstration": bool(invented()), "nothing": nothing_yet()}
    if stages.actual:
        rows = catalog.contabilidades(stages.clave, Filters(clase="candidatura"))
        context |= _figures(rows) | _election(request, rows) | _sanctions(stages) | _reports(rows)
        context["ended"] = stages.actual.termina_el < local(stages.actual.datos_al).date()
    return public_page(request, "inicio", "home", stages, context)


def _figures(rows: Sequence[Statement]) -> dict[str, object]:
    spent, received = _sum(rows, "egresos"), _sum(rows, "ingresos")
    unreported = _sum(rows, "no_reportado")
    return {
        "spent": spent, "spent_words": millions(spent), "received": received, "received_words": millions(received),
        "unreported": unreported, "candidacies": len(rows),
        "over": sum(1 for row in rows if row.queda is not None and row.queda.centavos < 0),
    }  # fmt: skip


def _election(request: HttpRequest, rows: Sequence[Statement]) -> dict[str, object]:
    elections = elections_of(rows)
    if not elections:
        return {}
    asked = request.GET.get("eleccion", "")
    chosen = next((each for each in elections if each.clave == asked), elections[0])
    table = Table(chosen.nombre, statement_columns(), [statement_row(row) for row in chosen.filas])
    return {
        "elections": sorted(elections, key=lambda each: each.nombre), "election": chosen, "election_table": table,
        "examples": list(dict.fromkeys(word for word in (chosen.territorio, chosen.filas[0].sujeto) if word)),
    }  # fmt: skip


def _sanctions(stages: Stages) -> dict[str, object]:
    """The largest of the stage; while it has none, those of the last stage in which the council decided."""
    decided = stages.actual if stages.actual and stages.actual.sanciones else last_decided(stages.todas)
    if decided is None:
        return {}
    rows: list[PublicSanction] = catalog.sanciones(decided.clave)
    urls = rule_urls(rows, Stages(stages.todas, decided).query)
    lines = [sanction_row(row, urls) for row in rows[:BIGGEST]]
    return {
        "sanctions_of": decided,
        "sanctions_count": len(rows),
        "sanctions_total": Money(sum(row.monto.centavos for row in rows)),
        "sanctions_table": Table(_("Las sanciones más altas"), sanction_columns(), lines),
    }


def _reports(rows: Sequence[Statement]) -> dict[str, object]:
    return {
        "due": sum(row.informes_debidos for row in rows),
        "presented": sum(row.informes_presentados for row in rows),
        "late": sum(row.informes_tarde for row in rows),
        "search_url": reverse("public:candidaturas"),
    }
