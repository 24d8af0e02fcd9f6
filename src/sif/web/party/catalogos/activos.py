"""Activo fijo: the list with depreciation to today, a new asset, and each with its writing off."""

from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.db.models import Case, CharField, Model, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.catalogs.models import ActivoFijo
from sif.catalogs.selectors.campaign_goods import asset_row, assets_on
from sif.catalogs.services.campaign_goods import NewActivo, register_activo, retire_activo
from sif.law.chart import load_chart
from sif.registry.folding import Folded
from sif.web.columns import Column, Link
from sif.web.fields import MoneyField, day_field, day_words, set_choices, text_field
from sif.web.filters import words
from sif.web.formats import currency_amount, long_day
from sif.web.lazy import Words
from sif.web.party.desk import BooksForm, PartyListing, PartyRecord, books_columns, books_filter
from sif.web.party.mesa import Mesa
from sif.web.party.sheet import BooksSheet
from sif.web.party.tabs import GOODS
from sif.web.record import RecordForm
from sif.web.tables import Empty
from sif.web.tables import Link as Button

STATES = {"en_uso": ("vigente", _("En uso")), "de_baja": ("cancelado", _("De baja"))}


class Assets(PartyListing):
    """The assets of the person's books, with what each has lost to today."""

    page, file_name = "inventario", "activos"
    title, tabs = _("Activo fijo"), GOODS
    intro, article = _("La depreciación se deriva del costo, la vida útil y el día: no se captura."), "RF 72"
    filters = {
        "q": words(
            _("Número, descripción, lugar o resguardante"), "numero", "descripcion", "ubicacion", "resguardante"
        ),
        "contabilidad": books_filter(),
    }
    order = "numero"
    columns = (
        Column("activo", source="pk", where="file"),
        Column(
            "descripcion",
            _("Activo"),
            "cosa",
            sort=Folded("descripcion"),
            link=Link("party:activo", ("contabilidad", "pk")),
        ),
        Column("numero", _("Número"), "clave", under="descripcion"),
        *books_columns(),
        Column("cuenta", where="file"),
        Column("adquirido_el", _("Se adquirió"), "dia", sort=True),
        Column("costo", _("Costo"), "dinero", sort=True, total=True),
        Column("vida_meses", where="file"),
        Column("meses", where="file"),
        Column("depreciacion", _("Depreciación"), "dinero", sort=True, total=True),
        Column("valor", _("Valor en libros"), "dinero", sort=True, total=True),
        Column("al", where="file"),
        Column("resguardante", _("Resguardo"), sort=True),
        Column("ubicacion", under="resguardante"),
        Column(
            "estado",
            _("Estado"),
            "estado",
            Case(When(baja=None, then=Value("en_uso")), default=Value("de_baja"), output_field=CharField()),
            states=STATES,
            where="screen",
        ),
        Column("baja_el", source="baja__desde", where="file"),
        Column("motivo", source="baja__motivo", where="file"),
    )
    empty = Empty(_("Todavía no hay activos."), _("Dé de alta los bienes que duran."))
    unmatched = _("Ningún activo responde a este filtro.")
    create = Button(_("Activo nuevo"), "party:activo_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the assets of the person's books as they stand today."""
        return assets_on(self.seat.libros, self.seat.ahora.date())


class AssetForm(BooksForm):
    """An asset as typed."""

    makes = NewActivo
    numero = text_field(_("Número de inventario"), required=True)
    descripcion = text_field(_("Descripción"), required=True)
    cuenta = forms.ChoiceField(label=_("Cuenta"))
    adquirido_el = day_field(_("Se adquirió"))
    costo = MoneyField(label=_("Costo"))
    vida_meses = forms.IntegerField(label=_("Vida útil en meses"), initial=0, help_text=_("Cero si no se deprecia."))
    ubicacion = text_field(_("Ubicación"), required=True)
    resguardante = text_field(_("Resguardante"), required=True)
    layout = (
        "contabilidad:grow",
        "numero descripcion:grow",
        "cuenta:grow",
        "adquirido_el costo:amount vida_meses:short",
        "ubicacion:grow",
        "resguardante:grow",
    )

    def offer(self, seat: Mesa) -> None:
        """Offer the accounts of fixed assets."""
        super().offer(seat)
        accounts = (
            (row.codigo, f"{row.codigo} {row.nombre}")
            for row in load_chart(settings.JURISDICTION).values()
            if row.auxiliar == "activo_fijo" and row.capturable and row.naturaleza == "D"
        )
        set_choices(self, "cuenta", accounts)


class NewAsset(PartyRecord):
    """Register an asset."""

    page, back, form_class = "inventario", "party:activos", AssetForm
    title, button, done = _("Activo nuevo"), _("Dar de alta"), _("Activo dado de alta.")

    def save(self, form: AssetForm) -> ActivoFijo:
        """Register it in the books chosen."""
        return register_activo(form.books, form.made(), self.seat.usuario)

    def saved_url(self, saved: ActivoFijo) -> str:
        """Go to its sheet."""
        return reverse("party:activo", args=[saved.contabilidad_id, saved.pk])


class RetireForm(RecordForm):
    """The writing off of an asset, as typed."""

    baja_el = day_field(_("Día de la baja"))
    motivo = text_field(_("Motivo"), _("Venta, robo, donación, destrucción, con su acta."), required=True)
    layout = ("baja_el motivo:grow",)


class Asset(BooksSheet):
    """One asset; its act writes it off."""

    page, back, model, related = "inventario", "party:activo", ActivoFijo, ("registrado_por",)
    form_class = RetireForm
    label, act, button = _("El activo"), _("Dar de baja"), _("Dar de baja")
    done = _("El activo quedó de baja y sigue a la vista.")
    ending, ended_by, ended_on = "baja", _("Dio de baja"), _("Se registró la baja")

    def name(self) -> str:
        """Return what it is."""
        return str(self.thing.descripcion)

    def crumb(self) -> str:
        """Return its number in the inventory."""
        return str(self.thing.numero)

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return whether it is in use."""
        return (STATES["de_baja" if self.end else "en_uso"],)

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return what it cost, what it has lost and who keeps it."""
        asset: ActivoFijo = self.thing
        line = asset_row(asset, self.seat.ahora.date())
        life = gettext("%(n)d meses") % {"n": asset.vida_meses} if asset.vida_meses else _("No se deprecia")
        return (
            (_("Número de inventario"), asset.numero),
            (_("Cuenta"), f"{asset.cuenta} {load_chart(settings.JURISDICTION)[asset.cuenta].nombre}"),
            (_("Se adquirió"), long_day(asset.adquirido_el)),
            (_("Costo"), currency_amount(asset.costo)),
            (_("Vida útil"), life),
            (_("Meses de uso"), str(line.meses)),
            (_("Depreciación"), currency_amount(line.depreciacion)),
            (_("Valor en libros"), currency_amount(line.valor)),
            (_("Ubicación"), asset.ubicacion),
            (_("Resguardante"), asset.resguardante),
            (_("Registró"), asset.registrado_por.named_at(asset.registrado_el)),
            (_("Baja"), long_day(asset.baja_el) if asset.baja_el else ""),
        )

    def get_initial(self) -> dict[str, object]:
        """Begin with today."""
        return {"baja_el": day_words(self.seat.ahora.date())}

    def save(self, form: RetireForm) -> ActivoFijo:
        """Write it off."""
        day = form.cleaned_data["baja_el"]
        return retire_activo(self.thing, day, form.text("motivo"), self.seat.usuario)
