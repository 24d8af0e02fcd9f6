"""Decide which acts a state admits, from the table of acts with its articles and terms."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from django.conf import settings

from sif.law.sources import LawDataError, data_path, only_keys, read_data
from sif.registry.models import Usuario
from sif.registry.selectors import may_still
from sif.values import Problem, Refused

_STEP = frozenset({"de", "acto", "a", "articulo", "hito"})


@dataclass(frozen=True, slots=True)
class Step:
    """A transition: in state `de` the act leads to `a`. articulo commands it; hito ends its term."""

    de: str
    acto: str
    a: str
    articulo: str
    hito: str


@cache
def acts_data(jurisdiction: str) -> MappingProxyType[str, Any]:
    """Return the file of the acts of a jurisdiction: organs, numbers, transitions, voting and individualisation."""
    return MappingProxyType(read_data(data_path(jurisdiction, "acts.yaml")))


def acts() -> MappingProxyType[str, Any]:
    """Return the acts of the jurisdiction of this installation."""
    return acts_data(settings.JURISDICTION)


@cache
def load_steps(jurisdiction: str) -> MappingProxyType[tuple[str, str, str], Step]:
    """Return every transition by (thing, state, act); LawDataError on a repeated one."""
    found: dict[tuple[str, str, str], Step] = {}
    for thing, rows in acts_data(jurisdiction)["transitos"].items():
        for place, row in enumerate(rows, 1):
            where = f"acts.yaml, transitos, {thing}, renglón {place}"
            step = Step(**only_keys(row, _STEP, frozenset(), where))
            if (thing, step.de, step.acto) in found:
                raise LawDataError(f"{where}: «{step.acto}» desde «{step.de}» está repetido. Deje uno solo.")
            found[thing, step.de, step.acto] = step
    return MappingProxyType(found)


def possible_acts(thing: str, state: str) -> list[Step]:
    """Return the possible acts on a thing in a state, in the order of the table."""
    steps = load_steps(settings.JURISDICTION)
    return [step for (kind, before, _), step in steps.items() if (kind, before) == (thing, state)]


def step_of(thing: str, state: str, act: str, where: str) -> Step:
    """The transition of an act; raises Refused naming the acts that the state admits. `where`: the thing, named."""
    step = load_steps(settings.JURISDICTION).get((thing, state, act))
    if step is not None:
        return step
    admitted = ", ".join(f"{s.acto} ({s.articulo})" for s in possible_acts(thing, state)) or "ningún acto"
    raise Refused(
        Problem(
            "ACTO_FUERA_DE_LUGAR",
            where,
            f"Está en estado «{state.replace('_', ' ')}» y no admite «{act}».",
            f"En ese estado admite: {admitted}.",
        )
    )


def require(by: Usuario, act: str, where: str, words: str) -> None:
    """Refuse an act to who has no appointment for it now. Raises Refused."""
    if not may_still(by, act):
        raise Refused(
            Problem(
                "SIN_ATRIBUCION",
                where,
                f"{by.nombre} no tiene nombramiento para {words}.",
                "Pida el acto a quien lo tiene.",
            )
        )
