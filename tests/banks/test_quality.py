"""How good proposals are on invented, labelled statements: what is accepted all at once is never wrong."""

import importlib.util
from pathlib import Path
from random import Random

import pytest

from sif.banks.matching import Entry, propose

_SPEC = importlib.util.spec_from_file_location(
    "bancos_medidos", Path(__file__).resolve().parents[2] / "benchmarks" / "bancos.py"
)
assert _SPEC and _SPEC.loader
bancos = importlib.util.module_from_spec(_SPEC)  # not by the search path, where its neighbours hide folders of tests
_SPEC.loader.exec_module(bancos)


def test_labelled_statements_keep_their_precision_and_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bancos, "ACCOUNTS", 8)
    found = bancos.quality()
    assert found["bancos_precision_en_bloque"] == 1
    assert found["bancos_precision"] > 0.98
    assert found["bancos_exhaustividad"] > 0.93
    assert found["bancos_exhaustividad_en_bloque"] > 0.7


def test_a_payroll_of_equal_amounts_is_paired_line_by_line() -> None:
    random = Random(7)  # noqa: S311 - invented data
    books = [each for each in bancos.entries(random, 600) if isinstance(each, Entry)]
    equal = [Entry(e.clave, e.fecha, -100_000, e.texto, e.claves, e.nombres) for e in books]
    bank = [Entry(e.clave, e.fecha, -100_000, e.claves, "") for e in equal]
    found = propose(bank, equal)
    assert all(each.lineas == each.movimientos for each in found if each.nivel >= 82)
    assert len(found) > 300
