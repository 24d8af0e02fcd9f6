"""Write letters: a subject, sentences, facts and one link, drawn alike as text and as HTML in a language."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from sif.registry import clock

LANGUAGES = ("es-mx", "en")
MOST_SUBJECT = 160


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a letter.

    datos: facts, each with its label; enlace: words and address.
    """

    asunto: str
    parrafos: Sequence[str]
    datos: Sequence[tuple[str, str]] = field(default_factory=tuple)
    enlace: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter in its language: its subject in one line, its text and its HTML."""

    asunto: str
    texto: str
    html: str

    @property
    def huella(self) -> str:
        """Return the digest of what it says, which stays when the letter is gone."""
        return hashlib.sha256(json.dumps([self.texto, self.html]).encode()).hexdigest()


type Writer = Callable[[], Letter]
"""Writes a letter in the language that is active: its words are translated while it runs."""


def draw(write: Writer, idioma: str) -> Drawn:
    """Draw a letter in a language; an unknown one is the first."""
    idioma = idioma if idioma in LANGUAGES else LANGUAGES[0]
    with translation.override(idioma):
        carta = write()
        context = {"carta": carta, "idioma": idioma, "sitio": settings.SITIO.partition("//")[2]}
        return Drawn(
            " ".join(carta.asunto.split())[:MOST_SUBJECT],  # what people type stands in it: it is one line
            render_to_string("correo/carta.txt", context),
            render_to_string("correo/carta.html", context),
        )


def moment_words(moment: datetime) -> str:
    """Write an instant by the legal clock, in the language that is active."""
    local = moment.astimezone(clock.legal_zone())
    return _instant(local.date(), f"{local:%H:%M}")


def term_words(due: datetime) -> str:
    """Write the end of a term in the same way: that of a day is its 24:00."""
    return _instant(*clock.end_of_term(due))


def _instant(day: date, hour: str) -> str:
    english = (translation.get_language() or "").startswith("en")
    return _("%(when)s (hora del centro)") % {"when": f"{day:{'%Y-%m-%d' if english else '%d/%m/%Y'}} {hour}"}


def address_of(path: str) -> str:
    """Return the whole address of a page: of the site as configured, never as a request says it."""
    return f"{settings.SITIO}{path}"
