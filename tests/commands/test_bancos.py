"""`sif bancos leer`: a line for each file, whatever it is, and an exit code that says whether all could be loaded."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from banks.samples import CLABE, statement
from banks.test_real_files import ASN, LATE, both
from sif.banks.write import write_csv, write_ofx
from sif.commands.main import main


@pytest.fixture
def sif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    monkeypatch.setattr("sif.commands.database.data_folder", lambda: tmp_path / "datos")
    (tmp_path / "datos").mkdir()

    def run(*words: object, rc: int = 0) -> Any:
        assert main(["bancos", "leer", *map(str, words)]) == rc
        out, err = capsys.readouterr()
        return [json.loads(line) for line in out.splitlines()] if "--json" in words else out + err

    return run


def test_each_file_has_its_line(sif: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "estados"
    folder.mkdir()
    (folder / "a.ofx").write_bytes(both(write_ofx))
    (folder / "b.sta").write_bytes(ASN.encode())
    (folder / "c.csv").write_bytes(write_csv(statement()))
    (folder / "d.bin").write_bytes(b"MZ programa")
    (folder / "e.ofx").write_bytes(write_ofx(LATE))
    (folder / "f.csv").write_bytes(b"uno,dos\n1,2\n")
    several, asn, sheet, program, late, other = sif(folder, "--json", rc=1)
    assert [(each["cuenta"], each["movimientos"]) for each in several["cuentas"]] == [
        (CLABE, 4),
        ("012180015123456787", 1),
    ]
    assert (several["formato"], several["problemas"]) == ("ofx", [])
    assert (asn["formato"], asn["cuentas"][0]["moneda"], asn["cuentas"][0]["saldo_final"]) == ("mt940", "EUR", "576.09")
    assert [each["codigo"] for each in asn["problemas"]] == ["moneda"]
    assert (sheet["formato"], sheet["cuentas"][0]["saldo_inicial"], sheet["problemas"]) == ("csv", "0.00", [])
    assert (program["formato"], program["cuentas"], program["problemas"][0]["codigo"]) == (None, [], "no_es_estado")
    assert set(program["problemas"][0]) == {"codigo", "donde", "mensaje"}
    assert [each["codigo"] for each in late["problemas"]] == ["fuera_de_fechas"]
    assert (other["formato"], other["problemas"][0]["codigo"]) == ("csv", "sin_titulos")
    assert sif(folder / "a.ofx", folder / "e.ofx", "--json")[1]["archivo"].endswith("e.ofx")  # a warning keeps none out


def test_the_text_says_the_same_and_a_missing_path_is_told(sif: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a\x1b.ofx"
    path.write_bytes(write_ofx(LATE))
    said = sif(path)
    assert "\x1b" not in said
    assert f"ofx  cuenta {CLABE}, 4 movimientos del 01/04/2024 al 29/04/2024: 0.00 → 2,622.00 MXN" in said
    assert "! fuera_de_fechas  STMTTRN 4" in said
    assert "no existe la ruta" in sif(tmp_path / "nada", rc=2)
