"""Give the cadena of a report, receive its seal, and give the acuse."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.filing.committing import said_elsewhere, signatures_of
from sif.filing.log import is_covered
from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.selectors import is_late
from sif.filing.services import acuse_of, acuse_pdf, cadena_of, give_cadena, keep_first, present_alone, present_kept
from sif.filing.withdrawing import withdraw
from sif.signing.acuse_form import acuse_bytes
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD
from sif.values import Problem, Refused
from sif.web.annexes_table import annexes_table
from sif.web.files import download, sealed_pdf
from sif.web.formats import moment_words
from sif.web.frame import Crumb
from sif.web.load import GATE
from sif.web.party.demo_keys import demonstration_pair
from sif.web.party.informes.report_page import acuse_url, place_of, report_at, show, version_of
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.signer_words import lacked_words, lacking_words, may_sign
from sif.web.signing import answer_cadena, certificate_of, not_given, said_hour, seal_of


def _refused(request: HttpRequest, mesa: Mesa, informe: Informe, problems: tuple[Problem, ...]) -> HttpResponse:
    report = report_at(informe.contabilidad, informe.periodo.numero, informe.tipo)
    return show(request, mesa, informe.contabilidad, report, problems, 422)


@require_POST
@party_page
def cadena(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Judge the certificate sent and return the text it signs: data for the frame, or a file for `sif firmar`."""
    informe = version_of(mesa, number, tipo, periodo, version)
    _must_present(mesa, informe)
    return answer_cadena(
        request,
        informe.folio,
        lambda certificate: give_cadena(informe, certificate, mesa.usuario),
        lambda problems: _refused(request, mesa, informe, tuple(problems)),
    )


def _must_present(mesa: Mesa, informe: Informe) -> None:
    if not may_sign(mesa, informe):
        raise PermissionDenied(_("Presenta el informe su responsable de finanzas."))


@require_POST
@party_page
def deliver(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Present a version with the seal and the certificate that the frame sent, or that were brought from a program.

    It asks nobody to confirm who they are (ADR 0299): the seal was made with the e.firma of who presents.
    """
    informe = version_of(mesa, number, tipo, periodo, version)
    _must_present(mesa, informe)
    if missing := not_given(request, "sello"):
        return _refused(request, mesa, informe, missing)
    signed = certificate_of(request), seal_of(request.POST.get("sello", ""))
    return _present(request, mesa, informe, signed)


@require_POST
@party_page
def sign_here(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Only in the demonstration: sign with the certificate it minted for this person, and present."""
    informe = version_of(mesa, number, tipo, periodo, version)
    _must_present(mesa, informe)
    pair = demonstration_pair(mesa.usuario)
    if pair is None:
        raise PermissionDenied(_("El servidor firma solo en la demostración, con los certificados que ella hizo."))
    if hasattr(informe, "presentacion"):
        return HttpResponseRedirect(acuse_url(informe))
    certificate = pair[0].read_bytes()
    try:
        key = open_key(pair[1].read_bytes(), DEMO_PASSWORD)
        seal = sign(cadena_of(informe, certificate), key)
    except Refused as refused:
        return _refused(request, mesa, informe, refused.problems)
    return _present(request, mesa, informe, (certificate, seal))


def _present(request: HttpRequest, mesa: Mesa, informe: Informe, signed: tuple[bytes, str]) -> HttpResponse:
    try:
        kept = keep_first(informe, *signed, mesa.usuario, firmado_el=said_hour(request))
        done = present_kept(kept, later=GATE.is_full())
    except Refused as refused:
        return _refused(request, mesa, informe, refused.problems)
    where = acuse_url(informe)
    if isinstance(done, Presentacion):
        messages.success(request, _("Informe %(folio)s presentado. Guarde su acuse.") % {"folio": informe.folio})
    else:
        _tell_received(request, done)
        where = reverse("party:informe", args=place_of(informe))
    return HttpResponseRedirect(where)


def _tell_received(request: HttpRequest, one: Compromiso) -> None:
    words = _("La firma de %(folio)s se recibió el %(when)s; esa es su hora. Su acuse estará aquí en unos minutos.")
    if lacks := lacking_words(one):
        words = _("Su firma de %(folio)s se recibió el %(when)s. El informe se presenta cuando firme %(who)s.")
    when = moment_words(one.recibido_el, zone=True, seconds=True)
    messages.success(request, words % {"folio": one.informe.folio, "when": when, "who": lacks})


@require_POST
@party_page
def take_back(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Take a version back from signature, while one of its two signatures is lacking."""
    informe = version_of(mesa, number, tipo, periodo, version)
    _must_present(mesa, informe)
    try:
        withdraw(informe, mesa.usuario)
    except Refused as refused:
        return _refused(request, mesa, informe, refused.problems)
    words = _("%(folio)s ya no está en firma. La firma que tenía queda guardada, sin efecto.")
    messages.success(request, words % {"folio": informe.folio})
    return HttpResponseRedirect(reverse("party:informe", args=place_of(informe)))


@require_POST
@party_page
def present_one(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Present a version with the signature of who presents it alone, of the two that the law asks for."""
    informe = version_of(mesa, number, tipo, periodo, version)
    if not mesa.can("presentar", informe.contabilidad):
        raise PermissionDenied(_("Presenta el informe su responsable de finanzas."))
    try:
        present_alone(informe, mesa.usuario)
    except Refused as refused:
        return _refused(request, mesa, informe, refused.problems)
    words = _("Informe %(folio)s presentado sin la otra firma. Guarde su acuse.")
    messages.success(request, words % {"folio": informe.folio})
    return HttpResponseRedirect(acuse_url(informe))


def _presented(mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> Presentacion:
    informe = version_of(mesa, number, tipo, periodo, version)
    if not hasattr(informe, "presentacion"):
        raise Http404(_("El informe %(folio)s no se ha presentado: no tiene acuse.") % {"folio": informe.folio})
    return informe.presentacion


@require_safe
@party_page
def acuse(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Return the receipt: what was received, from whom, when; ?formato=pdf or json gives it as a file."""
    done = _presented(mesa, number, tipo, periodo, version)
    informe = done.informe
    if request.GET.get("formato") == "pdf":
        return sealed_pdf(acuse_pdf(done), f"acuse-{informe.folio}.pdf")
    if request.GET.get("formato") == "json":
        return download(acuse_bytes(acuse_of(done)), "application/json", f"acuse-{informe.folio}.json")
    context = {
        "frame": mesa.frame(
            "informes", books_crumb(informe.contabilidad), Crumb(informe.folio), etapa=mesa.books(number).etapa
        ),
        "acuse": done,
        "informe": informe,
        "tarde": is_late(done),
        "firmado_el": said_elsewhere(done),
        "firmas": signatures_of(done),
        "falto": lacked_words(done),
        "con_prueba": is_covered(done.hoja),
        "anexos": annexes_table(informe),
        "nombre": books_name(mesa.books(number)),
    }
    return render(request, "party/acuse.html", context)
