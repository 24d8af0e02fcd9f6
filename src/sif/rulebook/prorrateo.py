"""Recompute in integers the share of each campaign in a common expense."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from sif.law.apportionment import WHOLE, NotApportioned, combination_on

SharedExpense = tuple[int, date, int]
"""prorrateo_id, day of the expense, centavos shared out."""
Beneficiary = tuple[int, int, str, int]
"""prorrateo_id, contabilidad_id, column P S D L, cap in centavos."""


def recalculate(
    expenses: Iterable[SharedExpense], beneficiaries: Iterable[Beneficiary], jurisdiction: str
) -> list[tuple[int, int, int]]:
    """(prorrateo_id, contabilidad_id, centavos) in order: total by the percentage of its column [LGPP 83.2], and
    within the column by cap, always downwards.

    A combination of columns that the law does not share, or a column whose caps add to nothing, gives no rows.
    """
    shares: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for prorrateo, books, column, cap in beneficiaries:
        shares[prorrateo].append((books, column, cap))
    found: list[tuple[int, int, int]] = []
    for prorrateo, day, total in sorted(expenses):
        caps: dict[str, int] = defaultdict(int)
        for _, column, cap in shares[prorrateo]:
            caps[column] += cap
        percentages = _percentages(frozenset(caps), day, jurisdiction)
        if percentages is None or not all(caps.values()):
            continue
        found += [
            (prorrateo, books, total * percentages[column] * cap // (WHOLE * caps[column]))
            for books, column, cap in sorted(shares[prorrateo])
        ]
    return found


@lru_cache(maxsize=1024)
def _percentages(columns: frozenset[str], day: date, jurisdiction: str) -> Mapping[str, int] | None:
    try:
        return combination_on(columns, day, jurisdiction).columnas
    except NotApportioned:
        return None
