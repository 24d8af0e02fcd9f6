"""The annexes of each kind of report are data, and what is ill written there is named."""

from pathlib import Path

import pytest

from sif.law import sources
from sif.law.annexes import annexes_of, left_out_of, load_annexes
from sif.law.duties import load_duties
from sif.law.sources import LawDataError
from sif.statements.catalog import REPORTS

WHOLE = """estatus: por confirmar
anexos: {a: {titulo: A, libro: balanza, base: LGPP 61.1.a, estatus: confirmado}}
informes: {IC: [%s]}
"""


def test_every_kind_of_report_has_annexes_and_each_is_a_book() -> None:
    forms = sources.data_path("mx", "forms")
    variants = {form for duty in load_duties("mx").values() for form in duty.variantes.values()}
    kinds = {path.stem.upper() for path in forms.glob("*.yaml")} - {"EA", "EFE", "ESF"} - variants
    assert set(load_annexes("mx")) == kinds
    for found in load_annexes("mx").values():
        assert found and all(each.libro in REPORTS and each.base for each in found)


def test_what_the_law_asks_for_and_is_not_attached_is_said_with_its_article() -> None:
    left = {tipo: [each.base for each in left_out_of(tipo, "mx")] for tipo in load_annexes("mx")}
    assert {tipo: bases for tipo, bases in left.items() if bases} == {
        "IA": ["LGPP 78.1.b.III", "LGPP 78.1.b.III"],
        "IAC": ["LGIPE 430.1.b"],
    }
    assert {each.estatus for each in annexes_of("IC", "mx") if each.base.startswith("RF")} == {"por confirmar"}


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
