"""Say what happens when two conducts fall on one fact: one absorbs or excludes the other, or both are sanctioned."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from sif.law.sanctions import load_criteria
from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

Modo = Literal["absorbe", "excluye", "suma", "consecuencia"]
YIELDING: frozenset[Modo] = frozenset({"absorbe", "excluye"})
"""The modes in which one of both is not sanctioned for what they share."""
_MODES: frozenset[Modo] = YIELDING | {"suma", "consecuencia"}
SAME, ALL = "misma", "todas"
_TOLD = frozenset({"modo", "base", "estatus", "porque"})
_FILE = "concurrencia.yaml"


@dataclass(frozen=True, slots=True)
class Charge:
    """A conduct as a rule found it."""

    regla: str
    conducta: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A declared pair: the sides by name of rule, conduct or group, what happens when they meet, its basis and why.

    The first side wins where the mode makes one yield.
    """

    numero: int
    primera: tuple[str, ...]
    segunda: tuple[str, ...]
    modo: Modo
    base: str
    estatus: str
    porque: str

    @property
    def yields(self) -> bool:
        """Return whether one side of the pair is not sanctioned for the facts that both sides share."""
        return self.modo in YIELDING


@dataclass(frozen=True, slots=True)
class Settled:
    """The declared pair that applies to two charges on one fact, and the charge that prevails.

    gana: 0 or 1, the index of the charge that prevails; None where both stand or both are of one conduct.
    """

    par: Pair
    gana: int | None


@dataclass(frozen=True, slots=True)
class Concurrence:
    """The whole table: the names of facts that two rules share, those of their parts, the groups and the pairs.

    apartes: every other identifier that a row names, with why two rules that name it have not seen one fact.
    """

    comunes: tuple[str, ...]
    partes: tuple[str, ...]
    apartes: Mapping[str, str]
    grupos: Mapping[str, tuple[str, ...]]
    pares: tuple[Pair, ...]

    def settle(self, one: Charge, other: Charge) -> Settled | None:
        """Return the first declared pair that names both, or None where nobody declared it.

        Of two charges of the same conduct neither wins by itself: the conclusion of the lesser number does.
        """
        for pair in self.pares:
            if pair.primera == (SAME,):
                if one.conducta == other.conducta:
                    return Settled(pair, None)
                continue
            for winner, (first, second) in enumerate(((one, other), (other, one))):
                if self._names(pair.primera, first) and self._names(pair.segunda, second):
                    return Settled(pair, winner if pair.yields else None)
        return None

    def same_fact(self, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
        """Return whether two rows name one common fact, and no part of it that both name is another."""
        apart = any(_both(name, one, other) and one[name] != other[name] for name in self.partes)
        return not apart and any(_both(name, one, other) and one[name] == other[name] for name in self.comunes)

    def _names(self, side: tuple[str, ...], charge: Charge) -> bool:
        return any(
            name in (ALL, charge.regla, charge.conducta) or charge.conducta in self.grupos.get(name, ())
            for name in side
        )


def _both(name: str, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return one.get(name) is not None and other.get(name) is not None


@cache
def load_concurrence(jurisdiction: str) -> Concurrence:
    """The table of concurrence of a jurisdiction (read once per process); LawDataError where it contradicts itself."""
    raw = only_keys(
        read_data(data_path(jurisdiction, "law", _FILE)), frozenset({"hechos", "grupos", "pares"}), frozenset(), _FILE
    )
    facts = only_keys(raw["hechos"], frozenset({"comunes", "partes", "apartes"}), frozenset(), f"{_FILE}, hechos")
    apart = MappingProxyType(dict(facts["apartes"]))
    groups = MappingProxyType({name: tuple(conducts) for name, conducts in raw["grupos"].items()})
    pairs = tuple(_pair(row, number) for number, row in enumerate(raw["pares"], 1))
    found = Concurrence(tuple(facts["comunes"]), tuple(facts["partes"]), apart, groups, pairs)
    conducts = frozenset(load_criteria(jurisdiction))
    _check_names(found, conducts, frozenset(path.stem for path in data_path(jurisdiction, "rules").glob("*/*.yaml")))
    _check_rings(found, conducts)
    return found


def _pair(raw: object, number: int) -> Pair:
    where = f"{_FILE}, par {number}"
    yields = isinstance(raw, dict) and raw.get("modo") in YIELDING
    first, second = ("gana", "cede") if yields else ("entre", "y")
    row = only_keys(raw, _TOLD | {first, second}, frozenset(), where)
    if row["modo"] not in _MODES:
        raise LawDataError(f"{where}: el modo «{row['modo']}» no existe. Es {', '.join(sorted(_MODES))}.")
    return Pair(
        number,
        tuple(row[first]),
        tuple(row[second]),
        cast("Modo", row["modo"]),
        row["base"],
        status(row["estatus"], where),
        row["porque"],
    )


def _check_names(table: Concurrence, conducts: frozenset[str], rules: frozenset[str]) -> None:
    """Refuse a name that nothing has, one conduct in two groups, and a fact that is set apart too."""
    grouped = [conduct for group in table.grupos.values() for conduct in group]
    for conduct in grouped:
        if conduct not in conducts:
            raise LawDataError(f"{_FILE}, grupos: no hay criterio «{conduct}». Nombre uno de criteria.yaml.")
        if grouped.count(conduct) > 1:
            raise LawDataError(f"{_FILE}, grupos: «{conduct}» está en dos grupos. Déjelo en uno.")
    if twice := table.apartes.keys() & {*table.comunes, *table.partes}:
        raise LawDataError(f"{_FILE}, hechos: «{min(twice)}» es un hecho y va también aparte. Déjelo en un lugar.")
    known = conducts | table.grupos.keys() | {SAME, ALL}
    for pair in table.pares:
        # Rings are looked for among conducts alone, so whoever makes another yield is not named by its rule.
        if pair.yields and (unknown := set(pair.primera) - known):
            raise LawDataError(f"{_FILE}, par {pair.numero}: «{min(unknown)}» no es conducta ni grupo. Nombre uno.")
        if unknown := {*pair.primera, *pair.segunda} - known - rules:
            raise LawDataError(
                f"{_FILE}, par {pair.numero}: «{min(unknown)}» no es conducta, grupo ni regla. Nombre uno."
            )


def _check_rings(table: Concurrence, conducts: frozenset[str]) -> None:
    """Refuse conducts that yield to each other in a ring: no conclusion could be closed before another."""
    wins: dict[str, set[str]] = {one: set() for one in conducts}
    for one in conducts:
        for other in conducts - {one}:
            settled = table.settle(Charge("", one), Charge("", other))
            if settled is not None and settled.gana == 0:
                wins[one].add(other)
    for one in conducts:
        if one in _reached(wins, one):
            raise LawDataError(
                f"{_FILE}: «{one}» acaba cediendo ante sí misma. Quite uno de los pares que hacen el círculo."
            )


def _reached(wins: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    pending = list(wins[start])
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += wins[name]
    return found
