"""An annual or quarterly report that never came is found, notified, concluded and voted, and its stage is closed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kept import keeps
from proceedings.world import ZONE, World, at, build_world, submitted
from runs import new_run
from sif.audit.models import Observacion
from sif.audit.services import adopt, dismiss, freeze, rules_of, run
from sif.books.services import read_file
from sif.law.cuts import cuts
from sif.proceedings import resolving, selectors, services
from sif.proceedings.appraisals import Appraisal
from sif.proceedings.closing import what_is_open
from sif.proceedings.models import Oficio, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.second import issue_second, propose_second
from sif.registry import clock, scope
from sif.registry import services as registry
from sif.registry.models import Contabilidad, Periodo, Ventana

pytestmark = pytest.mark.django_db
AFTER = "2026-12-01 10:00"
QUARTERS = [(number, "IT") for number in (1, 2, 3, 4)]
EVERY = sorted([*QUARTERS, (4, "IA")])


def year_in_quarters() -> World:
    """The ordinary year 2025 in its four quarters, with books that lived all of it and a run of every rule."""
    with scope.everything():
        world = build_world()
        proceso = registry.create_proceso(
            clave="ORD-2025", nombre="Ejercicio 2025", ambito="federal", entidad="", anio=2025, jornada_el=None
        )
        stage = registry.create_etapa(proceso, "ordinario", date(2025, 1, 1), date(2025, 12, 31))
        with scope.registering():
            for number, cut in enumerate(cuts("trimestre", stage.inicia_el, stage.termina_el), 1):
                periodo = Periodo.objects.create(etapa=stage, numero=number, desde=cut.desde, hasta=cut.hasta)
                closes = date(2026, 3, 28) if number == 4 else cut.hasta + timedelta(days=31)
                Ventana.objects.create(
                    periodo=periodo,
                    tipo=Ventana.Tipo.NORMAL,
                    base="LGPP 78.1",
                    abre_el=clock.midnight(cut.desde),
                    cierra_el=clock.midnight(closes),
                )
        with at("2025-01-01 00:00"):
            books = registry.open_contabilidad(stage, world.partido, Contabilidad.Clase.ORDINARIA)
        run_of_all = new_run(stage, "2" * 64, datetime(2026, 6, 1, tzinfo=ZONE), date(2026, 5, 31), rules_of(stage))
        return replace(world, etapa=stage, contabilidades=[books], corrida=run_of_all)


@pytest.fixture
@keeps(year_in_quarters)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The review of the year 2025 of a party that presented nothing, with its reports asked by the rule."""
    with scope.everything():
        made = world_of(year_in_quarters)
        with at("2026-06-01 12:00"):
            frozen = freeze(made.etapa, date(2026, 5, 31))
            asked = run(frozen, [rule for rule in rules_of(made.etapa) if rule.id == "IN002"])
        yield replace(made, corrida=asked)


def omitted(world: World, resultado: str) -> list[Observacion]:
    found = world.corrida.hallazgos.filter(regla="IN002", estado="hallazgo", resultado=resultado)
    return adopt(list(found), world.dario)


def owed(world: World) -> list[tuple[int, str]]:
    """Return the reports that keep the stage open, by period and kind."""
    with at(AFTER):
        names = [each.nombre for each in what_is_open(world.etapa)[0] if each.clase == "informe"]
    return sorted((int(name.split("periodo ")[1].split(",")[0]), name.split(" ")[0]) for name in names)


def test_each_report_that_never_came_is_found_by_its_own_kind(world: World) -> None:
    rows = list(world.corrida.hallazgos.filter(regla="IN002", estado="hallazgo"))
    numbers = dict(world.etapa.periodos.values_list("pk", "numero"))
    found = {(numbers[row.fila["periodo_id"]], row.fila["tipo"]): (row.resultado, row.monto) for row in rows}
    assert found == {(4, "IA"): ("omitido", 0), **dict.fromkeys(QUARTERS, ("avance_omitido", 0))}
    assert owed(world) == EVERY


def told_again(world: World, oficio: Oficio, moment: str) -> Oficio:
    """Tell that nothing of an oficio was cured."""
    with at(moment):
        rows = list(oficio.observaciones.order_by("numero"))
        propose_second(oficio, [Appraisal(row.pk, subsana=False, razon="No respondió.") for row in rows], world.dario)
        return issue_second(oficio, world.elena)


def sanctioned(world: World) -> Resolucion:
    """Carry what was adopted from its oficio to the vote of its resolución."""
    with at("2026-06-29 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        oficio = services.issue_oficio(world.etapa, world.partido, world.elena)
    with at("2026-07-08 10:00"):
        for row in oficio.observaciones.all():
            services.answer(oficio, row, "El órgano de finanzas no estaba integrado.", [], world.alicia)
    told_again(world, told_again(world, oficio, "2026-08-03 09:00"), "2026-08-11 00:00")
    with at("2026-08-12 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for each in selectors.conclusiones_of(dictamen):
            world.judge(each)
            services.close_conclusion(each, world.elena)
        services.close_dictamen(dictamen, world.bruno)
    with at("2026-08-20 12:00"):
        resolucion = resolving.draft_resolucion(dictamen, date(2026, 9, 10), world.gloria)
    with at("2026-09-10 12:00"):
        submitted(resolucion, world.gloria, world.sofia)
        for person in world.consejo:
            resolving.vote(resolucion, person, "a_favor")
        return resolving.close_vote(resolucion, world.sofia)


def test_what_was_omitted_is_notified_sanctioned_and_its_stage_has_nothing_open(world: World) -> None:
    with at("2026-06-02 12:00"):
        rows = [*omitted(world, "omitido"), *omitted(world, "avance_omitido")]
    assert {row.criterio for row in rows} == {"informe_omitido"}
    resolucion = sanctioned(world)
    imposed = list(resolucion.sanciones.all())
    assert {row.criterio for row in imposed} == {"informe_omitido"}
    assert {row.forma for row in imposed} == {
        "amonestacion"
    }  # without an amount there is no fine, and it is not silent
    text = read_file(resolucion.documento.texto_sha256).decode()
    assert "procede amonestación pública" in text and "LGIPE 458.5" in text and "LGPP 79.1.b" not in text
    with at(AFTER):
        assert what_is_open(world.etapa)[0] == []


def test_a_quarter_let_go_with_its_reason_takes_nothing_from_the_annual_one(world: World) -> None:
    with at("2026-06-02 12:00"):
        for found in world.corrida.hallazgos.filter(regla="IN002", resultado="avance_omitido"):
            dismiss(found, "Perdió su registro antes.", world.dario)
    assert owed(world) == [(4, "IA")]
