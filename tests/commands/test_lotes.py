"""`sif lotes cargar`: posts a file whole, says each error with its place, and repeats itself without harm."""

from pathlib import Path

import pytest

from batch.lots import csv_of, poliza_rows
from sif.books.models import Poliza
from sif.commands.main import main
from small_world import LEAFLETS, PAYABLE, World, world

__all__ = ["world"]


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)


def load(world: World, path: Path, by: str = "", books: int = 0) -> int:
    """Run the command."""
    return main(
        [
            "lotes",
            "cargar",
            "--contabilidad",
            str(books or world.books.pk),
            "--usuario",
            by or world.clerk.username,
            str(path),
        ]
    )


def test_it_posts_once(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(csv_of(*(row for n in range(30) for row in poliza_rows(n, "10.00", LEAFLETS, PAYABLE))))
    assert load(world, path) == 0
    assert "Registradas: 30 pólizas" in capsys.readouterr().out
    assert load(world, path) == 0
    assert "nada cambió" in capsys.readouterr().out
    assert Poliza.objects.count() == 30


def test_a_bad_row_is_named_and_nothing_is_posted(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.csv"
    rows = [*poliza_rows(1, "10.00", LEAFLETS, PAYABLE), *poliza_rows(2, "10.00", LEAFLETS, PAYABLE, cargo="0.005")]
    path.write_bytes(csv_of(*rows))
    assert load(world, path) == 1
    said = capsys.readouterr().err
    assert "fila 4, cargo: «0.005» tiene 3 decimales" in said and "(importe)" in said and "no se registró nada" in said
    assert not Poliza.objects.exists()


def test_what_is_not_there_and_who_may_not_are_said(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.csv"
    assert load(world, path) == 2
    assert "no se puede leer" in capsys.readouterr().err
    path.write_bytes(csv_of(*poliza_rows(1, "10.00", LEAFLETS, PAYABLE)))
    assert load(world, path, by="nadie") == 2
    assert load(world, path, books=999999) == 2
    assert load(world, path, by=world.stranger.username) == 1
    assert "no registra" in capsys.readouterr().err
