"""An appointment ends by an act at an instant, and a subject has one Responsable, whoever appoints at once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from acts import committed, open_points
from rfcs import new_rfc
from sif.proceedings.selectors import councillors
from sif.registry import clock, invitations
from sif.registry.appointments import AppointmentRefused, appoint, end_nombramiento
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import FinNombramiento, Nombramiento, SujetoObligado, Usuario
from sif.registry.selectors import appointments_kept, contabilidades_of, may, responsable_of, scope_of_user
from sif.registry.services import create_usuario
from small_world import MOMENT, ZONE, World, make_world

Rol = Nombramiento.Rol
WORDS = "gis-trueno-maceta-olmo"


def person(name: str, rol: str = "", sujeto: SujetoObligado | None = None) -> Usuario:
    user = create_usuario(name, name, "", password_hash="!", rfc=new_rfc())
    if rol:
        appoint(user, rol, sujeto)
    return user


def held(user: Usuario) -> Nombramiento:
    return Nombramiento.objects.get(usuario=user)


def test_an_appointment_ends_at_its_instant_and_what_was_done_stays(world: World) -> None:
    hugo, clerk = person("Hugo", Rol.ADMINISTRADOR), world.clerk
    ends = clock.now() + timedelta(hours=1)
    act = end_nombramiento(held(clerk), " Dejó el cargo ", hugo, termina_el=ends)
    assert (act.motivo, act.hecho_por, act.hecho_el) == ("Dejó el cargo", hugo, clock.now())
    with clock.at(ends - timedelta(microseconds=1)):
        assert may(clerk, "capturar", contabilidad=world.books)
        assert responsable_of(world.party) == clerk
    with clock.at(ends):
        assert not may(clerk, "consultar", contabilidad=world.books)
        assert (scope_of_user(clerk), list(contabilidades_of(clerk)), responsable_of(world.party)) == ("", [], None)
    assert may(world.stranger, "capturar", contabilidad=world.foreign)


def test_within_one_request_an_end_is_honoured_at_once(world: World) -> None:
    hugo = person("Hugo", Rol.ADMINISTRADOR)
    with appointments_kept():
        assert may(world.auditor, "auditar")
        end_nombramiento(held(world.auditor), "Cambió de área", hugo)
        assert not may(world.auditor, "auditar")


def test_a_subject_has_one_responsable_at_a_time(world: World) -> None:
    hugo, nora = person("Hugo", Rol.ADMINISTRADOR), person("Nora")
    with pytest.raises(AppointmentRefused, match="ya tiene Responsable de Finanzas: Olga"):
        appoint(nora, Rol.RESPONSABLE, world.party)
    tomorrow = clock.now() + timedelta(days=1)
    end_nombramiento(held(world.clerk), "Renunció", hugo, termina_el=tomorrow)
    with pytest.raises(AppointmentRefused, match="Olga"):
        appoint(nora, Rol.RESPONSABLE, world.party)
    with clock.at(tomorrow):
        appoint(nora, Rol.RESPONSABLE, world.party)
        assert responsable_of(world.party) == nora


def test_one_appointed_and_ended_today_is_appointed_from_another_day(world: World) -> None:
    hugo, nora = person("Hugo", Rol.ADMINISTRADOR), person("Nora", Rol.CAPTURISTA, world.party)
    end_nombramiento(held(nora), "Por error", hugo)
    with pytest.raises(AppointmentRefused, match="empieza el 15/04/2024"):
        appoint(nora, Rol.CAPTURISTA, world.party)
    appoint(nora, Rol.CAPTURISTA, world.party, desde=date(2024, 4, 14))
    assert may(nora, "capturar", sujeto=world.party)


def test_an_invited_second_responsable_is_told_why(world: World) -> None:
    hugo = person("Hugo", Rol.ADMINISTRADOR)
    token = invitations.invite(Invited(Rol.RESPONSABLE, "Nora Paz", "nora", new_rfc(), world.party), hugo)
    with pytest.raises(InvitationRefused, match="ya tiene Responsable"):
        invitations.accept(token, WORDS)
    assert not Usuario.objects.filter(username="nora").exists()


def test_who_may_end_an_appointment(world: World) -> None:
    hugo, bruno = person("Hugo", Rol.ADMINISTRADOR), person("Bruno", Rol.CAPTURISTA, world.party)
    for who, whose in (
        (world.stranger, bruno),
        (bruno, bruno),
        (hugo, hugo),
        (world.clerk, world.clerk),
        (bruno, world.clerk),
        (world.auditor, bruno),
        (world.clerk, world.auditor),
        (world.clerk, world.stranger),
    ):
        with pytest.raises(PermissionError):
            end_nombramiento(held(whose), "Porque sí", who)
    end_nombramiento(held(bruno), "Terminó la campaña", world.clerk)
    end_nombramiento(held(world.clerk), "Renunció", hugo)
    assert FinNombramiento.objects.count() == 2


@pytest.mark.parametrize(
    ("motivo", "hours", "said"), [("  ", 0, "0 caracteres"), ("x" * 201, 0, "201"), ("Renunció", -1, "ya pasó")]
)
def test_an_end_says_why_and_is_not_of_the_past(world: World, motivo: str, hours: int, said: str) -> None:
    hugo = person("Hugo", Rol.ADMINISTRADOR)
    with pytest.raises(AppointmentRefused, match=said):
        end_nombramiento(held(world.clerk), motivo, hugo, termina_el=clock.now() + timedelta(hours=hours))
    end_nombramiento(held(world.clerk), "Renunció", hugo)
    with pytest.raises(AppointmentRefused, match=r"ya terminó: 15/04/2024 12:00"):
        end_nombramiento(held(world.clerk), "Otra vez", hugo)


def test_the_council_of_a_day_is_that_of_its_end(world: World) -> None:
    hugo, felix = person("Hugo", Rol.ADMINISTRADOR), person("Félix", Rol.CONSEJERO)
    end_nombramiento(held(felix), "Renunció", hugo, termina_el=datetime(2024, 4, 17, 9, tzinfo=ZONE))
    with clock.at(datetime(2024, 4, 20, tzinfo=ZONE)):
        assert list(councillors(date(2024, 4, 16))) == [felix]
        assert list(councillors(date(2024, 4, 17))) == []
        assert list(councillors()) == []


class Seats:
    """A party whose Responsable left, and the acts of two people on it at once."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            world = make_world()
            hugo = person("Hugo", Rol.ADMINISTRADOR)
            irma = person("Irene", Rol.ADMINISTRADOR)
            nora, luis = person("Nora"), person("Luis")
            end_nombramiento(held(world.clerk), "Renunció", hugo)
        self.acts: dict[str, Callable[[], Any]] = {
            "appoint": lambda: appoint(nora, Rol.RESPONSABLE, world.party),
            "appoint another": lambda: appoint(luis, Rol.RESPONSABLE, world.party),
            "end": lambda: end_nombramiento(held(world.stranger), "Renunció", hugo),
            "hugo ends irene": lambda: end_nombramiento(held(irma), "Renunció", hugo),
            "irene ends hugo": lambda: end_nombramiento(held(hugo), "Renunció", irma),
            "hugo disables irene": lambda: invitations.disable(irma, hugo),
            "irene disables hugo": lambda: invitations.disable(hugo, irma),
        }


@pytest.fixture(scope="module")
def seats(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seats]:
    with committed(django_db_blocker, Seats) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("appoint", "appoint another", "registry_nombramiento"),
        ("end", "end", "registry_finnombramiento"),
        ("hugo ends irene", "irene ends hugo", "registry_finnombramiento"),
        ("hugo disables irene", "irene disables hugo", "registry_usuario"),
        ("hugo disables irene", "irene ends hugo", "registry_usuario"),
        ("hugo ends irene", "irene disables hugo", "registry_finnombramiento"),
    ],
)
def test_two_people_never_appoint_or_end_at_once(seats: Seats, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(seats.acts[act], seats.acts[rival], table) == []
