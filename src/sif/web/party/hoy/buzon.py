"""Show the mailbox; opening a notice records the reading."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books.services import file_of, read_file
from sif.duties.urgency import REMINDERS, Reminder, reminders
from sif.filing.authority import AuthorityMissing
from sif.notices.models import Notificacion
from sif.notices.selectors import Mail, mailbox, sees
from sif.notices.services import read
from sif.proceedings.bundle import bundle_of
from sif.proceedings.cedulas import cedula_of
from sif.proceedings.models import Oficio
from sif.registry import clock, events
from sif.web.columns import Column, panel
from sif.web.duty_lists import duty_words, left_words, step_words
from sif.web.files import PDF, download, sealed_pdf
from sif.web.formats import due_text
from sif.web.icalendar import end_of
from sif.web.party.evidence_panel import stored_response
from sif.web.party.hoy.duties import owed
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.papers import oficio_paper
from sif.web.tables import Empty, Table, Thing


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the notifications of the person's subjects, or those with some words (q), after what falls due soon."""
    asked = request.GET.get("q", "").strip()[:100]
    context = {
        "frame": mesa.frame("buzon"),
        "q": asked,
        "tabla": _table(mailbox(mesa.usuario, named=mesa.avisos, texto=asked), is_search=bool(asked)),
        "recordatorios": _reminders(reminders(owed(mesa), clock.today())),
    }
    return render(request, "party/buzon.html", context)


def _reminders(found: list[Reminder]) -> Table | None:
    """Draw what falls due in ten days or fewer, each kind and day once, with the step that it has reached."""
    columns = (
        Column(
            "que",
            _("Qué"),
            "cosa",
            show=lambda each: Thing(
                duty_words(each.tipo), f"{reverse('party:obligaciones')}?tipo={each.tipo}", debajo=each.base
            ),
        ),
        Column("cuantas", _("Cuántas"), "numero"),
        Column("vence", _("Vence"), show=lambda each: due_text(end_of(each.vence_el))),
        Column("faltan", _("Faltan"), show=lambda each: left_words(each.vence_el, today)),
        Column("paso", _("Recordatorio"), "estado", show=lambda each: ("por_vencer", step_words(each.paso))),
    )
    today = clock.today()
    return (
        panel(_("Vence pronto"), found, columns, look=lambda each: {"resaltada": each.paso == REMINDERS[-1]})
        if found
        else None
    )


def _table(mails: list[Mail], *, is_search: bool) -> Table:
    columns = (
        Column(
            "asunto",
            _("Asunto"),
            "cosa",
            show=lambda mail: Thing(
                mail.notificacion.asunto,
                reverse("party:notificacion", args=[mail.notificacion.pk]),
                debajo=mail.notificacion.acto,
                clave_debajo=mail.notificacion.folio,
            ),
        ),
        Column("depositada", _("Depositada"), "momento", "notificacion__depositada_el"),
        Column(
            "vence",
            _("Vence"),
            show=lambda mail: due_text(mail.notificacion.vence_el) if mail.notificacion.vence_el else _("sin plazo"),
        ),
        Column("leida", _("Leída por usted"), "momento", show=lambda mail: mail.leida_el or _("sin abrir")),
    )
    nothing = Empty(_("El buzón está vacío."), _("Aquí llegan los oficios y las resoluciones de la autoridad."))
    if is_search:
        nothing = Empty(_("Ninguna notificación lleva esas palabras."), _("Busque por folio, asunto, acto o sujeto."))
    return panel(
        _("Notificaciones"), mails, columns, look=lambda mail: {"resaltada": mail.leida_el is None}, vacia=nothing
    )


def _mine(mesa: Mesa, number: int) -> Notificacion:
    rows = Notificacion.objects.select_related("sujeto").filter(sujeto__in=mesa.sujetos)
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404(_("Sus sujetos no tienen una notificación con ese número. Búsquela en «Buzón»."))
    if not sees(mesa.usuario, found, mesa.avisos):
        raise PermissionDenied(_("Esta notificación no nombra sus libros. Si debe verla, pídala a su responsable."))
    return found


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return one notification, and what opening it will record."""
    found = _mine(mesa, number)
    mail = next(
        mail for mail in mailbox(mesa.usuario, found.sujeto, named=mesa.avisos) if mail.notificacion.pk == found.pk
    )
    oficio = getattr(found, "oficio", None)
    kept = file_of(found.documento_sha256) is not None
    context = {
        "frame": mesa.frame("buzon"),
        "notificacion": found,
        "correo": mail,
        "oficio": oficio,
        "hay": kept,
        "entero": found.sujeto_id in mesa.alcance.enteros,
    }
    return render(request, "party/notificacion.html", context)


@require_POST
@party_page
def open_it(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Record that this person read it, once."""
    read(_mine(mesa, number), mesa.usuario, named=mesa.avisos)
    return HttpResponseRedirect(reverse("party:notificacion", args=[number]))


@require_safe
@party_page
def document(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponseBase:
    """Return the document notified, as it was deposited; of an oficio, the part that the person sees."""
    found = _mine(mesa, number)
    oficio = Oficio.objects.filter(notificacion=found).first()
    if oficio is not None:
        return oficio_paper(mesa, oficio)
    kept = file_of(found.documento_sha256)
    if kept is None:
        raise Http404(_("El documento de esta notificación no está en el archivo."))
    if kept.tipo != PDF:
        return stored_response(kept, found.folio)
    return sealed_pdf(read_file(kept.sha256), f"{found.folio}.pdf")


@require_safe
@party_page
def cedula(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return the cédula of a notification, with its seal."""
    found = _mine(mesa, number)
    return sealed_pdf(cedula_of(found), f"{found.folio}-cedula.pdf")


@require_safe
@party_page
def bundle(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return a notification as a bundle that verifies offline, to who sees its subject whole."""
    found = _mine(mesa, number)
    if found.sujeto_id not in mesa.alcance.enteros:
        raise PermissionDenied(_("El paquete lleva el documento entero: lo descarga quien ve todo el sujeto."))
    try:
        return download(bundle_of(found), "application/zip", f"{found.folio}.zip")
    except LookupError as absent:
        raise Http404(_("El documento de esta notificación no está en el archivo.")) from absent
    except AuthorityMissing as error:
        events.log_exception(error, objeto="notices.notificacion", id=found.pk)
        messages.error(request, _("El paquete no se puede sellar ahora. Inténtelo en unos minutos."))
        return HttpResponseRedirect(reverse("party:notificacion", args=[found.pk]))
