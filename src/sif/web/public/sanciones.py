"""«Sanciones»: each one with its conclusion, article, amounts and vote, and what they add up to."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import PublicSanction
from sif.disclosure.open_files import SANCTION_COLUMNS, sanction_lines
from sif.registry import clock
from sif.values import Money
from sif.web.formats import currency_amount
from sif.web.goto import plain
from sif.web.public.archivos import ListFile, list_response
from sif.web.public.letras import letters_table
from sif.web.public.listas import rule_urls, sanction_columns, sanction_row
from sif.web.public.stage import Stages, nothing_yet, public_page, stages_of
from sif.web.public.words import millions
from sif.web.tables import Empty, Link, Table, page_number, pager_for

PAGE = 50


class SubjectForm(forms.Form):
    """Whose sanctions."""

    siglas = forms.ChoiceField(label=gettext_lazy("Partido"), required=False)
    proceso = forms.CharField(required=False, widget=forms.HiddenInput)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The sanctions of a stage, the largest first."""
    stages = stages_of(request)
    every = catalog.sanciones(stages.clave) if stages.clave else []
    form, rows = _found(request, every)
    total = Money(sum(row.monto.centavos for row in rows))
    involved = Money(sum(row.monto_involucrado.centavos for row in rows))
    context = {
        "form": form, "count": len(rows), "every": len(every), "total": total, "total_words": millions(total),
        "millionaire": millions(total) != currency_amount(total),
        "involved": involved, "involved_words": millions(involved),
        "subjects": len({row.siglas for row in rows}),
        "table": _table(request, stages, rows), "nothing": nothing_yet(), "letters": letters_table(clock.today()),
    }  # fmt: skip
    return public_page(request, "sanciones", "sanciones", stages, context)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The filtered set, csv or xlsx; one too long offers the whole file."""
    stages = stages_of(request)
    _form, rows = _found(request, catalog.sanciones(stages.clave) if stages.clave else [])
    name = f"sanciones-{stages.clave}" if stages.clave else "sanciones"
    made = ListFile(name, SANCTION_COLUMNS, len(rows), sanction_lines(rows), "sanciones")
    return list_response(request, stages, kind, made)


def _found(request: HttpRequest, every: Sequence[PublicSanction]) -> tuple[SubjectForm, list[PublicSanction]]:
    form = SubjectForm(request.GET)
    field = form.fields["siglas"]
    if isinstance(field, forms.ChoiceField):
        names = sorted({row.siglas: row.sujeto for row in every}.items(), key=lambda pair: plain(pair[1]))
        field.choices = [("", _("Todos")), *names]
    form.is_valid()
    wanted = form.cleaned_data.get("siglas", "")
    return form, [row for row in every if not wanted or row.siglas == wanted]


def _table(request: HttpRequest, stages: Stages, rows: Sequence[PublicSanction]) -> Table:
    pager = pager_for(page_number(request.GET), len(rows), PAGE)
    urls = rule_urls(rows, stages.query)
    carried = urlencode([(key, value) for key, value in request.GET.items() if key != "pagina" and value])
    tail = f"?{carried}" if carried else ""
    return Table(
        _("Sanciones"),
        sanction_columns(),
        [sanction_row(row, urls) for row in rows[max(0, pager.desde - 1) : pager.hasta]],
        {
            "involucrado": Money(sum(row.monto_involucrado.centavos for row in rows)),
            "sancion": Money(sum(row.monto.centavos for row in rows)),
        },
        ngettext("Suma de %(count)s sanción", "Suma de %(count)s sanciones", len(rows)) % {"count": len(rows)},
        pagina=pager,
        vacia=Empty(
            _("El Consejo no ha impuesto sanciones en este proceso."),
            _("Aparecen aquí cuando aprueba una resolución."),
            (Link(_("Ver las candidaturas"), reverse("public:candidaturas")),),
        ),
        exportar=(
            Link("CSV", reverse("public:sanciones_archivo", args=["csv"]) + tail),
            Link("XLSX", reverse("public:sanciones_archivo", args=["xlsx"]) + tail),
        ),
    )
