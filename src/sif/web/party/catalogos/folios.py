"""Folios: each series of receipts with what is used, cancelled and pending; authorise a series, cancel a folio."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.catalogs.models import SerieRecibos
from sif.catalogs.services import NewSerie, authorize_serie
from sif.counterparties.folios import FolioRow, SerieControl, folio_control, folio_text, folios_counted, folios_of
from sif.counterparties.services import cancel_folio
from sif.law.receipts import load_receipt_formats
from sif.registry.selectors import Reach
from sif.values import Refused
from sif.web import columns
from sif.web.columns import Column, Link, Values
from sif.web.fields import ServiceForm, text_field
from sif.web.frame import Crumb
from sif.web.lazy import Words, law_words
from sif.web.listing import tab_links
from sif.web.party.catalog_form import captures, found_or_404, must_be_own, own_subject
from sif.web.party.desk import SubjectRecord
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.tabs import GIFTS
from sif.web.record import RecordForm
from sif.web.tables import Empty, Table, Thing, file_links, pager_asked
from sif.web.tables import Link as Button
from sif.web.typed import posted, typed_number

FOLIOS = {
    "usado": ("completa", _("Usado")),
    "cancelado": ("cancelado", _("Cancelado")),
    "pendiente": ("incompleta", _("Saltado")),
    "revertido": ("por_vencer", _("Por cancelar")),
    "repetido": ("no_cuadra", _("Repetido")),
}
"""The state of a folio."""
FOLIOS_PAGE = 50


def _state(row: SerieControl) -> tuple[str, object]:
    if row.por_cancelar:
        return "incompleta", gettext("%(n)d por cancelar") % {"n": row.por_cancelar}
    return ("cerrada", _("Agotada")) if row.siguiente is None else ("vigente", _("Con folios"))


SERIES = (
    Column("serie", _("Serie"), "cosa", link=Link("party:serie")),
    Column("formato", under="serie"),
    Column("rango", _("Folios autorizados"), where="screen", phone="half"),
    Column("desde", where="file"),
    Column("hasta", where="file"),
    Column("usados", _("Usados"), "numero", phone="third"),
    Column("cancelados", _("Cancelados"), "numero", phone="third"),
    Column("pendientes", _("Pendientes"), "numero", phone="third"),
    Column("saltados", _("Saltados"), "numero", phone="half"),
    Column("por_cancelar", where="file"),
    Column("siguiente", _("Sigue"), "clave", show=lambda row: row["sigue"]),
    Column("estado", _("Estado"), "estado", show=lambda row: row["estado"], where="screen"),
)
"""A series with how many of its folios stand in each state."""


def _series_row(row: SerieControl) -> dict[str, Any]:
    serie = row.serie
    return {
        "pk": serie.pk,
        "serie": serie.clave,
        "formato": law_words(row.formato.nombre) if row.formato else "",
        "rango": f"{serie.desde:,} – {serie.hasta:,}",
        "desde": serie.desde,
        "hasta": serie.hasta,
        "usados": row.usados,
        "cancelados": row.cancelados,
        "pendientes": row.pendientes,
        "saltados": row.saltados,
        "por_cancelar": row.por_cancelar,
        "siguiente": row.siguiente,
        "sigue": folio_text(serie.clave, row.siguiente) if row.siguiente else "",
        "estado": _state(row),
    }


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the control of folios of the person's subjects; ?formato= gives it as a file."""
    rows = [_series_row(row) for sujeto in mesa.sujetos for row in folio_control(sujeto)]
    if answer := columns.file_asked(request, "folios", rows, SERIES):
        return answer
    first = Button(_("Autorizar serie"), reverse("party:serie_nueva"), "plus-lg")
    nothing = Empty(
        _("No hay series de recibos."),
        _("Las autoriza quien registra pólizas; cada aportación toma un folio."),
    )
    if captures(mesa):
        nothing = Empty(_("No hay series de recibos."), _("Autorice una y cada aportación tomará su folio."), (first,))
    totals = {name: sum(row[name] for row in rows) for name in ("usados", "cancelados", "pendientes")}
    table = columns.panel(
        _("Control de folios"),
        rows,
        SERIES,
        totales=totals if rows else {},
        palabra_total=_("Suma"),
        vacia=nothing,
        exportar=file_links(request.GET) if rows else (),
    )
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Folios"))),
        "tabla": table,
        "captura": captures(mesa),
        "pestanas": tab_links(GIFTS, request),
    }
    return render(request, "party/folios.html", context)


# One series ----------------------------------------------------------------------------------------------------------


def _who(row: Values) -> object:
    return Thing(row["motivo"], debajo=row["cancelo"]) if row["cancelo"] else row["aportante"]


USES = (
    Column("folio", _("Folio"), "cosa", link=Link("party:poliza", ("contabilidad", "asiento"))),
    Column("estado", where="file"),
    Column("quien", _("Aportante o motivo"), show=_who, where="screen"),
    Column("fecha", _("Fecha"), "dia"),
    Column("aportante", where="file"),
    Column("monto", _("Monto"), "dinero"),
    Column("como", _("Estado"), "estado", show=lambda row: FOLIOS[row["estado"]], where="screen"),
    Column("contabilidad", where="file"),
    Column("asiento", where="file"),
    Column("motivo", where="file"),
)
"""A folio with what it is used for."""


def _uses(rows: Iterable[FolioRow]) -> list[dict[str, object]]:
    return [columns.by_field(row) | {"contabilidad": row.contabilidad_id, "asiento": row.eslabon} for row in rows]


class CancelForm(ServiceForm):
    """A folio to be cancelled, with its reason."""

    numero = text_field(_("Folio por cancelar"), required=True)
    motivo = text_field(_("Motivo"), required=True)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return one series with each of its folios; a post cancels one, with its reason."""
    rows = SerieRecibos.objects.select_related("sujeto", "autorizada_por")
    serie = found_or_404(rows.filter(pk=number).first())
    must_be_own(mesa, serie.sujeto_id)
    form = CancelForm(posted(request))
    general, status = [], 200
    if form.is_bound and form.is_valid():
        folio = typed_number(form.text("numero").rpartition("-")[2])
        try:
            done = cancel_folio(serie, folio, form.text("motivo"), mesa.usuario)
        except Refused as refused:
            general, status = form.tell(refused.problems), 422
        else:
            said = gettext("Folio %(folio)s cancelado. Queda en el control con su motivo.")
            messages.success(request, said % {"folio": folio_text(serie.clave, done.numero)})
            return HttpResponseRedirect(reverse("party:serie", args=[serie.pk]))
    if "formato" in request.GET:
        every = _uses(folios_of(serie, mesa.alcance))
        if answer := columns.file_asked(request, f"folios-{serie.clave}", every, USES):
            return answer
    control = next(row for row in folio_control(serie.sujeto) if row.serie.pk == serie.pk)
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Folios"), reverse("party:folios")), Crumb("", clave=serie.clave)),
        "serie": serie,
        "control": control,
        "estado": _state(control),
        "tabla": _uses_table(request, serie, mesa.alcance),
        "form": form,
        "generales": general,
        "captura": captures(mesa),
        "tomados": control.autorizados - control.pendientes,
        "siguiente": folio_text(serie.clave, control.siguiente) if control.siguiente else "",
    }
    return render(request, "party/serie.html", context, status=status)


def _uses_table(request: HttpRequest, serie: SerieRecibos, reach: Reach) -> Table:
    """Draw a page of the folios, the last first."""
    total, used = folios_counted(serie, reach)
    page = pager_asked(request.GET, total, FOLIOS_PAGE)
    rows = _uses(folios_of(serie, reach, page=(FOLIOS_PAGE, max(0, page.desde - 1))))
    return columns.panel(
        _("Folios de la serie"),
        rows,
        USES,
        totales={"monto": used} if rows else {},
        palabra_total=_("Suma de todos los usados"),
        pagina=page,
        vacia=Empty(_("Ningún folio usado todavía."), _("El primero se propone al registrar una aportación.")),
        exportar=file_links(request.GET) if rows else (),
    )


# A new one -----------------------------------------------------------------------------------------------------------


def _folio_field(label: Words) -> forms.IntegerField:
    wrong = {
        "required": _("Falta el número."),
        "invalid": _("No es un número entero."),
        "min_value": _("El primer folio es el 1."),
    }
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, error_messages=wrong, widget=widget)


class SerieForm(RecordForm):
    """A series to authorise."""

    makes = NewSerie
    clave = text_field(_("Clave de la serie"), required=True)
    desde, hasta = _folio_field(_("Del folio")), _folio_field(_("Al folio"))
    layout = ("clave:medium desde:medium hasta:medium",)

    def offer(self, seat: object) -> None:
        """Tell with what keys a series begins."""
        known = ", ".join(load_receipt_formats(settings.JURISDICTION))
        told = gettext("Empieza con %(known)s; puede llevar guion y un distintivo: RSEF-41203.")
        self.fields["clave"].help_text = told % {"known": known}


class NewSeries(SubjectRecord):
    """Authorise a series of folios."""

    page, back, form_class = "aportaciones", "party:folios", SerieForm
    title, button = _("Autorizar serie de folios"), _("Autorizar")

    def around(self) -> Mapping[str, object]:
        """Return the frame, with the way to the folios."""
        crumbs = (Crumb(_("Folios"), reverse("party:folios")), Crumb(_("Autorizar serie")))
        return {"frame": self.seat.frame(self.page, *crumbs)}

    def save(self, form: SerieForm) -> SerieRecibos:
        """Authorise it for the first of the person's subjects."""
        return authorize_serie(form.made(sujeto_id=own_subject(self.seat).pk), self.seat.usuario)

    def told(self, saved: SerieRecibos) -> str:
        """Say its key."""
        return gettext("Serie %(key)s autorizada.") % {"key": saved.clave}

    def saved_url(self, saved: SerieRecibos) -> str:
        """Go to its sheet."""
        return reverse("party:serie", args=[saved.pk])
