"""Show the law beside a hallazgo: rule, figure in force that day, and possible sanction."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.audit.models import Hallazgo
from sif.law.parameters import NotInForce, load_parameters
from sif.law.sanctions import Criterion, SancionCalculada, criterion_on, sanction_by_criterion
from sif.proceedings.sanctioning import terms_for, uma_day
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado
from sif.rulebook.lawyer import datum_words
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import PLACEHOLDER, Rule, data_in
from sif.values import Money
from sif.values.span import OPEN_END
from sif.web.authority_seat import jurisdiction
from sif.web.formats import currency_amount, percent, short_day, whole_number
from sif.web.lazy import law_words
from sif.web.marks import CONFIRMED, UNREAD, article_html
from sif.web.penalties import imposed_words

_ARTICLE = re.compile(r"^[A-Z]{2,7} \d\S*( Bis\S*)?$")


@dataclass(frozen=True, slots=True)
class PossibleSanction:
    """The possible sanction of a hallazgo left unanswered: the criterion, the UMA of the day and the arithmetic."""

    criterio: Criterion
    uma: Money
    calculada: SancionCalculada

    @property
    def impuesta(self) -> str:
        """Return the sanction that would be imposed, in words, with its UMA where the sanction is a fine."""
        found = self.calculada
        if found.forma != "multa":
            return imposed_words(found.forma, found.sancion)
        umas = _("%(umas)s UMA") % {"umas": whole_number(found.umas)}
        return f"{imposed_words(found.forma, found.sancion)} ({umas})"


@cache
def rulebook() -> Mapping[str, Rule]:
    """Return every rule of the jurisdiction by its id; read once, since the files change only with an installation."""
    return {rule.id: rule for rule in load_rules(jurisdiction())}


def rule_title(clave: str) -> str:
    """Return the title of a rule in words; its id when the file is no longer there."""
    rule = rulebook().get(clave)
    return law_words(rule.title) if rule else clave


def finding_words(clave: str, resultado: str, message: str) -> str:
    """Return the message of a finding in the language of the page, or as it was kept where its rule has changed."""
    rule = rulebook().get(clave)
    outcome = next((each for each in rule.outcomes if each.name == resultado), None) if rule else None
    said = law_words(outcome.says) if outcome else ""
    if outcome is None or said == outcome.says:
        return message
    data = data_in(outcome.says, message)
    if data is None:
        return message
    plain = {"sin dato": _("sin dato"), "sí": _("sí"), "no": _("no")}
    return PLACEHOLDER.sub(lambda match: plain.get(data[match[1]], data[match[1]]), said)


def severities() -> list[tuple[str, str]]:
    """Return the kinds of fault, each with its word."""
    return [("formal", _("Formal")), ("sustantiva", _("Sustantiva")), ("grave", _("Grave"))]


def severity_words(clave: str) -> str:
    """Return the words for the general severity of the fault of a rule, or '' for an unknown rule."""
    rule = rulebook().get(clave)
    return dict(severities()).get(rule.severity, rule.severity) if rule else ""


def sanction_key(hallazgo: Hallazgo) -> str:
    """Return the criterion that a result of a rule names, or '' when none or the rule changed."""
    rule = rulebook().get(hallazgo.regla)
    try:
        return rule.outcome(hallazgo.resultado).sanction if rule else ""
    except KeyError:
        return ""


def possible_sanction(
    clave: str, monto: Money, hechos: int, etapa: Etapa, sujeto: SujetoObligado, dias: Iterable[date | None] = ()
) -> PossibleSanction | None:
    """Return the sanction by a criterion, the kind of the subject and the UMA of its day; None where one is not known.

    dias: those of the facts, which give the UMA; without them it is that of the last day of the stage.
    """
    if not clave:
        return None
    try:
        criterion = criterion_on(clave, etapa.termina_el, jurisdiction())
        terms = terms_for(sujeto, etapa, criterion, uma_day(etapa, dias, clock.today()))
        return PossibleSanction(criterion, terms.uma, sanction_by_criterion(criterion, monto, hechos, terms))
    except (KeyError, NotInForce):
        return None


def criterion_words(criterion: Criterion) -> str:
    """Return the measure of a criterion: 5 % del monto, or 10 UMA por hecho."""
    if criterion.modo == "porcentaje":
        return _("%(share)s del monto") % {"share": percent(criterion.valor)}
    return _("%(umas)s UMA por hecho") % {"umas": whole_number(criterion.valor)}


_WORDS = (
    "artículo cancelación catálogo coalición común depósito extemporánea extemporáneo física hábil inhábil inválido "
    "límite más operación póliza producción reversión tardía tardío tránsito única válido valuación"
)
ACCENTED = {word.translate(str.maketrans("áéíóú", "aeiou")): word for word in _WORDS.split()}
_KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


def key_words(key: str) -> str:
    """Return a key of the law's data as words: keys have no accents, words do."""
    return " ".join(ACCENTED.get(word, word) for word in key.split("_"))


def cell_words(rule: Rule | None, column: str, value: object) -> str:
    """Return a datum of a judged row as people read it: money in pesos, days, yes and no."""
    if value is None or value == "":
        return _("sin dato")
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, int) and (column == "monto" or (rule is not None and column in rule.money)):
        return currency_amount(value)
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        try:
            return short_day(date.fromisoformat(value), year=True)
        except ValueError:
            return value
    return key_words(str(value)) if _KEY.fullmatch(str(value)) else str(value)


def figure_on(clave: str, fecha: date) -> str:
    """Return a parameter of the law in force on a day, with its unit."""
    parameter = load_parameters(jurisdiction())[clave]
    return figure_words(parameter.on(fecha).valor, parameter.unidad)


def basis_on(clave: str, fecha: date) -> str:
    """Return the article of a parameter of the law in force on a day."""
    return load_parameters(jurisdiction())[clave].on(fecha).base


def _figure_today(clave: str) -> str:
    return figure_on(clave, clock.today())


def _basis_today(clave: str) -> str:
    return basis_on(clave, clock.today())


figure_today = lazy(_figure_today, str)
"""The figure of a parameter in force when a page is drawn, in its language: for the words of a class."""
basis_today = lazy(_basis_today, str)
"""The article of a parameter in force when a page is drawn."""


def basis_html(base: str) -> SafeString:
    """Return the basis of a figure or a criterion: each article set as one, and what is no article in its own words."""
    parts = [part.strip() for part in base.split(";") if part.strip()]
    drawn = ((article_html(part) if _ARTICLE.match(_bare(part)) else part,) for part in parts)
    return format_html_join("; ", "{}", drawn)


def _bare(articulo: str) -> str:
    return articulo.removesuffix(UNREAD).removesuffix(CONFIRMED)


def figure_words(value: int, unit: str) -> str:
    """Return a figure of the law with its unit: money in pesos, basis points as a rate, days and UMA by their words."""
    if unit == "centavos":
        return currency_amount(value)
    if unit == "puntos base":
        return percent(value)
    words = {"dias": _("días"), "horas": _("horas"), "anios": _("años"), "uma": "UMA"}
    return f"{whole_number(value)} {words.get(unit, unit)}".strip()


def parameter_rows(hallazgo: Hallazgo) -> list[dict[str, object]]:
    """The figures of the law used, as kept with the hallazgo: name, value with its unit, since and until, article."""
    rule = rulebook().get(hallazgo.regla)
    units = {p.name: p.unit for p in rule.parameters} if rule else {}
    rows = []
    for used in hallazgo.parametros:
        unit, value = units.get(used["clave"], ""), int(used["valor"])
        shown = figure_words(value, unit)
        until = date.fromisoformat(used["hasta"])
        rows.append(
            {
                "nombre": used["clave"].replace("_", " "),
                "valor": shown,
                "base": used["base"],
                "desde": date.fromisoformat(used["desde"]),
                "hasta": None if until.year == OPEN_END.year else until,
            }
        )
    return rows


def case_words(text: str) -> SafeString:
    """Return what a rule says with the name of each datum of the case in its place, in italics."""
    parts = PLACEHOLDER.split(law_words(text))
    names = (_inside(law_words(datum_words(name))) for name in parts[1::2])
    drawn = (format_html("{}<em>{}</em>", said, name) for said, name in zip(parts[::2], names, strict=False))
    return format_html("{}{}", format_html_join("", "{}", ((each,) for each in drawn)), parts[-1])


def _inside(words: str) -> str:
    """Write words as they stand inside a sentence; an acronym stays."""
    return words if words[:2].isupper() else f"{words[:1].lower()}{words[1:]}"
