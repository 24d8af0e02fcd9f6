"""A command loads what it runs and nothing of the others; what no command is named is told all of them."""

import argparse
import signal
import subprocess
import sys

import duckdb
import pytest

from sif.commands import sancion
from sif.commands.main import COMMANDS, main

ASKED = "import sys; from sif.commands.main import main; code = main(sys.argv[1:])"
LOADED = f"{ASKED}; print(*(name for name in sys.modules if name.startswith('sif.commands.')))"


def test_a_command_loads_no_other_command() -> None:
    words = ["sancion", "--monto", "466832.53", "--porcentaje", "100", "--anio", "2024"]
    said = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True).stdout
    loaded = {name.rpartition(".")[2] for name in said.splitlines()[-1].split()}
    assert loaded & set(COMMANDS) == {"sancion"}


@pytest.mark.parametrize("words", [["inventada"], ["-x", "sancion"], []])
def test_what_is_no_command_is_told_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    said = capsys.readouterr().err
    assert "sif: error:" in said
    if words == ["inventada"]:
        assert all(name in said for name in COMMANDS)


def test_a_ctrl_c_inside_a_query_of_the_engine_says_it_was_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def counts(_args: argparse.Namespace) -> int:
        with duckdb.connect(":memory:", config={"threads": 1}) as engine:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            engine.execute("SELECT count(*) FROM range(60000) a, range(60000) b WHERE a.range * b.range = 7")
        return 0

    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    monkeypatch.setattr(sancion, "run", counts)
    try:
        assert main(["sancion", "--monto", "1", "--porcentaje", "1", "--anio", "2024"]) == 130
    finally:
        signal.signal(signal.SIGALRM, before)
    assert "Interrumpido" in capsys.readouterr().err
