"""Casas de campaña: the list, a new one, and each with its days, its cost or its valuation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.catalogs.models import CasaCampana
from sif.catalogs.selectors.campaign_goods import casas
from sif.catalogs.services.campaign_goods import NewCasa, cancel_casa, register_casa
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.formats import currency_amount, long_day, short_day
from sif.web.frame import Crumb
from sif.web.party.avisos import houses_and_notices
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
from sif.web.party.evento import ReasonForm
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = (
    "casa", "contabilidad", "nombre", "titulo", "propietario", "entidad", "municipio", "domicilio", "desde", "hasta",
    "costo", "valuacion", "registrada_el", "cancelada_el", "motivo",
)  # fmt: skip


class HouseForm(CampaignForm):
    """A house as typed."""

    nombre = text_field(gettext_lazy("Nombre de la casa"), required=True)
    titulo = forms.ChoiceField(label=gettext_lazy("Se tiene en"))
    propietario = text_field(gettext_lazy("Propietario"), required=True)
    entidad = text_field(gettext_lazy("Entidad"), gettext_lazy("Tres letras, por ejemplo MEX."), required=True)
    municipio = text_field(gettext_lazy("Municipio o alcaldía"), required=True)
    domicilio = text_field(gettext_lazy("Domicilio"), gettext_lazy("Calle, número y colonia."), required=True)
    desde = day_field(gettext_lazy("Desde"))
    hasta = day_field(gettext_lazy("Hasta"))
    costo = MoneyField(
        label=gettext_lazy("Renta de todos los días"), required=False, help_text=gettext_lazy("Si se arrienda.")
    )
    valuacion = MoneyField(
        label=gettext_lazy("Valor de su uso"),
        required=False,
        help_text=gettext_lazy("Si se presta: aportación en especie."),
    )
    rows = (
        (("contabilidad", "grow"),), (("nombre", "grow"), ("titulo", "")), (("propietario", "grow"),),
        (("entidad", "short"), ("municipio", "grow")), (("domicilio", "grow"),), (("desde", ""), ("hasta", "")),
        (("costo", "amount"), ("valuacion", "amount")),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, books: Contabilidad | None = None, **options: Any) -> None:
        super().__init__(data, mesa, books, **options)
        field = self.fields["titulo"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(title_words().items())

    def new(self) -> NewCasa:
        """The house typed, once it is understood."""
        values = self.cleaned_data
        return NewCasa(
            self.text("nombre"), values["titulo"], self.text("propietario"), self.text("entidad").upper(),
            self.text("municipio"), self.text("domicilio"), values["desde"], values["hasta"],
            values.get("costo") or Money(0), values.get("valuacion") or Money(0),
        )  # fmt: skip


def title_words() -> dict[str, str]:
    """How a house is held."""
    return {"arrendamiento": _("Arrendamiento"), "comodato": _("Comodato"), "propiedad": _("Propiedad")}


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every house of the person's books; ?formato= gives them as a file."""
    form = SearchForm(
        request.GET, _("Nombre, propietario o domicilio"), contabilidad=(_("Contabilidad"), books_choices(mesa))
    )
    found = casas(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    if request.GET.get("formato") and (answer := file_asked(request, "casas", HEAD, (_file_row(row) for row in found))):
        return answer
    context = {
        "frame": mesa.frame("avisos"), "titulo": _("Casas y avisos"), "articulo": "RF 143 Ter",
        "intro": _("La casa prestada se valúa; la arrendada cuesta: ninguna queda en cero."),
        "vistas": houses_and_notices("casas"), "filtro": form, "avisos": _without(mesa),
        "nuevos": [Link(_("Casa nueva"), reverse("party:casa_nueva"), "plus-lg")] if captured(mesa) else [],
        "tabla": _table(request, found),
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _without(mesa: Mesa) -> list[str]:
    """Candidacies of the current stage with no house in force: the authority asks about each."""
    numbers = {books.pk for books in mesa.actuales if books.candidatura_id}
    held = set(casas(numbers).filter(cancelacion=None).values_list("contabilidad_id", flat=True))
    lacking = sorted(numbers - held)
    if not lacking:
        return []
    shown = ", ".join(str(number) for number in lacking[:12])
    more = "…" if len(lacking) > 12 else "."
    return [_("Sin casa de campaña registrada: %(books)s") % {"books": f"{shown}{more}"}]


def _table(request: HttpRequest, found: Any) -> Table:
    columns = (
        Column("casa", _("Casa"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("titulo", _("Se tiene en")), Column("dias", _("Días")),
        Column("costo", _("Renta"), "dinero"), Column("valuacion", _("Valuación"), "dinero"),
        Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    words = title_words()
    rows = [
        Row(
            {
                "casa": Thing(house.nombre, house_url(house), debajo=f"{house.domicilio}, {house.municipio}"),
                "contabilidad": books_thing(house.contabilidad), "titulo": words[house.titulo],
                "dias": f"{short_day(house.desde, year=True)} – {short_day(house.hasta, year=True)}",
                "costo": Money(house.costo) if house.costo else "",
                "valuacion": Money(house.valuacion) if house.valuacion else "", "estado": _state(house),
            }
        )
        for house in shown
    ]  # fmt: skip
    empty = Empty(_("Ninguna casa responde a este filtro."), _("Registre la casa desde la que trabaja cada campaña."))
    return Table(_("Casas de campaña"), columns, rows, pagina=page, vacia=empty, exportar=file_links(request.GET))


def _state(house: CasaCampana) -> tuple[str, str]:
    return ("cancelado", _("Cancelada")) if house.cancelado_el else ("vigente", _("Vigente"))


def house_url(house: CasaCampana) -> str:
    """The address of a house."""
    return reverse("party:casa", args=[house.contabilidad_id, house.pk])


def _file_row(house: CasaCampana) -> tuple[object, ...]:
    return (
        house.pk, house.contabilidad_id, house.nombre, house.titulo, house.propietario, house.entidad, house.municipio,
        house.domicilio, house.desde, house.hasta, Money(house.costo), Money(house.valuacion), house.registrada_el,
        house.cancelado_el, house.motivo,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A house to be registered."""
    must_capture_somewhere(mesa)
    form = HouseForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        house = attempt(form, lambda: register_casa(form.books, form.new(), mesa.usuario))
        if house is not None:
            messages.success(request, _("Casa registrada."))
            return HttpResponseRedirect(house_url(house))
    return form_page(
        request, form,
        {"frame": mesa.frame("avisos", Crumb(_("Casa nueva"))), "titulo": _("Casa nueva"),
         "volver": reverse("party:casas"), "boton": _("Registrar casa")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, casa: int) -> HttpResponse:
    """One house; a POST with its reason leaves it without effect."""
    books = mesa.books(number)
    house = found_or_404(
        CasaCampana.objects.select_related("registrada_por", "cancelacion__hecho_por")
        .filter(pk=casa, contabilidad=books)
        .first()
    )
    house.contabilidad = books
    form = ReasonForm(posted(request), mesa, books)
    if request.method == "POST":
        must_capture_in(mesa, books)
        if attempt(form, lambda: cancel_casa(house, form.text("motivo"), mesa.usuario)) is not None:
            messages.success(request, _("La casa quedó cancelada y sigue a la vista."))
            return HttpResponseRedirect(house_url(house))
    status = 422 if form.is_bound else 200
    return render(request, "party/campana_ficha.html", _sheet(mesa, house, form), status=status)


def _sheet(mesa: Mesa, house: CasaCampana, form: CampaignForm) -> dict[str, Any]:
    books = house.contabilidad
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Se tiene en"), title_words()[house.titulo]),
        (_("Propietario"), house.propietario),
        (_("Domicilio"), f"{house.domicilio}, {house.municipio}, {house.entidad}"),
        (_("Días"), f"{long_day(house.desde)} – {long_day(house.hasta)}"),
        (_("Renta de todos los días"), currency_amount(house.costo) if house.costo else ""),
        (_("Valor de su uso"), currency_amount(house.valuacion) if house.valuacion else ""),
        (_("Registró"), house.registrada_por.nombre),
        *ended_facts(getattr(house, "cancelacion", None), _("Canceló"), _("Cancelada el")),
    )  # fmt: skip
    acts = []
    if mesa.can("capturar", books) and not house.cancelado_el:
        acts = [{"titulo": _("Ya no se usa o fue un error"), "form": form, "boton": _("Cancelar casa"), "alto": True,
                 "url": house_url(house)}]  # fmt: skip
    return {
        "frame": mesa.frame("avisos", books_crumb(books), Crumb(house.nombre), etapa=books.etapa),
        "titulo": house.nombre, "rotulo": _("La casa"), "datos": data, "estados": [_state(house)], "actos": acts,
        "form": form if form.is_bound else None,
    }  # fmt: skip
