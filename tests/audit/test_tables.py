"""Lists that the authority loads: whole or not at all, once, withheld from parties, and read by the rules they fill."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from sif.audit import authority_lists, preflight, services
from sif.audit.authority_lists import load_table, loadable, loads
from sif.audit.freeze import SOURCES
from sif.audit.models import Hallazgo
from sif.catalogs.models import CargaDeTabla, RenglonDeTabla
from sif.commands.main import main
from sif.jobs.kinds import Cancelled
from sif.registry import clock
from sif.registry.models import Ambito, Etapa
from sif.registry.scope import everything, only
from sif.registry.services import create_etapa, create_proceso, register_sujeto
from sif.rulebook import load_rules
from sif.rulebook.published import TABLES
from sif.rulebook.reference import sources_of
from sif.values import Refused
from small_world import ZONE, World

CUT, DAY = date(2024, 6, 10), date(2024, 5, 20)


@pytest.fixture(autouse=True)
def _in_june(world: World) -> Iterator[None]:
    with clock.at(datetime(2024, 6, 20, 9, tzinfo=ZONE)):
        yield


def visits(world: World, *more: str) -> bytes:
    head = "contabilidad_id,fecha,evento_id,con_gasto,acta\n"
    return (head + f"{world.books.pk},12/04/2024,,sí,AC-1\n" + "".join(f"{row}\n" for row in more)).encode()


def rows_of(world: World, name: str, cut: date = CUT) -> list[dict[str, Any]]:
    return pq.read_table(services.folder_of(services.freeze(world.etapa, cut)) / f"{name}.parquet").to_pylist()


def refused(world: World, nombre: str, text: str, **of: Any) -> str:
    with pytest.raises(Refused) as error:
        load_table(nombre, text.encode(), DAY, world.auditor, **of)
    assert not CargaDeTabla.objects.exists()
    return str(error.value)


def test_every_published_table_has_a_way_in() -> None:
    computed = {"corte", "calendario", "parametros", "informes", "capas_iniciales"}
    assert set(TABLES) == set(SOURCES) | computed
    for name, spec in loadable(settings.JURISDICTION).items():
        assert set(spec.says) == {column.name for column in spec.columns}, name
        assert {*spec.clave, *spec.pesos, *spec.valores} <= set(spec.says), name
        assert any(name in sources_of(rule) for rule in load_rules("mx")), name


def test_a_cell_without_end_is_told_at_its_row(world: World) -> None:
    said = refused(world, "visitas", visits(world, "x" * 200_000).decode(), etapa=world.etapa)
    assert "fila 3: No se puede leer" in said


def test_a_load_tells_how_many_rows_it_read_and_stops_where_it_is_told_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority_lists, "EVERY", 2)
    told: list[int] = []

    def stop(count: int) -> None:
        told.append(count)
        if len(told) == 2:
            raise Cancelled

    rows = [f"{world.books.pk},2024-04-12,,no,AC-{n}" for n in range(2, 9)]
    with pytest.raises(Cancelled):
        load_table("visitas", visits(world, *rows), DAY, world.auditor, etapa=world.etapa, tell=stop)
    assert told == [2, 4] and not CargaDeTabla.objects.exists()
    carga = load_table("visitas", visits(world, *rows), DAY, world.auditor, etapa=world.etapa, tell=told.append)
    assert told[2:] == [2, 4, 6, 8, 8] and carga.filas.count() == 8


def test_what_is_loaded_makes_its_rule_answer(world: World) -> None:
    rules = [rule for rule in load_rules("mx") if rule.id == "AG005"]
    services.run(services.freeze(world.etapa, CUT), rules)
    assert not Hallazgo.objects.filter(estado="hallazgo").exists()
    carga = load_table("visitas", visits(world), DAY, world.auditor, etapa=world.etapa, archivo="actas.csv")
    assert (carga.renglones, carga.secreta) == (1, True)
    services.run(services.freeze(world.etapa, CUT), rules)
    found = Hallazgo.objects.get(estado="hallazgo")
    assert found.contabilidad_id == world.books.pk
    assert load_table("visitas", visits(world), DAY, world.auditor, etapa=world.etapa) == carga
    assert CargaDeTabla.objects.count() == 1


def test_the_latest_list_up_to_the_cut_rules_and_an_equal_row_keeps_its_number(world: World) -> None:
    load_table("visitas", visits(world), DAY, world.auditor, etapa=world.etapa)
    (first,) = rows_of(world, "visitas")
    later = visits(world, f"{world.foreign.pk},2024-04-13,,no,AC-2")
    load_table("visitas", later, date(2024, 5, 25), world.auditor, etapa=world.etapa)
    assert rows_of(world, "visitas", date(2024, 5, 24)) == [first]
    both = rows_of(world, "visitas")
    assert len(both) == 2
    assert first in both
    assert first["con_gasto"] is True
    assert first["evento_id"] is None
    (source,) = rows_of(world, "fuentes")
    assert (source["fuente"], source["al"], source["renglones"]) == ("visitas", date(2024, 5, 25), 2)


def test_amounts_names_and_open_ends_are_read_as_people_write_them(world: World) -> None:
    text = f'sujeto_id;anio;concepto;monto\n{world.party.siglas.lower()};2024;ordinario;"1,234,567.80"\n'
    load_table("financiamiento", text.encode("latin-1"), DAY, world.auditor)
    (row,) = rows_of(world, "financiamiento")
    assert (row["sujeto_id"], row["monto"]) == (world.party.pk, 123_456_780)
    load_table("impedidos", b"rfc,motivo,desde\nABCD800101AB1,ministerio de culto,2020-01-01\n", DAY, world.auditor)
    (row,) = rows_of(world, "impedidos")
    assert row["hasta"] == date(9999, 12, 31)


def test_a_stage_reads_the_public_money_of_its_own_ambito_and_state(world: World) -> None:
    siglas = world.party.siglas
    local = create_proceso(clave="PEL-JAL", nombre="Jalisco", ambito=Ambito.LOCAL, anio=2024, entidad="JAL")
    stage = create_etapa(local, Etapa.Tipo.CAMPANA, date(2024, 4, 1), date(2024, 5, 30))
    text = (
        "sujeto_id,anio,concepto,monto,ambito,entidad\n"
        f"{siglas},2024,ordinario,6600,federal,\n{siglas},2024,ordinario,5000,local,JAL\n"
        f"{siglas},2024,ordinario,300,local,MEX\n{siglas},2024,campana,20,,\n"
    )
    load_table("financiamiento", text.encode(), DAY, world.auditor)
    read = {(row["ambito"], row["entidad"]): row["monto"] for row in rows_of(world, "financiamiento")}
    assert read == {("federal", None): 660_000, (None, None): 2_000}
    assert [row["monto"] for row in rows_of(replace(world, etapa=stage), "financiamiento")] == [500_000]


def test_everything_wrong_is_told_with_row_and_column_and_nothing_is_kept(world: World) -> None:
    told = refused(
        world,
        "visitas",
        f"contabilidad_id,fecha,con_gasto,acta\n999999,2024-04-12,sí,A\n{world.books.pk},31/04/2024,quizá,\n",
        etapa=world.etapa,
    )
    for place in (
        "fila 2, contabilidad_id: 999999 no es de esa etapa",
        "fila 3, fecha",
        "fila 3, con_gasto",
        "fila 3, acta",
    ):
        assert place in told
    assert "Faltan columnas: monto" in refused(world, "financiamiento", "sujeto_id,anio,concepto\n")
    other = register_sujeto("partido", "9", str(world.party.pk), "Partido del Número")
    told = refused(world, "financiamiento", f"sujeto_id,anio,concepto,monto\n{world.party.pk},2024,ordinario,1\n")
    assert (
        f"fila 2, sujeto_id: «{world.party.pk}» es el número de {world.party.nombre} y las siglas de Partido del "
        f"Número: escriba «{world.party.siglas}» o «{other.pk}»."
    ) in told
    assert "Sobran columnas: nota" in refused(world, "impedidos", "rfc,motivo,desde,nota\n")
    assert "no es un valor" in refused(
        world, "financiamiento", f"sujeto_id,anio,concepto,monto\n{world.party.siglas},2024,otro,1\n"
    )
    twice = "rfc,anio,monto\nABCD800101AB1,2024,1\nABCD800101AB1,2024,2\n"
    assert "fila 3: Es igual a otra" in refused(world, "ingresos_declarados", twice)
    assert "Son: testigos" in refused(world, "polizas", "x\n")
    assert "de una etapa" in refused(world, "visitas", visits(world).decode())
    assert "una sola para todos" in refused(world, "impedidos", "rfc,motivo,desde\n", etapa=world.etapa)
    assert "Faltan columnas" in refused(world, "impedidos", "")


def test_only_the_authority_loads_and_what_is_loaded_does_not_change(world: World) -> None:
    for stranger in (world.clerk, world.stranger):
        with pytest.raises(PermissionError):
            load_table("visitas", visits(world), DAY, stranger, etapa=world.etapa)
    load_table("visitas", visits(world), DAY, world.auditor, etapa=world.etapa)
    with everything():
        for rows in (CargaDeTabla.objects.all(), RenglonDeTabla.objects.all()):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(secreta=False)


def test_a_party_does_not_read_what_is_withheld_not_even_in_its_own_review(world: World) -> None:
    load_table("visitas", visits(world), DAY, world.auditor, etapa=world.etapa)
    text = f"sujeto_id,anio,concepto,monto\n{world.party.siglas},2024,ordinario,1\n"
    load_table("financiamiento", text.encode(), DAY, world.auditor)
    with only([world.books.pk]):
        assert [carga.tabla for carga in CargaDeTabla.objects.all()] == ["financiamiento"]
        assert [row.carga.tabla for row in RenglonDeTabla.objects.all()] == ["financiamiento"]
        with pytest.raises(DatabaseError), transaction.atomic():
            CargaDeTabla.objects.create(
                tabla="impedidos",
                al=DAY,
                sha256="x",
                renglones=0,
                secreta=False,
                cargada_el=clock.now(),
                cargada_por=world.clerk,
            )
    answer = preflight.preflight(world.etapa, [world.books])
    assert "AG005" not in {risk.regla.id for risk in answer.riesgos}


def test_the_command_lists_shows_and_loads(world: World, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    file = tmp_path / "actas.csv"
    file.write_bytes(visits(world))
    words = ["tablas", "cargar", "visitas", str(file), "--al", "2024-05-20", "--proceso", world.etapa.proceso.clave]
    assert main([*words, "--por", "nadie"]) == 2
    assert main([*words[:3], "no.csv", *words[4:], "--por", world.auditor.username]) == 2
    assert main([*words, "--por", world.clerk.username]) == 1
    assert "la autoridad" in capsys.readouterr().err
    assert main([*words, "--por", world.auditor.username]) == 0
    assert capsys.readouterr().out == "visitas al 20/05/2024: 1 renglones.\n"
    assert main(["tablas"]) == 0
    listed = capsys.readouterr().out
    title = r"visitas +Eventos vistos por la autoridad \(AG002, AG004, AG005, AG006\)"
    assert re.search(rf"{title}\n +al 20/05/2024, {world.etapa.proceso.clave}: 1", listed)
    assert listed.count("no se ha cargado") == len(loadable(settings.JURISDICTION)) - 1
    assert main(["tablas", "mostrar", "testigos"]) == 0
    assert "cruce                Si los libros lo tienen (reportado, parcial, no_localizado)" in capsys.readouterr().out
    assert main(["tablas", "mostrar", "polizas"]) == 2
    assert set(loads()) == {"visitas"}
