"""Propose and execute the publication of a stage, or its withdrawal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.disclosure.changes import Changes, compare
from sif.disclosure.models import Publicacion, PublicacionRetirada
from sif.disclosure.publish import propose_withdrawal, withdraw_publicacion
from sif.disclosure.selectors import (
    Unvoted,
    publications_of,
    standing_publication,
    unvoted,
    waiting_proposal,
    waiting_withdrawal,
)
from sif.disclosure.tasks import ask_to_propose, ask_to_publish
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may, roles_of
from sif.values import Money, Refused
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, stage_at_hand, stage_words, tell_refusal
from sif.web.columns import Column, panel
from sif.web.council.frames import council_frame
from sif.web.frame import Frame
from sif.web.seats import desk_of, seated_at
from sif.web.tables import Empty, Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number


def _frame(etapa: Etapa, by: Usuario) -> Frame:
    """Return the frame of the desk at which the person sits: this page is of two."""
    if desk_of(roles_of(by)) == "council":
        return council_frame(etapa, by, "publicacion")
    return auditor_frame(etapa, "publicacion")


def _acts(etapa: Etapa) -> Table:
    standing = standing_publication(etapa)
    columns = (
        Column(
            "publicada", _("Publicada"), "cosa", show=lambda row: Thing(f"{row.pk}", clave=row.propuesta.huella[:12])
        ),
        Column("datos", _("Cifras al"), "momento", "propuesta__propuesta_el"),
        Column(
            "propuso", _("Propuso"), show=lambda row: row.propuesta.propuesta_por.named_at(row.propuesta.propuesta_el)
        ),
        Column("publico", _("Publicó"), show=lambda row: row.publicada_por.named_at(row.publicada_el)),
        Column("retiro", _("Retiro"), show=_withdrawal_words, phone="wide"),
        Column("estado", _("Estado"), "estado", show=lambda row: _look(row, standing)),
    )
    empty = Empty(_("Esta etapa no se ha publicado."), _("Una persona propone sus cifras y otra las publica."))
    return panel(_("Publicaciones de la etapa"), publications_of(etapa), columns, vacia=empty)


def _look(row: Publicacion, standing: Publicacion | None) -> tuple[str, str]:
    if standing is not None and row.pk == standing.pk:
        return "aprobada", _("A la vista")
    return ("sin_efectos", _("Retirada")) if hasattr(row, "retirada") else ("cerrada", _("Reemplazada"))


def _withdrawal_words(row: Publicacion) -> str:
    """Return the people who proposed and confirmed a withdrawal with its reason; '' for a publication not withdrawn."""
    withdrawn: PublicacionRetirada | None = getattr(row, "retirada", None)
    if withdrawn is None:
        return ""
    people = [withdrawn.hecho_por.named_at(withdrawn.hecho_el)]
    if withdrawn.propuesta is not None:
        people.insert(0, withdrawn.propuesta.propuesto_por.named_at(withdrawn.propuesta.propuesto_el))
    return f"{', '.join(people)}: {withdrawn.motivo}"


def _compared(before: str, after: str) -> tuple[Table, Table]:
    changes = compare(before, after)
    return _rows_changed(changes), _sums_changed(changes)


def _rows_changed(changes: Changes) -> Table:
    names = {
        "contabilidades": _("Contabilidades"),
        "sanciones": _("Sanciones"),
        "documentos": _("Documentos"),
        "reglas": _("Reglas por las que se sancionó"),
    }
    columns = (
        Column("parte", _("Qué"), "cosa", show=lambda row: Thing(names[row.parte])),
        Column("antes", _("Hoy"), "numero", phone="third"),
        Column("despues", _("Después"), "numero", phone="third"),
        Column("entran", _("Entran"), "numero", phone="third"),
        Column("salen", _("Salen"), "numero", phone="third"),
        Column("distintas", _("Cambian"), "numero", phone="third"),
    )
    return panel(_("Renglones que ve el público"), changes.partes, columns)


def _sums_changed(changes: Changes) -> Table:
    names = {
        "ingresos": _("Ingresos"),
        "egresos": _("Gasto reportado"),
        "no_reportado": _("No reportado"),
        "monto": _("Sanciones"),
    }
    columns = (
        Column("suma", _("Suma"), "cosa", show=lambda row: Thing(names[row.columna])),
        Column("antes", _("Hoy"), "dinero"),
        Column("despues", _("Después"), "dinero"),
        Column("diferencia", _("Diferencia"), "dinero", show=lambda row: Money(row.despues - row.antes)),
    )
    return panel(_("Sumas que ve el público"), changes.sumas, columns)


def _unvoted_words(stands: Unvoted) -> str:
    """Tell what the council approved, what it rejected, what it has to vote and how many subjects have no dictamen."""
    return _(
        "Resoluciones aprobadas: %(approved)s de %(subjects)s sujetos; rechazadas: %(rejected)s; "
        "por votar: %(waiting)s. Dictámenes cerrados: %(closed)s de %(drawn)s. Sujetos sin dictamen: %(without)s."
    ) % {
        "approved": stands.aprobadas,
        "subjects": stands.sujetos,
        "rejected": stands.rechazadas,
        "waiting": stands.por_votar,
        "without": stands.sin_dictamen,
        "closed": stands.cerrados,
        "drawn": stands.dictamenes,
    }


def _acted(request: HttpRequest, etapa: Etapa, by: Usuario) -> HttpResponse:
    """Ask for the job that proposes or publishes, or go on to a withdrawal; returns where to go. Raises Refused."""
    act, waiting = request.POST.get("acto", ""), waiting_proposal(etapa)
    if act == "proponer":
        return to_job(request, ask_to_propose(etapa, by, without_vote="sin_voto" in request.POST), by)
    if act == "publicar" and waiting is not None and waiting.pk == typed_number(request.POST.get("propuesta", "")):
        return to_job(request, ask_to_publish(waiting, by), by)
    if act == "publicar":
        messages.warning(request, _("Esa propuesta ya no espera; no se publicó nada."))
    elif act in ("retirar", "confirmar_retiro"):
        _withdrawn(request, etapa, by, act)
    else:
        raise Http404("No hay ese acto.")
    return HttpResponseRedirect(reverse("auditor:publicacion"))


def _withdrawn(request: HttpRequest, etapa: Etapa, by: Usuario, act: str) -> None:
    """Propose the withdrawal of what is in sight, or confirm the one that the person saw. Raises Refused."""
    standing = standing_publication(etapa)
    proposed = waiting_withdrawal(standing) if standing is not None else None
    if act == "retirar" and standing is not None:
        propose_withdrawal(standing, request.POST.get("motivo", ""), request.POST.get("fundamento", ""), by)
        messages.success(request, _("El retiro quedó propuesto. Lo confirma otra persona."))
    elif proposed is not None and proposed.pk == typed_number(request.POST.get("retiro", "")):
        withdraw_publicacion(proposed, by)
        messages.success(request, _("La publicación quedó retirada y el público lee el aviso en su lugar."))
    else:
        messages.warning(request, _("No hay qué retirar, o la propuesta de retiro cambió; no se retiró nada."))


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor", "council")
def publicacion(request: HttpRequest) -> HttpResponse:
    """Render the standing publication of the stage, the pending proposals and every past act; on a POST, run an act."""
    by = person(request)
    etapa, status = stage_at_hand(request, desk_of(roles_of(by))), 200
    if request.method == "POST":
        try:
            return _acted(request, etapa, by)
        except Refused as refused:
            tell_refusal(request, refused)
            status = 422
    waiting, standing, stands = waiting_proposal(etapa), standing_publication(etapa), unvoted(etapa)
    withdrawal = waiting_withdrawal(standing) if standing is not None else None
    seen = standing.propuesta.huella if standing is not None else ""
    after = waiting.huella if waiting is not None else ""
    context = {
        "frame": _frame(etapa, by),
        "etapa": etapa,
        "etapa_palabras": stage_words(etapa),
        "puede": may(by, "publicar"),
        "espera": waiting,
        "propia": waiting is not None and waiting.propuesta_por_id == by.pk,
        "cambios": _compared(seen, after) if waiting is not None else (),
        "sin_voto": stands,
        "sin_voto_dice": _unvoted_words(stands) if stands is not None else "",
        "vigente": standing,
        "retiro": withdrawal,
        "retiro_propio": withdrawal is not None and withdrawal.propuesto_por_id == by.pk,
        "retirado": _compared(seen, "") if withdrawal is not None else (),
        "motivo": request.POST.get("motivo", ""),
        "fundamento": request.POST.get("fundamento", ""),
        "tabla": _acts(etapa),
    }
    return render(request, "auditor/publicacion.html", context, status=status)
