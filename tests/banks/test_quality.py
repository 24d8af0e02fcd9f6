"""How good proposals are on invented, labelled statements: what is accepted all at once is never wrong."""

import sys
import time
from pathlib import Path
from random import Random

import pytest

from sif.banks.matching import Entry, propose

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))


def test_labelled_statements_keep_their_precision_and_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    import bancos

    monkeypatch.setattr(bancos, "ACCOUNTS", 8)
    found = bancos.quality()
    assert found["bancos_precision_en_bloque"] == 1
    assert found["bancos_precision"] > 0.98
    assert found["bancos_exhaustividad"] > 0.93
    assert found["bancos_exhaustividad_en_bloque"] > 0.7


def test_a_payroll_of_equal_amounts_is_compared_in_little_time() -> None:
    import bancos

    random = Random(7)  # noqa: S311 - invented data
    books = [each for each in bancos.entries(random, 600) if isinstance(each, Entry)]
    equal = [Entry(e.clave, e.fecha, -100_000, e.texto, e.claves, e.nombres) for e in books]
    bank = [Entry(e.clave, e.fecha, -100_000, e.claves, "") for e in equal]
    began = time.perf_counter()
    found = propose(bank, equal)
    assert time.perf_counter() - began < 10
    assert all(each.lineas == each.movimientos for each in found if each.nivel >= 82)
    assert len(found) > 300
