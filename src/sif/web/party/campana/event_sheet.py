"""Show an event with its terms and history, and handle its acts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
from sif.web.clocks import Clock
from sif.web.columns import Column, Link, panel
from sif.web.fields import day_field, text_field, time_field
from sif.web.formats import due_words, long_day, moment_words, short_day
from sif.web.frame import Crumb
from sif.web.law import figure_on
from sif.web.lazy import Words
from sif.web.party.campaign_page import clock_of, hour_words, term_words
from sif.web.party.campana.agenda import ACCESS, REGISTERED, STATES, event_url, terms_notices
from sif.web.party.catalog_form import found_or_404
from sif.web.party.desk import BooksForm, PartyRecord
from sif.web.party.mesa import Mesa
from sif.web.party.sheet import BooksRecord, BooksSheet, ReasonForm
from sif.web.record import RecordForm
from sif.web.tables import Empty, Table
from sif.web.tables import Link as Button

ACTS = {"modificado": _("Modificado"), "cancelado": _("Cancelado"), "realizado": _("Realizado")}
"""What was done to an event."""


class EventForm(BooksForm):
    """An event as typed."""

    makes = NewEvento
    nombre = text_field(_("Nombre del evento"), required=True)
    tipo = forms.ChoiceField(label=_("Acceso"), choices=ACCESS.items())
    oneroso = forms.BooleanField(
        label=_("Tiene costo (oneroso)"),
        required=False,
        help_text=_("Renta, sonido, templete, transporte o cualquier gasto, aunque sea en especie."),
    )
    fecha = day_field(_("Fecha"))
    hora_inicio = time_field(_("Empieza"))
    hora_fin = time_field(_("Termina"))
    entidad = text_field(_("Entidad"), _("Tres letras, por ejemplo MEX."), required=True)
    municipio = text_field(_("Municipio o alcaldía"), required=True)
    lugar = text_field(_("Lugar exacto"), _("Calle, número, colonia y referencias para llegar."), required=True)
    responsable = text_field(_("Responsable del evento"), required=True)
    layout: Sequence[str] = (
        "contabilidad:grow",
        "nombre:grow tipo",
        "oneroso:grow",
        "fecha hora_inicio hora_fin",
        "entidad:short municipio:grow",
        "lugar:grow",
        "responsable:grow",
    )

    def event(self) -> NewEvento:
        """Make the event typed."""
        made: NewEvento = self.made(entidad=self.text("entidad").upper())
        return made


class ChangeForm(EventForm):
    """A change of an event, as typed, with why it is made."""

    contabilidad = None  # type: ignore[assignment] # Django: without the field of the base
    motivo = text_field(_("Motivo del cambio"), required=True)
    layout = (*EventForm.layout[1:], "motivo:grow")

    def offer(self, seat: Mesa) -> None:
        """Offer no books: an event stays in its own."""


class NewEvent(PartyRecord):
    """Register an event; the last day in time is said before, and late is admitted and marked."""

    page, back, form_class = "eventos", "party:eventos", EventForm
    title, button = _("Evento nuevo"), _("Registrar evento")

    def get_initial(self) -> dict[str, object]:
        """Begin with the day that the address names."""
        return {**super().get_initial(), "fecha": self.request.GET.get("fecha", "")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Tell the first day still in time."""
        return {"avisos": terms_notices(self.seat)[:1], **super().get_context_data(**kwargs)}

    def save(self, form: EventForm) -> Evento:
        """Register it in the books chosen."""
        return register_evento(form.books, form.event(), self.seat.usuario)

    def tell(self, saved: Evento) -> None:
        """Say whether it came in time."""
        words = {"number": saved.numero}
        if agenda_row(saved).a_tiempo:
            messages.success(self.request, gettext("Evento %(number)d registrado a tiempo.") % words)
        else:
            messages.warning(
                self.request, gettext("Evento %(number)d registrado fuera de plazo; queda marcado.") % words
            )

    def saved_url(self, saved: Evento) -> str:
        """Go to its sheet."""
        return event_url(saved)


class _Named(BooksRecord):
    """A page about the event that a number, of any of its versions, names."""

    page = "eventos"
    thing: Evento

    def find(self) -> None:
        """Find its current version."""
        named = found_or_404(Evento.objects.filter(pk=self.kwargs["evento"], contabilidad=self.books).first())
        self.thing = current_of(named)
        self.thing.contabilidad = self.books

    def back_url(self) -> str:
        """Return to its sheet."""
        return event_url(self.thing)

    def clocks(self, row: AgendaRow) -> list[Clock]:
        """Return the term to tell that it changed, while it is to be."""
        if not row.is_open:
            return []
        note = _("%(term)s desde que debía empezar.") % {
            "term": figure_on("plazo_cancelar_evento_horas", row.evento.fecha)
        }
        return [clock_of(_("Para avisar que cambió o se canceló"), row.cambio, self.seat.ahora, note=note)]


class ChangeEvent(_Named):
    """Change an event; what it was stays written."""

    form_class, button = ChangeForm, _("Guardar el cambio")

    def crumbs(self) -> Sequence[Crumb]:
        """Return its number."""
        return (Crumb(str(self.thing.numero), self.back_url()),)

    def get_initial(self) -> dict[str, object]:
        """Begin with what it is."""
        return {name: getattr(values_of(self.thing), name) for name in EVENT_FIELDS}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Name it, with its term."""
        title = gettext("Modificar «%(name)s»") % {"name": self.thing.nombre}
        clock = next(iter(self.clocks(agenda_row(self.thing))), None)
        return {**super().get_context_data(**kwargs), "titulo": title, "reloj": clock}

    def save(self, form: ChangeForm) -> Evento:
        """Write its new version."""
        return change_evento(self.thing, form.event(), form.text("motivo"), self.seat.usuario)

    def told(self, saved: Evento) -> str:
        """Say that nothing was lost."""
        return gettext("Evento %(number)d modificado; lo anterior queda escrito.") % {"number": saved.numero}


class Event(_Named, BooksSheet):
    """One event: its data, its terms, what it was before each change, and what can be done."""

    label = _("El evento")
    http_method_names = ["get", "head", "options"]

    def name(self) -> str:
        """Return its name."""
        return str(self.thing.nombre)

    def crumb(self) -> str:
        """Return its number."""
        return str(self.thing.numero)

    @property
    def end(self) -> None:
        """Return None: its end is a version of it, told in its history."""
        return None

    @property
    def row(self) -> AgendaRow:
        """Return it with its terms."""
        return agenda_row(self.thing)

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return whether it is to be, and whether it came in time."""
        return STATES[self.thing.estatus], REGISTERED[self.row.a_tiempo]

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return when, where and by whom."""
        event, row = self.thing, self.row
        author = row.primera.registrada_por
        return (
            (_("Número"), str(event.numero)),
            (_("Fecha"), long_day(event.fecha, weekday=True)),
            (_("Horario"), f"{hour_words(event.hora_inicio)} – {hour_words(event.hora_fin)}"),
            (_("Acceso"), ACCESS[event.tipo]),
            (_("Costo"), _("Oneroso") if event.oneroso else _("No oneroso")),
            (_("Lugar"), f"{event.lugar}, {event.municipio}, {event.entidad}"),
            (_("Responsable"), event.responsable),
            (_("Registró"), author.nombre if author else ""),
            (_("Registrado"), moment_words(row.primera.registrada_el, zone=True)),
            (_("A tiempo hasta"), due_words(row.registro.vence_el)),
        )

    def papers(self) -> Sequence[Button]:
        """Return the link to change it."""
        if self.thing.estatus == "cancelado" or not self.seat.can("capturar", self.books):
            return ()
        url = reverse("party:evento_cambiar", args=[self.books.pk, self.thing.identidad])
        return (Button(_("Modificar"), url, "pencil"),)

    def extra(self) -> Mapping[str, object]:
        """Show its term, its history, and what left the warehouse for it."""
        return {"relojes": self.clocks(self.row), "tablas": [_history(self.thing), _goods(self.thing)]}

    def may_act(self) -> bool:
        """Return whether it may be held or cancelled."""
        return self.row.is_open and self.seat.can("capturar", self.books)

    def acts(self, form: RecordForm) -> list[Mapping[str, object]]:
        """Return that it was held, and that it will not be."""
        if not self.may_act():
            return []
        args = [self.books.pk, self.thing.identidad]
        reason = form if isinstance(form, ReasonForm) and form.is_bound else ReasonForm(auto_id="cancelar_%s")
        return [
            {
                "titulo": _("Se realizó"),
                "boton": _("Decir que se realizó"),
                "form": RecordForm(),
                "principal": True,
                "url": reverse("party:evento_realizado", args=args),
            },
            {
                "titulo": _("No se hará o no se hizo"),
                "boton": _("Cancelar evento"),
                "form": reason,
                "alto": True,
                "nota": term_words(self.row.cambio, self.seat.ahora),
                "url": reverse("party:evento_cancelar", args=args),
            },
        ]

    def saved_url(self, saved: Any) -> str:
        """Return to the sheet."""
        return event_url(saved)


class CancelEvent(Event):
    """Cancel an event, with its reason."""

    http_method_names = ["post", "options"]

    def get_form_kwargs(self) -> dict[str, object]:
        """Number its fields apart."""
        return {**super().get_form_kwargs(), "auto_id": "cancelar_%s"}

    def save(self, form: RecordForm) -> Evento:
        """Cancel it."""
        return cancel_evento(self.thing, form.text("motivo"), self.seat.usuario)

    def tell(self, saved: Evento) -> None:
        """Say whether it was told in time."""
        if agenda_row(saved).cambios_tarde:
            messages.warning(self.request, _("Evento cancelado fuera de plazo; queda marcado."))
        else:
            messages.success(self.request, _("Evento cancelado a tiempo."))


class HoldEvent(Event):
    """Say that an event took place."""

    form_class, done = RecordForm, _("El evento quedó como realizado.")
    http_method_names = ["post", "options"]

    def save(self, form: object) -> Evento:
        """Close it."""
        return hold_evento(self.thing, self.seat.usuario)


CHANGES = (
    Column("acto", _("Qué se hizo"), "cosa", words=ACTS),
    Column("motivo", under="acto"),
    Column("antes", _("Antes decía")),
    Column("detalle", under="antes"),
    Column("quien", _("Quién")),
    Column("cuando", _("Cuándo"), "momento"),
    Column("plazo", _("Plazo"), "estado", states=REGISTERED),
)
GOODS = (
    Column("articulo", _("Artículo"), "cosa", link=Link("party:kardex", ("contabilidad", "numero"))),
    Column("nota", _("Nota"), "clave"),
    Column("cantidad", _("Cantidad")),
    Column("costo", _("Costo"), "dinero"),
)


def _history(event: Evento) -> Table:
    rows = [
        {
            "acto": change.acto,
            "motivo": change.despues.motivo,
            "antes": change.antes.nombre,
            "detalle": _said(change.antes),
            "quien": by.named_at(change.despues.registrada_el) if (by := change.despues.registrada_por) else "",
            "cuando": change.despues.registrada_el,
            "plazo": change.a_tiempo,
        }
        for change in agenda_changes(event)
    ]
    return panel(_("Lo que cambió"), rows, CHANGES, vacia=Empty(_("Está como se registró.")))


def _said(event: Evento) -> str:
    return f"{short_day(event.fecha, year=True)}, {event.hora_inicio:%H:%M}, {event.lugar}"


def _goods(event: Evento) -> Table:
    rows = [
        {
            "articulo": row.articulo.nombre,
            "contabilidad": event.contabilidad_id,
            "numero": row.articulo_id,
            "nota": row.documento,
            "cantidad": f"{thousandths(row.cantidad_milesimas)} {row.articulo.unidad}",
            "costo": row.costo,
        }
        for row in movements([event.contabilidad_id]).filter(evento__identidad=event.identidad)
    ]
    empty = Empty(_("No ha salido nada del almacén para este evento."))
    return panel(_("Lo que salió del almacén"), rows, GOODS, vacia=empty)
