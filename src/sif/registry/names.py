"""Keep the names that a person has had, and look up the one at the instant of an act."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import models

CACHED = 4096  # people whose earlier names are remembered


class NombreUsuario(models.Model):
    """The user name, name and RFC of a person from an instant on; the database writes each row once."""

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nombres")
    username = models.CharField(max_length=150)
    nombre = models.CharField(max_length=120)
    rfc = models.CharField(max_length=13, blank=True)
    desde = models.DateTimeField()

    class Meta:
        app_label = "registry"
        verbose_name = "nombre de una persona"
        indexes = [models.Index(fields=["usuario", "id"], name="nombres_de_usuario")]


def name_at(usuario_id: int, nombre: str, renombrada_el: datetime | None, moment: datetime) -> str:
    """Return what a person was called at an instant. Nothing is asked of who was never renamed, nor since."""
    if renombrada_el is None or moment >= renombrada_el:
        return nombre
    versions = _versions(usuario_id, renombrada_el)
    return next((name for since, name in reversed(versions) if since <= moment), versions[0][1])


@lru_cache(CACHED)
def _versions(usuario_id: int, _renombrada_el: datetime) -> list[tuple[datetime, str]]:
    """The names of a person with their beginning, in order; each change of name makes another question of this."""
    return list(NombreUsuario.objects.filter(usuario=usuario_id).order_by("pk").values_list("desde", "nombre"))
