"""Define template tags for criteria, articles and keys of law."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from sif.audit.models import Hallazgo
from sif.law.sanctions import Criterion
from sif.proceedings.models import Sancion
from sif.registry import masks
from sif.rulebook.rule import RuleParameter
from sif.web import law, marks, penalties

register = template.Library()
SHOWN = 3


@register.filter
def criterion_words(criterion: Criterion) -> str:
    """{{ criterio|criterion_words }}: 5 % del monto, or 10 UMA por hecho."""
    return law.criterion_words(criterion)


@register.filter
def imposed(sancion: Sancion) -> str:
    """{{ sancion|imposed }}: multa de $1,085.70, or amonestación pública."""
    return penalties.imposed_words(sancion.forma, sancion.monto)


@register.filter
def basis(text: str) -> SafeString:
    """{{ criterio.base|basis }}: articles as articles, other words as they are."""
    return law.basis_html(text)


@register.filter
def articles(text: str) -> list[str]:
    """{{ "LGPP 63.1.a; RF 46.1"|articles }}: each reference apart."""
    return [each.strip() for each in text.split(";") if each.strip()]


@register.filter
def plain_key(text: str) -> str:
    """{{ "sin_xml"|plain_key }}: sin xml; keys have no accents, words do."""
    return law.key_words(str(text))


@register.filter
def without_data(text: str) -> str:
    """{{ outcome.says|without_data }}: what a rule says, with the name of each datum of the case in its place."""
    return law.case_words(text)


@register.filter
def finding(hallazgo: Hallazgo) -> str:
    """{{ hallazgo|finding }}: what its rule says of it, in the language of the page."""
    return law.finding_words(hallazgo.regla, hallazgo.resultado, hallazgo.mensaje)


@register.filter
def covered(sentence: str, whole: bool = False) -> str:
    """{{ hallazgo|finding|covered:entero }}: a sentence with its accounts masked, unless they may be seen whole."""
    return sentence if whole else masks.covered(sentence)


@register.filter
def last_values(parameter: RuleParameter) -> Sequence[dict[str, object]]:
    """{{ parametro|last_values }}: its latest values first, three at most, with their units."""
    shown = []
    for value in sorted(parameter.values, key=lambda each: each.desde, reverse=True)[:SHOWN]:
        shown.append({"words": law.figure_words(value.valor, parameter.unit), "desde": value.desde})
    return shown


@register.simple_tag
def state_of(pair: tuple[str, str]) -> SafeString:
    """{% state_of estado %}: a state given as (key, words)."""
    return marks.state_html(pair[0], pair[1])
