"""A worker killed at any statement of the loads of the authority, or of a file that is asked for, loses nothing.

SIF_PRUEBA_SEMILLA chooses the statements; a failure prints the seed that repeats it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from books.test_kinds_of_cfdi import LIST as LIST_69B
from jobs.test_loads import killed_and_ended, queued
from lent import lent, owner
from registry.test_candidaturas import ROWS, sheet
from registry.test_corrections import administrator
from scene import Scene, make_scene
from seeds import SEED
from sif.catalogs.models import Lista69b
from sif.catalogs.tasks import ask_to_load_69b
from sif.disclosure.history_reading import propose_columns
from sif.disclosure.history_tasks import ask_to_load_history
from sif.disclosure.models import CargaHistorica
from sif.filing.verifying import verify_rows
from sif.jobs.files import keep, open_kept
from sif.jobs.models import Trabajo
from sif.registry.models import Ambito, Candidatura, Etapa
from sif.registry.naming import say_names
from sif.registry.services import create_etapa, create_proceso
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.tasks import ask_for_book
from sif.web.admin import tasks as desk
from sif.web.tasks import AskedFile, ask_for_list
from web.test_historicos import OTHER

__all__ = ["lent"]
pytestmark = pytest.mark.usefixtures("lent")


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Scene]:
    with queued(django_db_blocker, settings, tmp_path, lambda: make_scene(tmp_path)) as scene:
        yield scene


def kept(data: bytes) -> str:
    return keep(lambda stream: stream.write(data))[0]


def list_69b(world: Scene) -> Trabajo:
    return ask_to_load_69b(kept(LIST_69B.encode("latin-1")), date(2024, 4, 1), world.dario)


def history(world: Scene) -> Trabajo:
    data = OTHER.replace("Erogado", "TOTAL GASTOS").replace("Cuenta", "NOMBRE").encode()
    columns, _titles = propose_columns(data, "mx")
    return ask_to_load_history(kept(data), "local.csv", columns, "Un proceso", administrator("ada"))


def candidacies(world: Scene) -> Trabajo:
    ada = administrator("ada")
    proceso = create_proceso(clave="PEL-OAX", nombre="Local", ambito=Ambito.LOCAL, entidad="OAX", anio=2022)
    etapa = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2022, 4, 3), date(2022, 6, 1))
    say_names({"PARTIDO AMBAR": world.partido}, ada)
    return desk.ask_to_load(etapa, kept(sheet(ROWS[0])), "", ada)


def book(world: Scene) -> Trabajo:
    return ask_for_book(REPORTS["diario"], Asked((world.libros.pk,)), "csv", world.alicia)


def listed(world: Scene) -> Trabajo:
    return ask_for_list(AskedFile(reverse("party:polizas"), "formato=csv", "", "es", {}), world.alicia)


def one_file(trabajo: Trabajo) -> bool:
    with open_kept(trabajo.resultado["archivo"]["sha256"]) as stream:
        return b"Volantes" in stream.read()


ASKED: dict[str, tuple[Callable[[Scene], Trabajo], Callable[[Trabajo], bool]]] = {
    "lista_69b_cargar": (list_69b, lambda _t: Lista69b.objects.count() == 1),
    "historico_cargar": (history, lambda _t: CargaHistorica.objects.count() == 1),
    "candidaturas_cargar": (
        candidacies,
        lambda _t: Candidatura.objects.filter(persona__nombre="ANA LUNA").count() == 1,
    ),
    "libro_archivo": (book, one_file),
    "lista_archivo": (listed, one_file),
}


@pytest.mark.parametrize("kind", ASKED)
def test_a_job_survives_the_death_of_its_workers(world: Scene, kind: str) -> None:
    told, (ask, done) = f"SIF_PRUEBA_SEMILLA={SEED}: {kind}", ASKED[kind]
    world.post(world.expense("1000.00"))
    asked = ask(world)
    assert asked.tipo == kind
    killed_and_ended(asked, told)
    assert done(asked), told
    assert verify_rows(owner())[1] == [], told


def test_another_list_is_another_job_while_the_first_waits(world: Scene) -> None:
    first = list_69b(world)
    other = ask_to_load_69b(kept(LIST_69B.replace("1,", "7,", 1).encode("latin-1")), date(2024, 4, 1), world.dario)
    assert list_69b(world).pk == first.pk
    assert other.pk != first.pk


def test_another_file_of_history_is_another_job_while_the_first_waits(world: Scene) -> None:
    first = history(world)
    columns, _titles = propose_columns(OTHER.replace("Erogado", "TOTAL GASTOS").encode(), "mx")
    data = kept(OTHER.replace("Erogado", "TOTAL GASTOS").replace("Cuenta", "NOMBRE").encode())
    said_otherwise = ask_to_load_history(data, "local.csv", columns, "Otro proceso", administrator("eva"))
    assert said_otherwise.pk != first.pk


def test_another_file_of_candidacies_is_another_job_while_the_first_waits(world: Scene) -> None:
    first, etapa = candidacies(world), Etapa.objects.latest("pk")
    ada, file = first.persona, kept(sheet(ROWS[0]))
    other = desk.ask_to_load(etapa, kept(sheet(*ROWS)), "", ada)
    with_an_accord = desk.ask_to_load(etapa, file, "IEEPCO/CG1/2022", ada)
    assert desk.ask_to_load(etapa, file, "", ada).pk == first.pk
    assert len({first.pk, other.pk, with_an_accord.pk}) == 3
