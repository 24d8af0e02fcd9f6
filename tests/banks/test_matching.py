"""Proposals: with reasons, never twice the same money, the same for the same input."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from sif.banks.matching import Entry, Proposal, _groups, propose

DAY = date(2024, 4, 10)


def bank(number: int, centavos: int, days: int = 0, text: str = "", keys: str = "") -> Entry:
    """A bank line some days after the tenth."""
    return Entry(number, DAY + timedelta(days=days), centavos, text, keys)


def book(
    number: int, centavos: int, days: int = 0, text: str = "", keys: str = "", names: tuple[str, ...] = ()
) -> Entry:
    """A movement of the books some days after the tenth."""
    return Entry(number, DAY + timedelta(days=days), centavos, text, keys, names)


def codes(proposal: Proposal) -> set[str]:
    """The keys of its reasons."""
    return {each.codigo for each in proposal.razones}


def test_equal_amount_near_days_key_and_name_are_told() -> None:
    (found,) = propose(
        [bank(1, -116_000, 2, "SPEI IMPRESOS D PRADO", "0004410")],
        [book(7, -116_000, names=("Impresos del Prado",), text="Factura A-4410")],
    )
    assert (found.lineas, found.movimientos, found.nivel) == ((1,), (7,), 100)
    assert codes(found) == {"monto", "dias", "referencia", "nombre", "unico"}
    assert {each.codigo: each.dato for each in found.razones}["dias"] == "2"


def test_another_side_or_too_many_days_is_not_proposed() -> None:
    assert propose([bank(1, 500)], [book(2, -500)]) == []
    assert propose([bank(1, 500, 46)], [book(2, 500)]) == []


def test_a_shared_key_tells_equal_amounts_apart() -> None:
    lines = [bank(1, -100, keys="7001"), bank(2, -100, keys="7002")]
    found = propose(lines, [book(11, -100, text="cheque 7002"), book(12, -100, text="cheque 7001")])
    assert {(each.lineas, each.movimientos) for each in found} == {((1,), (12,)), ((2,), (11,))}
    assert all("ambiguo" not in codes(each) for each in found)


def test_equal_amounts_without_a_key_are_proposed_as_doubtful() -> None:
    found = propose([bank(1, -100), bank(2, -100)], [book(11, -100), book(12, -100)])
    assert all("ambiguo" in codes(each) and each.nivel < 82 for each in found)


def test_a_deposit_is_the_sum_of_several_and_the_other_way_round() -> None:
    (found,) = propose([bank(1, 600)], [book(3, 100), book(4, 200), book(5, 300), book(6, 250)])
    assert (found.lineas, found.movimientos) == ((1,), (3, 4, 5))
    (turned,) = propose([bank(1, -100), bank(2, -250)], [book(9, -350)])
    assert (turned.lineas, turned.movimientos) == ((1, 2), (9,))


AMOUNTS = st.lists(st.tuples(st.integers(-4, 4).filter(bool), st.integers(0, 8)), max_size=9)


@settings(deadline=None)
@given(left=AMOUNTS, right=AMOUNTS)
def test_nothing_is_claimed_twice_and_every_sum_is_exact(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    lines = [bank(n, amount * 100, days) for n, (amount, days) in enumerate(left)]
    movements = [book(n, amount * 100, days) for n, (amount, days) in enumerate(right)]
    found = propose(lines, movements)
    used_lines = [n for each in found for n in each.lineas]
    used_movements = [n for each in found for n in each.movimientos]
    assert len(used_lines) == len(set(used_lines))
    assert len(used_movements) == len(set(used_movements))
    for each in found:
        assert sum(lines[n].centavos for n in each.lineas) == sum(movements[n].centavos for n in each.movimientos)
        assert 60 <= each.nivel <= 100
    assert propose(list(reversed(lines)), list(reversed(movements))) == found


@given(amounts=st.lists(st.integers(1, 12), max_size=9), total=st.integers(2, 40), most=st.integers(2, 4))
def test_every_group_that_adds_up_is_found_once(amounts: list[int], total: int, most: int) -> None:
    places = range(len(amounts))
    wanted = [
        group
        for size in range(2, most + 1)
        for group in combinations(places, size)
        if sum(amounts[place] for place in group) == total
    ]
    assert sorted(_groups(amounts, total, most)) == sorted(wanted)
