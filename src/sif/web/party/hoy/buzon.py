"""Show the mailbox; opening a notice records the reading."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from sif.books.services import file_of, read_file
from sif.duties.urgency import REMINDERS, Reminder, reminders
from sif.filing.authority import AuthorityMissing
from sif.notices.models import Notificacion
from sif.notices.selectors import deposited, mailbox, sees
from sif.notices.services import read
from sif.proceedings.bundle import NotPdf, bundle_of, notified_in, notified_stages, stage_bundle_of
from sif.proceedings.cedulas import cedula_of
from sif.proceedings.models import Oficio, Respuesta
from sif.proceedings.terms import appeal_article
from sif.registry import clock, events
from sif.registry.models import Etapa
from sif.signing.bundle import MOST_BYTES, MOST_FILES, TooLarge
from sif.web.authority_seat import stage_words
from sif.web.columns import Column, Values, panel
from sif.web.duty_lists import duty_words, left_words, step_words
from sif.web.files import PDF, download, sealed_pdf, stored_response
from sif.web.filters import words
from sif.web.formats import due_text
from sif.web.icalendar import end_of
from sif.web.party.desk import PartyListing
from sif.web.party.hoy.duties import owed
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.papers import oficio_paper
from sif.web.tables import Empty, Table, Thing


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


def _named(row: Values) -> Thing:
    url = reverse("party:notificacion", args=[row["pk"]])
    return Thing(row["asunto"], url, debajo=row["acto"], clave_debajo=row["folio"])


def _term(row: Values) -> str:
    return due_text(row["vence_el"]) if row["vence_el"] else _("sin plazo")


def _ended(row: Values) -> tuple[str, str] | str:
    """Return whether the term of a notification runs or ended, grave where something of it was left unanswered."""
    if row["vence_el"] is None:
        return ""
    if not clock.has_ended(row["vence_el"]):
        return ("por_vencer", _("Corre"))
    return ("vencido" if row["sin_contestar"] else "cerrado", _("Plazo terminado"))


def _unanswered() -> Exists:
    """Tell whether a notification is of an oficio with an observación that nobody answered."""
    asked = Oficio.observaciones.through.objects.filter(
        oficio__notificacion=OuterRef("pk"), observacion__sin_efecto=None
    )
    given = Respuesta.objects.filter(oficio=OuterRef("oficio"), observacion=OuterRef("observacion"))
    return Exists(asked.exclude(Exists(given)))


def _opened(row: Values) -> object:
    return row["leida_el"] or _("sin abrir")


class Mailbox(PartyListing):
    """The notifications of the person's subjects, the last first, after what falls due soon."""

    page = file_name = "buzon"
    title, template = _lazy("Buzón"), "party/buzon.html"
    intro, article = _lazy("Una notificación surte efecto cuando se deposita, no cuando se abre."), "RF 9.1.f"
    filters = {
        "q": words(_lazy("Folio, asunto, acto o sujeto"), "folio", "asunto", "acto", "sujeto__nombre", "sujeto__siglas")
    }
    columns = (
        Column("asunto", _lazy("Asunto"), "cosa", source="asunto", show=_named),
        Column("folio", where="file"),
        Column("acto", _lazy("Acto"), where="file"),
        Column("sujeto", source="sujeto__siglas", where="file"),
        Column("depositada_el", _lazy("Depositada"), "momento", sort=True),
        Column("vence_el", _lazy("Vence"), source="vence_el", sort=True, nullable=True, show=_term),
        Column("plazo", _lazy("Plazo"), "estado", source="vence_el", show=_ended, where="screen"),
        Column("sin_contestar", where="hidden"),
        Column("leida_el", _lazy("Leída por usted"), "momento", source="leida_el", show=_opened),
    )
    order = "-depositada_el"
    empty = Empty(_lazy("El buzón está vacío."), _lazy("Aquí llegan los oficios y las resoluciones de la autoridad."))
    unmatched = _lazy("Ninguna notificación lleva esas palabras.")

    def query(self) -> QuerySet[Notificacion]:
        """Select those that the person sees."""
        return deposited(self.seat.usuario, self.seat.avisos).annotate(sin_contestar=_unanswered())

    def look(self, row: Mapping[str, object]) -> Mapping[str, object]:
        """Mark what the person has not opened."""
        return {"resaltada": row["leida_el"] is None}

    def extra(self) -> Mapping[str, object]:
        """Show what falls due soon, and what was notified in each stage, to download it all."""
        return {
            "recordatorios": _reminders(reminders(owed(self.seat), clock.today())),
            "paquetes": _bundles(self.seat),
        }


def _bundles(mesa: Mesa) -> list[tuple[str, str]]:
    """Return the address of the bundle of each stage, and whose it is in words, of the subjects seen whole."""
    found = notified_stages(mesa.alcance.enteros & {each.pk for each in mesa.sujetos})
    several = len({subject.pk for subject, _stage in found}) > 1
    return [
        (
            reverse("party:paquete_etapa", args=[subject.pk, stage.pk]),
            f"{stage_words(stage)} · {stage.proceso.nombre}{f' ({subject.siglas})' if several else ''}",
        )
        for subject, stage in found
    ]


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
    oficio, left = getattr(found, "oficio", None), getattr(found, "sin_efecto", None)
    kept = file_of(found.documento_sha256) is not None
    context = {
        "frame": mesa.frame("buzon"),
        "notificacion": found,
        "correo": mail,
        "oficio": oficio,
        "retirada": left,
        "notificada": left.observacion.oficios.order_by("pk").first() if left else None,
        "impugna": appeal_article(clock.legal_day(found.depositada_el)) if found.vence_el and oficio is None else "",
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
    back = reverse("party:notificacion", args=[found.pk])
    return _packed(request, lambda: bundle_of(found), found.folio, back, found.pk)


@require_safe
@party_page
def stage_bundle(request: HttpRequest, mesa: Mesa, sujeto: int, etapa: int) -> HttpResponse:
    """Return all that was notified to a subject in a stage as a bundle, to who sees the subject whole."""
    own = next((each for each in mesa.sujetos if each.pk == sujeto), None)
    stage = Etapa.objects.select_related("proceso").filter(pk=etapa).first()
    if own is None or stage is None:
        raise Http404(_("No hay nada notificado a sus sujetos con esa dirección. Búsquelo en «Buzón»."))
    if own.pk not in mesa.alcance.enteros:
        raise PermissionDenied(_("El paquete lleva los documentos enteros: lo descarga quien ve todo el sujeto."))
    if not notified_in(stage, own).exists():
        raise Http404(_("En esa etapa no se le ha notificado nada al sujeto. Lo notificado está en «Buzón»."))
    name = slugify(f"notificado {own.siglas} {stage.proceso.clave} {stage.tipo}")
    return _packed(request, lambda: stage_bundle_of(stage, own), name, reverse("party:buzon"), None)


def _packed(request: HttpRequest, make: Callable[[], bytes], name: str, back: str, number: int | None) -> HttpResponse:
    """Answer a bundle, or go back with why there is none and what to download instead."""
    try:
        return download(make(), "application/zip", f"{name}.zip")
    except LookupError as absent:
        said = _("El documento de %(folio)s no está en el archivo.") % {"folio": absent}
        if number is not None:
            raise Http404(said) from absent
        why = _("%(motivo)s Descargue cada notificación por separado.") % {"motivo": said}
    except NotPdf as other:
        why = _(
            "El documento de %(folio)s no es un PDF, así que no lleva sello y no va en un paquete. "
            "Descargue el documento y su cédula por separado."
        ) % {"folio": other}
    except TooLarge:
        why = _(
            "Lo notificado pasa de %(archivos)d archivos o de %(megas)d MB, que es lo que un paquete lleva. "
            "Descargue cada notificación por separado."
        ) % {"archivos": MOST_FILES, "megas": MOST_BYTES // 2**20}
    except AuthorityMissing as error:
        events.log_exception(error, objeto="notices.notificacion", id=number)
        why = _("El paquete no se puede sellar ahora. Inténtelo en unos minutos.")
    messages.error(request, why)
    return HttpResponseRedirect(back)
