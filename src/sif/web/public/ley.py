"""Show the page of an article: law, subject, status and every sentence quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.law.articles import Reference, UnknownArticle, load_laws, parse_reference, resolve
from sif.law.offenders import LawSpan, OffenderKind, SanctionForm, load_sanction_law
from sif.law.parameters import load_parameters
from sif.web.markup_cache import by_language
from sif.web.public.rulebook import known_rules
from sif.web.public.stage import public_page, stages_of
from sif.web.public.words import figure_words

_SPACED = re.compile(r"-(Bis|Ter|Quater|Quinquies)\b")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an article. referencia: the exact place; estatus: leído or por confirmar; reglas: (id, title)."""

    referencia: Reference
    texto: str
    estatus: str
    reglas: tuple[tuple[str, str], ...]

    @property
    def lugar(self) -> str:
        """The reference as cited."""
        return str(self.referencia)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an article fixes, with its days."""

    nombre: str
    unidad: str
    valor: int
    desde: date
    hasta: date | None
    estatus: str

    @property
    def cuanto(self) -> str:
        """The figure in words."""
        return figure_words(self.unidad, self.valor)


@require_safe
def article(request: HttpRequest, referencia: str) -> HttpResponse:
    """The article that an address such as /ley/RF-143-Bis.1/ names. 404 when it is no citation of a law we know."""
    try:
        cited = parse_reference(written(referencia))
        found = resolve(str(cited), settings.JURISDICTION)
    except UnknownArticle as unknown:
        raise Http404(str(unknown)) from unknown
    quotations = [each for each in _quotations(settings.JURISDICTION) if _same(each.referencia, cited)]
    context = {
        "cited": cited,
        "found": found,
        "law": load_laws(settings.JURISDICTION)[cited.ley],
        "exact": [each for each in quotations if each.referencia == cited],
        "others": [each for each in quotations if each.referencia != cited],
        "figures": [figure for where, figure in _figures(settings.JURISDICTION) if _same(where, cited)],
    }
    return public_page(request, "articulo", "reglas", stages_of(request), context)


def written(address: str) -> str:
    """The citation that an address carries: RF-143-Bis.1 is «RF 143 Bis.1»; a bracket of an inciso is left out."""
    law, _, rest = address.partition("-")
    return f"{law} {_SPACED.sub(r' \1', rest)}".replace(")", "").strip()


def _same(one: Reference, other: Reference) -> bool:
    return (one.ley, one.numero) == (other.ley, other.numero)


@cache
def _quotations(jurisdiction: str) -> tuple[Quotation, ...]:
    """Return every sentence that the rules and the figures quote, one for each place and wording."""
    rules: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for rule in known_rules(jurisdiction).values():
        for basis in rule.basis:
            rules.setdefault((basis.article, basis.says, basis.status), []).append((rule.id, rule.title))
    for parameter in load_parameters(jurisdiction).values():
        for value in parameter.valores:
            if value.articulo and value.cita and not _held(rules, value.articulo, value.cita):
                rules.setdefault((value.articulo, value.cita, "leído"), [])
    for place, words in _penalties(jurisdiction):
        if not _held(rules, place, words):
            rules.setdefault((place, words, "leído"), [])
    found = [
        Quotation(parse_reference(place), text, status, tuple(named)) for (place, text, status), named in rules.items()
    ]
    return tuple(sorted(found, key=lambda each: str(each.referencia)))


def _penalties(jurisdiction: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences on which each form of sanction and each vista stands."""
    law = load_sanction_law(jurisdiction)
    for kind in law.clases.values():
        yield from ((form.articulo, form.cita) for form in kind.formas)
    yield from ((each.articulo, each.cita) for each in law.vistas)


def _held(quoted: Iterable[tuple[str, str, str]], place: str, words: str) -> bool:
    """Return whether a longer sentence of the same place already says those words."""
    return any(where == place and words in text for where, text, _status in quoted)


@by_language
def _figures(jurisdiction: str) -> tuple[tuple[Reference, Figure], ...]:
    found = []
    for parameter in load_parameters(jurisdiction).values():
        for value in parameter.valores:
            place = value.articulo or value.base
            try:
                reference = parse_reference(place)
            except UnknownArticle:
                continue  # a basis in words names no article
            found.append(
                (
                    reference,
                    Figure(
                        parameter.nombre,
                        parameter.unidad,
                        value.valor,
                        value.desde,
                        value.hasta,
                        "leído" if value.estatus == "confirmado" else value.estatus,
                    ),
                )
            )
    for kind in load_sanction_law(jurisdiction).clases.values():
        found += [_largest(kind, form, span) for form in kind.formas if form.maximo for span in form.lapsos]
    return tuple(found)


def _largest(kind: OffenderKind, form: SanctionForm, span: LawSpan) -> tuple[Reference, Figure]:
    """Return the most that a form of sanction admits against a kind of person, in a span."""
    name, unit = (_("Multa máxima"), "uma") if form.forma == "multa" else (_("Reducción máxima"), "puntos base")
    sure = "leído" if span.estatus == "confirmado" else span.estatus
    words = f"{name}, {kind.nombre.lower()}"
    return parse_reference(form.articulo), Figure(words, unit, form.maximo, span.desde, span.hasta, sure)
