"""What is found is repeated for ever, byte by byte; from one run to the next it is new, persists or is cured."""

import json
from dataclasses import replace
from datetime import date

import pytest

from runs import run_again
from sif.audit import services
from sif.audit.changes import changes, counts, state_of
from sif.audit.engine import SnapshotRefused
from sif.audit.models import Corrida, Hallazgo, ReglaCorrida
from sif.audit.replay import CannotRepeat, repeat
from sif.books.services import post_poliza, reverse_poliza
from sif.commands.main import main
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import Rule
from small_world import World

CUT = date(2024, 6, 10)


def _rule(wanted: str) -> Rule:
    return next(rule for rule in load_rules("mx") if rule.id == wanted)


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the database of the tests already open."""
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    monkeypatch.setattr("sif.commands.database.migrate", lambda: None)


def _run(world: World, *rules: Rule) -> Corrida:
    return services.run(services.freeze(world.etapa, CUT), rules or [_rule("EV001")])


def test_a_hallazgo_repeats_with_the_same_bytes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    _run(world)
    hallazgo = Hallazgo.objects.get(estado="hallazgo")
    done = repeat(hallazgo)
    assert done.is_same
    assert json.loads(done.repetido)["monto"] == hallazgo.monto
    assert json.loads(done.repetido)["instantanea"] == hallazgo.corrida.instantanea.digest
    assert main(["hallazgo", "repetir", str(hallazgo.pk), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["igual"]
    assert told["segundos"] < 2
    assert main(["hallazgo", "repetir", "999999999"]) == 2


def test_it_repeats_the_version_that_ran_and_not_the_rule_of_today(world: World) -> None:
    """The rule that ran said another sentence; the one in the folder of rules says that of today."""
    post_poliza(world.expense("1000.00"), world.clerk)
    today = _rule("EV001")
    outcomes = tuple(replace(o, says="Antes decía {referencia}." if o.says else "") for o in today.outcomes)
    _run(world, replace(today, outcomes=outcomes, digest="f" * 64))
    hallazgo = Hallazgo.objects.get(estado="hallazgo")
    assert hallazgo.mensaje.startswith("Antes decía")
    done = repeat(hallazgo)
    assert done.is_same
    assert done.version == ReglaCorrida.objects.get().version.digest


def test_a_telling_that_changed_is_seen(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    _run(world)
    hallazgo = Hallazgo.objects.get(estado="hallazgo")
    hallazgo.monto += 1  # what somebody would have to do in the kept row
    assert not repeat(hallazgo).is_same
    hallazgo.clave = "poliza_id=0"
    assert repeat(hallazgo).repetido == b""


@pytest.mark.parametrize("table", ["polizas", "movimientos"])
def test_a_flipped_byte_is_refused_with_the_table_named(world: World, table: str) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    frozen = _run(world).instantanea
    file = services.folder_of(frozen) / f"{table}.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(data)
    try:
        with pytest.raises(SnapshotRefused, match=rf"{table}\.parquet"):
            repeat(Hallazgo.objects.get(estado="hallazgo"))
    finally:
        data[len(data) // 2] ^= 1
        file.write_bytes(data)


def test_a_run_without_versions_says_so(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    frozen = _run(world).instantanea
    found = Hallazgo.objects.get(estado="hallazgo")
    found.corrida = run_again(frozen)
    with pytest.raises(CannotRepeat, match="no guardó la versión"):
        repeat(found)


def test_new_persists_cured(world: World) -> None:
    stays = post_poliza(world.expense("1000.00"), world.clerk)
    cured = post_poliza(world.expense("500.00"), world.clerk)
    first = _run(world, _rule("EV001"), _rule("TR001"))
    assert dict(counts(changes(first))) == {"nuevo": 2, "persiste": 0, "subsanado": 0}
    reverse_poliza(cured, world.clerk)
    comes = post_poliza(world.expense("700.00"), world.clerk)
    second = _run(world, _rule("EV001"), _rule("TR001"))
    since = changes(second)
    assert since.anterior == first
    assert [h.clave for h in since.nuevos] == [f"poliza_id={comes.pk}"]
    assert [h.clave for h in since.persisten] == [f"poliza_id={stays.pk}"]
    assert [(h.clave, h.corrida) for h in since.subsanados] == [(f"poliza_id={cured.pk}", first)]
    assert [state_of(h) for h in (*since.nuevos, *since.persisten)] == ["nuevo", "persiste"]


def test_what_was_not_asked_again_is_not_cured(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    _run(world)
    since = changes(_run(world, _rule("RE001")))
    assert not since.subsanados.exists()
    assert since.sin_revisar.count() == 1


def test_every_rule_that_ran_keeps_its_four_states_even_without_rows(world: World) -> None:
    corrida = _run(world, _rule("EV001"), _rule("TR001"))
    assert [(r.regla, r.juzgadas) for r in corrida.reglas.order_by("regla")] == [("EV001", 0), ("TR001", 0)]
    post_poliza(world.expense("1000.00"), world.clerk)
    ran = _run(world).reglas.get()
    assert (ran.juzgadas, ran.hallazgo) == (1, 1)
    assert ran.motor.startswith("duckdb")
    assert ran.version.archivo.startswith("id: EV001")


def test_the_command_audits_a_process_and_tells_what_changed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    process = world.etapa.proceso.clave
    asked = ["auditar", process, "--regla", "EV001", "--json"]
    posted = post_poliza(world.expense("1000.00"), world.clerk)
    assert main(asked) == 0
    first = json.loads(capsys.readouterr().out)
    assert [(row["regla"], row["hallazgo"]) for row in first["reglas"]] == [("EV001", 1)]
    assert first["cambios"] == {"nuevo": 1, "persiste": 0, "subsanado": 0}
    reverse_poliza(posted, world.clerk)
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["cambios"] == {"nuevo": 0, "persiste": 0, "subsanado": 1}
    assert main(asked[:-1]) == 0  # the same books: what was said of that snapshot is not asked again
    out, err = capsys.readouterr()
    assert "(ya estaba)" in err
    assert "Frente a la corrida anterior" in out
    assert main(["auditar", "NO-EXISTE"]) == 2
    assert process in capsys.readouterr().err
