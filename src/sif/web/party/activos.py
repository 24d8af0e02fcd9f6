"""Activo fijo: every asset with what it has lost until a day, a new one, and each with its writing off."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.catalogs.models import ActivoFijo
from sif.catalogs.selectors.campaign_goods import AssetRow, activos, asset_row
from sif.catalogs.services.campaign_goods import NewActivo, register_activo, retire_activo
from sif.law.chart import load_chart
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.fields import MoneyField, day_field, day_words, text_field
from sif.web.formats import currency_amount, long_day
from sif.web.frame import Crumb
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    ended_facts,
    facts,
    form_page,
    must_capture_in,
    rows_of_page,
)
from sif.web.party.catalog_form import SearchForm, file_asked, found_or_404
from sif.web.party.desk import captured, must_capture_somewhere
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.inventario import goods_views
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = (
    "activo", "contabilidad", "numero", "descripcion", "cuenta", "adquirido_el", "costo", "vida_meses", "meses",
    "depreciacion", "valor", "al", "ubicacion", "resguardante", "baja_el", "motivo",
)  # fmt: skip


class AssetForm(CampaignForm):
    """An asset as typed."""

    numero = text_field(gettext_lazy("Número de inventario"), required=True)
    descripcion = text_field(gettext_lazy("Descripción"), required=True)
    cuenta = forms.ChoiceField(label=gettext_lazy("Cuenta"))
    adquirido_el = day_field(gettext_lazy("Se adquirió"))
    costo = MoneyField(label=gettext_lazy("Costo"))
    vida_meses = forms.IntegerField(
        label=gettext_lazy("Vida útil en meses"), initial=0, help_text=gettext_lazy("Cero si no se deprecia.")
    )
    ubicacion = text_field(gettext_lazy("Ubicación"), required=True)
    resguardante = text_field(gettext_lazy("Resguardante"), required=True)
    rows = (
        (("contabilidad", "grow"),), (("numero", ""), ("descripcion", "grow")), (("cuenta", "grow"),),
        (("adquirido_el", ""), ("costo", "amount"), ("vida_meses", "short")),
        (("ubicacion", "grow"),), (("resguardante", "grow"),),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, books: Contabilidad | None = None, **options: Any) -> None:
        super().__init__(data, mesa, books, **options)
        field = self.fields["cuenta"]
        assert isinstance(field, forms.ChoiceField)
        chart = load_chart(settings.JURISDICTION).values()
        field.choices = [
            (row.codigo, f"{row.codigo} {row.nombre}")
            for row in chart
            if row.auxiliar == "activo_fijo" and row.capturable and row.naturaleza == "D"
        ]

    def new(self) -> NewActivo:
        """The asset typed, once it is understood."""
        values = self.cleaned_data
        return NewActivo(
            self.text("numero"), self.text("descripcion"), values["cuenta"], values["adquirido_el"],
            values["costo"] or Money(0), values["vida_meses"], self.text("ubicacion"), self.text("resguardante"),
        )  # fmt: skip


class RetireForm(CampaignForm):
    """The writing off of an asset, as typed."""

    baja_el = day_field(gettext_lazy("Día de la baja"))
    motivo = text_field(
        gettext_lazy("Motivo"), gettext_lazy("Venta, robo, donación, destrucción, con su acta."), required=True
    )
    rows = ((("baja_el", ""), ("motivo", "grow")),)


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every asset with its depreciation to today; ?formato= gives them as a file."""
    form = SearchForm(
        request.GET,
        _("Número, descripción, lugar o resguardante"),
        contabilidad=(_("Contabilidad"), books_choices(mesa)),
    )
    found, today = activos(asked_books(mesa, form.asked("contabilidad")), form.asked("q")), mesa.ahora.date()
    if request.GET.get("formato") and (
        answer := file_asked(request, "activos", HEAD, (_file_row(asset_row(row, today), today) for row in found))
    ):
        return answer
    context = {
        "frame": mesa.frame("inventario"), "titulo": _("Inventario y activos"), "articulo": "RF 72",
        "intro": _("La depreciación se deriva del costo, la vida útil y el día: no se captura."),
        "vistas": goods_views("activos"), "filtro": form, "tabla": _table(request, found, today),
        "nuevos": [Link(_("Activo nuevo"), reverse("party:activo_nuevo"), "plus-lg")] if captured(mesa) else [],
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _table(request: HttpRequest, found: Any, today: date) -> Table:
    columns = (
        Column("activo", _("Activo"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("adquirido", _("Se adquirió"), "dia"), Column("costo", _("Costo"), "dinero"),
        Column("depreciacion", _("Depreciación"), "dinero"), Column("valor", _("Valor en libros"), "dinero"),
        Column("resguardo", _("Resguardo")), Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    lines = [asset_row(row, today) for row in shown]
    rows = [
        Row(
            {
                "activo": Thing(line.activo.descripcion, asset_url(line.activo), line.activo.numero),
                "contabilidad": books_thing(line.activo.contabilidad), "adquirido": line.activo.adquirido_el,
                "costo": Money(line.activo.costo), "depreciacion": line.depreciacion, "valor": line.valor,
                "resguardo": Thing(line.activo.resguardante, debajo=line.activo.ubicacion),
                "estado": _state(line.activo),
            }
        )
        for line in lines
    ]  # fmt: skip
    totals = {
        "costo": Money(sum(line.activo.costo for line in lines)),
        "depreciacion": Money(sum(line.depreciacion.centavos for line in lines)),
        "valor": Money(sum(line.valor.centavos for line in lines)),
    }
    empty = Empty(_("Ningún activo responde a este filtro."), _("Dé de alta los bienes que duran."))
    return Table(
        _("Activo fijo"), columns, rows, totals if rows else {}, _("Suma de esta página"), pagina=page, vacia=empty,
        exportar=file_links(request.GET),
    )  # fmt: skip


def _state(asset: ActivoFijo) -> tuple[str, str]:
    return ("cancelado", _("De baja")) if asset.baja_el else ("vigente", _("En uso"))


def asset_url(asset: ActivoFijo) -> str:
    """The address of an asset."""
    return reverse("party:activo", args=[asset.contabilidad_id, asset.pk])


def _file_row(line: AssetRow, al: date) -> tuple[object, ...]:
    asset = line.activo
    return (
        asset.pk, asset.contabilidad_id, asset.numero, asset.descripcion, asset.cuenta, asset.adquirido_el,
        Money(asset.costo), asset.vida_meses, line.meses, line.depreciacion, line.valor, al, asset.ubicacion,
        asset.resguardante, asset.baja_el, asset.motivo,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """An asset to be registered."""
    must_capture_somewhere(mesa)
    form = AssetForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        asset = attempt(form, lambda: register_activo(form.books, form.new(), mesa.usuario))
        if asset is not None:
            messages.success(request, _("Activo dado de alta."))
            return HttpResponseRedirect(asset_url(asset))
    return form_page(
        request, form,
        {"frame": mesa.frame("inventario", Crumb(_("Activo nuevo"))), "titulo": _("Activo nuevo"),
         "volver": reverse("party:activos"), "boton": _("Dar de alta")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, activo: int) -> HttpResponse:
    """One asset; a POST with its day and its reason writes it off."""
    books = mesa.books(number)
    asset = found_or_404(
        ActivoFijo.objects.select_related("registrado_por", "baja__hecho_por")
        .filter(pk=activo, contabilidad=books)
        .first()
    )
    asset.contabilidad = books
    form = RetireForm(posted(request), mesa, books, initial={"baja_el": day_words(mesa.ahora.date())})
    if request.method == "POST":
        must_capture_in(mesa, books)
        done = attempt(
            form, lambda: retire_activo(asset, form.cleaned_data["baja_el"], form.text("motivo"), mesa.usuario)
        )
        if done is not None:
            messages.success(request, _("El activo quedó de baja y sigue a la vista."))
            return HttpResponseRedirect(asset_url(asset))
    status = 422 if form.is_bound else 200
    return render(request, "party/campana_ficha.html", _sheet(mesa, asset, form), status=status)


def _sheet(mesa: Mesa, asset: ActivoFijo, form: CampaignForm) -> dict[str, Any]:
    books, line = asset.contabilidad, asset_row(asset, mesa.ahora.date())
    life = _("%(n)d meses") % {"n": asset.vida_meses} if asset.vida_meses else _("No se deprecia")
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Número de inventario"), asset.numero),
        (_("Cuenta"), f"{asset.cuenta} {load_chart(settings.JURISDICTION)[asset.cuenta].nombre}"),
        (_("Se adquirió"), long_day(asset.adquirido_el)), (_("Costo"), currency_amount(asset.costo)),
        (_("Vida útil"), life), (_("Meses de uso"), str(line.meses)),
        (_("Depreciación"), currency_amount(line.depreciacion)), (_("Valor en libros"), currency_amount(line.valor)),
        (_("Ubicación"), asset.ubicacion), (_("Resguardante"), asset.resguardante),
        (_("Registró"), asset.registrado_por.nombre), (_("Baja"), long_day(asset.baja_el) if asset.baja_el else ""),
        *ended_facts(getattr(asset, "baja", None), _("Dio de baja"), _("Se registró la baja")),
    )  # fmt: skip
    acts = []
    if mesa.can("capturar", books) and not asset.baja_el:
        acts = [
            {"titulo": _("Dar de baja"), "form": form, "boton": _("Dar de baja"), "alto": True, "url": asset_url(asset)}
        ]
    return {
        "frame": mesa.frame("inventario", books_crumb(books), Crumb(asset.numero), etapa=books.etapa),
        "titulo": asset.descripcion, "rotulo": _("El activo"), "datos": data, "estados": [_state(asset)], "actos": acts,
        "form": form if form.is_bound else None,
    }  # fmt: skip
