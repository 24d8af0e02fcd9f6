"""The database gives nothing by an appointment that has not begun."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from sif.registry import clock
from sif.registry.models import Nombramiento, SujetoObligado, Usuario
from sif.registry.scope import acting, registering
from sif.registry.services import appoint, create_usuario, register_sujeto

Rol = Nombramiento.Rol


def gives(person: Usuario, party: SujetoObligado) -> bool:
    """Whether the database says that a person gives a role of a subject."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sif_gives_role(%s, %s, %s)", [person.pk, Rol.CAPTURISTA, party.pk])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("rol", [Rol.ADMINISTRADOR, Rol.RESPONSABLE, Rol.ADMINISTRADOR_SO])
def test_who_will_be_appointed_gives_no_role_yet(db: None, rol: str) -> None:
    party = register_sujeto("partido", "1", "PJ", "Partido Jacaranda")
    subject = None if rol == Rol.ADMINISTRADOR else party
    later, now, bruno = (create_usuario(name, name.title(), None) for name in ("later", "now", "bruno"))
    appoint(later, rol, subject, desde=clock.today() + timedelta(days=3))
    if rol != Rol.RESPONSABLE:  # a subject has one
        appoint(now, rol, subject, desde=clock.today())
        assert gives(now, party)
    with acting():
        assert not gives(later, party)
    with pytest.raises(DatabaseError, match="no da la función"), transaction.atomic(), registering(later.pk):
        Nombramiento.objects.create(
            usuario=bruno, rol=Rol.CAPTURISTA, sujeto=party, desde=clock.today(), nombrado_por=later
        )
