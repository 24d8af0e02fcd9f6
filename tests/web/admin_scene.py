"""Two administrators of an empty installation, and the calendar that they open by pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rfcs import new_rfc
from sif.registry.models import (
    Nombramiento,
    Proceso,
    Usuario,
)
from sif.registry.services import (
    appoint,
    create_usuario,
)

Enter = Callable[[Any], Client]


Rol = Nombramiento.Rol


CALENDAR = {
    "clave": "PEL-DUR-2026-2027",
    "nombre": "Proceso electoral local de Durango",
    "jornada_el": "06/06/2027",
    "campana_hay": "on",
    "campana_inicia": "04/04/2027",
    "campana_termina": "02/06/2027",
    "campana_plazos": "3, 10, 5, 10, 6, 6",
    "campana_acuerdo": "IEPC/CG1/2027",
}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    """Keep the files of each test in a folder of its own."""
    settings.DATOS = tmp_path


@pytest.fixture
def people(db: None) -> tuple[Usuario, Usuario]:
    """Return two administrators of an empty installation."""
    found = []
    for name in ("ana", "luis"):
        person = create_usuario(name, name.title(), None, rfc=new_rfc())
        appoint(person, Rol.ADMINISTRADOR)
        found.append(person)
    return found[0], found[1]


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def calendar_url(**asked: object) -> str:
    values = {"clase": "local_intermedia", "entidad": "DUR", "anio": 2027, "jornada": "", **asked}
    return f"{address('calendario')}?" + "&".join(f"{key}={value}" for key, value in values.items())


def stage_of(people: Any, enter: Enter) -> Any:
    """Open the campaign of Durango by pages and return its stage."""
    ana, luis = map(enter, people)
    luis.post(ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"])
    return Proceso.objects.get().etapas.get()
