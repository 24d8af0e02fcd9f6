"""Casas de campaña: the list, a new one, and each with its days, its cost or its valuation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django import forms
from django.db.models import Case, CharField, F, Model, QuerySet, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.catalogs.models import CasaCampana
from sif.catalogs.selectors.campaign_goods import casas
from sif.catalogs.services.campaign_goods import NewCasa, cancel_casa, register_casa
from sif.values import Money
from sif.web.columns import Column, Link
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.filters import words
from sif.web.formats import currency_amount, long_day
from sif.web.lazy import Words
from sif.web.party.desk import BooksForm, PartyListing, PartyRecord, books_columns, books_filter
from sif.web.party.mesa import Mesa
from sif.web.party.sheet import BooksSheet, ReasonForm
from sif.web.party.tabs import HOUSES_AND_NOTICES
from sif.web.tables import Empty
from sif.web.tables import Link as Button

TITLES = {"arrendamiento": _("Arrendamiento"), "comodato": _("Comodato"), "propiedad": _("Propiedad")}
"""How a house is held."""
STATES = {"vigente": ("vigente", _("Vigente")), "cancelada": ("cancelado", _("Cancelada"))}


def _or_nothing(name: str) -> Callable[[dict[str, int]], object]:
    return lambda row: Money(row[name]) if row[name] else ""


class Houses(PartyListing):
    """The houses of the person's books, by their first day."""

    page, file_name = "avisos", "casas"
    title, tabs = _("Casas de campaña"), HOUSES_AND_NOTICES
    intro, article = _("La casa prestada se valúa; la arrendada cuesta: ninguna queda en cero."), "RF 143 Ter"
    filters = {
        "q": words(_("Nombre, propietario o domicilio"), "nombre", "propietario", "municipio", "domicilio"),
        "contabilidad": books_filter(),
    }
    order = "desde"
    columns = (
        Column("casa", source="pk", where="file"),
        Column("nombre", _("Casa"), "cosa", sort=True, link=Link("party:casa", ("contabilidad", "pk"))),
        Column("lugar", source=Concat("domicilio", Value(", "), "municipio"), under="nombre", where="screen"),
        *books_columns(),
        Column("titulo", _("Se tiene en"), words=TITLES, sort=True),
        Column("propietario", where="file"),
        Column("entidad", where="file"),
        Column("municipio", where="file"),
        Column("domicilio", where="file"),
        Column("desde", _("Desde"), "dia", sort=True),
        Column("hasta", _("Hasta"), "dia", sort=True),
        Column("costo", _("Renta"), "dinero", "costo", sort=True, show=_or_nothing("costo")),
        Column("valuacion", _("Valuación"), "dinero", "valuacion", sort=True, show=_or_nothing("valuacion")),
        Column(
            "estado",
            _("Estado"),
            "estado",
            Case(When(cancelacion=None, then=Value("vigente")), default=Value("cancelada"), output_field=CharField()),
            states=STATES,
            where="screen",
        ),
        Column("registrada_el", where="file"),
        Column("cancelada_el", source="cancelacion__hecho_el", where="file"),
        Column("motivo", source=F("cancelacion__motivo"), where="file"),
    )
    empty = Empty(_("Todavía no hay casas."), _("Registre la casa desde la que trabaja cada campaña."))
    unmatched = _("Ninguna casa responde a este filtro.")
    create = Button(_("Casa nueva"), "party:casa_nueva")

    def query(self) -> QuerySet[Model]:
        """Select the houses of the person's books."""
        return casas(self.seat.libros)

    def extra(self) -> Mapping[str, object]:
        """Tell the candidacies without a house."""
        return {"avisos": _without(self.seat)}


def _without(mesa: Mesa) -> list[str]:
    """Candidacies of the current stage with no house in force: the authority asks about each."""
    numbers = {books.pk for books in mesa.actuales if books.candidatura_id}
    held = set(casas(numbers).filter(cancelacion=None).values_list("contabilidad_id", flat=True))
    lacking = sorted(numbers - held)
    if not lacking:
        return []
    shown = ", ".join(str(number) for number in lacking[:12])
    more = "…" if len(lacking) > 12 else "."
    return [gettext("Sin casa de campaña registrada: %(books)s") % {"books": f"{shown}{more}"}]


class HouseForm(BooksForm):
    """A house as typed."""

    makes = NewCasa
    nombre = text_field(_("Nombre de la casa"), required=True)
    titulo = forms.ChoiceField(label=_("Se tiene en"), choices=TITLES.items())
    propietario = text_field(_("Propietario"), required=True)
    entidad = text_field(_("Entidad"), _("Tres letras, por ejemplo MEX."), required=True)
    municipio = text_field(_("Municipio o alcaldía"), required=True)
    domicilio = text_field(_("Domicilio"), _("Calle, número y colonia."), required=True)
    desde, hasta = day_field(_("Desde")), day_field(_("Hasta"))
    costo = MoneyField(label=_("Renta de todos los días"), required=False, help_text=_("Si se arrienda."))
    valuacion = MoneyField(
        label=_("Valor de su uso"), required=False, help_text=_("Si se presta: aportación en especie.")
    )
    layout = (
        "contabilidad:grow",
        "nombre:grow titulo",
        "propietario:grow",
        "entidad:short municipio:grow",
        "domicilio:grow",
        "desde hasta",
        "costo:amount valuacion:amount",
    )


class NewHouse(PartyRecord):
    """Register a house."""

    page, back, form_class = "avisos", "party:casas", HouseForm
    title, button, done = _("Casa nueva"), _("Registrar casa"), _("Casa registrada.")

    def save(self, form: HouseForm) -> CasaCampana:
        """Register it in the books chosen."""
        new: NewCasa = form.made()
        return register_casa(form.books, replace(new, entidad=new.entidad.upper()), self.seat.usuario)

    def saved_url(self, saved: CasaCampana) -> str:
        """Go to its sheet."""
        return reverse("party:casa", args=[saved.contabilidad_id, saved.pk])


class House(BooksSheet):
    """One house; its act leaves it without effect."""

    page, back, model, related = "avisos", "party:casa", CasaCampana, ("registrada_por",)
    label, act, button = _("La casa"), _("Ya no se usa o fue un error"), _("Cancelar casa")
    done, ended_on = _("La casa quedó cancelada y sigue a la vista."), _("Cancelada el")

    def name(self) -> str:
        """Return its name."""
        return str(self.thing.nombre)

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return whether it is in force."""
        return (STATES["cancelada" if self.end else "vigente"],)

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return where it is, whose and what it costs."""
        house: CasaCampana = self.thing
        return (
            (_("Se tiene en"), TITLES[house.titulo]),
            (_("Propietario"), house.propietario),
            (_("Domicilio"), f"{house.domicilio}, {house.municipio}, {house.entidad}"),
            (_("Días"), f"{long_day(house.desde)} – {long_day(house.hasta)}"),
            (_("Renta de todos los días"), currency_amount(house.costo) if house.costo else ""),
            (_("Valor de su uso"), currency_amount(house.valuacion) if house.valuacion else ""),
            (_("Registró"), house.registrada_por.named_at(house.registrada_el)),
        )

    def save(self, form: ReasonForm) -> CasaCampana:
        """Leave it without effect."""
        return cancel_casa(self.thing, form.text("motivo"), self.seat.usuario)
