"""«Candidaturas»: the list by name, party, office or place, in order, by pages, and the filtered set as a file."""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Choices, Filters, Statement, Totals
from sif.disclosure.open_files import STATEMENT_COLUMNS, statement_lines
from sif.values import Money
from sif.web.columns import order_asked, panel
from sif.web.fields import set_choices
from sif.web.goto import plain
from sif.web.public.archivos import ListFile, list_links, list_response
from sif.web.public.listas import statement_columns, unresolved_words
from sif.web.public.stage import Stages, nothing_yet, public_page, stages_of
from sif.web.tables import Empty, Link, Table, pager_asked

PAGE = 50


class SearchForm(forms.Form):
    """The filters of the list, all optional."""

    q = forms.CharField(
        label=gettext_lazy("Nombre, partido o lugar"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    siglas = forms.ChoiceField(label=gettext_lazy("Partido"), required=False)
    cargo = forms.ChoiceField(label=gettext_lazy("Cargo"), required=False)
    territorio = forms.ChoiceField(label=gettext_lazy("Lugar"), required=False)
    clase = forms.ChoiceField(
        label=gettext_lazy("Cuentas"),
        required=False,
        choices=[("", gettext_lazy("De candidaturas")), ("todas", gettext_lazy("Todas"))],
    )
    proceso = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer(self, there: Choices) -> None:
        """Offer the parties, offices and places that the stage has."""
        every = "", _("Todos")
        set_choices(self, "siglas", [every, *sorted(there.sujetos.items(), key=lambda pair: plain(pair[1]))])
        for name, values in (("cargo", there.cargos), ("territorio", there.territorios)):
            set_choices(self, name, [every, *((value, value) for value in sorted(values, key=plain))])


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return the list of a stage."""
    stages = stages_of(request)
    form, filters = _asked(request.GET, stages)
    totals = catalog.totals(stages.clave, filters)
    table = _table(request.GET, stages, filters, totals)
    context = {"form": form, "table": table, "count": totals.cuantas, "nothing": nothing_yet()}
    return public_page(request, "candidaturas", "candidaturas", stages, context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the filtered set, csv or xlsx, in the order of the list; one too long offers the whole file."""
    stages = stages_of(request)
    _form, filters = _asked(request.GET, stages)
    rows = catalog.contabilidades(stages.clave, filters, _order(request.GET))
    name = f"candidaturas-{stages.clave}" if stages.clave else "candidaturas"
    count = catalog.totals(stages.clave, filters).cuantas
    made = ListFile(name, STATEMENT_COLUMNS, count, statement_lines(rows), "estados-de-cuenta")
    return list_response(request, stages, kind, made)


def _asked(query: QueryDict, stages: Stages) -> tuple[SearchForm, Filters]:
    form = SearchForm(query)
    form.offer(catalog.choices(stages.clave))
    form.is_valid()
    asked = form.cleaned_data
    exact = {name: asked.get(name, "") for name in ("siglas", "cargo", "territorio")}
    clase = "" if asked.get("clase") else "candidatura"
    return form, Filters(**exact, clase=clase, texto=asked.get("q", ""))


def _order(query: QueryDict) -> str:
    return order_asked(query, statement_columns(sort=True), "-tope")


def _table(query: QueryDict, stages: Stages, filters: Filters, totals: Totals) -> Table:
    order, count = _order(query), totals.cuantas
    pager = pager_asked(query, count, PAGE)
    return panel(
        _("Candidaturas"),
        catalog.contabilidades(stages.clave, filters, order, slice(max(0, pager.desde - 1), pager.hasta)),
        statement_columns(sort=True, below=_below),
        totales={"reportado": totals.egresos, "no_reportado": _unreported(totals)},
        palabra_total=ngettext("Suma de %(count)s cuenta", "Suma de %(count)s cuentas", count)
        % {"count": f"{count:,}"},
        orden=order,
        pagina=pager,
        vacia=Empty(
            _("Ninguna candidatura coincide."),
            _("Pruebe con menos palabras, o vea todas."),
            (Link(_("Ver todas"), reverse("public:candidaturas")),),
        ),
        exportar=list_links("public:candidaturas_archivo", query),
    )


def _unreported(totals: Totals) -> Money | str:
    return unresolved_words() if totals.no_reportado is None else totals.no_reportado


def _below(row: Statement) -> str:
    return ", ".join(part for part in (row.sujeto, row.cargo, row.territorio) if part)
