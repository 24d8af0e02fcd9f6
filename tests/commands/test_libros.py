"""`sif libros exportar` writes whole books, to a file or to the terminal, or nothing and says why."""

from pathlib import Path
from typing import Any

import pytest

from sif.books.services import post_poliza
from sif.commands.main import main
from sif.statements import export_plain
from small_world import World, world

__all__ = ["world"]


def words(world: World, formato: str = "hledger", *more: str) -> list[str]:
    return ["libros", "exportar", "--contabilidad", str(world.books.pk), "--formato", formato, *more]


@pytest.mark.parametrize("formato", ["beancount", "hledger", "csv"])
def test_it_writes_to_the_terminal(world: World, capsys: pytest.CaptureFixture[str], formato: str) -> None:
    post_poliza(world.expense("1234.50"), world.clerk)
    assert main(words(world, formato)) == 0
    assert "1234.50" in capsys.readouterr().out


def test_it_writes_a_file_and_leaves_no_part_of_it(world: World, tmp_path: Path) -> None:
    post_poliza(world.expense("1234.50"), world.clerk)
    target = tmp_path / "libros.journal"
    assert main(words(world, "hledger", "--salida", str(target))) == 0
    assert "1234.50 MXN" in target.read_text(encoding="utf-8")
    assert list(tmp_path.glob("libros*")) == [target]


def test_a_failure_half_way_keeps_the_file_that_was_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full_disk(*_: Any) -> Any:
        yield "; mitad"
        raise OSError(28, "No queda espacio", "libros.journal")

    target = tmp_path / "libros.journal"
    target.write_text("; entero", encoding="utf-8")
    monkeypatch.setitem(export_plain.FORMATS, "hledger", full_disk)
    assert main(words(world, "hledger", "--salida", str(target))) == 2
    assert target.read_text(encoding="utf-8") == "; entero" and list(tmp_path.glob("libros*")) == [target]
    assert "No queda espacio" in capsys.readouterr().err


def test_books_that_do_not_exist_are_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["libros", "exportar", "--contabilidad", "999999", "--formato", "csv"]) == 2
    assert "no hay una contabilidad 999999" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(words(world, "csv", "--salida", str(tmp_path / "no" / "libros.csv"))) == 2
    assert "no se puede escribir" in capsys.readouterr().err
