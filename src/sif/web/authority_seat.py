"""Share between the authority's desks the current stage, its clock, crumbs, documents and refusals."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sif.audit.models import Corrida
from sif.books.services import read_file
from sif.law.calendar import SECOND_ANSWER, Milestone
from sif.proceedings.courses import calendars_in_course
from sif.proceedings.current import current_stage, finished_stages
from sif.proceedings.models import Documento, Resolucion
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Periodo, Usuario
from sif.values import Refused
from sif.web.clocks import Clock
from sif.web.course_words import provisional_act
from sif.web.files import download, sealed_pdf
from sif.web.frame import Crumb, Frame
from sif.web.rails import address
from sif.web.typed import typed_number

CHOSEN = "etapa"
SHOWN = "etapa_vista"
"""The field with which a form says of which stage the page that holds it was."""
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class NothingOpen(Http404):
    """No stage is registered yet: the desks of the authority have nothing to show."""


def person(request: HttpRequest) -> Usuario:
    """Return the person of the request, or raise PermissionDenied for a visitor.

    The pages of a desk are closed to visitors before this call.
    """
    user = request.user
    if not isinstance(user, Usuario):
        raise PermissionDenied
    return user


def stages() -> list[Etapa]:
    """Return every stage, the last to end first."""
    return list(Etapa.objects.select_related("proceso").order_by("-termina_el", "-pk"))


def stage_at_hand(request: HttpRequest, mesa: str = "auditor") -> Etapa:
    """Return the stage a person chose; otherwise that of the last run, or of the last resolución for the council.

    The current one where neither is, or where that one is finished. What a form asks is of the stage that its page
    showed, whatever was chosen or run since. Raises NothingOpen where no stage is registered, Http404 for a form of a
    stage that is not there.
    """
    rows = Etapa.objects.select_related("proceso")
    if request.method == "POST" and SHOWN in request.POST:
        return get_object_or_404(rows, pk=typed_number(request.POST[SHOWN]))
    chosen = rows.filter(pk=request.session.get(CHOSEN) or 0).first()
    if chosen:
        return chosen
    if mesa == "council":
        last = Resolucion.objects.order_by("-sesion_el", "-pk").values_list("dictamen__etapa", flat=True).first()
    else:
        last = Corrida.objects.order_by("-pk").values_list("instantanea__etapa", flat=True).first()
    if last and last in finished_stages([last], clock.today()):
        last = None
    found = rows.filter(pk=last or 0).first() or current_stage(rows)
    if found is None:
        raise NothingOpen("No hay etapas registradas.")
    return found


def milestone_words(hito: str) -> str:
    """Return the name of a milestone of the review."""
    names = {
        "informe": _("Informe"),
        "oficio": _("Oficio de errores y omisiones"),
        "respuesta": _("Respuesta al oficio"),
        SECOND_ANSWER: _("Respuesta al segundo oficio"),
        "dictamen": _("Dictamen consolidado"),
        "comision": _("Aprobación de la Comisión"),
        "consejo": _("Resolución del Consejo"),
    }
    return names[hito]


def end_of(milestone: Milestone) -> datetime:
    """The instant a milestone ends: midnight after its day, on the legal clock."""
    return clock.midnight(milestone.fecha + timedelta(days=1))


def article_of(base: str) -> str:
    """Return the article of a term, out of words such as «10 días naturales (LGPP 80.1.d.II)»."""
    return base[base.rfind("(") + 1 :].rstrip(")")


def stage_words(etapa: Etapa) -> str:
    """Return the kind of a stage in the language of who reads."""
    names = {
        Etapa.Tipo.ORDINARIO: _("Ordinario"),
        Etapa.Tipo.PRECAMPANA: _("Precampaña"),
        Etapa.Tipo.APOYO_CIUDADANO: _("Apoyo ciudadano"),
        Etapa.Tipo.CAMPANA: _("Campaña"),
    }
    return names[Etapa.Tipo(etapa.tipo)]


def oficio_words(periodo: Periodo | None) -> str:
    """Return the name of the oficio of a review; of the reports up to a period where others review the rest."""
    words = milestone_words("oficio")
    return _("%(act)s, periodo %(n)d") % {"act": words, "n": periodo.numero} if periodo else words


def running_clock(etapa: Etapa) -> Clock | None:
    """Return the next term of the review of a stage, or None once all have run.

    The terms of each subject follow from what happened in its review, and where each report is reviewed apart each has
    its own: the nearest of all is the next.
    """
    found = [term for days in calendars_in_course(etapa) if (term := _next_of(days))]
    return min(found, key=lambda term: term.vence_el, default=None)


def _next_of(days: Mapping[str, Milestone]) -> Clock | None:
    now, begins = clock.now(), None
    for milestone in days.values():
        if end_of(milestone) > now:
            words = provisional_act(milestone_words(milestone.hito), milestone)
            return Clock(words, end_of(milestone), now, begins, article_of(milestone.base))
        begins = end_of(milestone)
    return None


def stage_frame(
    etapa: Etapa, mesa: str, actual: str, *crumbs: Crumb, cuentas: Mapping[str, int] | None = None
) -> Frame:
    """The frame of a page about a stage: process and stage before the crumbs of the page, and the running term."""
    home = address(f"{mesa}:etapas")
    first = (Crumb(etapa.proceso.nombre, home), Crumb(stage_words(etapa), address(f"{mesa}:home")))
    return Frame(mesa, actual, (*first, *crumbs), running_clock(etapa), cuentas or {}, etapa=etapa.pk)


def books_words(contabilidad: Contabilidad) -> str:
    """Return the holder of some books: the name of the candidate, or the kind of books."""
    return contabilidad.titular


def tell_refusal(request: HttpRequest, refused: Refused) -> None:
    """Show each problem of a refused act above the page."""
    for problem in refused.problems:
        messages.error(request, f"{problem.mensaje} {problem.cura}")


def document_response(documento: Documento | None, kind: str) -> HttpResponse:
    """A document as a download, pdf or docx, checked against its digest. Raises Http404 for another kind or none."""
    if documento is None or kind not in ("pdf", "docx"):
        raise Http404("No hay ese documento.")
    name = f"{documento.clave.replace('/', '-')}.{kind}"
    if kind == "pdf":
        return sealed_pdf(read_file(documento.pdf_sha256), name)
    return download(read_file(documento.docx_sha256), _DOCX, name)


def jurisdiction() -> str:
    """Return the jurisdiction whose law this installation applies."""
    return settings.JURISDICTION
