"""The oficios of each review, the terms of each proceeding and the measure of an accord, in a real browser."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from availability.test_availability import probed
from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from proceedings.test_second_oficio import first_of, year_of_2025
from proceedings.world import World, at, campaign_of_2018
from rfcs import new_rfc
from sif.availability.measuring import PROBED, folder_of
from sif.proceedings.models import Oficio
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.services import issue_oficio
from sif.proceedings.withdrawing import withdraw_observacion
from sif.registry import clock
from sif.registry.models import Etapa, Nombramiento, Usuario
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario, open_periods

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def review(db: None, settings: Any, tmp_path: Path) -> Iterator[tuple[World, Oficio, Etapa, Usuario]]:
    """An oficio of the year 2025 whose term ended, and a campaign that ends today with an outage an hour ago."""
    settings.DATOS = tmp_path
    today, now = clock.today(), datetime.now(UTC).replace(second=0, microsecond=0)
    with everything():
        world = year_of_2025()
        first = first_of(world, [world.observacion([world.hallazgo(each)]) for each in ("1,000.00", "250.50")])
        admin = create_usuario("ana", "Ana", None, rfc=new_rfc())
        appoint(admin, Nombramiento.Rol.ADMINISTRADOR)
        proceso = create_proceso(
            clave="PEL-X",
            nombre="Elección de hoy",
            ambito="local",
            entidad="DUR",
            anio=today.year,
            jornada_el=today + timedelta(days=3),
        )
        etapa = create_etapa(proceso, Etapa.Tipo.CAMPANA, today - timedelta(days=40), today)
        open_periods(etapa)
    hour = now - timedelta(hours=1)
    probed(folder_of(tmp_path, PROBED), hour, 60, (hour + timedelta(minutes=41), hour + timedelta(minutes=48)))
    yield world, first, etapa, admin


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_terms_are_accessible_and_fit(
    chromium: Browser, shared_site: str, review: tuple[World, Oficio, Etapa, Usuario], width: str, theme: str
) -> None:
    world, first, etapa, admin = review
    for person, name, address in (
        (world.dario, "segundo", f"auditoria/oficios/{first.pk}/segundo/"),
        (world.dario, "oficio", f"auditoria/oficios/{first.pk}/"),
        (world.alicia, "calendario", "partido/calendario/"),
        (admin, "ampliacion", f"administracion/etapas/{etapa.pk}/fechas/?horas=240&minutos=60"),
    ):
        context = open_context(chromium, width, theme)
        enter(context, person, shared_site)
        seen = watch(context)
        answered = seen.page.goto(f"{shared_site}/{address}", wait_until="networkidle")
        assert answered is not None and answered.status == 200, address
        check(seen.page, f"plazos-{name}-{width}-{theme}")
        seen.assert_quiet()
        context.close()


@pytest.fixture
def campaign(db: None) -> tuple[World, Oficio]:
    """The campaign of 2018 with the oficio of its first report, and what waits for those of the others."""
    with everything():
        world = campaign_of_2018()
        for day in (date(2018, 4, 10), date(2018, 5, 12), date(2018, 6, 20)):
            world.observacion([world.hallazgo("1,000.00", dia=day)])
        with at("2018-05-11 12:00"):
            propose_oficio(world.etapa, world.partido, world.dario, world.etapa.periodos.get(numero=1))
            first = issue_oficio(world.etapa, world.partido, world.elena)
        with at("2018-06-10 12:00"):
            propose_oficio(world.etapa, world.partido, world.dario, world.etapa.periodos.get(numero=2))
    return world, first


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_the_oficios_of_a_campaign_are_accessible_and_fit(
    chromium: Browser, shared_site: str, campaign: tuple[World, Oficio], width: str, theme: str
) -> None:
    world, first = campaign
    for person, name, address in (
        (world.elena, "emitir", f"auditoria/oficios/emitir/{world.partido.pk}/"),
        (world.elena, "oficios", "auditoria/oficios/"),
        (world.dario, "oficio", f"auditoria/oficios/{first.pk}/"),
        (world.alicia, "contestar", f"partido/oficios/{first.pk}/"),
    ):
        context = open_context(chromium, width, theme)
        enter(context, person, shared_site)
        seen = watch(context)
        answered = seen.page.goto(f"{shared_site}/{address}", wait_until="networkidle")
        assert answered is not None and answered.status == 200, address
        check(seen.page, f"periodos-{name}-{width}-{theme}")
        seen.assert_quiet()
        context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_what_is_left_without_effect_is_accessible_and_fits(
    chromium: Browser, shared_site: str, campaign: tuple[World, Oficio], width: str, theme: str
) -> None:
    world, first = campaign
    with everything():
        row = first.observaciones.get()
    address, person, name = f"auditoria/observaciones/{row.pk}/", world.elena, "por-retirar"
    for step in range(4):
        if step == 1:
            with everything(), at("2018-05-12 12:00"):
                left = withdraw_observacion(row, "El XML obraba en la póliza desde abril.", world.elena)
            name = "retirada"
        elif step > 1:
            person = world.alicia
            name, address = [
                ("retirada-aviso", f"partido/buzon/{left.notificacion_id}/"),
                ("retirada-oficio", f"partido/oficios/{first.pk}/?observacion={row.numero}"),
            ][step - 2]
        context = open_context(chromium, width, theme)
        enter(context, person, shared_site)
        seen = watch(context)
        answered = seen.page.goto(f"{shared_site}/{address}", wait_until="networkidle")
        assert answered is not None and answered.status == 200, address
        if step == 0:
            seen.page.locator("details.confirm summary").click()
        check(seen.page, f"periodos-{name}-{width}-{theme}")
        seen.assert_quiet()
        context.close()
