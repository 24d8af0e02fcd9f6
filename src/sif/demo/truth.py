"""Compare found hallazgos with planted faults, one by one."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from sif.audit.models import Cobertura, Corrida, Hallazgo
from sif.demo.faults import NOT_PLANTED, Planted
from sif.values import Money

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """The score of one rule: the numbers of facts planted and found.

    `fallas` names each fact missed, `falsas` each false alarm, and `distintas` each fact found in other books or for
    another amount.
    """

    regla: str
    plantadas: int
    encontradas: int
    fallas: tuple[str, ...] = ()
    falsas: tuple[str, ...] = ()
    distintas: tuple[str, ...] = ()
    nota: str = ""

    @property
    def is_exact(self) -> bool:
        """Return whether each planted fact was found, for its amount, and nothing else."""
        return not (self.fallas or self.falsas or self.distintas)


@dataclass(frozen=True, slots=True)
class Score:
    """The whole comparison, by rule."""

    reglas: tuple[RuleScore, ...] = field(default=())

    @property
    def is_exact(self) -> bool:
        """Return whether every rule found its planted facts and nothing else."""
        return all(row.is_exact for row in self.reglas)

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif demo --json` prints."""
        return {"exacto": self.is_exact, "reglas": [asdict(row) for row in self.reglas]}


def score(planted: Iterable[Planted], corridas: Sequence[Corrida]) -> Score:
    """Compare what was planted with the hallazgos of some runs, for every rule that ran or was planted."""
    expected = {(row.regla, row.clave): row for row in planted}
    rows = Hallazgo.objects.filter(corrida__in=corridas, estado="hallazgo")
    found = {(row.regla, row.clave): row for row in rows}
    ran = Cobertura.objects.filter(corrida__in=corridas).values_list("regla", flat=True)
    rules = {*ran, *(rule for rule, _ in expected), *NOT_PLANTED}
    return Score(tuple(_score_rule(rule, expected, found) for rule in sorted(rules)))


def _score_rule(rule: str, expected: dict[Fact, Planted], found: dict[Fact, Hallazgo]) -> RuleScore:
    wanted = {key: row for key, row in expected.items() if key[0] == rule}
    seen = {key: row for key, row in found.items() if key[0] == rule}
    return RuleScore(
        rule,
        len(wanted),
        len(wanted.keys() & seen.keys()),
        tuple(f"{row.clave}: {row.explica}" for key, row in wanted.items() if key not in seen),
        tuple(f"{row.clave}: {row.mensaje}" for key, row in seen.items() if key not in wanted),
        tuple(
            f"{row.clave}: se plantó por {Money(row.monto)} y se halló por {Money(seen[key].monto)}"
            for key, row in wanted.items()
            if key in seen and (seen[key].monto, seen[key].contabilidad_id) != (row.monto, row.contabilidad)
        ),
        NOT_PLANTED.get(rule, ""),
    )


def write_planted(planted: Iterable[Planted]) -> Path:
    """Write down what was planted before anybody looks for it: SIF_DATOS/demo/plantadas.json."""
    rows = [asdict(row) for row in planted]
    return write_json("plantadas.json", sorted(rows, key=lambda row: (row["regla"], row["clave"])))


def demo_folder() -> Path:
    """Return the folder of the demonstration's own papers, SIF_DATOS/demo."""
    folder: Path = settings.DATOS / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_json(name: str, content: object) -> Path:
    """Write one of the demonstration's own papers, whole or not at all."""
    path = demo_folder() / name
    partial = path.with_name(f".{name}")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(path)
    return path
