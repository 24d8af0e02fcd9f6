"""Show an event with its terms and history, and handle its acts."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.books.services.kardex import thousandths
from sif.books.warehouse import movements
from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_events import AgendaRow, agenda_changes, agenda_row
from sif.catalogs.services.campaign_events import (
    EVENT_FIELDS,
    NewEvento,
    cancel_evento,
    change_evento,
    hold_evento,
    register_evento,
    values_of,
)
from sif.registry.history import current_of
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.fields import day_field, text_field, time_field
from sif.web.formats import due_words, long_day, short_day
from sif.web.frame import Crumb
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    clock_of,
    facts,
    form_page,
    hour_words,
    must_capture_in,
    term_words,
)
from sif.web.party.catalog_form import found_or_404
from sif.web.party.desk import must_capture_somewhere
from sif.web.party.eventos import event_state, event_url, register_state, terms_notices
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing
from sif.web.typed import posted


class EventForm(CampaignForm):
    """An event as typed."""

    nombre = text_field(gettext_lazy("Nombre del evento"), required=True)
    tipo = forms.ChoiceField(label=gettext_lazy("Acceso"))
    oneroso = forms.BooleanField(
        label=gettext_lazy("Tiene costo (oneroso)"), required=False,
        help_text=gettext_lazy("Renta, sonido, templete, transporte o cualquier gasto, aunque sea en especie."),
    )  # fmt: skip
    fecha = day_field(gettext_lazy("Fecha"))
    hora_inicio = time_field(gettext_lazy("Empieza"))
    hora_fin = time_field(gettext_lazy("Termina"))
    entidad = text_field(gettext_lazy("Entidad"), gettext_lazy("Tres letras, por ejemplo MEX."), required=True)
    municipio = text_field(gettext_lazy("Municipio o alcaldía"), required=True)
    lugar = text_field(
        gettext_lazy("Lugar exacto"), gettext_lazy("Calle, número, colonia y referencias para llegar."), required=True
    )
    responsable = text_field(gettext_lazy("Responsable del evento"), required=True)
    motivo = text_field(gettext_lazy("Motivo del cambio"), required=True)
    rows = (
        (("contabilidad", "grow"),), (("nombre", "grow"), ("tipo", "")), (("oneroso", "grow"),),
        (("fecha", ""), ("hora_inicio", ""), ("hora_fin", "")), (("entidad", "short"), ("municipio", "grow")),
        (("lugar", "grow"),), (("responsable", "grow"),), (("motivo", "grow"),),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, books: Contabilidad | None = None, **options: Any) -> None:
        super().__init__(data, mesa, books, **options)
        if books is None:
            del self.fields["motivo"]
        field = self.fields["tipo"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("publico", _("Público")), ("privado", _("Privado"))]

    def new(self) -> NewEvento:
        """The event typed, once it is understood."""
        values = {name: self.cleaned_data[name] for name in EVENT_FIELDS}
        return NewEvento(**{**values, "entidad": str(values["entidad"]).strip().upper()})


class ReasonForm(CampaignForm):
    """Why something is cancelled."""

    motivo = text_field(gettext_lazy("Motivo"), required=True)
    rows = ((("motivo", "grow"),),)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """An event to be registered; the last day in time is said before, and late is admitted and marked."""
    must_capture_somewhere(mesa)
    initial = {"contabilidad": request.GET.get("contabilidad", ""), "fecha": request.GET.get("fecha", "")}
    form = EventForm(posted(request), mesa, initial={key: text for key, text in initial.items() if text})
    if request.method == "POST":
        event = attempt(form, lambda: register_evento(form.books, form.new(), mesa.usuario))
        if event is not None:
            _tell_registered(request, agenda_row(event))
            return HttpResponseRedirect(event_url(event))
    return form_page(
        request, form,
        {"frame": mesa.frame("eventos", Crumb(_("Evento nuevo"))), "titulo": _("Evento nuevo"),
         "volver": reverse("party:eventos"), "boton": _("Registrar evento"), "avisos": terms_notices(mesa)[:1]},
    )  # fmt: skip


def _tell_registered(request: HttpRequest, row: AgendaRow) -> None:
    words = {"number": row.evento.numero}
    if row.a_tiempo:
        messages.success(request, _("Evento %(number)d registrado a tiempo.") % words)
    else:
        messages.warning(request, _("Evento %(number)d registrado fuera de plazo; queda marcado.") % words)


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, evento: int) -> HttpResponse:
    """One event: its data, its terms, what it was before each change, and what can be done."""
    return _sheet(request, mesa, _event(mesa, number, evento))


def _event(mesa: Mesa, number: int, evento: int) -> Evento:
    """The current version of the event that this number, of any of its versions, names."""
    books = mesa.books(number)
    named = found_or_404(Evento.objects.filter(pk=evento, contabilidad=books).first())
    event = current_of(named)
    event.contabilidad = books
    return event


def _sheet(
    request: HttpRequest, mesa: Mesa, event: Evento, refused: CampaignForm | None = None, status: int = 200
) -> HttpResponse:
    row, books = agenda_row(event), event.contabilidad
    author = row.primera.registrada_por
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Número"), str(event.numero)),
        (_("Fecha"), long_day(event.fecha, weekday=True)),
        (_("Horario"), f"{hour_words(event.hora_inicio)} – {hour_words(event.hora_fin)}"),
        (_("Acceso"), _("Público") if event.tipo == "publico" else _("Privado")),
        (_("Costo"), _("Oneroso") if event.oneroso else _("No oneroso")),
        (_("Lugar"), f"{event.lugar}, {event.municipio}, {event.entidad}"), (_("Responsable"), event.responsable),
        (_("Registró"), author.nombre if author else ""), (_("Registrado"), due_words(row.primera.registrada_el)),
        (_("A tiempo hasta"), due_words(row.registro.vence_el)),
    )  # fmt: skip
    can = mesa.can("capturar", books)
    context = {
        "frame": mesa.frame("eventos", books_crumb(books), Crumb(str(event.numero)), etapa=books.etapa),
        "titulo": event.nombre, "rotulo": _("El evento"), "datos": data,
        "estados": [event_state(event), register_state(row)], "relojes": _clocks(row, mesa.ahora),
        "tablas": [_history(event), _goods(event)], "actos": _acts(mesa, row, refused) if can else [],
        "form": refused, "enlaces": _change_link(event) if can and event.estatus != "cancelado" else [],
    }  # fmt: skip
    return render(request, "party/campana_ficha.html", context, status=status)


def _change_link(event: Evento) -> list[Link]:
    return [
        Link(_("Modificar"), reverse("party:evento_cambiar", args=[event.contabilidad_id, event.identidad]), "pencil")
    ]


def _clocks(row: AgendaRow, now: datetime) -> list[Any]:
    if not row.is_open:
        return []
    note = _("Cuarenta y ocho horas desde que debía empezar.")
    return [clock_of(_("Para avisar que cambió o se canceló"), row.cambio, now, note=note)]


def _history(event: Evento) -> Table:
    columns = (
        Column("acto", _("Qué se hizo"), "cosa"), Column("antes", _("Antes decía")),
        Column("quien", _("Quién")), Column("cuando", _("Cuándo"), "momento"), Column("plazo", _("Plazo"), "estado"),
    )  # fmt: skip
    acts = {"modificado": _("Modificado"), "cancelado": _("Cancelado"), "realizado": _("Realizado")}
    rows = []
    for change in agenda_changes(event):
        before, after = change.antes, change.despues
        said = f"{short_day(before.fecha, year=True)}, {before.hora_inicio:%H:%M}"
        state = ("en_plazo", _("A tiempo")) if change.a_tiempo else ("extemporaneo", _("Extemporáneo"))
        rows.append(
            Row(
                {
                    "acto": Thing(acts[change.acto], debajo=after.motivo),
                    "antes": Thing(before.nombre, debajo=f"{said}, {before.lugar}"),
                    "quien": after.registrada_por.named_at(after.registrada_el) if after.registrada_por else "",
                    "cuando": after.registrada_el, "plazo": state,
                }
            )
        )  # fmt: skip
    return Table(_("Lo que cambió"), columns, rows, vacia=Empty(_("Está como se registró.")))


def _goods(event: Evento) -> Table:
    columns = (
        Column("articulo", _("Artículo"), "cosa"), Column("nota", _("Nota"), "clave"),
        Column("cantidad", _("Cantidad")), Column("costo", _("Costo"), "dinero"),
    )  # fmt: skip
    rows = [
        Row(
            {
                "articulo": Thing(
                    row.articulo.nombre, reverse("party:kardex", args=[event.contabilidad_id, row.articulo_id])
                ),
                "nota": row.documento, "cantidad": f"{thousandths(row.cantidad_milesimas)} {row.articulo.unidad}",
                "costo": Money(row.costo),
            }
        )
        for row in movements([event.contabilidad_id]).filter(evento__identidad=event.identidad)
    ]  # fmt: skip
    empty = Empty(_("No ha salido nada del almacén para este evento."))
    return Table(_("Lo que salió del almacén"), columns, rows, vacia=empty)


def _acts(mesa: Mesa, row: AgendaRow, refused: CampaignForm | None) -> list[dict[str, Any]]:
    if not row.is_open:
        return []
    event, args = row.evento, [row.evento.contabilidad_id, row.evento.identidad]
    blank = CampaignForm(None, mesa, event.contabilidad)
    reason = refused or ReasonForm(None, mesa, event.contabilidad, auto_id="cancelar_%s")
    return [
        {"titulo": _("Se realizó"), "boton": _("Decir que se realizó"), "form": blank, "principal": True,
         "url": reverse("party:evento_realizado", args=args)},
        {"titulo": _("No se hará o no se hizo"), "boton": _("Cancelar evento"), "form": reason, "alto": True,
         "nota": term_words(row.cambio, mesa.ahora), "url": reverse("party:evento_cancelar", args=args)},
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def change(request: HttpRequest, mesa: Mesa, number: int, evento: int) -> HttpResponse:
    """Change an event; what it was stays written."""
    event = _event(mesa, number, evento)
    must_capture_in(mesa, event.contabilidad)
    initial = {name: getattr(values_of(event), name) for name in EVENT_FIELDS}
    form = EventForm(posted(request), mesa, event.contabilidad, initial=initial)
    if request.method == "POST":
        done = attempt(form, lambda: change_evento(event, form.new(), form.text("motivo"), mesa.usuario))
        if done is not None:
            messages.success(
                request, _("Evento %(number)d modificado; lo anterior queda escrito.") % {"number": done.numero}
            )
            return HttpResponseRedirect(event_url(done))
    row = agenda_row(event)
    return form_page(
        request, form,
        {"frame": mesa.frame("eventos", books_crumb(event.contabilidad), Crumb(str(event.numero), event_url(event))),
         "titulo": _("Modificar «%(name)s»") % {"name": event.nombre}, "volver": event_url(event),
         "boton": _("Guardar el cambio"), "reloj": next(iter(_clocks(row, mesa.ahora)), None)},
    )  # fmt: skip


@require_POST
@party_page
def cancel(request: HttpRequest, mesa: Mesa, number: int, evento: int) -> HttpResponse:
    """Cancel an event, with its reason."""
    event = _event(mesa, number, evento)
    must_capture_in(mesa, event.contabilidad)
    form = ReasonForm(request.POST, mesa, event.contabilidad, auto_id="cancelar_%s")
    done = attempt(form, lambda: cancel_evento(event, form.text("motivo"), mesa.usuario))
    if done is None:
        return _sheet(request, mesa, event, form, 422)
    late = agenda_row(_event(mesa, number, evento)).cambios_tarde
    tell = messages.warning if late else messages.success
    tell(request, _("Evento cancelado fuera de plazo; queda marcado.") if late else _("Evento cancelado a tiempo."))
    return HttpResponseRedirect(event_url(done))


@require_POST
@party_page
def hold(request: HttpRequest, mesa: Mesa, number: int, evento: int) -> HttpResponse:
    """Say that an event took place."""
    event = _event(mesa, number, evento)
    must_capture_in(mesa, event.contabilidad)
    form = CampaignForm(request.POST, mesa, event.contabilidad)
    done = attempt(form, lambda: hold_evento(event, mesa.usuario))
    if done is None:
        return _sheet(request, mesa, event, form, 422)
    messages.success(request, _("El evento quedó como realizado."))
    return HttpResponseRedirect(event_url(done))
