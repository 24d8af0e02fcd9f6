"""`sif raices`: leaves the roots of the log in a file, with their time stamp, or says why there are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from filing import tsa
from sif.commands.main import main
from sif.registry.models import Corte
from sif.registry.services import register_sujeto
from sif.registry.tables import tree_of
from sif.signing.heads import trees_of, verify_heads
from sif.signing.timestamps import stamped_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Path:
    """The file where the roots of an installation of this folder are left."""
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    settings.DATOS = tmp_path
    register_sujeto("partido", "7", "PSO", "Partido del Sol", "PSO140101AB1")
    return tmp_path / "raices.json"


def test_the_file_has_the_sealed_roots_of_a_new_cut(place: Path, capsys: Any) -> None:
    for number in (1, 2):
        assert main(["raices", "--salida", str(place)]) == 0
        roots = json.loads(place.read_text(encoding="utf-8"))
        assert verify_heads(roots) == [] and tree_of("registry_sujetoobligado") in trees_of(roots)
        cut = Corte.objects.get(numero=number)
        assert place.read_text(encoding="utf-8") == cut.raices
        assert f"corte {number}" in capsys.readouterr().out
    assert not place.with_name("raices.json.tsr").exists()


def test_the_time_stamp_goes_beside_and_its_absence_is_told(
    place: Path, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    authority = tsa.make_authority(tmp_path / "tsa")
    believed = tmp_path / "certificados" / "sello-tiempo"
    believed.mkdir(parents=True)
    (believed / "autoridad.pem").write_bytes(authority.read_bytes())
    with tsa.serving(tmp_path / "tsa") as settings.SELLO_TIEMPO:
        assert main(["raices", "--salida", str(place)]) == 0
    stamped_at(place.read_bytes(), place.with_name("raices.json.tsr").read_bytes())
    assert "raices.json.tsr" in capsys.readouterr().out
    settings.SELLO_TIEMPO = "http://127.0.0.1:9/"
    assert main(["raices", "--salida", str(place)]) == 1
    assert "no dio sello de tiempo" in capsys.readouterr().err
    assert json.loads(place.read_text(encoding="utf-8"))["publicado_el"]


@pytest.mark.parametrize(("password", "told"), [("", "SIF_ACUSES_CONTRASENA"), ("otra", "contraseña")])
def test_without_the_key_of_the_authority_it_says_what_to_do_and_cuts_nothing(
    place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any, password: str, told: str
) -> None:
    assert main(["raices", "--salida", str(place)]) == 0
    place.unlink()
    settings.PRODUCTION = True
    monkeypatch.setenv("SIF_ACUSES_CONTRASENA", password)
    assert main(["raices", "--salida", str(place)]) == 1
    assert told in capsys.readouterr().err
    assert not place.exists() and Corte.objects.count() == 1
