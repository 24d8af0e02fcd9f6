"""Score a rule on what a simulation planted beside its faults that resembles them and is innocent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sif.audit.answer_key import Score, planted_key
from sif.audit.results import RuleResult

FILE = "parecidos.parquet"


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """The innocent rows of one kind that a rule judged: how many there are, and how many it accused."""

    especie: str
    puestos: int
    acusados: int


def has_look_alikes(folder: Path) -> bool:
    """Return whether a snapshot says which of its rows only resemble a fault."""
    return (folder / FILE).is_file()


def look_alikes(result: RuleResult, folder: Path) -> tuple[LookAlikes, ...]:
    """Count, by kind, the look-alikes of a rule in a simulated snapshot and those that it accuses by any amount."""
    keys = planted_key(result.version.rule)
    with duckdb.connect(":memory:") as engine:
        rows = engine.execute(
            f"WITH vistos AS (SELECT DISTINCT {keys.clave} AS clave, contabilidad_id FROM read_parquet($hallazgos) "
            f"WHERE resultado IN ({keys.found})) "
            "SELECT p.especie, COUNT(*), COUNT(v.clave) FROM read_parquet($parecidos) p LEFT JOIN vistos v "
            "ON v.clave = p.clave AND v.contabilidad_id = p.contabilidad_id WHERE p.regla = $regla "
            "GROUP BY p.especie ORDER BY p.especie",
            {
                "hallazgos": str(result.folder / "hallazgos.parquet"),
                "parecidos": str(folder / FILE),
                "regla": result.version.rule.id,
            },
        ).fetchall()
    return tuple(LookAlikes(str(especie), int(many), int(accused)) for especie, many, accused in rows)


def score_page(
    results: Sequence[RuleResult],
    scores: Mapping[str, Score],
    folder: Path,
    without: Mapping[str, str],
    title: str,
) -> str:
    """Write in Markdown the recall and the precision of each rule, and its look-alikes by kind.

    scores: of each of those results, by rule.
    title: what was invented.
    without: rules that plant faults and have no look-alike, with why.
    """
    ordered = sorted(results, key=lambda result: result.version.rule.id)
    alike = {result.version.rule.id: look_alikes(result, folder) for result in ordered}
    lines = [
        f"# Qué halla cada regla en {title}",
        "",
        f"{_sums(scores, alike)} Un parecido es un hecho sano al lado de las faltas: quien lo acusa yerra.",
        "",
        "Exhaustividad: de lo puesto, lo hallado con su importe exacto. Precisión: de lo hallado, lo puesto.",
        "",
        "| Regla | Puestas | Halladas | Falsas | Exhaustividad | Precisión | Parecidos | Acusados |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(_scored(rule, scores[rule], kinds) for rule, kinds in alike.items() if kinds or _has_faults(scores[rule])),
    ]
    lines += ["", "## Parecidos", "", "| Regla | Especie | Puestos | Acusados |", "|---|---|--:|--:|"]
    for rule, kinds in alike.items():
        lines += [
            f"| {rule} | {each.especie.replace('_', ' ')} | {each.puestos:,} | {each.acusados:,} |" for each in kinds
        ]
    lines += ["", "## Reglas con faltas y sin parecidos", ""]
    lines += [f"- {rule}: {why}" for rule, why in sorted(without.items())]
    if not without:
        lines.append("Ninguna.")
    warning = [each.version.rule.id for each in ordered if not _accuses(each)]
    quiet = [rule for rule in alike if not scores[rule].plantadas and rule not in warning]
    lines += ["", f"Avisan y no acusan a nadie: {', '.join(warning) or 'ninguna'}."]
    lines += ["", f"Sin faltas puestas en este tamaño: {', '.join(quiet) or 'ninguna'}."]
    return "\n".join(lines) + "\n"


def _has_faults(seen: Score) -> bool:
    return bool(seen.plantadas or seen.falsas)


def _scored(rule: str, seen: Score, kinds: Sequence[LookAlikes]) -> str:
    """Write the row of a rule: planted, found, false, recall, precision, look-alikes and those accused."""
    counts = (rule, *(f"{n:,}" for n in (seen.plantadas, seen.encontradas, seen.falsas)))
    shares = (_share(seen.encontradas, whole) for whole in (seen.plantadas, seen.encontradas + seen.falsas))
    alike = (sum(each.puestos for each in kinds), sum(each.acusados for each in kinds))
    return f"| {' | '.join([*counts, *shares, *(f'{n:,}' for n in alike)])} |"


def _accuses(result: RuleResult) -> bool:
    return any(outcome.state == "hallazgo" for outcome in result.version.rule.outcomes)


def _sums(scores: Mapping[str, Score], alike: Mapping[str, Sequence[LookAlikes]]) -> str:
    kinds = [each for several in alike.values() for each in several]
    planted = sum(seen.plantadas for seen in scores.values())
    return (
        f"{len(scores)} reglas; {planted:,} faltas puestas, {sum(seen.encontradas for seen in scores.values()):,} "
        f"halladas y {sum(seen.falsas for seen in scores.values()):,} falsas; "
        f"{sum(each.puestos for each in kinds):,} parecidos de {len(kinds)} especies, "
        f"{sum(each.acusados for each in kinds):,} acusados."
    )


def _share(part: int, whole: int) -> str:
    """Write a share as a percentage cut to hundredths; a dash of nothing."""
    return f"{part * 10_000 // whole // 100}.{part * 10_000 // whole % 100:02d} %" if whole else "—"
