"""`sif coaliciones`: an agreement is registered and amended by its accord, and a day says who makes a coalition up."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.test_coalitions import TODAY, Scene
from sif.commands.main import main
from sif.registry import clock
from sif.registry.models import ConvenioCoalicion
from sif.registry.scope import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def sif(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    settings.DATOS = tmp_path
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)

    def run(*words: str, rc: int = 0) -> Any:
        assert main(["coaliciones", *words]) == rc
        out, err = capsys.readouterr()
        return err if rc else json.loads(out) if "--json" in words else out

    with everything(), clock.at(TODAY):
        Scene()
        capsys.readouterr()
        yield run


Sif = Callable[..., Any]
ASKED = ("convenio", "AB", "--acuerdo", "INE/CG5/2024", "--aprobado", "2024-01-10", "--desde", "2024-01-10")


def test_an_agreement_is_registered_with_its_document_and_amended(sif: Sif, tmp_path: Path) -> None:
    paper = tmp_path / "convenio.pdf"
    paper.write_bytes(b"%PDF-1.7 convenio")
    said = sif(*ASKED, "--parte", "A=60.5", "--parte", "b=39.50", "--documento", str(paper), "--por", "ana")
    assert said == "AB: convenio registrado por INE/CG5/2024; rige desde el 10/01/2024.\n"
    made = ConvenioCoalicion.objects.get()
    assert made.documento == "convenio.pdf" and len(made.sha256) == 64
    change = ("--acuerdo", "INE/CG90/2024", "--aprobado", "2024-03-01", "--desde", "2024-03-01", "--por", "ana")
    sif("convenio", "AB", *change, "--parte", "A=50", "--parte", "C=50")
    assert sif("ver", "AB", "--dia", "2024-02-29") == "A: 60.50 % (INE/CG5/2024)\nB: 39.50 % (INE/CG5/2024)\n"
    assert [each["siglas"] for each in sif("ver", "AB", "--json")["partes"]] == ["A", "C"]
    assert sif("ver", "AB", "--dia", "2024-01-09") == "El 09/01/2024 nadie forma AB.\n"


def test_each_refusal_says_its_place(sif: Sif, tmp_path: Path) -> None:
    paper = tmp_path / "convenio.txt"
    paper.write_text("nada")
    parts = ("--parte", "A=60", "--parte", "B=40")
    assert "suman 99.99 %" in sif(*ASKED, *(f"--parte={each}=33.33" for each in "ABC"), "--por", "ana", rc=1)
    assert "--parte A60: No son siglas" in sif(*ASKED, "--parte", "A60", "--por", "ana", rc=1)
    assert "«ZZ»" in sif(*ASKED, "--parte", "ZZ=60", "--parte", "B=40", "--por", "ana", rc=1)
    assert "está 2 veces" in sif(*ASKED, "--parte", "A=50", "--parte", "a=50", "--por", "ana", rc=1)
    assert "No es un PDF" in sif(*ASKED, *parts, "--documento", str(paper), "--por", "ana", rc=1)
    assert "--desde: " in sif(*ASKED[:-1], "mañana", *parts, "--por", "ana", rc=1)
    assert "no existe el archivo" in sif(*ASKED, *parts, "--documento", "nada.pdf", "--por", "ana", rc=2)
    assert "no existe el usuario" in sif(*ASKED, *parts, "--por", "nadie", rc=2)
    assert "siglas «ZZ»" in sif("ver", "ZZ", rc=2)
    assert "--dia" in sif("ver", "AB", "--dia", "ayer", rc=1)
    assert not ConvenioCoalicion.objects.exists()
