"""Generate and sign many reports at once: one password, one seal each, and each is presented or refused by itself."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.filing.models import Compromiso, Informe
from sif.filing.selectors import Obligation, half_signed, obligations, ready_informes
from sif.filing.services import give_cadena, prepare_informe
from sif.filing.signers import ACTS, lacking_of, second_of
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, panel
from sif.web.formats import due_text
from sif.web.frame import Crumb
from sif.web.party.informes.report_page import place_of
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.party.report_states import kind_words, span_words
from sif.web.party.signer_words import signer_words
from sif.web.signing import MOST_SIGNED, admit_frame, cadenas_data, certificate_of, not_given, too_many
from sif.web.tables import Empty, Table, Thing


@require_safe
@party_page
def sign_many(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the reports that wait for a signature; what is signed goes by the outbox of the page."""
    return _show(request, mesa)


@require_POST
@party_page
def cadenas(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Judge the certificate sent and return the texts that it signs, of the reports chosen."""
    if missing := not_given(request):
        return cadenas_data({}, missing)
    chosen = set(request.POST.getlist("elegir"))
    informes = [informe for informe in _ready(mesa) if informe.folio in chosen]
    if not informes:
        return cadenas_data({}, [_none_chosen()])
    if len(informes) > MOST_SIGNED:
        return cadenas_data({}, [too_many(len(informes))])
    certificate, found = certificate_of(request), {}
    for informe in informes:
        try:
            found[informe.folio] = give_cadena(informe, certificate, mesa.usuario)
        except Refused as refused:  # the same for all where it is the certificate: the first one tells
            return cadenas_data({}, refused.problems)
    return cadenas_data(found)


@require_POST
@party_page
def prepare_many(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Freeze a version of each report chosen; what a report lacks is told, and does not stop the others."""
    chosen, done = set(request.POST.getlist("elegir")), 0
    problems: list[Problem] = []
    for owed in _missing(mesa, _ready(mesa)):
        if _key(owed) not in chosen:
            continue
        try:
            prepare_informe(mesa.libros[owed.contabilidad_id], owed.periodo, mesa.usuario, tipo=owed.tipo)
            done += 1
        except Refused as refused:
            problems += refused.problems
    if done:
        said = ngettext("Se generó %(n)d informe.", "Se generaron %(n)d informes.", done) % {"n": done}
        messages.success(request, said)
    if problems or not done:
        return _show(request, mesa, tuple(problems) or (_none_chosen(),))
    return HttpResponseRedirect(reverse("party:firmar"))


def _ready(mesa: Mesa) -> list[Informe]:
    """Return the reports that wait and that the person may present. Raises PermissionDenied where there can be none."""
    mine = [books for books in mesa.libros.values() if mesa.can("presentar", books)]
    found = ready_informes(mine) if mine else []
    for capacity, act in ACTS.items():
        others = [books for books in mesa.libros.values() if mesa.can(act, books) and books not in mine]
        found += ready_informes(others, capacity) if others else []
        mine += others
    if not mine:
        raise PermissionDenied(_("Presenta los informes su responsable de finanzas."))
    return found


def _missing(mesa: Mesa, informes: list[Informe]) -> list[Obligation]:
    """Return what is owed of periods that ended, neither presented nor among those that wait for a signature."""
    ready = {(each.contabilidad_id, each.periodo_id, each.tipo) for each in informes}
    owed = [each for etapa in mesa.etapas for each in obligations(mesa.books_of(etapa))]
    today = mesa.ahora.date()
    return [
        each
        for each in owed
        if each.recibida_el is None
        and each.hasta < today
        and (each.contabilidad_id, each.periodo_id, each.tipo) not in ready
        and mesa.can("presentar", mesa.libros[each.contabilidad_id])
    ]


def _key(owed: Obligation) -> str:
    return f"{owed.tipo}-{owed.contabilidad_id}-P{owed.periodo.numero}"


def _none_chosen() -> Problem:
    return Problem("sin_eleccion", _("informes"), _("No eligió ninguno."), _("Marque al menos uno en la tabla."))


def _show(request: HttpRequest, mesa: Mesa, problems: Iterable[Problem] = ()) -> HttpResponse:
    told, ready = tuple(problems), _ready(mesa)
    context = {
        "frame": mesa.frame("informes", Crumb(_("Firmar varios"))),
        "problemas": told,
        "listos": _ready_table(mesa, ready),
        "faltan": _missing_table(mesa, _missing(mesa, ready)),
        "dobles": any(second_of(each) for each in ready),
        "esperan": _halves_table(mesa),
        "cadena_url": reverse("party:firmar_cadenas"),
    }
    answer = render(request, "party/firmar.html", context, status=422 if told else 200)
    return admit_frame(request, answer)


def _ready_table(mesa: Mesa, informes: list[Informe]) -> Table:
    columns = (
        Column(
            "informe",
            _("Informe"),
            "cosa",
            show=lambda each: Thing(
                each.folio, reverse("party:informe", args=place_of(each)), debajo=kind_words(each.tipo)
            ),
        ),
        Column("contabilidad", _("Contabilidad"), show=lambda each: books_name(mesa.libros[each.contabilidad_id])),
        Column("ingresos", _("Ingresos"), "dinero", show=lambda each: Money(each.ingresos)),
        Column("egresos", _("Egresos"), "dinero", show=lambda each: Money(each.egresos)),
        Column("generado_el", _("Generado"), "momento"),
    )
    nothing = Empty(_("Ningún informe espera firma."), _("Genérelos abajo, o en la página de cada uno."))
    return panel(
        _("Esperan firma"),
        informes,
        columns,
        lambda each: {"elegible": each.folio},
        formulario="por-firmar",
        vacia=nothing,
    )


def _halves_table(mesa: Mesa) -> Table | None:
    """Return the table of the reports that wait for the second of their two signatures; None where none does."""
    columns = (
        Column(
            "informe",
            _("Informe"),
            "cosa",
            show=lambda one: Thing(
                one.informe.folio,
                reverse("party:informe", args=place_of(one.informe)),
                debajo=kind_words(one.informe.tipo),
            ),
        ),
        Column("nombre", _("Firmó")),
        Column("recibido_el", _("Llegó"), "momento"),
        Column("falta", _("Falta la firma de"), show=lambda one: signer_words(one.informe, _lacking(one))),
    )
    found = list(half_signed(mesa.libros.values()).values())
    return panel(_("En espera de la otra firma"), found, columns) if found else None


def _lacking(one: Compromiso) -> str:
    return lacking_of(one.informe, [one])


def _missing_table(mesa: Mesa, owed: list[Obligation]) -> Table:
    columns = (
        Column(
            "contabilidad",
            _("Contabilidad"),
            "cosa",
            show=lambda each: Thing(
                books_name(mesa.libros[each.contabilidad_id]),
                reverse("party:informe", args=[each.contabilidad_id, each.tipo, each.periodo.numero]),
                clave=str(each.contabilidad_id),
            ),
        ),
        Column(
            "informe", _("Informe"), "cosa", show=lambda each: Thing(kind_words(each.tipo), debajo=span_words(each))
        ),
        Column("vence_el", _("Vence"), show=lambda each: due_text(each.vence_el)),
        Column("estado", _("Estado"), "estado"),
    )
    nothing = Empty(_("Nada falta por generar."), _("De los periodos que terminaron, todo está generado o presentado."))
    return panel(
        _("Faltan por generar"),
        owed,
        columns,
        lambda each: {"elegible": _key(each)},
        formulario="por-generar",
        vacia=nothing,
    )
