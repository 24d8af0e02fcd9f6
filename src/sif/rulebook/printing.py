"""Print a rule as a page that a lawyer can read: basis, figures, what is judged, what is said, and the cases."""

from collections.abc import Iterator, Mapping
from datetime import date

from sif.rulebook.rule import Case, Outcome, Rule, RuleParameter
from sif.values import Money
from sif.values.span import OPEN_END

_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
)
_STAGES = {
    "ordinario": "operación ordinaria",
    "precampana": "precampaña",
    "apoyo_ciudadano": "apoyo ciudadano",
    "campana": "campaña",
}
_REACHES = {
    "contabilidad": "basta la contabilidad que se revisa",
    "sujeto": "hacen falta todas las contabilidades del sujeto obligado",
    "proceso": "hacen falta todas las contabilidades del proceso",
    "nacional": "hacen falta todas las contabilidades del país",
}
_SPANS = {"etapa": "", "ejercicio": ", también en las demás etapas del mismo ejercicio"}
_STATES = {"hallazgo": "hallazgo", "cumple": "cumple", "no_aplica": "no aplica", "sin_dato": "sin dato"}


def print_rule(rule: Rule, survivors: Mapping[str, str] | None = None) -> str:
    """The page of a rule in Markdown, in Spanish. `survivors`: damages to its query that no case notices, and why."""
    lines = [f"# {rule.id}. {rule.title}", "", *_head(rule), "", "## Fundamento", ""]
    lines += [f"- **{b.article}** ({b.status}): {b.says}" for b in rule.basis]
    if rule.parameters:
        lines += ["", "## Cifras", ""]
        for parameter in rule.parameters:
            lines += _parameter(parameter)
    lines += ["", "## Resultados posibles", ""]
    for outcome in rule.outcomes:
        lines += _outcome(outcome)
    if rule.doubts:
        lines += ["", "## Dudas de interpretación", ""]
        lines += [f"- Desde el {spanish_day(d.since)}: {d.text}" for d in rule.doubts]
    lines += ["", "## Casos que la prueban", ""]
    for case in rule.cases:
        lines += _case(case)
    lines += ["## Consulta", "", "Juzga cada renglón de:", "", "```sql", rule.universe, "```", "", "así:", ""]
    lines += ["```sql", rule.query, "```"]
    if survivors:
        lines += ["", "## Cambios a la consulta que ningún caso nota", ""]
        lines += [f"- `{name}`: {reason}" for name, reason in survivors.items()]
    return "\n".join([*lines, "", f"Huella del archivo: `{rule.digest}`", ""])


def spanish_day(day: date) -> str:
    """Return a day as a document of law writes it: 1 de febrero de 2024."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def _head(rule: Rule) -> Iterator[str]:
    end = f"; dejó de regir el {spanish_day(rule.until)}" if rule.until else ""
    yield f"- Vigente desde el {spanish_day(rule.since)}{end}."
    yield f"- Gravedad de la falta en general: {rule.severity}."
    yield f"- Etapas: {', '.join(_STAGES[stage] for stage in rule.applies_to)}."
    yield f"- Para contestar, {_REACHES[rule.reach]}{_SPANS[rule.span]}."
    yield f"- Cada hallazgo se identifica por {', '.join(rule.key)} y se juzga con la ley del día en {rule.day}."
    if rule.group:
        yield f"- Los hallazgos con igual {', '.join(rule.group)} son un solo hecho."


def _parameter(parameter: RuleParameter) -> Iterator[str]:
    taken = f", tomada de {parameter.source}" if parameter.source else ""
    yield f"**{parameter.name}** ({parameter.unit}; {parameter.basis}{taken})"
    yield ""
    yield "| Desde | Hasta | Valor |"
    yield "|---|---|---:|"
    for value in parameter.values:
        end = "sigue vigente" if value.hasta == OPEN_END else f"antes del {spanish_day(value.hasta)}"
        shown = f"${Money(value.valor)}" if parameter.unit == "centavos" else f"{value.valor:,}"
        yield f"| {spanish_day(value.desde)} | {end} | {shown} |"
    yield ""


def _outcome(outcome: Outcome) -> Iterator[str]:
    said = f": {outcome.says}" if outcome.says else "."
    yield f"- **{outcome.name.replace('_', ' ')}** ({_STATES[outcome.state]}){said}"
    if outcome.asks:
        yield f"  - Se solicita: {outcome.asks}"
    if outcome.sanction:
        yield f"  - Criterio de sanción: {outcome.sanction}"


def _case(case: Case) -> Iterator[str]:
    yield f"### {case.name[:1].upper()}{case.name[1:]}"
    yield ""
    yield f"| {' | '.join(case.expect.columns)} |"
    yield f"|{'---|' * len(case.expect.columns)}"
    for row in case.expect.rows:
        yield f"| {' | '.join(map(str, row))} |"
    yield ""
