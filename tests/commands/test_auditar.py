"""`sif auditar` over a snapshot at hand: what it prints, what it refuses, and that it is stopped and goes on."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sif.commands.main import main
from sif.simulation.generate import simulate

RULES = ["--regla", "RE001", "--regla", "CF012", "--regla", "ev001"]
COLUMNS = ["id", "segundos", "examinadas", "hallazgos", "no_aplica", "plantadas", "encontradas", "falsas"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("auditar") / "proceso"
    simulate(folder, contabilidades=60, polizas=3_000, semilla=5)
    return folder


def test_it_prints_exactly_what_the_key_needs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["auditar", "--instantanea", str(folder), "--clave", "--json", *RULES]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert set(told) == {"segundos", "reglas"}
    assert [row["id"] for row in told["reglas"]] == ["CF012", "EV001", "RE001"]
    for row in told["reglas"]:
        assert list(row) == COLUMNS
        assert row["hallazgos"] == row["plantadas"] == row["encontradas"] > 0
        assert row["falsas"] == 0
    assert "RE001" in err
    assert "renglones" in err


def test_as_a_person_reads_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["auditar", "--instantanea", str(folder), *RULES]) == 0
    out = capsys.readouterr().out
    assert "examinadas" in out
    assert "plantadas" not in out
    assert "3 reglas en" in out


def test_one_accounting_gives_its_own_rows_of_the_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = [*RULES, "--regla", "CF011"]  # of reach contabilidad and wider

    def seen(*more: str) -> dict[str, int]:
        assert main(["auditar", "--instantanea", str(folder), "--json", *rules, *more]) == 0
        return {row["id"]: row["examinadas"] for row in json.loads(capsys.readouterr().out)["reglas"]}

    import pyarrow.parquet as pq

    books = pq.read_table(folder / "polizas.parquet", columns=["contabilidad_id"])["contabilidad_id"].to_pylist()
    one = seen("--contabilidad", str(books[0]))
    assert one["RE001"] == books.count(books[0])
    assert 0 < one["CF011"] < seen()["CF011"]


def test_what_is_not_there_is_refused_with_its_cure(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked, says in (
        (["auditar"], "sólo uno de los dos"),
        (["auditar", "X", "--instantanea", "y"], "sólo uno de los dos"),
        (["auditar", "X", "--contabilidad", "7"], "examina cada contabilidad"),
        (["auditar", "--instantanea", str(tmp_path)], "no es una instantánea"),
        (["auditar", "--instantanea", str(folder), "--regla", "ZZ999"], "No hay regla ZZ999"),
        (
            ["auditar", "--instantanea", str(folder), "--calificacion", str(tmp_path / "a.md")],
            "--calificacion pide --clave",
        ),
    ):
        assert main(asked) == 2
        assert says in capsys.readouterr().err


def test_the_page_of_scores_is_written_beside_the_usual_answer(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "hallado.md"
    asked = ["auditar", "--instantanea", str(folder), "--clave", "--json", *RULES]
    assert main([*asked, "--calificacion", str(page)]) == 0
    rows = json.loads(capsys.readouterr().out)["reglas"]
    assert [f"| {row['id']} | {row['plantadas']:,} |" in page.read_text(encoding="utf-8") for row in rows] == [
        True for _ in rows
    ]
    assert list(rows[0]) == COLUMNS


def test_a_flipped_byte_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copia"
    copy.mkdir()
    for file in folder.iterdir():
        if file.name != "clave.parquet":
            os.link(file, copy / file.name)
    data = bytearray((folder / "eventos.parquet").read_bytes())
    data[100] ^= 1
    (copy / "eventos.parquet").unlink()
    (copy / "eventos.parquet").write_bytes(data)
    assert main(["auditar", "--instantanea", str(copy), *RULES]) == 2
    assert "eventos.parquet" in capsys.readouterr().err
    assert main(["auditar", "--instantanea", str(copy), "--clave"]) == 2
    assert "no trae clave" in capsys.readouterr().err


def _hears_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background: it ignores Ctrl-C, and so do those it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_is_stopped_and_goes_on_where_it_was(folder: Path, tmp_path: Path) -> None:
    """As a person who presses Ctrl-C after the first rules, and asks again."""
    kept = tmp_path / "resultados"
    command = [sys.executable, "-m", "sif.commands.main", "auditar", "--instantanea", str(folder)]
    command += ["--resultados", str(kept), "--json"]
    said, saying = os.pipe()
    fcntl.fcntl(saying, fcntl.F_SETPIPE_SZ, 4096)  # a page: it waits for its reader before the last rules
    with (
        os.fdopen(said, "rb", buffering=0) as told,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=saying, preexec_fn=_hears_ctrl_c) as running,
    ):
        os.close(saying)
        lines = 0
        while lines < 3:
            lines += b"renglones " in told.readline()
        running.send_signal(signal.SIGINT)
        rest = told.read()
        assert running.wait(60) == 130
    assert b"Interrumpido" in rest
    done = {path.name for path in kept.glob("*/*")}
    assert done
    assert not any(name.startswith(".") for name in done)  # nothing of the rule at hand
    again = subprocess.run([*command, "--regla", min(done)[:5]], capture_output=True, text=True, check=True)
    assert "(ya estaba)" in again.stderr
