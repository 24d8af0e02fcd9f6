"""Inventario: every article with what there is and what it cost, and a new one."""

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.books.services.kardex import thousandths
from sif.books.warehouse import stocked, unit_cost
from sif.catalogs.models import Articulo
from sif.catalogs.selectors.campaign_goods import articulos
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.registry.folding import Folded
from sif.web.columns import Column, Link, Values
from sif.web.fields import text_field
from sif.web.filters import choice, words
from sif.web.party.desk import BooksForm, PartyListing, PartyRecord, books_columns, books_filter
from sif.web.party.tabs import ARTICLES, GOODS
from sif.web.tables import Empty
from sif.web.tables import Link as Button


def _average(row: Values) -> object:
    return unit_cost(row["cantidad"], row["valor"])


class Stock(PartyListing):
    """The articles of the person's books with their stock, by key."""

    page = file_name = "inventario"
    title, tabs = _("Inventario"), GOODS
    intro, article = _("La existencia se deriva del kárdex: nunca se escribe y nunca baja de cero."), "RF 209"
    filters = {
        "q": words(_("Clave o artículo"), "clave", "nombre"),
        "contabilidad": books_filter(),
        "clase": choice(_("Clase"), "clase", ARTICLES.items(), _("Todas")),
    }
    columns = (
        Column("articulo", source="pk", where="file"),
        Column("clave", kind="clave", under="nombre"),
        Column(
            "nombre", _("Artículo"), "cosa", sort=Folded("nombre"), link=Link("party:kardex", ("contabilidad", "pk"))
        ),
        *books_columns(),
        Column("unidad", where="file"),
        Column("clase", _("Clase"), words=ARTICLES),
        Column("cantidad", where="hidden"),
        Column(
            "existencia",
            _("Existencia"),
            show=lambda row: f"{thousandths(row['cantidad'])} {row['unidad']}",
            written=lambda row: thousandths(row["cantidad"]),
        ),
        Column("costo_promedio", _("Costo promedio"), "dinero", show=_average, written=_average),
        Column("valor", _("Valor"), "dinero", sort=True, total=True),
    )
    empty = Empty(_("Todavía no hay artículos."), _("Dé de alta lo que guarda en su almacén."))
    unmatched = _("Ningún artículo responde a este filtro.")
    create = Button(_("Artículo nuevo"), "party:articulo_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select them with what there is of each."""
        return stocked(articulos(self.seat.libros))


class ArticleForm(BooksForm):
    """An article as typed."""

    makes = NewArticulo
    clave = text_field(_("Clave"), _("La de su almacén, única en la contabilidad."), required=True)
    nombre = text_field(_("Artículo"), required=True)
    unidad = text_field(_("Unidad"), _("Pieza, millar, metro…"), required=True)
    clase = forms.ChoiceField(label=_("Clase"), choices=ARTICLES.items())
    layout = ("contabilidad:grow", "clave nombre:grow", "unidad clase")


class NewArticle(PartyRecord):
    """Register an article."""

    page, back, form_class = "inventario", "party:inventario", ArticleForm
    title, button = _("Artículo nuevo"), _("Dar de alta")
    done = _("Artículo dado de alta. Registre su entrada.")

    def save(self, form: ArticleForm) -> Articulo:
        """Register it in the books chosen."""
        return register_articulo(form.books, form.made(), self.seat.usuario)

    def saved_url(self, saved: Articulo) -> str:
        """Go to its kárdex."""
        return reverse("party:kardex", args=[saved.contabilidad_id, saved.pk])
