"""Close a stage of which nothing is open, or open it again by an accord: what is left, and the acts of two people."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.disclosure.selectors import unpublished_things
from sif.proceedings.closing import (
    OpenThing,
    carry_out,
    closings_of,
    propose_closing,
    propose_reopening,
    refuse_closing,
    waiting_closing,
    what_is_open,
    withdraw_closing,
)
from sif.registry.closed import closing_act
from sif.registry.models import CierrePropuesto, Etapa
from sif.registry.selectors import roles_of
from sif.values import Conflict, Problem
from sif.web.admin.desk import Seat, admin_page, decided
from sif.web.admin.words import STAGES
from sif.web.columns import Column, panel
from sif.web.formats import due_words, moment_words
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.seats import SEATS
from sif.web.tables import Table, Thing
from sif.web.typed import typed_number

SHOWN = 50  # things open that the page draws; their kinds and how many stand above them
KINDS: dict[str, Words] = {
    "etapa": _("Etapa en curso"),
    "ventana": _("Plazo que corre"),
    "informe": _("Informe debido"),
    "sin_revisar": _("Sujeto sin dictamen"),
    "hallazgos": _("Hallazgos por decidir"),
    "observacion": _("Observación sin notificar"),
    "oficio_propuesto": _("Oficio propuesto sin emitir"),
    "oficio": _("Oficio sin contestar y en plazo"),
    "sin_dictamen": _("Oficio sin dictamen"),
    "dictamen": _("Dictamen abierto"),
    "sin_resolucion": _("Dictamen sin resolución"),
    "resolucion": _("Resolución sin votar"),
    "rechazada": _("Resolución rechazada: falta un nuevo proyecto"),
    "impugnacion": _("Plazo para impugnar que corre"),
    "sin_publicar": _("Resolución aprobada sin publicar"),
}
PAGES = {
    "oficio": ("auditor", "auditor:oficio"),
    "sin_dictamen": ("auditor", "auditor:oficio"),
    "dictamen": ("auditor", "auditor:dictamen"),
    "sin_resolucion": ("auditor", "auditor:dictamen"),
    **dict.fromkeys(("resolucion", "rechazada", "impugnacion", "sin_publicar"), ("council", "council:resolucion")),
}
"""The page of each thing, for who sits at its desk; whoever does not opens the sheet of its subject."""
ENDS: dict[str, Words] = {
    "": _("Espera a otra persona"),
    "hecho": _("Ejecutado"),
    "rechazado": _("Rechazado"),
    "retirado": _("Retirado"),
}
WHAT: dict[str, Words] = {"cierre": _("Cerrar la etapa"), "reapertura": _("Reabrir la etapa")}


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def closing(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Render the closing of a stage: open items, pending proposal and past acts; on a POST, propose or decide."""
    etapa = get_object_or_404(Etapa.objects.select_related("proceso"), pk=pk)
    done = decided(request, lambda: _acted(request, seat, etapa))
    if isinstance(done, HttpResponse):
        return done
    problems, status = (done.problems, done.status) if done else ((), 200)
    act, waits = closing_act(etapa), waiting_closing(etapa)
    things, counted = what_is_open(etapa, unpublished_things, SHOWN) if act is None else ([], {})
    many = sum(counted.values())
    proceso, told = etapa.proceso, {each.donde: each for each in problems if each.donde}
    back = reverse("administration:proceso", args=[proceso.pk])
    context = {
        "frame": seat.frame("procesos", Crumb(proceso.nombre, back), Crumb(translated("Cierre"))),
        "etapa": STAGES[etapa.tipo],
        "proceso": proceso,
        "volver": back,
        "cierre": act,
        "espera": waits,
        "que_espera": WHAT[waits.clase] if waits else "",
        "mia": waits is not None and waits.propuesto_por_id == seat.usuario.pk,
        "abiertas": many,
        "resumen": [(KINDS[clase], count) for clase, count in counted.items()],
        "tabla": _open_table(things[:SHOWN], roles_of(seat.usuario)),
        "mas": max(many - SHOWN, 0),
        "historia": _history(closings_of(etapa)),
        "problemas": problems,
        "errores": told,
        "acuerdo": request.POST.get("acuerdo", ""),
        "motivo": request.POST.get("motivo", ""),
    }
    return render(request, "admin/cierre.html", context, status=status)


def _acted(request: HttpRequest, seat: Seat, etapa: Etapa) -> HttpResponse:
    """Propose, do, refuse or withdraw, and go on. Raises Refused, PermissionError and Http404."""
    act, by = request.POST.get("acto", ""), seat.usuario
    accord, why = request.POST.get("acuerdo", ""), request.POST.get("motivo", "")
    if act in ("proponer_cierre", "proponer_reapertura"):
        if act == "proponer_cierre":
            propose_closing(etapa, accord, why, by, unpublished_things)
        else:
            propose_reopening(etapa, accord, why, by)
        messages.success(request, translated("Quedó propuesto: lo ejecuta otra persona que administre."))
    elif act in ("hacer", "rechazar", "retirar"):
        waits = _seen(request, etapa)
        if act == "hacer":
            carry_out(waits, by, unpublished_things)
            closed = waits.clase == CierrePropuesto.Clase.CIERRE
            messages.success(request, translated("Etapa cerrada.") if closed else translated("Etapa reabierta."))
        elif act == "rechazar":
            refuse_closing(waits, why, by)
            messages.success(request, translated("Propuesta rechazada: la etapa sigue como estaba."))
        else:
            withdraw_closing(waits, by)
            messages.success(request, translated("Propuesta retirada."))
    else:
        raise Http404(translated("No hay ese acto."))
    return HttpResponseRedirect(request.path)


def _seen(request: HttpRequest, etapa: Etapa) -> CierrePropuesto:
    """Return the proposal that the person saw. Raises Conflict where it waits no more."""
    found = CierrePropuesto.objects.filter(etapa=etapa, pk=typed_number(request.POST.get("propuesta", "")) or 0).first()
    if found is None:
        raise Conflict(Problem("espera", "", translated("Esa propuesta ya no espera."), translated("No se hizo nada.")))
    return found


def _open_table(things: Sequence[OpenThing], roles: set[str]) -> Table:
    columns = (
        Column("que", _("Qué"), "cosa", show=lambda each: Thing(each.nombre, _page(each, roles))),
        Column("como", _("Cómo está"), show=lambda each: str(KINDS[each.clase])),
        Column("sujeto", _("Sujeto"), show=lambda each: each.sujeto.siglas if each.sujeto else translated("Todos")),
        Column("vence", _("Vence"), show=lambda each: due_words(each.vence_el) if each.vence_el else ""),
    )
    return panel(_("Lo que está abierto"), things, columns)


def _page(thing: OpenThing, roles: set[str]) -> str:
    desk, name = PAGES.get(thing.clase, ("", ""))
    if desk and SEATS[desk] & roles:
        return reverse(name, args=[thing.pk])
    return reverse("administration:sujeto", args=[thing.sujeto.pk]) if thing.sujeto else ""


def _history(rows: Any) -> Table:
    def drawn(each: Any) -> dict[str, object]:
        act = getattr(each, "resuelta", None)
        return {
            "que": Thing(str(WHAT[each.clase]), debajo=each.acuerdo),
            "propuso": f"{each.propuesto_por.named_at(each.propuesto_el)}, {moment_words(each.propuesto_el)}",
            "estado": ENDS[act.sentido if act else ""],
            "quien": f"{act.hecho_por.named_at(act.hecho_el)}, {moment_words(act.hecho_el)}" if act else "",
            "motivo": (act.motivo if act else "") or each.motivo,
        }

    columns = (
        Column("que", _("Qué"), "cosa"),
        Column("propuso", _("Propuso")),
        Column("estado", _("Estado")),
        Column("quien", _("Quién")),
        Column("motivo", _("Motivo"), phone="wide"),
    )
    return panel(_("Cierres y reaperturas de la etapa"), map(drawn, rows), columns)
