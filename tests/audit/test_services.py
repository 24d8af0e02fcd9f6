"""Freeze, run, adopt and dismiss over real books: what is frozen is named, judged and decided once."""

from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError, transaction

from sif.audit import selectors, services
from sif.audit.engine import SnapshotRefused
from sif.audit.models import Corrida, Hallazgo
from sif.books.selectors import reference_of
from sif.books.services import post_poliza, reverse_poliza
from sif.registry.scope import acting
from sif.rulebook.reading import load_rules
from small_world import World

CUT = date(2024, 6, 10)


def _run(world: World, *rules: str) -> Corrida:
    chosen = [rule for rule in load_rules("mx") if rule.id in (rules or ("EV001", "RE001"))]
    return services.run(services.freeze(world.etapa, CUT), chosen)


def _found(corrida: Corrida, rule: str) -> list[Hallazgo]:
    return list(Hallazgo.objects.filter(corrida=corrida, regla=rule, estado="hallazgo").order_by("pk"))


def test_the_same_books_at_the_same_cut_have_the_same_name(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    first, again = services.freeze(world.etapa, CUT), services.freeze(world.etapa, CUT)
    assert first == again
    post_poliza(world.expense(), world.clerk)
    assert services.freeze(world.etapa, CUT).digest != first.digest


def test_the_snapshot_cites_pólizas_as_the_books_do(world: World) -> None:
    posted = post_poliza(world.expense(), world.clerk)
    folder = services.folder_of(services.freeze(world.etapa, CUT))
    rows = pq.read_table(folder / "polizas.parquet").to_pylist()
    assert [row["referencia"] for row in rows] == [reference_of(posted)]
    assert rows[0]["fecha_registro"] == date(2024, 4, 15)


def test_one_changed_byte_of_a_snapshot_is_refused(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    frozen = services.freeze(world.etapa, CUT)
    file = services.folder_of(frozen) / "polizas.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(data)
    with pytest.raises(SnapshotRefused, match=r"polizas\.parquet"):
        services.run(frozen)
    assert not Corrida.objects.exists()


def test_what_is_judged_adds_up_and_a_reversed_pair_is_not_charged(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    undone = post_poliza(world.expense("500.00"), world.clerk)
    reverse_poliza(undone, world.clerk)
    corrida = _run(world)
    for row in selectors.coverage_of(corrida):
        assert row.juzgadas == row.hallazgo + row.cumple + row.no_aplica + row.sin_dato == 3
    (late,) = _found(corrida, "RE001")  # 10 to 15 April are 5 days, the term is 3
    assert late.monto == 100_000
    assert late.parametros[0]["valor"] == 3
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Hallazgo.objects.filter(pk=late.pk).update(monto=0)


def test_what_an_auditor_adopts_is_one_observation_for_each_subject_and_rule(world: World) -> None:
    for pesos in ("1000.00", "200.00"):
        post_poliza(world.expense(pesos), world.clerk)
    corrida = _run(world, "RE001")
    (made,) = services.adopt(_found(corrida, "RE001"), world.auditor, "Se pide aclarar.")
    assert (made.numero, made.monto, made.hallazgos.count()) == (1, 100_000 + 20_000, 2)
    assert made.criterio == "registro_extemporaneo"
    with pytest.raises(services.DecisionRefused, match="ya fue adoptado"):
        services.adopt(_found(corrida, "RE001"), world.auditor)


def test_only_auditors_decide_and_to_dismiss_asks_for_a_reason(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    (late,) = _found(_run(world, "RE001"), "RE001")
    with pytest.raises(services.DecisionRefused, match="auditor"):
        services.adopt([late], world.clerk)
    with pytest.raises(services.DecisionRefused, match="auditor"):
        services.dismiss(late, "No procede.", world.clerk)
    with pytest.raises(services.DecisionRefused, match="auditor"):  # before anything is asked of the reason
        services.dismiss(late, "  ", world.clerk)
    with pytest.raises(services.DecisionRefused, match="motivo"):
        services.dismiss(late, "  ", world.auditor)
    assert services.dismiss(late, "El servicio estuvo caído.", world.auditor).hecho_por == world.auditor
    with pytest.raises(services.DecisionRefused, match="fue desechado: El servicio estuvo caído"):
        services.dismiss(late, "Otra vez.", world.auditor)
    with pytest.raises(services.DecisionRefused, match="fue desechado"):
        services.adopt([late], world.auditor)


def test_an_observation_cites_only_the_articles_that_speak_of_its_subject_and_stage(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    (late,) = _found(_run(world, "RE001"), "RE001")
    rules = {rule.id: rule for rule in load_rules("mx")}
    of_all_stages = replace(rules["RE001"], basis=rules["TE001"].basis)
    with acting():
        made = services._adopt_group(of_all_stages, [late], world.auditor, "Se pide aclarar.", {})
    assert made.fundamento == "LGPP 79.1.b.I; LGPP 76.1.g; LGPP 79.1.a.V; LGPP 83.3; RF 27.1, por confirmar"


def test_what_was_adopted_is_not_dismissed(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    (late,) = _found(_run(world, "RE001"), "RE001")
    services.adopt([late], world.auditor)
    with pytest.raises(services.DecisionRefused, match="ya fue adoptado"):
        services.dismiss(late, "No procede.", world.auditor)


def test_a_second_run_does_not_charge_twice_what_was_decided(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    (first,) = _found(_run(world, "RE001"), "RE001")
    services.adopt([first], world.auditor)
    (again,) = _found(_run(world, "RE001"), "RE001")
    assert (again.pk, again.clave) != (first.pk, "")
    assert again.clave == first.clave
    with pytest.raises(services.DecisionRefused, match="corrida anterior"):
        services.adopt([again], world.auditor)
    with pytest.raises(services.DecisionRefused, match="corrida anterior"):
        services.dismiss(again, "No procede.", world.auditor)
