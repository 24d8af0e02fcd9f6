"""The page of the publication of a stage: propose its figures, publish what another person proposed, withdraw it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.disclosure.models import Publicacion
from sif.disclosure.publish import withdraw_publicacion
from sif.disclosure.selectors import publications_of, standing_publication, waiting_proposal
from sif.disclosure.tasks import ask_to_propose, ask_to_publish
from sif.proceedings.machine import ActRefused
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may, roles_of
from sif.web.auditor.frames import auditor_frame
from sif.web.council.frames import council_frame
from sif.web.desk import desk_of, seated_at
from sif.web.frame import Frame
from sif.web.stage import person, stage_at_hand, stage_frame, tell_refusal
from sif.web.tables import Column, Empty, Row, Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number


def _frame(etapa: Etapa, by: Usuario) -> Frame:
    """The frame of the desk at which the person sits: this page is of three."""
    mesa = desk_of(roles_of(by))
    if mesa == "council":
        return council_frame(etapa, by, "publicacion")
    return auditor_frame(etapa, "publicacion") if mesa == "auditor" else stage_frame(etapa, mesa, "publicacion")


def _acts(etapa: Etapa) -> Table:
    columns = (
        Column("publicada", _("Publicada"), "cosa"),
        Column("datos", _("Cifras al"), "momento"),
        Column("propuso", _("Propuso")),
        Column("publico", _("Publicó")),
        Column("retiro", _("Retiro"), telefono="wide"),
        Column("estado", _("Estado"), "estado"),
    )
    standing, rows = standing_publication(etapa), []
    for row in publications_of(etapa):
        withdrawn = getattr(row, "retirada", None)
        rows.append(Row({
            "publicada": Thing(f"{row.pk}", clave=row.propuesta.huella[:12]), "datos": row.propuesta.propuesta_el,
            "propuso": row.propuesta.propuesta_por.nombre, "publico": row.publicada_por.nombre,
            "retiro": f"{withdrawn.hecho_por.nombre}: {withdrawn.motivo}" if withdrawn else "",
            "estado": _look(row, standing),
        }))  # fmt: skip
    empty = Empty(_("Esta etapa no se ha publicado."), _("Una persona propone sus cifras y otra las publica."))
    return Table(_("Publicaciones de la etapa"), columns, rows, vacia=empty)


def _look(row: Publicacion, standing: Publicacion | None) -> tuple[str, str]:
    if standing is not None and row.pk == standing.pk:
        return "aprobada", _("A la vista")
    return ("sin_efectos", _("Retirada")) if hasattr(row, "retirada") else ("cerrada", _("Reemplazada"))


def _acted(request: HttpRequest, etapa: Etapa, by: Usuario) -> HttpResponse:
    """Ask for the job that proposes or publishes, or withdraw; returns where to go. Raises ActRefused."""
    back = HttpResponseRedirect(reverse("auditor:publicacion"))
    act, waiting, standing = request.POST.get("acto", ""), waiting_proposal(etapa), standing_publication(etapa)
    if act == "proponer":
        return to_job(request, ask_to_propose(etapa, by), by)
    if act == "publicar" and waiting is not None:
        seen = typed_number(request.POST.get("propuesta", ""))
        if waiting.pk != seen:
            messages.warning(request, _("La propuesta cambió mientras la veía; no se publicó nada."))
            return back
        return to_job(request, ask_to_publish(waiting, by), by)
    if act == "retirar" and standing is not None:
        withdraw_publicacion(standing, request.POST.get("motivo", ""), by)
        messages.success(request, _("La publicación quedó retirada."))
    elif act in ("publicar", "retirar"):
        messages.warning(request, _("No hay qué publicar ni qué retirar; no se escribió nada nuevo."))
    else:
        raise Http404("No hay ese acto.")
    return back


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor", "council", "administration")
def publicacion(request: HttpRequest) -> HttpResponse:
    """What of the stage is public, what waits to be published, and every act of publication with its people."""
    by = person(request)
    etapa, status = stage_at_hand(request, desk_of(roles_of(by))), 200
    if request.method == "POST":
        try:
            return _acted(request, etapa, by)
        except ActRefused as refused:
            tell_refusal(request, refused)
            status = 422
    waiting = waiting_proposal(etapa)
    context = {
        "frame": _frame(etapa, by),
        "etapa": etapa,
        "puede": may(by, "publicar"),
        "espera": waiting,
        "propia": waiting is not None and waiting.propuesta_por_id == by.pk,
        "vigente": standing_publication(etapa),
        "motivo": request.POST.get("motivo", ""),
        "tabla": _acts(etapa),
    }
    return render(request, "auditor/publicacion.html", context, status=status)
