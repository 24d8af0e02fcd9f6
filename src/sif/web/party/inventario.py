"""Inventario: every article with what there is and what it cost, and a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.books.services.kardex import thousandths
from sif.books.warehouse import NOTHING, Stock, stock
from sif.catalogs.models import Articulo
from sif.catalogs.selectors.campaign_goods import articulos
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.fields import text_field
from sif.web.frame import Crumb
from sif.web.listing import tab_links
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    form_page,
    rows_of_page,
)
from sif.web.party.catalog_form import SearchForm, file_asked
from sif.web.party.desk import captured, must_capture_somewhere
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.tabs import GOODS
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = ("articulo", "contabilidad", "clave", "nombre", "unidad", "clase", "existencia", "costo_promedio", "valor")


class ArticleForm(CampaignForm):
    """An article as typed."""

    clave = text_field(
        gettext_lazy("Clave"), gettext_lazy("La de su almacén, única en la contabilidad."), required=True
    )
    nombre = text_field(gettext_lazy("Artículo"), required=True)
    unidad = text_field(gettext_lazy("Unidad"), gettext_lazy("Pieza, millar, metro…"), required=True)
    clase = forms.ChoiceField(label=gettext_lazy("Clase"))
    rows = ((("contabilidad", "grow"),), (("clave", ""), ("nombre", "grow")), (("unidad", ""), ("clase", "")))

    def __init__(self, data: Any, mesa: Mesa, books: Contabilidad | None = None, **options: Any) -> None:
        super().__init__(data, mesa, books, **options)
        field = self.fields["clase"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(class_words().items())

    def new(self) -> NewArticulo:
        """The article typed, once it is understood."""
        return NewArticulo(self.text("clave"), self.text("nombre"), self.text("unidad"), self.cleaned_data["clase"])


def class_words() -> dict[str, str]:
    """What an article is."""
    return {
        "utilitaria": _("Propaganda utilitaria"), "electoral": _("Propaganda electoral"),
        "editorial": _("Tareas editoriales"),
    }  # fmt: skip


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every article with its stock; ?formato= gives them as a file."""
    form = SearchForm(
        request.GET, _("Clave o artículo"), contabilidad=(_("Contabilidad"), books_choices(mesa)),
        clase=(_("Clase"), [("", _("Todas")), *class_words().items()]),
    )  # fmt: skip
    found = articulos(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    if form.asked("clase"):
        found = found.filter(clase=form.asked("clase"))
    if request.GET.get("formato"):
        every = list(found)
        held = stock(row.pk for row in every)
        rows = [_file_row(row, held.get(row.pk, NOTHING)) for row in every]
        if answer := file_asked(request, "inventario", HEAD, rows):
            return answer
    context = {
        "frame": mesa.frame("inventario"), "titulo": _("Inventario y activos"), "articulo": "RF 209",
        "intro": _("La existencia se deriva del kárdex: nunca se escribe y nunca baja de cero."),
        "vistas": tab_links(GOODS, request), "filtro": form, "tabla": _table(request, found),
        "nuevos": [Link(_("Artículo nuevo"), reverse("party:articulo_nuevo"), "plus-lg")] if captured(mesa) else [],
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _table(request: HttpRequest, found: Any) -> Table:
    columns = (
        Column("articulo", _("Artículo"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("clase", _("Clase")),
        Column("existencia", _("Existencia")), Column("promedio", _("Costo promedio"), "dinero"),
        Column("valor", _("Valor"), "dinero"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    held, words = stock(row.pk for row in shown), class_words()
    rows = []
    for row in shown:
        has = held.get(row.pk, NOTHING)
        rows.append(
            Row(
                {
                    "articulo": Thing(row.nombre, kardex_url(row), row.clave),
                    "contabilidad": books_thing(row.contabilidad), "clase": words[row.clase],
                    "existencia": f"{thousandths(has.cantidad_milesimas)} {row.unidad}", "promedio": has.unitario,
                    "valor": has.valor,
                }
            )
        )  # fmt: skip
    empty = Empty(_("Ningún artículo responde a este filtro."), _("Dé de alta lo que guarda en su almacén."))
    total = Money(sum(has.valor.centavos for has in held.values()))
    return Table(
        _("Inventario"), columns, rows, {"valor": total} if rows else {}, _("Suma de esta página"), pagina=page,
        vacia=empty, exportar=file_links(request.GET),
    )  # fmt: skip


def kardex_url(article: Articulo) -> str:
    """The address of the kárdex of an article."""
    return reverse("party:kardex", args=[article.contabilidad_id, article.pk])


def _file_row(row: Articulo, has: Stock) -> tuple[object, ...]:
    return (
        row.pk, row.contabilidad_id, row.clave, row.nombre, row.unidad, row.clase, thousandths(has.cantidad_milesimas),
        has.unitario, has.valor,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """An article to be registered."""
    must_capture_somewhere(mesa)
    form = ArticleForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        article = attempt(form, lambda: register_articulo(form.books, form.new(), mesa.usuario))
        if article is not None:
            messages.success(request, _("Artículo dado de alta. Registre su entrada."))
            return HttpResponseRedirect(kardex_url(article))
    return form_page(
        request, form,
        {"frame": mesa.frame("inventario", Crumb(_("Artículo nuevo"))), "titulo": _("Artículo nuevo"),
         "volver": reverse("party:inventario"), "boton": _("Dar de alta")},
    )  # fmt: skip
