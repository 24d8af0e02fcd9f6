"""Handle the acts on one hallazgo: propose, confirm, return, assign, comment, request, reword."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.audit import review
from sif.audit.models import Hallazgo, Observacion, Pedido, Propuesta
from sif.audit.review_selectors import standings, trail_of
from sif.audit.selectors import current_observaciones
from sif.audit.services import DecisionRefused
from sif.registry.models import Usuario
from sif.web import law
from sif.web.auditor.expediente.expediente_page import expediente, open_hallazgo
from sif.web.auditor.masa_words import confirmed_words
from sif.web.auditor.queue import kept_query, neighbours, read_queue
from sif.web.authority_seat import person
from sif.web.seats import seated_at
from sif.web.typed import typed_number

WHERE = {
    "comentar": "comentarios",
    "pedir": "pedidos",
    "responder": "pedidos",
    "redactar": "redaccion",
    "asignar": "asignacion",
}
"""The part of the page each act returns to."""


def _address(pk: int, request: HttpRequest, part: str = "") -> str:
    query = kept_query(request.GET)
    url = reverse("auditor:hallazgo", args=[pk])
    return f"{url}?{query}{part}" if query else f"{url}{part}"


def _go_on(request: HttpRequest, row: Hallazgo) -> Callable[[], HttpResponse]:
    """To the next of the queue as it was before the act, or to the one before, or back to itself."""
    place = neighbours(read_queue(row.corrida, request.GET, person(request)), row.pk)
    target = place.siguiente or place.anterior or row.pk
    return lambda: HttpResponseRedirect(_address(target, request))


@require_POST
@seated_at("auditor")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a decision on one hallazgo and go on to the next of the queue; twice is the same as once."""
    row, by = open_hallazgo(pk), person(request)
    motivo = request.POST.get("motivo", "").strip()[:500]
    decision = request.POST.get("decision", "")
    if standings([row])[pk].estado in ("adoptado", "desechado", "propuesto"):
        messages.warning(request, _("Este hallazgo ya estaba decidido; no se escribió nada nuevo."))
        return HttpResponseRedirect(_address(pk, request))
    go_on = _go_on(request, row)
    target = _chosen(request, row)
    try:
        review.propose([row], decision, motivo, by, observacion=target if decision == "unir" else None)
    except DecisionRefused as refused:
        typed = {"motivo": motivo, "numero": request.POST.get("numero", "")[:9]}
        return expediente(request, row, **typed, error=str(refused), acto="decidir")
    words = {
        "adoptar": _("Propuso adoptar: %(title)s. Falta que otra persona lo confirme."),
        "desechar": _("Propuso desechar: %(title)s. Falta que otra persona lo confirme."),
        "unir": _("Propuso unir: %(title)s. Falta que otra persona lo confirme."),
    }
    messages.success(request, words[decision] % {"title": law.rule_title(row.regla)})
    return go_on()


def _chosen(request: HttpRequest, row: Hallazgo) -> Observacion | None:
    """Return the observación chosen of those offered, or that of the number typed of the same subject and stage."""
    if number := typed_number(request.POST.get("numero", "")):
        own = current_observaciones().filter(etapa=row.asunto.etapa_id, sujeto=row.contabilidad.sujeto_id)
        return own.filter(numero=number).first()
    return Observacion.objects.filter(pk=typed_number(request.POST.get("observacion", ""))).first()


@require_POST
@seated_at("auditor")
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or return another person's proposal, or take back one's own; twice is the same as once."""
    row, by = open_hallazgo(pk), person(request)
    motivo = request.POST.get("motivo", "").strip()[:500]
    proposal = standings([row])[pk].propuesta
    if proposal is None:
        messages.warning(request, _("Aquí no hay propuesta por confirmar; no se escribió nada nuevo."))
        return HttpResponseRedirect(_address(pk, request))
    if proposal.pk != typed_number(request.POST.get("propuesta", "")):
        messages.warning(request, _("La propuesta cambió después de que usted la leyó; no se escribió nada."))
        return HttpResponseRedirect(_address(pk, request))
    go_on = _go_on(request, row)
    try:
        words, stays = _resolved(request.POST.get("acto", ""), proposal, motivo, by)
    except DecisionRefused as refused:
        return expediente(request, row, motivo=motivo, error=str(refused), acto="resolver")
    messages.success(request, words)
    return HttpResponseRedirect(_address(pk, request)) if stays else go_on()


def _resolved(act: str, proposal: Propuesta, motivo: str, by: Usuario) -> tuple[str, bool]:
    """Confirm, send back or withdraw a proposal; return the message for the person, and whether to stay on the page.

    Raises Http404 for any other act.
    """
    if act == "confirmar":
        done = review.confirm([proposal], by, motivo)
        return confirmed_words(len(done.observaciones), done.unidos, done.desechados), False
    if act == "devolver":
        review.send_back([proposal], motivo, by)
        return _("Devuelta a %(name)s con su motivo.") % {"name": proposal.propuesta_por.nombre}, False
    if act == "retirar":
        review.withdraw(proposal, by)
        return _("Retiró su propuesta; el hallazgo vuelve a estar por revisar."), True
    raise Http404("No hay ese acto.")


@require_POST
@seated_at("auditor")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Share out, comment, ask, answer what was asked, or reword; the page stays where it was."""
    row, by = open_hallazgo(pk), person(request)
    act, text = request.POST.get("acto", ""), request.POST.get("texto", "")
    if act not in WHERE:
        raise Http404("No hay ese acto.")
    try:
        messages.success(request, _NOTES[act](row, text, by, request))
    except DecisionRefused as refused:
        return expediente(request, row, acto=act, texto=text, error=str(refused))
    return HttpResponseRedirect(_address(pk, request, f"#{WHERE[act]}"))


def _comment(row: Hallazgo, text: str, by: Usuario, request: HttpRequest) -> str:
    review.comment(row, text, by)
    return _("Comentario guardado.")


def _ask(row: Hallazgo, text: str, by: Usuario, request: HttpRequest) -> str:
    review.ask(row, request.POST.get("destino", ""), text, by)
    return _("Pedido guardado; el hallazgo queda en espera de la respuesta.")


def _answer(row: Hallazgo, text: str, by: Usuario, request: HttpRequest) -> str:
    number = typed_number(request.POST.get("pedido", ""))
    asked = next((each for each in trail_of(row).pedidos if each.pk == number), None)
    review.answer(asked or get_object_or_404(Pedido, pk=0), text, by)
    return _("Respuesta guardada.")


def _reword(row: Hallazgo, text: str, by: Usuario, request: HttpRequest) -> str:
    if isinstance(review.reword(row, text, by), Propuesta):
        return _("Propuso otro texto para la observación. Falta que otra persona lo confirme.")
    return _("Texto guardado: es lo que dirá la observación.")


def _assign(row: Hallazgo, text: str, by: Usuario, request: HttpRequest) -> str:
    who = Usuario.objects.filter(pk=typed_number(request.POST.get("asignado", ""))).first()
    review.assign([row], who, by)
    return _("Lo tiene ahora %(name)s.") % {"name": who.nombre} if who else _("Ya no lo tiene nadie.")


_NOTES: dict[str, Callable[[Hallazgo, str, Usuario, HttpRequest], str]] = {
    "comentar": _comment,
    "pedir": _ask,
    "responder": _answer,
    "redactar": _reword,
    "asignar": _assign,
}
