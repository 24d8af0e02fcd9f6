"""Count the reports of a stage as they stand: whose term ended, what was filed, and which terms still run."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sif.filing.selectors import Obligation
from sif.registry.clock import end_of_term

COUNTS = ("informes_debidos", "informes_presentados", "informes_tarde", "informes_en_plazo")


def count_by_books(owed: Iterable[Obligation], moment: datetime) -> dict[int, dict[str, object]]:
    """Return by books the reports due and filed, those whose term still runs and the last day of the last of these.

    Due is a report whose term ended or that was already filed.
    """
    found: dict[int, dict[str, object]] = defaultdict(lambda: _count((), moment))
    parts: dict[int, list[Obligation]] = defaultdict(list)
    for each in owed:
        parts[each.contabilidad_id].append(each)
    found.update({books: _count(mine, moment) for books, mine in parts.items()})
    return found


def count_by_kind(owed: Iterable[Obligation], moment: datetime) -> dict[str, dict[str, object]]:
    """Return the same by kind of report (IC, IT, IA), a day as ISO 8601 writes it."""
    parts: dict[str, list[Obligation]] = defaultdict(list)
    for each in owed:
        parts[each.tipo].append(each)
    found = {}
    for kind in sorted(parts):
        counted = _count(parts[kind], moment)
        last = counted["informes_hasta"]
        found[kind] = counted | {"informes_hasta": last.isoformat() if last else None}
    return found


def _count(owed: Iterable[Obligation], moment: datetime) -> dict[str, Any]:
    counted: dict[str, Any] = dict.fromkeys(COUNTS, 0)
    runs: list[date] = []
    for each in owed:
        if each.recibida_el is not None:
            counted["informes_debidos"] += 1
            counted["informes_presentados"] += 1
            counted["informes_tarde"] += each.recibida_el >= each.vence_el
        elif each.vence_el <= moment:
            counted["informes_debidos"] += 1
        else:
            counted["informes_en_plazo"] += 1
            runs.append(end_of_term(each.vence_el)[0])
    return counted | {"informes_hasta": max(runs, default=None)}
