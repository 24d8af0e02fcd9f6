"""Read how an account was entered and which roles it has, for its person and for who manages it."""

from datetime import date

from django.db.models import Q, QuerySet

from sif.registry.invitations import people_managed
from sif.registry.models import Nombramiento, Suceso, Usuario

Clase = Suceso.Clase
_OF_AN_ACCOUNT = (Clase.ENTRADA, Clase.CREDENCIAL, Clase.CUENTA)


def may_read(person: Usuario, by: Usuario) -> bool:
    """Return whether somebody reads how an account was entered: its person, and who manages the account."""
    return person.pk == by.pk or people_managed(by).filter(pk=person.pk).exists()


def accesses_of(person: Usuario, since: date | None = None, until: date | None = None) -> QuerySet[Suceso]:
    """List the entries of an account, those refused, and what was done to its credentials, the last first.

    What the person did on accounts of others is not of their account. Who asks was judged by `may_read`; the database
    shows the same rows and no others.
    """
    own = Q(persona=person, clase__in=(Clase.ENTRADA, Clase.CREDENCIAL)) & ~Q(tipo="Usuario")
    rows = Suceso.objects.filter(own | Q(tipo="Usuario", objeto=person.pk, clase__in=_OF_AN_ACCOUNT))
    rows = rows.filter(ocurrido_el__date__gte=since) if since else rows
    rows = rows.filter(ocurrido_el__date__lte=until) if until else rows
    return rows.select_related("persona").order_by("-pk")


def appointments_seen(by: Usuario) -> QuerySet[Nombramiento]:
    """Return the appointments that somebody reads: their own, those they delegated, and of accounts they manage."""
    theirs = Q(usuario=by) | Q(delegado_de__usuario=by)
    rows = Nombramiento.objects.filter(theirs | Q(usuario__in=people_managed(by).values("pk")))
    return rows.select_related("usuario", "sujeto", "nombrado_por", "fin__hecho_por", "delegado_de__usuario").order_by(
        "-desde", "-pk"
    )
