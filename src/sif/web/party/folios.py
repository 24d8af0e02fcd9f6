"""Folios: each series of receipts with what is used, cancelled and pending; authorise a series, cancel a folio."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.catalogs.models import SerieRecibos
from sif.catalogs.services import NewSerie, authorize_serie
from sif.counterparties.folios import FolioRow, SerieControl, folio_control, folio_text, folios_of
from sif.counterparties.services import cancel_folio
from sif.law.receipts import load_receipt_formats
from sif.values import Money, Refused
from sif.web.fields import ServiceForm, text_field
from sif.web.frame import Crumb
from sif.web.listing import tab_links
from sif.web.party.catalog_form import (
    captures,
    file_asked,
    found_or_404,
    must_be_own,
    own_subject,
)
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.tabs import GIFTS
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links, page_number, pager_for
from sif.web.typed import posted, typed_number

HEAD = (
    "serie", "formato", "desde", "hasta", "usados", "cancelados", "pendientes", "saltados", "por_cancelar",
    "siguiente",
)  # fmt: skip
HEAD_FOLIOS = ("folio", "estado", "fecha", "aportante", "monto", "contabilidad", "asiento", "motivo")


class SerieForm(ServiceForm):
    """A series to authorise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ", ".join(load_receipt_formats(settings.JURISDICTION))
        told = _("Empieza con %(known)s; puede llevar guion y un distintivo: RSEF-41203.") % {"known": known}
        self.fields["clave"] = text_field(_("Clave de la serie"), told, required=True)
        wrong = {"required": _("Falta el número."), "invalid": _("No es un número entero."),
                 "min_value": _("El primer folio es el 1.")}  # fmt: skip
        for name, words in (("desde", _("Del folio")), ("hasta", _("Al folio"))):
            self.fields[name] = forms.IntegerField(
                label=words, min_value=1, error_messages=wrong, widget=forms.TextInput(attrs={"inputmode": "numeric"})
            )


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The control of folios of the person's subjects; ?formato= gives it as a file."""
    rows = [row for sujeto in mesa.sujetos for row in folio_control(sujeto)]
    answer = file_asked(request, "folios", HEAD, (_file_row(row) for row in rows))
    if answer:
        return answer
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Folios"))), "tabla": _table(request, rows),
        "captura": captures(mesa), "pestanas": tab_links(GIFTS, request),
    }  # fmt: skip
    return render(request, "party/folios.html", context)


def _file_row(row: SerieControl) -> tuple[object, ...]:
    return (
        row.serie.clave, row.formato.nombre if row.formato else "", row.serie.desde, row.serie.hasta, row.usados,
        row.cancelados, row.pendientes, row.saltados, row.por_cancelar, row.siguiente,
    )  # fmt: skip


def _table(request: HttpRequest, rows: list[SerieControl]) -> Table:
    columns = (
        Column("serie", _("Serie"), "cosa"),
        Column("rango", _("Folios autorizados"), telefono="half"),
        Column("usados", _("Usados"), "numero", telefono="third"),
        Column("cancelados", _("Cancelados"), "numero", telefono="third"),
        Column("pendientes", _("Pendientes"), "numero", telefono="third"),
        Column("saltados", _("Saltados"), "numero", telefono="half"),
        Column("siguiente", _("Sigue"), "clave"),
        Column("estado", _("Estado"), "estado"),
    )
    drawn = [
        Row(
            {
                "serie": Thing(
                    row.serie.clave, reverse("party:serie", args=[row.serie.pk]),
                    debajo=row.formato.nombre if row.formato else "",
                ),
                "rango": f"{row.serie.desde:,} – {row.serie.hasta:,}", "usados": row.usados,
                "cancelados": row.cancelados, "pendientes": row.pendientes, "saltados": row.saltados,
                "siguiente": folio_text(row.serie.clave, row.siguiente) if row.siguiente else "",
                "estado": _state(row),
            }
        )
        for row in rows
    ]  # fmt: skip
    first = (Link(_("Autorizar serie"), reverse("party:serie_nueva"), "plus-lg"),)
    nothing = Empty(_("No hay series de recibos."), _("Autorice una y cada aportación tomará su folio."), first)
    totals = {name: sum(getattr(row, name) for row in rows) for name in ("usados", "cancelados", "pendientes")}
    return Table(
        _("Control de folios"), columns, drawn, totals if rows else {}, _("Suma"), vacia=nothing,
        exportar=file_links(request.GET) if rows else (),
    )  # fmt: skip


def _state(row: SerieControl) -> tuple[str, str]:
    if row.por_cancelar:
        return "incompleta", _("%(n)d por cancelar") % {"n": row.por_cancelar}
    if row.siguiente is None:
        return "cerrada", _("Agotada")
    return "vigente", _("Con folios")


def _own(mesa: Mesa, number: int) -> SerieRecibos:
    row = found_or_404(SerieRecibos.objects.select_related("sujeto", "autorizada_por").filter(pk=number).first())
    must_be_own(mesa, row.sujeto_id)
    return row


@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One series with each of its folios; a post cancels one, with its reason."""
    serie = _own(mesa, number)
    form = _cancel_form(request)
    general, status = [], 200
    if request.method == "POST":
        text = form["numero"].value().strip().rpartition("-")[2]
        try:
            done = cancel_folio(serie, typed_number(text), form["motivo"].value(), mesa.usuario)
        except Refused as refused:
            general, status = form.tell(refused.problems), 422
        else:
            said = {"folio": folio_text(serie.clave, done.numero)}
            messages.success(request, _("Folio %(folio)s cancelado. Queda en el control con su motivo.") % said)
            return HttpResponseRedirect(reverse("party:serie", args=[serie.pk]))
    rows = folios_of(serie, mesa.alcance)
    answer = file_asked(request, f"folios-{serie.clave}", HEAD_FOLIOS, (_folio_file_row(row) for row in rows))
    if answer:
        return answer
    control = next(row for row in folio_control(serie.sujeto) if row.serie.pk == serie.pk)
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Folios"), reverse("party:folios")), Crumb("", clave=serie.clave)),
        "serie": serie, "control": control, "estado": _state(control), "tabla": _folios(request, rows), "form": form,
        "generales": general, "captura": captures(mesa), "tomados": control.autorizados - control.pendientes,
        "siguiente": folio_text(serie.clave, control.siguiente) if control.siguiente else "",
    }  # fmt: skip
    return render(request, "party/serie.html", context, status=status)


def _cancel_form(request: HttpRequest) -> ServiceForm:
    form = ServiceForm(posted(request))
    form.fields["numero"] = text_field(_("Folio por cancelar"), required=True)
    form.fields["motivo"] = text_field(_("Motivo"), required=True)
    return form


def _folio_file_row(row: FolioRow) -> tuple[object, ...]:
    return (
        row.folio, row.estado, row.fecha, row.aportante, row.monto, row.contabilidad_id, row.eslabon, row.motivo
    )  # fmt: skip


def _folios(request: HttpRequest, rows: list[FolioRow]) -> Table:
    columns = (
        Column("folio", _("Folio"), "cosa"),
        Column("quien", _("Aportante o motivo")),
        Column("fecha", _("Fecha"), "dia"),
        Column("monto", _("Monto"), "dinero"),
        Column("estado", _("Estado"), "estado"),
    )
    states = {
        "usado": ("completa", _("Usado")), "cancelado": ("cancelado", _("Cancelado")),
        "pendiente": ("incompleta", _("Saltado")), "revertido": ("por_vencer", _("Por cancelar")),
        "repetido": ("no_cuadra", _("Repetido")),
    }  # fmt: skip
    page = pager_for(page_number(request.GET), len(rows))
    drawn = [
        Row(
            {
                "folio": Thing(row.folio, _poliza(row)),
                "quien": Thing(row.motivo, debajo=row.cancelo) if row.cancelo else row.aportante,
                "fecha": row.fecha or "", "monto": row.monto if row.monto is not None else "",
                "estado": states[row.estado],
            }
        )
        for row in reversed(rows[max(0, len(rows) - page.hasta) : len(rows) - max(0, page.desde - 1)])
    ]  # fmt: skip
    nothing = Empty(_("Ningún folio usado todavía."), _("El primero se propone al registrar una aportación."))
    used = Money(sum(row.monto.centavos for row in rows if row.monto and row.estado in ("usado", "repetido")))
    return Table(
        _("Folios de la serie"), columns, drawn, {"monto": used} if rows else {}, _("Suma de todos los usados"),
        pagina=page, vacia=nothing, exportar=file_links(request.GET) if rows else (),
    )  # fmt: skip


def _poliza(row: FolioRow) -> str:
    return reverse("party:poliza", args=[row.contabilidad_id, row.eslabon]) if row.eslabon else ""


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Authorise a series of folios."""
    form = SerieForm(posted(request))
    general, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = authorize_serie(NewSerie(own_subject(mesa).pk, **form.cleaned_data), mesa.usuario)
            except Refused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, _("Serie %(key)s autorizada.") % {"key": saved.clave})
                return HttpResponseRedirect(reverse("party:serie", args=[saved.pk]))
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Folios"), reverse("party:folios")), Crumb(_("Autorizar serie"))),
        "form": form, "generales": general, "titulo": _("Autorizar serie de folios"), "boton": _("Autorizar"),
        "volver": reverse("party:folios"), "grande": (),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)
