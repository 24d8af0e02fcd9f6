"""«Sanciones»: each one with its conclusion, article, amounts and vote, and what they add up to."""

from collections.abc import Iterator, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import SanctionTotals
from sif.disclosure.open_files import SANCTION_COLUMNS, sanction_lines
from sif.registry import clock
from sif.values import Cell
from sif.web.columns import panel
from sif.web.fields import set_choices
from sif.web.formats import currency_amount
from sif.web.goto import plain
from sif.web.public.archivos import ListFile, list_links, list_response
from sif.web.public.letras import letters_table, uma_note
from sif.web.public.listas import rule_urls, sanction_columns
from sif.web.public.pictures import SANCTION_SUMS, sanction_pictures, sum_file
from sif.web.public.stage import Stages, nothing_yet, public_page, stages_of
from sif.web.public.words import millions
from sif.web.tables import Empty, Link, Table, pager_asked

PAGE = 50


class SubjectForm(forms.Form):
    """The filter of the sanctions by subject."""

    siglas = forms.ChoiceField(label=gettext_lazy("Partido"), required=False)
    proceso = forms.CharField(required=False, widget=forms.HiddenInput)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return the sanctions of a stage, the largest first."""
    stages = stages_of(request)
    form = _form(request, stages)
    asked, every = _asked(form), catalog.sum_sanciones(stages.clave)
    found = catalog.sum_sanciones(stages.clave, asked) if asked else every
    context = {
        "form": form,
        "count": found.cuantas,
        "every": every.cuantas,
        "total": found.monto,
        "total_words": millions(found.monto),
        "millionaire": millions(found.monto) != currency_amount(found.monto),
        "involved": found.involucrado,
        "involved_words": millions(found.involucrado),
        "subjects": found.sujetos,
        "table": _table(request, stages, asked, found),
        "nothing": nothing_yet(),
        "letters": letters_table(clock.today()),
        "uma": uma_note(clock.today()),
        **sanction_pictures(stages.clave, asked, stages.query),
    }
    return public_page(request, "sanciones", "sanciones", stages, context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the filtered set, csv or xlsx, or with ?suma= what it adds up to; one too long offers the whole file."""
    stages = stages_of(request)
    siglas = _asked(_form(request, stages))
    if (by := request.GET.get("suma", "")) in SANCTION_SUMS:
        return list_response(request, stages, kind, sum_file(by, stages.clave, siglas))
    name = f"sanciones-{stages.clave}" if stages.clave else "sanciones"
    count = catalog.sum_sanciones(stages.clave, siglas).cuantas
    made = ListFile(name, SANCTION_COLUMNS, count, _lines(stages, siglas), "sanciones")
    return list_response(request, stages, kind, made)


def _lines(stages: Stages, siglas: str) -> Iterator[Sequence[Cell]]:
    """Read the rows once the file is written, and not when it is too long for that."""
    yield from sanction_lines(catalog.sanciones(stages.clave, siglas))


def _form(request: HttpRequest, stages: Stages) -> SubjectForm:
    form = SubjectForm(request.GET)
    names = sorted(catalog.sanctioned(stages.clave).items(), key=lambda pair: plain(pair[1]))
    set_choices(form, "siglas", [("", _("Todos")), *names])
    form.is_valid()
    return form


def _asked(form: SubjectForm) -> str:
    return str(form.cleaned_data.get("siglas", ""))


def _table(request: HttpRequest, stages: Stages, siglas: str, found: SanctionTotals) -> Table:
    pager = pager_asked(request.GET, found.cuantas, PAGE)
    rows = catalog.sanciones(stages.clave, siglas, slice(max(0, pager.desde - 1), pager.hasta))
    return panel(
        _("Sanciones"),
        rows,
        sanction_columns(rule_urls(rows, stages.query)),
        totales={"involucrado": found.involucrado, "sancion": found.monto},
        palabra_total=ngettext("Suma de %(count)s sanción", "Suma de %(count)s sanciones", found.cuantas)
        % {"count": found.cuantas},
        pagina=pager,
        vacia=Empty(
            _("El Consejo no ha impuesto sanciones en este proceso."),
            _("Aparecen aquí cuando aprueba una resolución."),
            (Link(_("Ver las candidaturas"), reverse("public:candidaturas")),),
        ),
        exportar=list_links("public:sanciones_archivo", request.GET),
    )
