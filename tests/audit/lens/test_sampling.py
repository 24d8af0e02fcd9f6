"""A sample is drawn again by whoever has its seed, centavo by centavo; what was seen is kept."""

import hashlib
import json
from pathlib import Path

import pytest

from sif.audit.engine import open_snapshot
from sif.audit.lens import services
from sif.audit.lens.indicio import lenses
from sif.audit.lens.sampling import SampleRefused, draw, populate, start_of
from sif.commands.main import main
from sif.simulation.generate import simulate

from .test_lens import engine_over, expenses

AMOUNTS = {10: [300, 5, 1_000, 40], 20: [700, 900, 55]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lente") / "proceso"
    simulate(folder, contabilidades=60, polizas=600, semilla=3)
    return folder


@pytest.mark.parametrize("seed", ["uno", "dos", "sorteo del 1 de junio: 48213"])
@pytest.mark.parametrize("size", [1, 4, 7, 3_000])
def test_every_centavo_is_where_a_slow_count_says(seed: str, size: int) -> None:
    with engine_over(**expenses(AMOUNTS)) as engine:
        populate(engine)
        drawn = draw(engine, "digest", seed, size)
    owner = [100_000 + n for n, amount in enumerate(AMOUNTS[10]) for _ in range(amount)]
    owner += [200_000 + n for n, amount in enumerate(AMOUNTS[20]) for _ in range(amount)]
    interval = len(owner) // size
    start = 1 + int(hashlib.sha256(f"{seed}\ndigest".encode()).hexdigest(), 16) % interval
    chosen = [owner[place - 1] for place in range(start, len(owner) + 1, interval)]
    assert (drawn.poblacion, drawn.total, drawn.intervalo, drawn.arranque) == (7, 3_000, interval, start)
    assert {row.poliza_id: row.veces for row in drawn.polizas} == {n: chosen.count(n) for n in sorted(set(chosen))}


def test_the_seed_and_the_snapshot_move_the_start() -> None:
    starts = {start_of(seed, digest, 10**9) for seed in ("a", "b") for digest in ("x", "y")}
    assert len(starts) == 4
    assert start_of("a", "x", 10**9) == start_of("a", "x", 10**9)


def test_one_accounting_alone() -> None:
    with engine_over(**expenses(AMOUNTS)) as engine:
        populate(engine, 20)
        assert {row.contabilidad_id for row in draw(engine, "d", "s", 50).polizas} == {20}


@pytest.mark.parametrize(("seed", "size"), [(" ", 5), ("s", 0), ("s", 3_001)])
def test_a_sample_that_cannot_be(seed: str, size: int) -> None:
    with engine_over(**expenses(AMOUNTS)) as engine:
        populate(engine)
        with pytest.raises(SampleRefused):
            draw(engine, "d", seed, size)


def test_what_was_seen_is_kept_until_damaged(folder: Path, tmp_path: Path) -> None:
    assert services.kept(folder, tmp_path) is None and not services.is_kept(folder, tmp_path)
    told: list[int] = []
    first = services.keep(folder, tmp_path, told.append)
    assert first == services.look(folder) == services.kept(folder, tmp_path)
    assert told == list(range(1, len(lenses()) + 1)) and services.is_kept(folder, tmp_path)
    (file,) = (tmp_path / folder.name).glob("indicios-*.json")
    file.write_text("[{]", encoding="utf-8")
    assert services.kept(folder, tmp_path) is None and not services.is_kept(folder, tmp_path)


def test_a_sample_of_what_is_kept_is_the_one_anybody_draws_until_it_is_damaged(folder: Path, tmp_path: Path) -> None:
    named = tmp_path / open_snapshot(folder).digest
    named.symlink_to(folder)
    results = tmp_path / "resultados"
    assert services.kept_sample(named, results, "uno", 9) is None
    services.keep(named, results)
    assert services.kept_sample(named, results, "uno", 9) == services.sample(folder, "uno", 9)
    with pytest.raises(SampleRefused):
        services.kept_sample(named, results, " ", 9)
    (file,) = (results / named.name).glob("poblacion-*.parquet")
    file.write_bytes(b"PAR1")
    assert services.kept_sample(named, results, "uno", 9) is None and not services.is_kept(named, results)


def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indicios", "--instantanea", str(folder), "--lente", "proveedores", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["indicios"]
    assert {each["lente"] for each in told} == {"proveedores"}
    assert main(["indicios", "--instantanea", str(folder)]) == 0
    assert "no es una falta ni un hallazgo" in capsys.readouterr().out
    asked = ["muestra", "--instantanea", str(folder), "--semilla", "uno", "--tamano", "9"]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(row["veces"] for row in told["polizas"]) in (9, 10)
    assert main(asked) == 0
    assert f"{told['polizas'][0]['poliza_id']}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["indicios"], "Dé la clave de un proceso o --instantanea"),
        (["indicios", "--instantanea", "{}", "--lente", "x"], "No hay una lente «x». Las que hay: benford"),
        (["indicios", "--instantanea", "{}/nada"], "no es una instantánea"),
        (["muestra", "--instantanea", "{}", "--semilla", " "], "hace falta una semilla"),
    ],
)
def test_what_the_commands_refuse(folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str) -> None:
    assert main([part.format(folder) for part in more]) == 2
    assert says in capsys.readouterr().err
