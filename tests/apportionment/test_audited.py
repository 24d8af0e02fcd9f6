"""An expense that a federal and a local campaign share is judged whole in the audit of each."""

from datetime import date
from pathlib import Path

import pytest

from election import Election
from sif.apportionment.services import apportion
from sif.audit import freeze
from sif.audit.results import judge_snapshot
from sif.registry.models import Etapa
from sif.rulebook.reading import load_rules

RULES = [rule for rule in load_rules("mx") if rule.id in ("PO001", "PO002", "PO003", "PO004")]


def _judged(etapa: Etapa, results: Path) -> dict[str, tuple[int, int]]:
    """Rows that each rule of prorrateo judged in the audit of that stage, and its findings."""
    folder, _ = freeze.freeze_tables(etapa, date(2024, 6, 10))
    return {
        each.version.rule.id: (each.judged, each.states["hallazgo"].rows)
        for each in judge_snapshot(folder, RULES, results)
    }


@pytest.mark.parametrize(("local", "rows", "expenses"), [(False, 1, 1), (True, 0, 0)])
def test_a_part_of_the_campaign_of_another_process_is_not_missing(
    election: Election, tmp_path: Path, local: bool, rows: int, expenses: int
) -> None:
    """LGPP 83.2.k: half and half; who shares it answers for it, in the audit of its own campaign."""
    apportion(
        election.ask(election.expense("10"), election.candidate("D"), election.candidate("L")), election.world.clerk
    )
    judged = _judged(election.local if local else election.world.etapa, tmp_path)
    assert judged == {"PO001": (rows, 0), "PO002": (rows, 0), "PO003": (expenses, 0), "PO004": (rows, 0)}
