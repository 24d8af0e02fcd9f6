"""One person of each role, for tests that walk every address."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from rfcs import new_rfc
from scene import PASSWORD
from sif.registry import clock, services
from sif.registry.models import Nombramiento
from sif.registry.scope import everything

Rol = Nombramiento.Rol
AUTHORITY = {
    "Elena": Rol.REVISOR,
    "Gabriela": Rol.RESOLUCIONES,
    "Felix": Rol.CONSEJERO,
    "Irma": Rol.SECRETARIA,
    "Hugo": Rol.ADMINISTRADOR,
}
PARTY = {"Julia": Rol.ADMINISTRADOR_SO, "Kenia": Rol.CANDIDATURA, "Lucio": Rol.CONSULTA}


def cast_of(scene: Any) -> dict[str, Any]:
    """Who looks: Gloria, who has not signed in (None), the people of a scene, and one of each other role."""
    people: dict[str, Any] = {
        "Gloria": None,
        "Alicia": scene.alicia,
        "Bruno": scene.bruno,
        "Carla": scene.carla,
        "Dario": scene.dario,
    }
    return {
        **people,
        **of_the_authority(AUTHORITY, scene.etapa.pk),
        **of_the_party(scene.partido, scene.libros),
    }


def of_the_authority(names: Iterable[str], key: object) -> dict[str, Any]:
    """People of the authority by their names, with user names that end in a key."""
    return {name: _appointed(name, AUTHORITY[name], key) for name in names}


def of_the_party(party: Any, books: Any, names: Iterable[str] = tuple(PARTY)) -> dict[str, Any]:
    """Those of a party that keep no books: who administers it, a candidate of those books, and who only reads."""
    return {
        name: _appointed(name, PARTY[name], books.pk, party, [books] if PARTY[name] == Rol.CANDIDATURA else [])
        for name in names
    }


def _appointed(name: str, role: Rol, key: object, *of: Any) -> Any:
    with everything():
        person = services.create_usuario(
            f"{name.lower()}-{key}", f"{name} de prueba", PASSWORD, rfc=new_rfc() if role in AUTHORITY.values() else ""
        )
        services.appoint(person, role, *of, desde=clock.today() - timedelta(days=60))
    return person
