"""The annexes of each kind of report are data, and what is ill written there is named."""

from pathlib import Path

import pytest

from sif.law import sources
from sif.law.annexes import annexes_of, load_annexes
from sif.law.sources import LawDataError
from sif.statements.catalog import REPORTS

WHOLE = """estatus: por confirmar
anexos: {a: {titulo: A, libro: balanza, base: LGPP 61.1.a}}
informes: {IC: [%s]}
"""


def test_every_kind_of_report_has_annexes_and_each_is_a_book() -> None:
    forms = sources.data_path("mx", "forms")
    kinds = {path.stem.upper() for path in forms.glob("*.yaml")} - {"EA", "EFE", "ESF"}
    assert set(load_annexes("mx")) == kinds
    for found in load_annexes("mx").values():
        assert found and all(each.libro in REPORTS and each.base for each in found)


@pytest.mark.parametrize(("keys", "said"), [("a, b", "no hay anexos ['b']"), ("a, a", "repite un anexo")])
def test_what_is_ill_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str, said: str) -> None:
    home = tmp_path / tmp_path.name
    home.mkdir()
    (home / "anexos.yaml").write_text(WHOLE % keys, encoding="utf-8")
    monkeypatch.setattr(sources, "JURISDICTIONS", tmp_path)
    with pytest.raises(LawDataError) as refused:
        load_annexes(tmp_path.name)
    assert "informe IC" in str(refused.value) and said in str(refused.value)
    (home / "anexos.yaml").write_text(WHOLE % "a", encoding="utf-8")
    assert [each.clave for each in annexes_of("IC", tmp_path.name)] == ["a"]
    assert annexes_of("IT", tmp_path.name) == ()
