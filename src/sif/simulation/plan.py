"""Plan a national process: subjects, contests, caps and number of operations."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

STATES = (
    "AGU", "BCN", "BCS", "CAM", "CHP", "CHH", "CMX", "COA", "COL", "DUR", "GUA", "GRO", "HID", "JAL", "MEX",
    "MIC", "MOR", "NAC", "NLE", "OAX", "PUE", "QUE", "ROO", "SLP", "SIN", "SON", "TAB", "TAM", "TLA", "VER",
    "YUC", "ZAC",
)  # fmt: skip
FIRST_DAY, LAST_DAY, ELECTION_DAY = date(2024, 3, 1), date(2024, 5, 29), date(2024, 6, 2)
CUT = date(2024, 6, 25)
MEXICO = "mx"  # whose law the invented process follows
PARTIES, COALITIONS, LOCAL_PARTIES = 7, 2, 2
FEDERAL_SHARE, INDEPENDENT_SHARE = 0.06, 0.006
OFFICES = {
    "presidencia": ("P", 400.0, 66_000_000_000),
    "senaduria": ("S", 2.2, 2_200_000_000),
    "diputacion_federal": ("D", 1.2, 220_000_000),
    "gubernatura": ("L", 12.0, 5_000_000_000),
    "diputacion_local": ("L", 0.8, 110_000_000),
    "ayuntamiento": ("L", 0.7, 60_000_000),
}
"""Office: its column of LGPP 83.2, how busy its books are, and the middle of its caps in centavos (sizes, not law)."""
BUSY_CONCENTRADORA = 10.0
NOBODY = -1


@dataclass(slots=True)
class Books:
    """One set of books to be. `place`: its place among the candidacies of its house; `casa`: the house it belongs to.

    `tope` in centavos, 0 for a concentradora; `gasto`: what its operations will add up to; `ops`: how many they are.
    """

    contabilidad_id: int
    casa: int
    concentradora: int
    place: int
    proceso_id: int
    sujeto_id: int
    clase: str
    independiente: bool
    cargo: str | None
    columna: str | None
    entidad: str | None
    contest: int
    tope: int
    weight: float
    ops: int = 0
    first_op: int = 0
    gasto: int = 0
    slice: int = 0


@dataclass(slots=True)
class Subject:
    """A bound subject to be; `generous`: its sympathisers will give more than the yearly limit of its kind."""

    sujeto_id: int
    tipo: str
    siglas: str
    nombre: str
    rfc: str
    generous: bool = False


@dataclass(slots=True)
class Plan:
    """A plan of a process before its first operation: subjects, books in order of house, slices of whole houses."""

    semilla: int
    subjects: list[Subject] = field(default_factory=list)
    members: list[tuple[int, int, int]] = field(default_factory=list)
    books: list[Books] = field(default_factory=list)
    slices: int = 0


def make_plan(semilla: int, contabilidades: int, polizas: int, per_slice: int) -> Plan:
    """The plan of a process with that many books and about that many operations, cut in slices of about `per_slice`."""
    if contabilidades < 60 or polizas < contabilidades * 8:
        raise ValueError(
            f"Se pidieron {contabilidades} contabilidades y {polizas} pólizas; hacen falta al menos 60 contabilidades "
            "y ocho pólizas por cada una."
        )
    dice = Random(semilla)  # noqa: S311 (an invented election must come out the same from its seed)
    plan = Plan(semilla)
    houses = _subjects(plan, dice, contabilidades)
    _books(plan, dice, houses, contabilidades)
    _operations(plan, dice, polizas)
    _cut(plan, per_slice)
    return plan


def _rfc(number: int) -> str:
    letters = "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))
    return f"{letters}000101{number % 1000:03d}"


def _subjects(plan: Plan, dice: Random, contabilidades: int) -> list[tuple[int, int, str | None, float]]:
    """Fill the subjects; returns the houses (subject, process, state, weight): process 1 is federal, the rest local."""
    houses: list[tuple[int, int, str | None, float]] = []
    states = STATES if contabilidades >= 2_000 else STATES[:4]
    sizes = {state: dice.lognormvariate(0, 0.8) for state in states}
    for number in range(1, PARTIES + COALITIONS + 1):
        kind = "partido" if number <= PARTIES else "coalicion"
        name = f"Partido Simulado {number}" if kind == "partido" else f"Coalición Simulada {number - PARTIES}"
        plan.subjects.append(
            Subject(number, kind, f"S{number}" if kind == "partido" else f"C{number}", name, _rfc(number))
        )
        share = dice.uniform(0.6, 1.4)
        houses.append((number, 1, None, FEDERAL_SHARE * share * sum(sizes.values())))
        houses += [(number, 2 + STATES.index(state), state, share * size) for state, size in sizes.items()]
    for coalition in range(PARTIES + 1, PARTIES + COALITIONS + 1):
        first = 1 + 2 * (coalition - PARTIES - 1)
        plan.members += [(coalition, first, 6_000), (coalition, first + 1, 4_000)]
    number = PARTIES + COALITIONS
    for state, size in sizes.items():
        for _ in range(LOCAL_PARTIES):
            number += 1
            name = f"Partido Local Simulado {number}"
            plan.subjects.append(Subject(number, "partido_local", f"L{number}", name, _rfc(number)))
            houses.append((number, 2 + STATES.index(state), state, 0.5 * size))
    plan.subjects[-1].generous = True
    return houses


def _books(plan: Plan, dice: Random, houses: list[tuple[int, int, str | None, float]], total: int) -> None:
    loose = max(2, round(total * INDEPENDENT_SHARE))
    weights = [weight for *_, weight in houses]
    whole, left = sum(weights), total - loose - len(houses)
    counts = [max(1, int(left * weight / whole)) for weight in weights]
    for place in range(left - sum(counts)):
        counts[place % len(counts)] += 1
    while sum(counts) > left:
        counts[counts.index(max(counts))] -= 1
    caps: dict[int, int] = {}
    for casa, ((sujeto, proceso, state, _), count) in enumerate(zip(houses, counts, strict=True)):
        number = len(plan.books) + 1
        plan.books.append(
            Books(
                number,
                casa,
                NOBODY,
                0,
                proceso,
                sujeto,
                "concentradora",
                False,
                None,
                None,
                state,
                0,
                0,
                BUSY_CONCENTRADORA * count**0.5,
            )
        )
        for place in range(count):
            _candidacy(plan, dice, caps, (casa, number, place, proceso, sujeto, state))
    for place in range(loose):
        sujeto = len(plan.subjects) + 1
        plan.subjects.append(
            Subject(
                sujeto, "independiente", f"I{sujeto}", f"Candidatura Independiente Simulada {place + 1}", _rfc(sujeto)
            )
        )
        state = STATES[place % (len(STATES) if total >= 2_000 else 4)] if place % 3 == 2 else None
        office, proceso = (1, 1) if state is None else (0, 2 + STATES.index(state))
        _candidacy(plan, dice, caps, (len(houses) + place, NOBODY, office, proceso, sujeto, state))


def _candidacy(
    plan: Plan, dice: Random, caps: dict[int, int], where: tuple[int, int, int, int, int, str | None]
) -> None:
    casa, concentradora, place, proceso, sujeto, state = where
    if state is None:
        office = "presidencia" if place == 0 else ("senaduria" if dice.random() < 0.2 else "diputacion_federal")
    else:
        office = "gubernatura" if place == 0 else ("diputacion_local" if dice.random() < 0.3 else "ayuntamiento")
    column, busy, middle = OFFICES[office]
    seats = {"presidencia": 1, "gubernatura": 1, "senaduria": 32, "diputacion_federal": 300}.get(office, 120)
    contest = (proceso * 10 + list(OFFICES).index(office)) * 1_000 + (1 + dice.randrange(seats))
    tope = caps.setdefault(contest, int(middle * dice.lognormvariate(0, 0.6)))
    plan.books.append(
        Books(
            len(plan.books) + 1,
            casa,
            concentradora,
            place,
            proceso,
            sujeto,
            "candidatura",
            concentradora == NOBODY,
            office,
            column,
            state,
            contest,
            tope,
            busy * dice.lognormvariate(0, 0.85),
        )
    )


def _operations(plan: Plan, dice: Random, polizas: int) -> None:
    """Share out the operations by weight: a heavy tail, and never fewer than three. Extras are part of the count."""
    extras = 1.0 / 1.111  # reversals with their new record, mirrors of transfers and parts of prorrateos come on top
    whole, first = sum(books.weight for books in plan.books), 0
    for books in plan.books:
        books.ops = max(3, round(polizas * extras * books.weight / whole))
        books.first_op = first
        first += books.ops
        if books.tope:
            share = min(0.82, dice.lognormvariate(math.log(0.3), 0.6))
            if dice.random() < 0.004:
                share = dice.uniform(1.01, 1.4)  # over its cap, some of them beyond the five per cent of nullity
            books.gasto = int(books.tope * share)
        else:
            books.gasto = books.ops * 800_000


def _cut(plan: Plan, per_slice: int) -> None:
    """Whole houses go into slices, so that a transfer and its mirror are made together; memory is that of a slice."""
    room, casa = 0, NOBODY
    sizes: dict[int, int] = {}
    for books in plan.books:
        sizes[books.casa] = sizes.get(books.casa, 0) + books.ops
    for books in plan.books:
        if books.casa != casa:
            casa = books.casa
            if room and room + sizes[casa] > per_slice:
                plan.slices, room = plan.slices + 1, 0
            room += sizes[casa]
        books.slice = plan.slices
    plan.slices += 1


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from the first to the last, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
