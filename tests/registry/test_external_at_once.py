"""Two appointments at once of one person: who judges a subject from outside and who acts for it are never both."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from acts import committed, open_points, rival_waits
from rfcs import new_rfc
from sif.registry import clock
from sif.registry.models import Nombramiento
from sif.registry.scope import registering
from sif.registry.services import appoint, create_usuario, register_sujeto

JUDGE, READER = Nombramiento.Rol.AUDITOR_EXTERNO, Nombramiento.Rol.CONSULTA


class Torn:
    """Someone whom two would appoint to one subject, from outside and for it."""

    def __init__(self) -> None:
        self.party = register_sujeto("partido", "1", "PA", "Partido Ámbar")
        self.rival = register_sujeto("partido", "2", "PV", "Partido Verde")
        self.who = create_usuario("berta", "Berta Ríos", None, rfc=new_rfc())

    def served(self, rol: str) -> Callable[[], Any]:
        """Return what appoints the person by the service."""
        return lambda: appoint(self.who, rol, self.party)

    def written(self, rol: str, *, rival: bool = False) -> Callable[[], Any]:
        """Return what writes the appointment in the table, past the service."""

        def write() -> None:
            subject = self.rival if rival else self.party
            today, ends = clock.today(), clock.today().replace(year=clock.today().year + 1, day=1)
            with registering():
                Nombramiento.objects.create(usuario=self.who, rol=rol, sujeto=subject, desde=today, hasta=ends)

        return write


@pytest.fixture(scope="module")
def torn(django_db_setup: None, django_db_blocker: Any) -> Iterator[Torn]:
    with committed(django_db_blocker, Torn) as made:
        yield made


@pytest.mark.parametrize("roles", [(JUDGE, READER), (READER, JUDGE)])
def test_the_other_appointment_waits_from_the_first_reading(torn: Torn, roles: tuple[str, str]) -> None:
    first, other = roles
    assert open_points(torn.served(first), torn.served(other), "registry_nombramiento") == []


@pytest.mark.parametrize("roles", [(JUDGE, READER), (READER, JUDGE)])
def test_the_database_makes_the_other_wait_and_not_who_names_for_another(torn: Torn, roles: tuple[str, str]) -> None:
    first, other = roles
    with transaction.atomic():
        torn.written(first)()
        assert rival_waits(torn.written(other))
        assert not rival_waits(torn.written(other, rival=True))
        with pytest.raises(IntegrityError, match="auditor externo"), transaction.atomic():
            torn.written(other)()
        transaction.set_rollback(True)
