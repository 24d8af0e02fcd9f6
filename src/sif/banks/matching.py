"""Score which bank lines and which movements of the books are the same money, with reasons."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from heapq import nsmallest
from itertools import combinations
from typing import Any

from django.conf import settings
from rapidfuzz import fuzz

from sif.banks.jurisdiction import data_file
from sif.banks.readers.sheet import plain
from sif.law.sources import read_data

_TOKEN = re.compile(r"[a-z0-9]*\d[a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One side's money: centavos positive in and negative out; `claves` its keys as text, `nombres` its counterparts.

    A bank line and a movement of the books have the same shape; `clave` is its own number on its side.
    """

    clave: int
    fecha: date
    centavos: int
    texto: str
    claves: str = ""
    nombres: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a match: a key of matching.yaml, its points, and its datum (days, the shared key, the name)."""

    codigo: str
    puntos: int
    dato: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """These bank lines and these movements are one thing, with that level."""

    lineas: tuple[int, ...]
    movimientos: tuple[int, ...]
    nivel: int
    razones: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The figures of matching.yaml."""

    puntos: dict[str, int]
    dias: tuple[tuple[int, int], ...]
    dias_suma: int
    sumandos: int
    candidatos_suma: int
    parecido: tuple[tuple[int, str], ...]
    largo_clave: int
    clave_comun: int
    margen: int
    cercanos: int
    proponer: int
    bloque: int


@cache
def raw_data() -> dict[str, Any]:
    """matching.yaml as it is written."""
    found: dict[str, object] = read_data(data_file("matching.yaml", settings.JURISDICTION))
    return found


@cache
def weights() -> Weights:
    """Return the figures in use."""
    data = raw_data()
    return Weights(
        data["puntos"],
        tuple((a, b) for a, b in data["dias"]),
        data["dias_suma"],
        data["sumandos"],
        data["candidatos_suma"],
        tuple((a, b) for a, b in data["parecido"]),
        data["largo_clave"],
        data["clave_comun"],
        data["margen"],
        data["cercanos"],
        data["niveles"]["proponer"],
        data["niveles"]["bloque"],
    )


def propose(lines: Sequence[Entry], movements: Sequence[Entry], by: Weights | None = None) -> list[Proposal]:
    """Proposals in which nothing is claimed twice, the surest first; the same input gives the same output.

    One to one first, by level; then several that add up exactly to one of the other side.
    """
    matcher = _Matcher(by or weights(), {}, frozenset())
    matcher = matcher.knowing(lines, movements)
    single = matcher.one_to_one(lines, movements)
    left, right = _rest(single, lines, movements)
    several = matcher.sums(left, right)
    turned = [Proposal(p.movimientos, p.lineas, p.nivel, p.razones) for p in matcher.sums(right, left)]
    chosen = _without_clashes([*several, *turned])
    return sorted([*single, *chosen], key=lambda p: (-p.nivel, p.lineas, p.movimientos))


def _rest(
    taken: Iterable[Proposal], lines: Sequence[Entry], movements: Sequence[Entry]
) -> tuple[list[Entry], list[Entry]]:
    used_lines = {number for each in taken for number in each.lineas}
    used_movements = {number for each in taken for number in each.movimientos}
    return (
        [each for each in lines if each.clave not in used_lines],
        [each for each in movements if each.clave not in used_movements],
    )


def _without_clashes(proposals: Iterable[Proposal]) -> list[Proposal]:
    chosen, lines, movements = [], set[int](), set[int]()
    for each in sorted(
        proposals, key=lambda p: (-p.nivel, len(p.lineas) + len(p.movimientos), p.lineas, p.movimientos)
    ):
        if lines.isdisjoint(each.lineas) and movements.isdisjoint(each.movimientos):
            chosen.append(each)
            lines.update(each.lineas)
            movements.update(each.movimientos)
    return chosen


def _sum(reasons: Iterable[Reason]) -> int:
    return sum(each.puntos for each in reasons)


def _but_one(points: list[int], own: int) -> list[int]:
    rest = list(points)
    rest.remove(own)
    return rest


def _groups(amounts: Sequence[int], total: int, most: int) -> Iterator[tuple[int, ...]]:
    """Yield the places of every two to `most` of these positive amounts that add up to the total.

    The last two are looked up among the sums of pairs: four of 24 take hundreds of steps, and not ten thousand.
    """
    pairs = defaultdict[int, list[tuple[int, int]]](list)
    for pair in combinations(range(len(amounts)), 2):
        pairs[amounts[pair[0]] + amounts[pair[1]]].append(pair)

    def add_up(size: int, start: int, rest: int) -> Iterator[tuple[int, ...]]:
        if size == 2:
            yield from (pair for pair in pairs.get(rest, ()) if pair[0] >= start)
            return
        for place in range(start, len(amounts)):
            if amounts[place] < rest:
                for others in add_up(size - 1, place + 1, rest - amounts[place]):
                    yield (place, *others)

    for size in range(2, most + 1):
        yield from add_up(size, 0, total)


@dataclass(frozen=True, slots=True)
class _Matcher:
    by: Weights
    seen: dict[Entry, set[str]]
    common: frozenset[str]

    def knowing(self, *sides: Sequence[Entry]) -> "_Matcher":
        """The same, with each entry's keys read once, and those that too many share set aside: they tell nothing."""
        seen = {each: self._read_keys(each) for side in sides for each in side}
        often = (Counter(key for each in side for key in seen[each]) for side in sides)
        common = {key for counted in often for key, times in counted.items() if times > self.by.clave_comun}
        return _Matcher(self.by, seen, frozenset(common))

    def one_to_one(self, lines: Sequence[Entry], movements: Sequence[Entry]) -> list[Proposal]:
        """Return the best pairs of equal amounts, each entry once."""
        same: dict[int, list[Entry]] = defaultdict(list)
        for each in movements:
            same[each.centavos].append(each)
        pairs: list[tuple[Entry, Entry, tuple[Reason, ...]]] = []
        points: dict[tuple[str, int], list[int]] = defaultdict(list)
        for line in lines:
            for movement in self._nearest(line, same.get(line.centavos, [])):
                reasons = self._reasons(line, movement)
                if reasons is not None:
                    pairs.append((line, movement, reasons))
                    for side in (("linea", line.clave), ("movimiento", movement.clave)):
                        points[side].append(_sum(reasons))
        proposals = []
        for line, movement, reasons in pairs:
            rivals = points["linea", line.clave], points["movimiento", movement.clave]
            reason = self._rivalry(_sum(reasons), rivals)
            proposals.append(self._proposal((line,), (movement,), (*reasons, reason)))
        return _without_clashes(each for each in proposals if each.nivel >= self.by.proponer)

    def _nearest(self, line: Entry, options: list[Entry]) -> list[Entry]:
        """Of very many equal amounts, those that share a key and the nearest in days: a payroll is not n times n."""
        if len(options) <= self.by.cercanos:
            return options
        return nsmallest(
            self.by.cercanos,
            options,
            key=lambda m: (not self.seen[line] & self.seen[m], abs((m.fecha - line.fecha).days), m.clave),
        )

    def _rivalry(self, own: int, both: tuple[list[int], list[int]]) -> Reason | None:
        """Alone with that amount; or as good as others, unless it is better than every one of them by a margin."""
        others = [points for side in both for points in _but_one(side, own)]
        if not others:
            return Reason("unico", self.by.puntos["unico"])
        clear = own - max(others) >= self.by.margen
        return None if clear else Reason("ambiguo", self.by.puntos["ambiguo"])

    def _proposal(
        self, lines: Sequence[Entry], movements: Sequence[Entry], reasons: Iterable[Reason | None]
    ) -> Proposal:
        kept = tuple(each for each in reasons if each)
        return Proposal(
            tuple(sorted(each.clave for each in lines)),
            tuple(sorted(each.clave for each in movements)),
            max(0, min(100, _sum(kept))),
            kept,
        )

    def _reasons(self, line: Entry, movement: Entry) -> tuple[Reason, ...] | None:
        """Return the reasons to match a pair of equal amount; None when too many days apart."""
        days = abs((line.fecha - movement.fecha).days)
        near = self._nearness(days)
        if near is None:
            return None
        return (
            Reason("monto", self.by.puntos["monto"]),
            near,
            *(each for each in (self._shared_key(line, movement), self._shared_name(line, movement)) if each),
        )

    def _nearness(self, days: int) -> Reason | None:
        points = next((points for limit, points in self.by.dias if days <= limit), None)
        return None if points is None else Reason("dias", points, str(days))

    def _shared_key(self, one: Entry, other: Entry) -> Reason | None:
        shared = (self.seen[one] & self.seen[other]) - self.common
        return Reason("referencia", self.by.puntos["referencia"], max(sorted(shared), key=len)) if shared else None

    def _read_keys(self, each: Entry) -> set[str]:
        """Words with figures, long enough to mean something; leading zeros aside, as banks pad them."""
        words = (word.lstrip("0") for word in _TOKEN.findall(plain(f"{each.claves} {each.texto}")))
        return {word for word in words if sum(c.isdigit() for c in word) >= self.by.largo_clave}

    def _shared_name(self, one: Entry, other: Entry) -> Reason | None:
        names = other.nombres or one.nombres
        words = plain(one.texto if other.nombres else other.texto)
        best = max(((int(fuzz.token_set_ratio(plain(name), words)), name) for name in names if name), default=(0, ""))
        for limit, code in self.by.parecido:
            if best[0] >= limit:
                return Reason(code, self.by.puntos[code], best[1])
        return None

    def sums(self, whole: Sequence[Entry], parts: Sequence[Entry]) -> list[Proposal]:
        """For each of `whole`, the parts that add up exactly to it; the proposal names wholes first."""
        found: list[Proposal] = []
        by_day = sorted(parts, key=lambda each: each.fecha)
        days = [each.fecha for each in by_day]
        reach = timedelta(days=self.by.dias_suma)
        for target in whole:
            first, last = bisect_left(days, target.fecha - reach), bisect_right(days, target.fecha + reach)
            options = list(self._additions(target, by_day[first:last]))
            if options:
                best = max(options, key=lambda group: (self._closeness(target, group), [-each.clave for each in group]))
                clear = len(options) == 1
                proposal = self._proposal((target,), best, self._sum_reasons(target, best, clear))
                if proposal.nivel >= self.by.proponer:
                    found.append(proposal)
        return found

    def _additions(self, target: Entry, parts: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
        """Yield every group of parts that adds up to the target, of the nearest in days; parts: those near enough."""
        side = 1 if target.centavos > 0 else -1
        near = [each for each in parts if 0 < each.centavos * side < abs(target.centavos)]
        near.sort(key=lambda each: (abs((each.fecha - target.fecha).days), each.clave))
        near = near[: self.by.candidatos_suma]
        for group in _groups([each.centavos * side for each in near], abs(target.centavos), self.by.sumandos):
            yield tuple(near[place] for place in group)

    def _closeness(self, target: Entry, group: Sequence[Entry]) -> tuple[int, int, int]:
        """Best: sharing keys, then all of one day, then near."""
        keys = sum(self._shared_key(target, each) is not None for each in group)
        return keys, -len({each.fecha for each in group}), -sum(abs((each.fecha - target.fecha).days) for each in group)

    def _sum_reasons(self, target: Entry, group: Sequence[Entry], clear: bool) -> Iterator[Reason | None]:
        yield Reason("suma", self.by.puntos["suma"], str(len(group)))
        yield self._nearness(max(abs((each.fecha - target.fecha).days) for each in group))
        keys = [self._shared_key(target, each) for each in group]
        yield next((key for key in keys if key), None)
        yield next((name for name in (self._shared_name(target, each) for each in group) if name), None)
        code = "unico" if clear else "ambiguo"
        yield Reason(code, self.by.puntos[code])
