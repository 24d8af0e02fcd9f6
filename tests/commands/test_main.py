"""A command loads what it runs and nothing of the others; what no command is named is told all of them."""

import subprocess
import sys

import pytest

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
