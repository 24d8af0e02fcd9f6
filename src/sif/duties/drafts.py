"""Keep many duties without their words, those alike together, and write only those that are shown.

What narrows, counts and orders a list is the same for all the books of a period; the words of each are most of the
work of writing it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, NamedTuple


class Common(NamedTuple):
    """The part common to duties that are alike: kind, state, and the days they open, are due and were met."""

    tipo: str
    estado: str
    abre_el: date
    vence_el: date | None
    cumplida_el: date | None

    @property
    def order(self) -> tuple[date, str, date]:
        """Return the sort key of the duties: by due day, the duties without a day of law last."""
        return (self.vence_el or date.max, self.tipo, self.abre_el)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of some records, read together and once each, and only where they are wanted.

    read: returns the names of some numbers. number: returns the number in an item of a group of duties.
    """

    read: Callable[[Collection[int]], Mapping[int, str]]
    number: Callable[[Any], int]
    known: dict[int, str] = field(default_factory=dict)

    def ready(self, ones: Iterable[object]) -> None:
        """Read those that are not known."""
        lacking = {number for number in map(self.number, ones) if number not in self.known}
        if lacking:
            self.known.update(self.read(lacking))


@dataclass(frozen=True, slots=True)
class Pen[D]:
    """The functions that write one of several alike duties: its key, its subject, its own words and the duty itself.

    what: the words common to the duties, before their own words. names: the names to read before the own words.
    """

    key: Callable[[Any], str]
    whose: Callable[[Any], int]
    what: str
    own: Callable[[Any], str]
    write: Callable[[Any], D]
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Alike[D]:
    """Duties that are alike, each by what is needed to write it."""

    common: Common
    pen: Pen[D]
    each: Sequence[object]


def _ready(found: Iterable[tuple[Pen[object], Iterable[object]]]) -> None:
    """Read the names of all that is about to be put in words, those of each kind together."""
    wanted: dict[int, tuple[Names, list[Iterable[object]]]] = {}
    for pen, ones in found:
        if pen.names is not None:
            wanted.setdefault(id(pen.names), (pen.names, []))[1].append(ones)
    for names, lists in wanted.values():
        names.ready(chain.from_iterable(lists))


class Drafts[D](Collection[D]):
    """Duties by what they have in common; iterated, all are written in their order."""

    def __init__(self, groups: Iterable[Alike[D]]) -> None:
        self.groups: Sequence[Alike[D]] = [group for group in groups if group.each]

    def __or__(self, others: "Drafts[D]") -> "Drafts[D]":
        """These and those of another generation."""
        return Drafts([*self.groups, *others.groups])

    def __len__(self) -> int:
        return sum(len(group.each) for group in self.groups)

    def __iter__(self) -> Iterator[D]:
        return iter(self.between(0, len(self)))

    def __contains__(self, duty: object) -> bool:
        return any(duty == each for each in self)

    def kinds(self) -> set[str]:
        """Return the kinds that there are."""
        return {group.common.tipo for group in self.groups}

    def states(self) -> Counter[str]:
        """Count the duties in each state."""
        found = Counter[str]()
        for group in self.groups:
            found[group.common.estado] += len(group.each)
        return found

    def subjects(self) -> set[int]:
        """Return the numbers of the subjects of the duties."""
        return {group.pen.whose(one) for group in self.groups for one in group.each}

    def where(self, asked: Callable[[Common], bool]) -> "Drafts[D]":
        """Return those whose common part is asked."""
        return Drafts(group for group in self.groups if asked(group.common))

    def firsts(self, kind: Callable[[Common], Hashable]) -> list[D]:
        """Write the first of each kind, in their order."""
        found: dict[Hashable, tuple[object, str, Pen[D], object]] = {}
        for group in sorted(self.groups, key=lambda group: group.common.order):
            here, order = kind(group.common), group.common.order
            if here not in found or found[here][0] == order:
                one = min(group.each, key=group.pen.key)
                mine = (order, group.pen.key(one), group.pen, one)
                found[here] = min(found.get(here, mine), mine, key=lambda each: each[:2])
        _ready((pen, (one,)) for _order, _key, pen, one in found.values())
        return [pen.write(one) for _order, _key, pen, one in sorted(found.values(), key=lambda each: each[:2])]

    def with_words(self, words: Sequence[str], fold: Callable[[str], str]) -> "Drafts[D]":
        """Return those that have every word, each folded and without spaces."""
        if not words:
            return self
        _ready((group.pen, group.each) for group in self.groups)
        folded: dict[str, str] = {}

        def has(text: str, left: Sequence[str]) -> bool:
            if text not in folded:
                folded[text] = fold(text)
            return all(word in folded[text] for word in left)

        found = []
        for group in self.groups:
            what = fold(group.pen.what)
            left = [word for word in words if word not in what]
            kept = [one for one in group.each if has(group.pen.own(one), left)] if left else group.each
            found.append(replace(group, each=kept))
        return Drafts(found)

    def between(self, first: int, last: int, rank: Callable[[Common], Any] = lambda _common: 0) -> list[D]:
        """Write those from one place to another, in their order; rank: what goes before the day in it.

        Only the keys of those that share the day of one that is shown are written.
        """
        same: dict[Any, list[Alike[D]]] = {}
        for group in self.groups:
            same.setdefault((rank(group.common), group.common.order), []).append(group)
        picked: list[tuple[Pen[D], object]] = []
        place = 0
        for key in sorted(same):
            size = sum(len(group.each) for group in same[key])
            if place < last and first < place + size:
                here = [(group.pen.key(one), n, one) for n, group in enumerate(same[key]) for one in group.each]
                here.sort(key=lambda row: row[:2])
                shown = here[max(0, first - place) : last - place]
                picked += [(same[key][n].pen, one) for _key, n, one in shown]
            place += size
        _ready((pen, (one,)) for pen, one in picked)
        return [pen.write(one) for pen, one in picked]


class Gathering[D]:
    """Gather one by one what is alike; what `wanted` does not ask is not kept."""

    def __init__(self, wanted: Callable[[Common], bool]) -> None:
        self.wanted = wanted
        self.groups: dict[Hashable, tuple[Common, Pen[D], list[object]] | None] = {}

    def add(self, key: Hashable, one: object, begin: Callable[..., tuple[Common, Pen[D]]], *given: object) -> None:
        """Add one to its group, which begins with what `begin` makes of what is given for the first of them."""
        if key not in self.groups:
            common, pen = begin(*given)
            self.groups[key] = (common, pen, []) if self.wanted(common) else None
        group = self.groups[key]
        if group is not None:
            group[2].append(one)

    def alike(self) -> Iterator[Alike[D]]:
        """Yield the gathered groups of alike duties."""
        return (Alike(*group) for group in self.groups.values() if group is not None)
