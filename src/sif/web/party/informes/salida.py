"""Receive the signatures that the outbox of a browser sends, of one report or of many."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.selectors import informes_named
from sif.filing.services import keep_first, present_kept
from sif.registry import clock
from sif.values import Problem, Refused
from sif.web.load import GATE
from sif.web.party.informes.report_page import acuse_url, place_of
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.signer_words import lacking_words
from sif.web.signing import MOST_SIGNED, certificate_of, not_given, said_hour, seal_of, too_many


@require_POST
@party_page
def take(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Keep each signature that came and present it if it can be now; answer what was done, why not the rest, and where.

    What the answer does not name as done stays in the browser, and what cannot be told apart is refused whole.
    It asks nobody to confirm who they are: each seal was made with the e.firma of who presents, which no session holds.
    """
    if missing := not_given(request):
        return _answer(missing)
    came = clock.now()  # of all: what waits for other books to be free did not arrive later
    certificate, said = certificate_of(request), said_hour(request)
    folios, seals = request.POST.getlist("folio"), request.POST.getlist("sello")
    if unfit := _unfit(len(folios), len(seals)):
        return _answer([unfit])
    sent = dict(zip(folios, map(seal_of, seals), strict=True))
    found = {informe.folio: informe for informe in informes_named(mesa.libros, sent)}
    problems = [_unknown(folio) for folio in sent if folio not in found]
    kept: list[Presentacion | Compromiso] = []
    for folio, informe in found.items():
        try:
            kept.append(keep_first(informe, certificate, sent[folio], mesa.usuario, came=came, firmado_el=said))
        except Refused as refused:
            problems += refused.problems
    done, halves, waiting, refusals = _presented(kept)
    problems += refusals
    if len(done) > len(halves):
        messages.success(request, _words(len(done) - len(halves), waiting))
    if halves:
        messages.success(request, _half_words(halves))
    where = reverse("party:informes")
    if len(sent) == 1 and done:
        where = reverse("party:informe", args=place_of(done[0])) if waiting or halves else acuse_url(done[0])
    return _answer(problems, [each.folio for each in done], where)


def _presented(
    kept: Sequence[Presentacion | Compromiso],
) -> tuple[list[Informe], list[Compromiso], int, list[Problem]]:
    """Present what was kept: which reports are received, which of them wait for the other signature that the law asks
    for, how many wait for their acuse, and why others are not.

    Once the books of one are busy, or the machine is full, the rest are left to the worker.
    """
    done: list[Informe] = []
    halves: list[Compromiso] = []
    problems: list[Problem] = []
    waiting = 0
    for one in kept:
        try:
            made = present_kept(one, later=waiting > 0 or GATE.is_full())
        except Refused as refused:
            problems += refused.problems
            continue
        done.append(one.informe)
        if isinstance(made, Compromiso) and made.papel is not None and lacking_words(made):
            halves.append(made)
        else:
            waiting += isinstance(made, Compromiso)
    return done, halves, waiting, problems


def _half_words(halves: Sequence[Compromiso]) -> str:
    words = ngettext(
        "Se recibió su firma de %(n)d informe que lleva dos: se presenta cuando llegue la otra. Falta %(who)s.",
        "Se recibieron sus firmas de %(n)d informes que llevan dos: se presentan al llegar las otras. Falta %(who)s.",
        len(halves),
    )
    return words % {"n": len(halves), "who": lacking_words(halves[0])}


def _answer(problems: Sequence[Problem], done: Sequence[str] = (), where: str = "") -> HttpResponse:
    told = {"problemas": [str(each) for each in problems], "hechos": list(done), "ir": where}
    return JsonResponse(told, status=422 if problems else 200)


def _unfit(folios: int, seals: int) -> Problem | None:
    """Return why what came is refused whole: more than one act signs, or folios without a seal each."""
    if folios > MOST_SIGNED:
        return too_many(folios)
    if folios != seals:
        seen = _("Llegaron %(folios)d folios y %(sellos)d sellos.") % {"folios": folios, "sellos": seals}
        return Problem("sellos_incompletos", _("sello"), seen, _("Descarte esta firma y firme otra vez."))
    return None


def _words(done: int, waiting: int) -> str:
    if waiting:
        words = ngettext(
            "Se recibió %(n)d firma; esa es su hora. Su acuse estará en su informe en unos minutos.",
            "Se recibieron %(n)d firmas; esa es su hora. Sus acuses estarán en cada informe en unos minutos.",
            done,
        )
        return words % {"n": done}
    words = ngettext("Se presentó %(n)d informe.", "Se presentaron %(n)d informes.", done) % {"n": done}
    return _("%(said)s Sus acuses están en cada uno.") % {"said": words}


def _unknown(folio: str) -> Problem:
    seen = _("El informe %(folio)s no es de sus contabilidades.") % {"folio": folio[:40]}
    return Problem("informe_ajeno", folio[:40], seen, _("Ábralo con la cuenta de quien lo firmó."))
