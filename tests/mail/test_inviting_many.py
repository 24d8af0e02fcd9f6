"""A file of invitations is judged whole, each problem at its row and column, and all of it enters or nothing does."""

from datetime import date
from typing import Any

import pytest

from mailed import serving
from rfcs import new_rfc
from sif.mail.inviting_many import COLUMNS, invite_many, problems_of, read_rows
from sif.mail.models import Mensaje
from sif.registry import invitations, invited
from sif.registry.invited import Invited
from sif.registry.models import Invitacion, Nombramiento, Usuario
from sif.registry.services import appoint, create_usuario
from sif.values import Refused
from small_world import World, world

__all__ = ["world"]
Rol = Nombramiento.Rol


def file(*rows: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *rows]).encode()


@pytest.fixture
def hugo(world: World) -> Usuario:
    person = create_usuario("hugo", "Hugo", None, rfc=new_rfc())
    appoint(person, Rol.ADMINISTRADOR)
    return person


def places(data: bytes, by: Usuario, *, mailed: bool = True) -> list[str]:
    return [each.donde for each in problems_of(read_rows(data), by, mailed=mailed)]


def sent(data: bytes, by: Usuario, *, mailed: bool = False) -> int:
    return len(invite_many(read_rows(data), lambda token: f"/{token}/", by, mailed=mailed))


def test_each_link_goes_to_the_address_of_its_row(world: World, hugo: Usuario, settings: Any) -> None:
    settings.SITIO = "https://sif.instituto.mx"
    party = world.party.siglas
    with serving(settings):
        assert (
            sent(file(f"Ana,ana,capturista,{party},,,a@a.mx", f"Eva,eva,consulta,{party},,,e@a.mx"), hugo, mailed=True)
            == 2
        )
    assert set(Mensaje.objects.values_list("para", "clase")) == {("a@a.mx", "invitacion"), ("e@a.mx", "invitacion")}


def test_a_role_of_the_authority_is_told_once_and_no_subject_is_asked_of_it(world: World, hugo: Usuario) -> None:
    assert places(file("Eva Paz,eva,auditor,,,,e@a.mx"), hugo) == ["renglón 2, funcion"]


def test_all_are_invited_in_one_act(world: World, hugo: Usuario) -> None:
    party, books = world.party.siglas, f"{world.books.pk} {world.other_books.pk}"
    data = file(
        f"Nora Paz,nora,Capturista,{party},,{books},nora@a.mx", f"Luz Sol,luz,consulta,{party.lower()},,,luz@a.mx"
    )
    assert places(data, hugo) == []
    assert not Invitacion.objects.exists(), "looking writes nothing"
    made = invite_many(read_rows(data), lambda token: f"/cuenta/invitacion/{token}/", hugo, mailed=False)
    assert [each.renglon.linea for each in made] == [2, 3]
    nora = invitations.accept(made[0].enlace, "gis-trueno-maceta-olmo")
    held = Nombramiento.objects.get(usuario=nora)
    assert (held.rol, held.sujeto) == (Rol.CAPTURISTA, world.party)
    assert set(held.contabilidades.values_list("pk", flat=True)) == {world.books.pk, world.other_books.pk}


def test_each_problem_stands_at_its_row_and_column_and_nothing_enters(world: World, hugo: Usuario) -> None:
    party, known = world.party.siglas, new_rfc()
    invitations.invite(Invited(Rol.CONSULTA, "Eva", "eva.ya", "", world.party), hugo)
    rows = (
        f"Ana,ana1,emperador,{party},,,a@a.mx",
        "Ana,ana2,capturista,NADIE,,,a@a.mx",
        f"Ana,ana3,capturista,{party},,99999 x,a@a.mx",
        f"Ana,ana4,capturista,{party},,{world.foreign.pk},a@a.mx",
        f"Ana,ana5,capturista,{party},,,no-es-correo",
        f"Ana,ana6,capturista,{party},,,",
        f"Ana,hugo,capturista,{party},,,a@a.mx",
        f"Ana,eva.ya,capturista,{party},,,a@a.mx",
        f"Ana,rep,capturista,{party},,,a@a.mx",
        f"Ana,rep,capturista,{party},,,a@a.mx",
        f"Ana,ana7,auditor,{party},{new_rfc()},,a@a.mx",
        f"Ana,ana8,responsable_finanzas,{party},,,a@a.mx",
        f"Ana,ana9,responsable_finanzas,{party},ABC,,a@a.mx",
        f"Ana,an10,consulta,{party},{known},,a@a.mx",
        f"Ana,an11,consulta,{party},{known},,a@a.mx",
        f"Bien,bien,consulta,{party},,,a@a.mx",
    )
    wanted = [
        "renglón 2, funcion",
        "renglón 3, sujeto",
        "renglón 4, contabilidades",
        "renglón 5, contabilidades",
        "renglón 6, correo",
        "renglón 7, correo",
        "renglón 8, usuario",
        "renglón 9, usuario",
        "renglón 10, usuario",
        "renglón 11, usuario",
        "renglón 12, funcion",
        "renglón 13, rfc",
        "renglón 14, rfc",
        "renglón 15, rfc",
        "renglón 16, rfc",
    ]
    assert places(file(*rows), hugo) == wanted
    before = Invitacion.objects.count()
    with pytest.raises(Refused) as refused:
        sent(file(*rows), hugo)
    assert [each.donde for each in refused.value.problems] == [each for each in wanted if "7, correo" not in each]
    assert Invitacion.objects.count() == before and not Mensaje.objects.exists()


def test_cancelled_or_closed_books_are_refused_at_their_column(
    world: World, hugo: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = f"Ana,ana,capturista,{world.party.siglas},,{world.books.pk},a@a.mx"
    monkeypatch.setattr(invited, "closed_among", lambda etapas: set(etapas))
    assert places(file(row), hugo) == ["renglón 2, contabilidades"]


def test_a_row_says_the_first_and_the_last_day_of_the_role(world: World, hugo: Usuario) -> None:
    party = world.party.siglas
    wrong = file(
        *(
            f"Ana,ana{n},consulta,{party},,,a@a.mx,{span}"
            for n, span in enumerate(
                (
                    "32/05/2024,",
                    ",mañana",
                    "14/04/2024,",
                    ",2024-04-14",
                    "20/04/2024,19/04/2024",
                    "15/04/2024,15/04/2024",
                )
            )
        )
    )
    assert places(wrong, hugo) == [
        "renglón 2, desde",
        "renglón 3, ultimo",
        "renglón 4, desde",
        "renglón 5, ultimo",
        "renglón 6, ultimo",
    ]
    assert (
        sent(file(f"Ana,ana,consulta,{party},,,a@a.mx,16/04/2024,2024-04-19", f"Eva,eva,consulta,{party}"), hugo) == 2
    )
    spans = Invitacion.objects.order_by("pk").values_list("desde", "hasta")
    assert list(spans) == [(date(2024, 4, 16), date(2024, 4, 20)), (None, None)]


def test_a_responsable_invites_to_their_own_subject_alone(world: World, hugo: Usuario) -> None:
    own, other = world.party.siglas, world.rival.siglas
    assert places(file(f"Ana,ana,capturista,{own},,,a@a.mx"), world.clerk) == []
    assert places(file(f"Ana,ana,capturista,{other},,,a@a.mx"), world.clerk) == ["renglón 2, funcion"]
    assert places(file(f"Ana,ana,responsable_finanzas,{own},{new_rfc()},,a@a.mx"), world.clerk) == [
        "renglón 2, funcion"
    ]
    assert places(file(f"Ana,ana,capturista,{own},,,a@a.mx"), world.auditor) == ["renglón 2, funcion"]


def test_the_same_file_again_invites_nobody_twice(world: World, hugo: Usuario) -> None:
    data = file(f"Ana,ana,capturista,{world.party.siglas},,,a@a.mx")
    assert sent(data, hugo) == 1
    with pytest.raises(Refused, match="Ya hay una invitación sin usar"):
        sent(data, hugo)
    assert Invitacion.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no trae renglones"),
        (b"nombre,usuario\nA,b", "El primer renglón dice"),
        (b"nombre,usuario,funcion,apodo\nA,b,c,d", "apodo"),
        (b"nombre,usuario,funcion,nombre\nA,b,c,d", "cada una una vez"),
    ],
)
def test_a_file_that_is_not_one_is_told(world: World, data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_rows(data)


def test_without_mail_a_file_that_is_mailed_is_refused(world: World, hugo: Usuario) -> None:
    with pytest.raises(Refused, match="no manda correo"):
        sent(file(f"Ana,ana,capturista,{world.party.siglas},,,a@a.mx"), hugo, mailed=True)


def test_a_row_that_ends_before_its_columns_a_long_cell_and_an_unseen_letter_are_told(
    world: World, hugo: Usuario
) -> None:
    party = world.party.siglas
    short = f"funcion,sujeto,usuario,nombre\ncapturista,{party},ana".encode()
    assert "renglón 2, nombre" in places(short, hugo, mailed=False)
    assert places(file(f"{'Á' * 121},ana,consulta,{party},,,a@a.mx"), hugo) == ["renglón 2, nombre"]
    assert places(file(f"A\u202ena,ana,consulta,{party},,,a@a.mx"), hugo) == ["renglón 2, nombre"]


def test_who_invites_for_a_subject_alone_invites_two_hundred_at_a_time(world: World, hugo: Usuario) -> None:
    many = file(*(f"Ana,ana{n},consulta,{world.party.siglas},,,a{n}@a.mx" for n in range(201)))
    assert places(many, world.clerk) == ["archivo"]
    assert places(many, hugo) == []
