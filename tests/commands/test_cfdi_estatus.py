"""What SAT says of invoices, from a terminal: a file whole or not at all, and a service that is off by default."""

from pathlib import Path
from typing import Any

import pytest

from books.invoices import authority, invoice, mint
from sif.books.estatus import with_estatus
from sif.books.models import Comprobante
from sif.books.services import receive_cfdi
from sif.commands.main import main
from small_world import World, world

__all__ = ["authority", "invoice", "mint", "world"]
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "estatus.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_file_of_statuses_is_noted_whole_or_refused_by_row(
    world: World, invoice: Any, tmp_path: Path, capsys: Any
) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    by = ["--por", world.clerk.username]
    bad = _file(tmp_path, f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n{FOLIO},Cancelado,31/04/2024\n")
    assert main(["cfdi", "estatus", bad, *by]) == 1
    assert "fila 3, al" in capsys.readouterr().err
    assert with_estatus(Comprobante.objects.all()).get().estatus_sat == "desconocido"
    other = FOLIO.replace("ABCD", "ABCE")
    good = _file(tmp_path, f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n{other},Vigente,2024-04-12\n")
    assert main(["cfdi", "estatus", good, *by]) == 0
    assert capsys.readouterr().out == "1 estatus anotados; 1 folios que ninguna bandeja conoce.\n"
    assert with_estatus(Comprobante.objects.all()).get().estatus_sat == "cancelado"
    assert main(["cfdi", "estatus", good, "--por", "nadie"]) == 2
    assert main(["cfdi", "estatus", str(tmp_path / "no.csv"), *by]) == 2


def test_asking_sat_is_off_until_its_address_is_given_and_silence_is_told(
    world: World, invoice: Any, settings: Any, capsys: Any
) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    words = ["cfdi", "consultar-sat", "--por", world.clerk.username]
    assert main(words) == 1
    assert "apagada" in capsys.readouterr().err
    settings.SAT_ESTATUS = "http://127.0.0.1:9/nadie"
    assert main(words) == 1
    assert capsys.readouterr().out == "0 estatus anotados; 1 sin respuesta, que siguen como estaban.\n"
    assert main([*words, "--maximo", "0"]) == 0
    assert main(["cfdi", "consultar-sat", "--por", "nadie"]) == 2
