"""Houses, articles, assets, credits, projects and resolutions: what is asked of each, and what is derived."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana
from sif.catalogs.selectors.campaign_goods import (
    asset_row,
    assets_on,
    casas,
    creditos,
    proyectos,
    resoluciones_por_pagar,
)
from sif.catalogs.services.campaign_debts import (
    NewCredito,
    NewProyecto,
    NewResolucion,
    register_credito,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.catalogs.services.campaign_goods import (
    NewActivo,
    NewArticulo,
    NewCasa,
    cancel_casa,
    register_activo,
    register_articulo,
    register_casa,
    retire_activo,
)
from sif.values import Money, Refused
from small_world import World, world

__all__ = ["world"]
HOUSE = NewCasa(
    "Casa norte",
    "comodato",
    "Ana Ruiz",
    "MEX",
    "San Jacinto",
    "Morelos 4, Centro",
    date(2024, 4, 1),
    date(2024, 5, 30),
    valuacion=Money(1_200_000),
)
SHIRT = NewArticulo("PLA-01", "Playera", "pieza", "utilitaria")
LAPTOP = NewActivo("AF-001", "Computadora", "1-2-05-00-0000", date(2024, 1, 31), Money(1_000_000), 36, "Oficina", "Ana")
LOAN = NewCredito("C-1", "Banco", date(2024, 3, 1), date(2025, 3, 1), Money(5_000_000), 1_250)
PROJECT = NewProyecto("AE-1", "Curso de historia", "actividades_especificas", 2024)
OWED = NewResolucion("INE/CG1/2024", "Multa", date(2024, 2, 1), Money(300_000))


def codes(act: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act()
    return {(problem.codigo, problem.donde) for problem in refused.value.problems}


def test_a_lent_house_is_valued_and_a_rented_one_costs(world: World) -> None:
    assert register_casa(world.books, HOUSE, world.clerk).valuacion == 1_200_000
    lent = replace(HOUSE, valuacion=Money(0))
    assert codes(lambda: register_casa(world.books, lent, world.clerk)) == {("importe", "valuacion")}
    rented = replace(HOUSE, titulo="arrendamiento")
    assert codes(lambda: register_casa(world.books, rented, world.clerk)) == {("importe", "costo")}
    backwards = replace(HOUSE, hasta=date(2024, 3, 1))
    assert codes(lambda: register_casa(world.books, backwards, world.clerk)) == {("fecha", "hasta")}


def test_a_cancelled_house_stays_in_sight(world: World) -> None:
    house = register_casa(world.books, HOUSE, world.clerk)
    assert codes(lambda: cancel_casa(house, "", world.clerk)) == {("falta", "motivo")}
    assert cancel_casa(house, "Se devolvió", world.clerk).cancelado_el is not None
    assert codes(lambda: cancel_casa(house, "Otra vez", world.clerk)) == {("cancelada", "registro")}
    assert list(casas([world.books.pk])) == [house]
    assert list(casas([world.other_books.pk])) == []


def test_a_key_stands_once_in_its_books(world: World) -> None:
    register_articulo(world.books, SHIRT, world.clerk)
    again = replace(SHIRT, clave=" PLA-01 ")
    assert codes(lambda: register_articulo(world.books, again, world.clerk)) == {("repetido", "clave")}
    register_articulo(world.other_books, SHIRT, world.clerk)
    assert Articulo.objects.count() == 2


def test_an_asset_is_of_an_account_of_assets(world: World) -> None:
    assert codes(
        lambda: register_activo(world.books, replace(LAPTOP, cuenta="1-1-02-00-0000", costo=Money(0)), world.clerk)
    ) == {("cuenta", "cuenta"), ("importe", "costo")}
    later = replace(LAPTOP, adquirido_el=date(2024, 4, 16), vida_meses=1201)
    assert codes(lambda: register_activo(world.books, later, world.clerk)) == {
        ("fecha", "adquirido_el"),
        ("vida", "vida_meses"),
    }


@pytest.mark.parametrize(
    ("day", "lost"),
    [
        (date(2024, 1, 31), 0),
        (date(2024, 2, 28), 0),
        (date(2024, 3, 31), 55_556),
        (date(2027, 1, 30), 972_222),
        (date(2027, 1, 31), 1_000_000),
        (date(2040, 1, 1), 1_000_000),
    ],
)
def test_depreciation_is_derived_to_the_centavo(world: World, day: date, lost: int) -> None:
    row = asset_row(register_activo(world.books, LAPTOP, world.clerk), day)
    assert row.depreciacion == Money(lost)
    assert row.depreciacion + row.valor == Money(1_000_000)


@pytest.mark.parametrize(
    "day", [date(2024, 1, 31), date(2024, 2, 28), date(2024, 3, 30), date(2025, 1, 1), date(2040, 1, 1)]
)
def test_the_database_derives_the_same_depreciation(world: World, day: date) -> None:
    kept = [
        register_activo(
            world.books, replace(LAPTOP, numero=f"A-{n}", costo=Money(1_000_001 + n), vida_meses=n), world.clerk
        )
        for n in (0, 1, 7, 36)
    ]
    retire_activo(kept[2], date(2024, 2, 29), "Robo", world.clerk)
    assert assets_on([world.books.pk], day).count() == len(kept)
    for row in assets_on([world.books.pk], day):
        derived = asset_row(row, day)
        assert (row.meses, row.depreciacion, row.valor) == (
            derived.meses,
            derived.depreciacion.centavos,
            derived.valor.centavos,
        )


def test_what_is_not_depreciated_keeps_its_cost(world: World) -> None:
    land = register_activo(world.books, replace(LAPTOP, vida_meses=0), world.clerk)
    assert asset_row(land, date(2040, 1, 1)).valor == Money(1_000_000)


def test_an_asset_written_off_stops_there(world: World) -> None:
    asset = register_activo(world.books, LAPTOP, world.clerk)
    assert codes(lambda: retire_activo(asset, date(2024, 4, 16), "Robo", world.clerk)) == {("fecha", "baja_el")}
    gone = retire_activo(asset, date(2024, 3, 31), "Robo, acta 14", world.clerk)
    assert asset_row(gone, date(2027, 1, 31)).depreciacion == Money(55_556)
    assert codes(lambda: retire_activo(gone, date(2024, 4, 1), "Otra", world.clerk)) == {("cancelada", "registro")}
    assert list(assets_on([world.books.pk], date(2024, 4, 1))) == [gone]
    assert ActivoFijo.objects.get().motivo == "Robo, acta 14"


def test_debts_and_projects(world: World) -> None:
    loan = register_credito(world.books, LOAN, world.clerk)
    project = register_proyecto(world.party, PROJECT, world.clerk)
    owed = register_resolucion_por_pagar(world.party, OWED, world.clerk)
    assert list(creditos([world.books.pk])) == [loan]
    assert list(proyectos([world.party])) == [project]
    assert list(resoluciones_por_pagar([world.party], "multa")) == [owed]
    assert list(resoluciones_por_pagar([world.rival])) == []
    assert codes(lambda: register_credito(world.books, replace(LOAN, vence_el=date(2024, 1, 1)), world.clerk)) == {
        ("fecha", "vence_el"),
        ("repetido", "numero"),
    }
    assert codes(lambda: register_proyecto(world.party, replace(PROJECT, rubro="otro", anio=1990), world.clerk)) == {
        ("opcion", "rubro"),
        ("anio", "anio"),
    }
    assert codes(lambda: register_resolucion_por_pagar(world.party, replace(OWED, monto=Money(-1)), world.clerk)) == {
        ("importe", "monto"),
        ("repetido", "clave"),
    }


def test_a_stranger_writes_nothing(world: World) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: register_casa(world.books, HOUSE, world.stranger),
        lambda: register_articulo(world.books, SHIRT, world.auditor),
        lambda: register_activo(world.books, LAPTOP, world.stranger),
        lambda: register_credito(world.books, LOAN, world.stranger),
        lambda: register_proyecto(world.party, PROJECT, world.stranger),
        lambda: register_resolucion_por_pagar(world.party, OWED, world.stranger),
    )
    for act in acts:
        assert codes(act) == {("sin_permiso", "registro")}
    assert not CasaCampana.objects.exists()
