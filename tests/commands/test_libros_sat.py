"""`sif libros sat` leaves every file of the month, or none and the reason."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from sif.commands.main import main
from small_world import BANKS, World, world
from statements.operations import post

__all__ = ["world"]


def order(world: World, folder: Path, *more: str) -> list[str]:
    return ["libros", "sat", "--contabilidad", str(world.books.pk), "--mes", "2024-04", "--salida", str(folder), *more]


def test_it_leaves_the_four_files(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post(world, BANKS, "4-2-02-01-0000", 5_000)
    folder = tmp_path / "envio"
    assert main(order(world, folder)) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"PAM140101AB1202404{letters}.zip" for letters in ("BN", "CT", "PL", "XC")]
    assert sorted(Path(line).name for line in capsys.readouterr().out.splitlines()) == names
    assert zipfile.ZipFile(folder / names[0]).testzip() is None


def test_an_empty_month_leaves_nothing(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(order(world, tmp_path / "envio")) == 2
    assert not list((tmp_path / "envio").iterdir())
    assert "No hay pólizas en 2024-04" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--mes": "abril"}, "no es un mes"),
        ({"--mes": "2024-13"}, "no se envía al SAT"),
        ({"--contabilidad": "999998"}, "No hay contabilidad 999998"),
    ],
)
def test_what_is_wrong_is_said(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], words: str
) -> None:
    asked: list[Any] = order(world, tmp_path)
    for option, value in change.items():
        asked[asked.index(option) + 1] = value
    assert main(asked) == 2
    assert words in capsys.readouterr().err
