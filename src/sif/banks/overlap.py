"""Find the lines of a statement that the account already has, and check that all statements add up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sif.banks.statement import StatementLine
from sif.values import Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """A line already kept, as it is compared: day, centavos, the bank's key, its words and its format."""

    fecha: date
    centavos: int
    id_banco: str
    texto: str
    formato: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The days and balances, in centavos, of a statement already kept."""

    desde: date
    hasta: date
    inicial: int
    final: int
    nombre: str


def new_lines(lines: Sequence[StatementLine], formato: str, kept: Iterable[Kept]) -> list[tuple[int, StatementLine]]:
    """Return the lines that the account does not have yet, with their place in the file (from 1).

    Lines of one day and amount are compared together: by the bank's key where both have one of the same format; the
    others by number, because formats name the same movement differently and two equal movements in a day are two.
    """
    known: dict[tuple[date, int], list[Kept]] = defaultdict(list)
    for each in kept:
        known[each.fecha, each.centavos].append(each)
    groups: dict[tuple[date, int], list[tuple[int, StatementLine]]] = defaultdict(list)
    for place, line in enumerate(lines, 1):
        groups[line.fecha, line.monto.centavos].append((place, line))
    fresh = [pair for key, group in groups.items() for pair in _fresh(group, formato, known.get(key, []))]
    return sorted(fresh, key=lambda pair: pair[0])


def _fresh(
    group: Sequence[tuple[int, StatementLine]], formato: str, known: Sequence[Kept]
) -> list[tuple[int, StatementLine]]:
    rest = list(known)
    pending = []
    for place, line in group:
        same = next((k for k in rest if line.id_banco and k.formato == formato and k.id_banco == line.id_banco), None)
        if same:
            rest.remove(same)
        else:
            pending.append((place, line))
    # what is left on the other side with a key of this format is another movement, for its key is another
    doubtful = [k for k in rest if not k.id_banco or k.formato != formato]
    fresh = []
    for place, line in pending:
        options = rest if not line.id_banco else doubtful
        same = next((k for k in options if k.texto == text_of(line)), options[0] if options else None)
        if same is None:
            fresh.append((place, line))
            continue
        rest.remove(same)
        if same in doubtful:
            doubtful.remove(same)
    return fresh


def text_of(line: StatementLine) -> str:
    """Return the words by which two lines without key are compared."""
    return " ".join(f"{line.referencia} {line.descripcion}".lower().split())


def check_together(statements: Iterable[Covered], lines: Iterable[tuple[date, int]]) -> list[Problem]:
    """Check that the lines kept take every statement of an account from its opening balance to its closing balance.

    lines: day and centavos. Where two statements overlap or follow each other, the second must begin with the balance
    that the first has on that day.
    """
    by_day: dict[date, int] = defaultdict(int)
    for day, amount in lines:
        by_day[day] += amount
    problems = []
    before: Covered | None = None
    for each in sorted(statements, key=lambda s: (s.desde, s.hasta)):
        reached = each.inicial + _between(by_day, each.desde, each.hasta)
        if reached != each.final:
            problems.append(_does_not_add_up(each, each.final - reached))
        if before and each.desde <= before.hasta + timedelta(days=1):
            expected = before.inicial + _between(by_day, before.desde, each.desde - timedelta(days=1))
            if expected != each.inicial:
                problems.append(_does_not_follow(before, each, expected))
        before = each if before is None or each.hasta >= before.hasta else before
    return problems


def _between(by_day: dict[date, int], first: date, last: date) -> int:
    return sum(amount for day, amount in by_day.items() if first <= day <= last)


def _pesos(centavos: int) -> str:
    return f"{'-' if centavos < 0 else ''}{abs(centavos) // 100:,}.{abs(centavos) % 100:02d}"


def _does_not_add_up(each: Covered, gap: int) -> Problem:
    return Problem(
        "traslape",
        each.nombre,
        f"Junto a los demás estados, {each.nombre} ({each.desde:%d/%m/%Y} a {each.hasta:%d/%m/%Y}) no da su saldo "
        f"final: difiere en {_pesos(gap)}.",
        "Los estados traslapados se contradicen. Descargue de nuevo el que cubra esos días completos.",
    )


def _does_not_follow(before: Covered, each: Covered, expected: int) -> Problem:
    return Problem(
        "continuidad",
        each.nombre,
        f"{each.nombre} empieza con {_pesos(each.inicial)} y, según {before.nombre}, la cuenta tenía "
        f"{_pesos(expected)} ese día.",
        "Compruebe que los dos son de la misma cuenta y descargue de nuevo el que esté incompleto.",
    )
