"""Read jobs: those of a person, and for operators those of everybody with how long each waits."""

from django.db.models import QuerySet

from sif.jobs.models import Trabajo
from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import roles_of


def is_operator(person: Usuario) -> bool:
    """Whether the person looks after the queue."""
    return Nombramiento.Rol.ADMINISTRADOR in roles_of(person)


def trabajos_of(person: Usuario) -> QuerySet[Trabajo]:
    """The jobs that a person may see, newest first: their own, or everybody's for an operator."""
    found = Trabajo.objects.select_related("persona", "contabilidad").order_by("-pk")
    return found if is_operator(person) else found.filter(persona=person)
