"""`sif libros abrir` opens a year with what the one before left, and says why not."""

import os
import subprocess
import sys

import pytest

from books.test_openings import post, years
from sif.books.models import Apertura
from sif.books.services import save_borrador
from sif.commands.main import main
from sif.registry.models import Contabilidad
from small_world import BANKS, PAYABLE, World, world

__all__ = ["world", "years"]
Years = tuple[World, Contabilidad, Contabilidad]
Said = pytest.CaptureFixture[str]


def words(years: Years, *more: str, user: str = "") -> list[str]:
    world, old, new = years
    return [
        "libros",
        "abrir",
        "--contabilidad",
        str(new.pk),
        "--de",
        str(old.pk),
        "--usuario",
        user or world.clerk.username,
        *more,
    ]


def test_it_shows_what_it_would_do_and_then_does_it_once(years: Years, capsys: Said) -> None:
    assert main(words(years, "--ver")) == 0
    shown = capsys.readouterr().out
    assert "desde 01/05/2025" in shown and "Resultado del ejercicio 2025" in shown and not Apertura.objects.exists()
    assert main(words(years)) == 0 and "Se abrió con" in capsys.readouterr().out
    assert main(words(years)) == 0 and "nada cambió" in capsys.readouterr().out
    assert Apertura.objects.count() == 1


def test_what_keeps_it_is_told_with_its_cure(years: Years, capsys: Said) -> None:
    world, old, _new = years
    save_borrador(old, {"concepto": "x"}, world.clerk)
    assert main(words(years)) == 1
    assert "Regístrelos o deséchelos" in capsys.readouterr().err and not Apertura.objects.exists()
    assert main(words(years, "--ver")) == 1


def test_a_stranger_and_what_is_not_there(years: Years, capsys: Said) -> None:
    world, _old, _new = years
    assert main(words(years, user=world.stranger.username)) == 1
    assert "no registra" in capsys.readouterr().err
    assert main(words(years, user="nadie")) == 2
    assert "el usuario nadie" in capsys.readouterr().err


def test_an_opening_is_adjusted(years: Years, capsys: Said) -> None:
    world, old, new = years
    ask = ["libros", "ajustar", "--contabilidad", str(new.pk), "--usuario", world.clerk.username, "--motivo", "Pago"]
    assert main(ask) == 1 and "Ábrala primero" in capsys.readouterr().err
    main(words(years))
    post(world, old, "2025-12-30", (PAYABLE, "10.00", ""), (BANKS, "", "10.00"))
    assert main(ask) == 0 and "Se ajustó" in capsys.readouterr().out
    assert Apertura.objects.count() == 2


@pytest.mark.parametrize("words", [("abrir", "--de", "2"), ("ajustar", "--motivo", "x")], ids=["abrir", "ajustar"])
def test_each_verb_runs_in_a_process_of_its_own(words: tuple[str, ...]) -> None:
    verb, *rest = words
    nowhere = "postgresql://nadie@127.0.0.1:1/nada"
    done = subprocess.run(
        [sys.executable, "-m", "sif.commands.main", "libros", verb, "--contabilidad", "1", "--usuario", "x", *rest],
        env={**os.environ, "DATABASE_URL": nowhere, "DATABASE_OWNER_URL": nowhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
