"""Print a rule as a page that a lawyer can read: basis, figures, what is judged, what is said, and the cases."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sif.law.parameters import load_parameters
from sif.rulebook.lawyer import (
    EVERYBODY,
    STAGES,
    bound_by,
    changes_of,
    column_words,
    example,
    figure_name,
    in_words,
    is_confirmed,
    judgements_of,
    named,
    plain,
    precedents_of,
    told,
    unit_words,
    unread_days,
)
from sif.rulebook.rule import ENGINE_OUTCOMES, Basis, Case, Outcome, Rule, RuleParameter
from sif.values.span import OPEN_END
from sif.values.texts import capitalized

_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
)
_JUDGED = {"Qué se cuenta": ("hallazgo", "cumple"), "Qué queda fuera y por qué": ("no_aplica", "sin_dato")}
_REACHES = {
    "contabilidad": "basta la contabilidad que se revisa",
    "sujeto": "hacen falta todas las contabilidades del sujeto obligado",
    "proceso": "hacen falta todas las contabilidades del proceso",
    "nacional": "hacen falta todas las contabilidades del país",
}
_SPANS = {"etapa": "", "ejercicio": ", también en las demás etapas del mismo ejercicio"}
_STATES = {"hallazgo": "hallazgo", "cumple": "cumple", "no_aplica": "no aplica", "sin_dato": "sin dato"}


def print_rule(rule: Rule, survivors: Mapping[str, str] | None, jurisdiction: str) -> str:
    """The page of a rule in Markdown, in Spanish. `survivors`: damages to its query that no case notices, and why."""
    lines = [f"# {rule.id}. {rule.title}", "", *_head(rule), "", "## Fundamento", ""]
    for basis in rule.basis:
        lines += _basis(rule, basis, jurisdiction)
    lines += ["", "## A quién obliga", "", *_bound(rule, jurisdiction)]
    if rule.parameters:
        lines += ["", "## Cifras", ""]
        for parameter in rule.parameters:
            lines += _parameter(rule, parameter, jurisdiction)
    for title, states in _JUDGED.items():
        lines += ["", f"## {title}", ""]
        for outcome in (each for each in (*rule.outcomes, *ENGINE_OUTCOMES) if each.state in states):
            lines += _outcome(outcome)
    lines += ["", "## Ejemplo resuelto", "", f"{capitalized(rule.cases[0].name)}.", ""]
    lines += ["```", *example(rule), "```"]
    if rule.doubts:
        lines += ["", "## Dudas de interpretación", ""]
        lines += [f"- Desde el {spanish_day(d.since)}: {d.text}" for d in rule.doubts]
    lines += ["", "## Precedentes", "", *_precedents(rule, jurisdiction)]
    lines += ["", "## Qué cambió y cuándo", "", *_history(rule, jurisdiction)]
    lines += ["", "## Casos que la prueban", ""]
    for case in rule.cases:
        lines += _case(rule, case)
    lines += ["## Consulta", "", "Juzga cada renglón de:", "", "```sql", rule.universe, "```", "", "así:", ""]
    lines += ["```sql", rule.query, "```"]
    if survivors:
        lines += ["", "## Cambios a la consulta que ningún caso nota", ""]
        lines += [f"- `{name}`: {reason}" for name, reason in survivors.items()]
    return "\n".join([*lines, "", f"Huella del archivo: `{rule.digest}`", ""])


def spanish_day(day: date) -> str:
    """Return a day as a document of law writes it: 1 de febrero de 2024."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def _named(columns: Iterable[str]) -> str:
    """Return columns by their words, as they stand within a sentence."""
    words = [column_words().get(name) or plain(name) for name in columns]
    return ", ".join(word if word.isupper() else f"{word[:1].lower()}{word[1:]}" for word in words)


def _basis(rule: Rule, basis: Basis, jurisdiction: str) -> Iterator[str]:
    yield f"- **{basis.article}** ({basis.status}): {basis.says}"
    if basis.outcomes:
        yield f"  - Sólo funda: {', '.join(name.replace('_', ' ') for name in basis.outcomes)}."
    for first, last in unread_days(rule, basis, jurisdiction):
        yield f"  - Del {spanish_day(first)} al {spanish_day(last)} no consta que lo dijera: está por confirmar."


def _bound(rule: Rule, jurisdiction: str) -> Iterator[str]:
    yield f"- En {', '.join(STAGES[stage] for stage in rule.applies_to)}."
    for basis in rule.basis:
        yield f"- {basis.article}: {', '.join(bound_by(basis, jurisdiction)) or EVERYBODY}."


def _precedents(rule: Rule, jurisdiction: str) -> Iterator[str]:
    some = False
    for each in precedents_of(rule, jurisdiction):
        some = True
        if each.casos:
            rows = ", ".join(map(str, each.casos))
            yield (
                f"- «{each.conducta}»: su criterio reproduce sanciones reales de la campaña federal de 2024 "
                f"(renglones {rows}); no son texto de ley y no lo confirman."
            )
        else:
            yield f"- «{each.conducta}»: no se conoce ninguna sanción real con que comparar su criterio."
    for other in judgements_of(rule, jurisdiction):
        place = f"{other.ambito}, {other.entidad}, {other.anio}"
        name = figure_name(other.parametro, jurisdiction)
        shown = told(load_parameters(jurisdiction)[other.parametro].unidad, other.valor)
        yield f"- {other.base} ({other.estatus}): «{name}» fue {shown} en un proceso ({place})."
        some = True
    if not some:
        yield "- Ninguno de sus resultados se sanciona y no se conoce ninguna sentencia que cambie sus cifras."


def _history(rule: Rule, jurisdiction: str) -> Iterator[str]:
    for change in changes_of(rule, jurisdiction):
        yield f"- {spanish_day(change.el)}: {change.que}"
    for parameter in rule.parameters:
        if len(parameter.values) > 1:
            since = ", ".join(
                f"{told(parameter.unit, v.valor)} desde el {spanish_day(v.desde)}" for v in parameter.values
            )
            yield f"- La cifra «{named(parameter, jurisdiction)}» cambió: {since}."
    yield f"- {spanish_day(rule.since)}: desde este día rige lo que la regla examina."


def _head(rule: Rule) -> Iterator[str]:
    end = f"; dejó de regir el {spanish_day(rule.until)}" if rule.until else ""
    yield f"- Vigente desde el {spanish_day(rule.since)}{end}."
    if any(outcome.sanction for outcome in rule.outcomes):
        yield f"- Gravedad de la falta en general: {rule.severity}."
    else:
        yield "- Ninguno de sus resultados propone sanción."
    yield f"- Etapas: {', '.join(STAGES[stage] for stage in rule.applies_to)}."
    yield f"- Para contestar, {_REACHES[rule.reach]}{_SPANS[rule.span]}."
    yield f"- Cada hallazgo se identifica por {_named(rule.key)} y se juzga con la ley del día de {_named([rule.day])}."
    if rule.group:
        yield f"- Los hallazgos con igual {_named(rule.group)} son un solo hecho."


def _parameter(rule: Rule, parameter: RuleParameter, jurisdiction: str) -> Iterator[str]:
    taken = f", tomada de {parameter.source}" if parameter.source else ""
    name = capitalized(named(parameter, jurisdiction))
    yield f"**{name}** (`{parameter.name}`; {unit_words(parameter.unit)}; {parameter.basis}{taken})"
    yield ""
    yield "| Desde | Hasta | Valor | Estatus |"
    yield "|---|---|---:|---|"
    for value in parameter.values:
        end = "sigue vigente" if value.hasta == OPEN_END else f"antes del {spanish_day(value.hasta)}"
        sure = "leído" if is_confirmed(rule, parameter, value, jurisdiction) else "por confirmar"
        yield f"| {spanish_day(value.desde)} | {end} | {told(parameter.unit, value.valor)} | {sure} |"
    yield ""


def _outcome(outcome: Outcome) -> Iterator[str]:
    said = f": {outcome.says}" if outcome.says else "."
    yield f"- **{outcome.name.replace('_', ' ')}** ({_STATES[outcome.state]}){said}"
    if outcome.asks:
        yield f"  - Se solicita: {outcome.asks}"
    if outcome.sanction:
        yield f"  - Criterio de sanción: {outcome.sanction}"


def _case(rule: Rule, case: Case) -> Iterator[str]:
    told = in_words(case.expect, rule.money)
    yield f"### {capitalized(case.name)}"
    yield ""
    yield f"| {' | '.join(told.columns)} |"
    yield f"|{'---|' * len(told.columns)}"
    for row in told.rows:
        yield f"| {' | '.join(map(str, row))} |"
    yield ""
