"""«Candidaturas»: the list by name, party, office or place, in order, by pages, and the filtered set as a file."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Filters, Statement
from sif.disclosure.open_files import STATEMENT_COLUMNS, statement_lines
from sif.values import Money
from sif.web.goto import plain
from sif.web.public.archivos import ListFile, list_response
from sif.web.public.listas import statement_columns, statement_row
from sif.web.public.stage import Stages, nothing_yet, public_page, stages_of
from sif.web.tables import Empty, Link, Table, order_asked, page_number, pager_for

PAGE = 50


class SearchForm(forms.Form):
    """What narrows the list; every field is free."""

    q = forms.CharField(
        label=gettext_lazy("Nombre, partido o lugar"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    siglas = forms.ChoiceField(label=gettext_lazy("Partido"), required=False)
    cargo = forms.ChoiceField(label=gettext_lazy("Cargo"), required=False)
    territorio = forms.ChoiceField(label=gettext_lazy("Lugar"), required=False)
    clase = forms.ChoiceField(
        label=gettext_lazy("Cuentas"), required=False,
        choices=[("", gettext_lazy("De candidaturas")), ("todas", gettext_lazy("Todas"))],
    )  # fmt: skip
    proceso = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer(self, rows: Sequence[Statement]) -> None:
        """Offer the parties, offices and places that the stage has."""
        parties = {row.siglas: row.sujeto for row in rows}
        self._choose("siglas", sorted(parties.items(), key=lambda pair: plain(pair[1])))
        for name in ("cargo", "territorio"):
            values = {getattr(row, name) for row in rows} - {""}
            self._choose(name, [(value, value) for value in sorted(values, key=plain)])

    def _choose(self, name: str, pairs: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Todos")), *pairs]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The list of a stage."""
    stages = stages_of(request)
    form, rows = _found(request.GET, stages)
    table = _table(request.GET, rows)
    context = {"form": form, "table": table, "count": len(rows), "nothing": nothing_yet()}
    return public_page(request, "candidaturas", "candidaturas", stages, context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The filtered set, csv or xlsx, in the order of the list; one too long offers the whole file."""
    stages = stages_of(request)
    _form, rows = _found(request.GET, stages)
    ordered = _ordered(rows, order_asked(request.GET, statement_columns(sortable=True), "-tope"))
    name = f"candidaturas-{stages.clave}" if stages.clave else "candidaturas"
    made = ListFile(name, STATEMENT_COLUMNS, len(ordered), statement_lines(ordered), "estados-de-cuenta")
    return list_response(request, stages, kind, made)


def _found(query: QueryDict, stages: Stages) -> tuple[SearchForm, list[Statement]]:
    every = catalog.contabilidades(stages.clave) if stages.clave else []
    form = SearchForm(query)
    form.offer(every)
    form.is_valid()
    asked = form.cleaned_data
    clase = "" if asked.get("clase") else "candidatura"
    filters = Filters(siglas=asked.get("siglas", ""), cargo=asked.get("cargo", ""), clase=clase)
    return form, [row for row in _narrowed(every, filters) if _matches(row, asked)]


def _narrowed(rows: Sequence[Statement], filters: Filters) -> list[Statement]:
    exact = [(name, wanted) for name in ("siglas", "cargo", "clase") if (wanted := getattr(filters, name))]
    return [row for row in rows if all(getattr(row, name) == wanted for name, wanted in exact)]


def _matches(row: Statement, asked: dict[str, str]) -> bool:
    """Every word typed is somewhere in the line, whatever its accents and capitals."""
    if (place := asked.get("territorio")) and row.territorio != place:
        return False
    text = plain(f"{row.nombre} {row.sujeto} {row.siglas} {row.cargo} {row.territorio} {row.id_contabilidad}")
    return all(word in text for word in plain(asked.get("q", "")).split())


def _share(row: Statement) -> tuple[int, int, int]:
    """Order by part of the cap spent, without dividing into a fraction: parts per billion; no cap goes last."""
    if not row.tope:
        return 0, 0, row.total.centavos
    return 1, row.total.centavos * 1_000_000_000 // row.tope.centavos, row.total.centavos


_ORDERS: dict[str, Callable[[Statement], object]] = {
    "nombre": lambda row: plain(row.nombre),
    "tope": _share,
    "reportado": lambda row: row.egresos.centavos,
    "no_reportado": lambda row: row.no_reportado.centavos,
}


def _ordered(rows: Sequence[Statement], order: str) -> list[Statement]:
    stable = sorted(rows, key=lambda row: row.id_contabilidad)
    return sorted(stable, key=_ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))  # type: ignore[arg-type]


def _table(query: QueryDict, rows: list[Statement]) -> Table:
    columns = statement_columns(sortable=True)
    order = order_asked(query, columns, "-tope")
    pager = pager_for(page_number(query), len(rows), PAGE)
    shown = _ordered(rows, order)[max(0, pager.desde - 1) : pager.hasta]
    carried = urlencode([(key, value) for key, value in query.items() if key != "pagina" and value])
    tail = f"?{carried}" if carried else ""
    return Table(
        _("Candidaturas"),
        columns,
        [statement_row(row, _below(row)) for row in shown],
        {
            "reportado": Money(sum(row.egresos.centavos for row in rows)),
            "no_reportado": Money(sum(row.no_reportado.centavos for row in rows)),
        },
        ngettext("Suma de %(count)s cuenta", "Suma de %(count)s cuentas", len(rows)) % {"count": f"{len(rows):,}"},
        order,
        pager,
        Empty(
            _("Ninguna candidatura coincide."),
            _("Pruebe con menos palabras, o vea todas."),
            (Link(_("Ver todas"), reverse("public:candidaturas")),),
        ),
        exportar=(
            Link("CSV", reverse("public:candidaturas_archivo", args=["csv"]) + tail),
            Link("XLSX", reverse("public:candidaturas_archivo", args=["xlsx"]) + tail),
        ),
    )


def _below(row: Statement) -> str:
    return ", ".join(part for part in (row.sujeto, row.cargo, row.territorio) if part)
