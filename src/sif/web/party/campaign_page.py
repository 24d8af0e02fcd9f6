"""Share between the pages of the campaign terms as clocks and in words, the facts of a sheet, and PDF."""

from datetime import datetime, time

from django.http import HttpResponse
from django.utils.translation import gettext as _

from sif.catalogs.selectors.campaign_terms import CampaignTerm
from sif.registry.versions import Act
from sif.web.clocks import Clock, duration_words
from sif.web.formats import moment_words
from sif.web.lazy import Words


def hour_words(hour: time) -> str:
    """17:30 h."""
    return f"{hour:%H:%M}\u00a0h"


def clock_of(title: Words, term: CampaignTerm, now: datetime, *, note: Words = "", url: str = "") -> Clock:
    """Return a term as a clock; a figure that was not read in the text of the law says so."""
    words = note if term.confirmado else f"{note} {_('Cifra por confirmar.')}".strip()
    return Clock(title, term.vence_el, now, None, term.base, words, url)


def facts(*pairs: tuple[Words, object]) -> list[tuple[Words, object]]:
    """Return the facts of a sheet, without those that say nothing."""
    return [(label, value) for label, value in pairs if value not in ("", None)]


def ended_facts(act: Act | None, who: Words, when: Words) -> tuple[tuple[Words, object], ...]:
    """The facts of an act that left a thing without effect: who did it, when and why; none while it has effect."""
    if act is None:
        return ()
    by = act.hecho_por.named_at(act.hecho_el) if act.hecho_por else _("sin nombre guardado")
    return ((who, by), (when, moment_words(act.hecho_el)), (_("Motivo"), getattr(act, "motivo", "")))


def term_words(term: CampaignTerm, now: datetime) -> str:
    """Quedan 2 días 14 h, or venció hace 3 h 20 min."""
    left = term.vence_el - now
    span = duration_words(abs(left))
    return _("quedan %(span)s") % {"span": span} if term.met_by(now) else _("venció hace %(span)s") % {"span": span}


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """Return a PDF shown in the browser, named when it is kept."""
    clean = "".join(char if char.isalnum() or char in "-." else "-" for char in name)
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{clean}.pdf"'}
    )
