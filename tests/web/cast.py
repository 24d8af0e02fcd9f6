"""One person of each desk, for tests that walk every address."""

from datetime import timedelta
from typing import Any

from rfcs import new_rfc
from scene import PASSWORD
from sif.registry import clock, services
from sif.registry.models import Nombramiento
from sif.registry.scope import everything

Rol = Nombramiento.Rol
_MORE = (
    ("Elena", Rol.REVISOR),
    ("Gabriela", Rol.RESOLUCIONES),
    ("Felix", Rol.CONSEJERO),
    ("Irma", Rol.SECRETARIA),
    ("Hugo", Rol.ADMINISTRADOR),
)


def cast_of(scene: Any) -> dict[str, Any]:
    """Who looks: Gloria, who has not signed in (None), the people of a scene, and one of each desk of the authority."""
    people: dict[str, Any] = {
        "Gloria": None, "Alicia": scene.alicia, "Bruno": scene.bruno, "Carla": scene.carla, "Dario": scene.dario,
    }  # fmt: skip
    with everything():
        for name, role in _MORE:
            username, named, rfc = f"{name.lower()}-{scene.etapa.pk}", f"{name} de prueba", new_rfc()
            person = services.create_usuario(username, named, PASSWORD, rfc=rfc)
            services.appoint(person, role, desde=clock.today() - timedelta(days=60))
            people[name] = person
    return people
