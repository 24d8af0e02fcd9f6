"""Read jobs: those of a person, everybody's for operators, and whether a worker takes them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateWorker

from sif.jobs.models import Trabajo
from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import roles_of


def is_operator(person: Usuario) -> bool:
    """Return whether the person looks after the queue."""
    return Nombramiento.Rol.ADMINISTRADOR in roles_of(person)


def trabajos_of(person: Usuario) -> QuerySet[Trabajo]:
    """Return the jobs that a person may see, newest first: their own, or everybody's for an operator."""
    found = Trabajo.objects.select_related("persona", "contabilidad").order_by("-pk")
    return found if is_operator(person) else found.filter(persona=person)


def open_job(tipos: Iterable[str], clave: str) -> Trabajo | None:
    """Return the job of these kinds that waits or runs on some work, if one does."""
    found = Trabajo.objects.filter(tipo__in=tipos, clave=clave, estado__in=Trabajo.OPEN)
    return found.order_by("-pk").first()


def has_worker() -> bool:
    """Return whether a worker breathes: its heartbeats are of the clock of the database."""
    silent = timedelta(seconds=settings.TRABAJOS_PARADOS_S)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - silent).exists()
