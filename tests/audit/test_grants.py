"""What an accord grants to a subject enters in the list of public financing, and what it said before stays."""

from datetime import date
from typing import Any

import pytest

from rfcs import new_rfc
from sif.audit.authority_lists import load_table
from sif.audit.grants import Granted, NewGrant, grant, grants_of
from sif.catalogs.models import CargaDeTabla
from sif.proceedings.capacity import capacity_of
from sif.registry import clock
from sif.registry.models import Nombramiento, Suceso, Usuario
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.values import Money, Refused
from small_world import World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def hugo(world: World) -> Usuario:
    person = create_usuario("hugo", "Hugo", "", password_hash="!", rfc=new_rfc())
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def asked(**changes: Any) -> NewGrant:
    first = {"anio": 2024, "concepto": "ordinario", "ambito": "federal", "entidad": "", "monto": Money(120_000_00)}
    return NewGrant(**{**first, "acuerdo": "INE/CG1/2024", **changes})


def test_one_is_written_and_a_later_accord_corrects_it(world: World, hugo: Usuario) -> None:
    grant(world.party, asked(), hugo)
    grant(world.party, asked(ambito="local", entidad="OAX", monto=Money(7_00)), hugo)
    grant(world.rival, asked(monto=Money(5_00)), hugo)
    made = grant(world.party, asked(monto=Money(240_000_00), acuerdo="INE/CG9/2024"), hugo)
    assert grants_of(world.party) == [
        Granted(2024, "ordinario", "federal", "", Money(240_000_00)),
        Granted(2024, "ordinario", "local", "OAX", Money(7_00)),
    ]
    assert grants_of(world.rival) == [Granted(2024, "ordinario", "federal", "", Money(5_00))]
    assert (made.archivo, made.renglones, made.cargada_por) == ("INE/CG9/2024", 3, hugo)
    with everything():
        assert [each.renglones for each in CargaDeTabla.objects.order_by("pk")] == [1, 2, 3, 3]
    assert Suceso.objects.filter(verbo="otorgar_financiamiento", objeto=world.party.pk).count() == 3
    found = capacity_of(world.party, world.etapa.proceso, date(2024, 5, 1), clock.now())
    assert found.conceptos == ({"ordinario": Money(240_000_00)} if world.etapa.proceso.ambito == "federal" else None)


def test_it_keeps_what_a_file_brought(world: World, hugo: Usuario) -> None:
    brought = f"financiamiento_id,sujeto_id,anio,concepto,monto\n41,{world.party.siglas},2024,campana,10.50\n"
    load_table("financiamiento", brought.encode(), clock.today(), hugo)
    grant(world.party, asked(), hugo)
    assert [each.monto for each in grants_of(world.party)] == [Money(10_50), Money(120_000_00)]
    grant(world.party, asked(concepto="campana", monto=Money(11_00)), hugo)
    assert [each.monto for each in grants_of(world.party)] == [Money(11_00), Money(120_000_00)]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"anio": 1999}, "anio"),
        ({"concepto": "otro"}, "concepto"),
        ({"ambito": "local"}, "entidad"),
        ({"entidad": "OAX"}, "entidad"),
        ({"ambito": "local", "entidad": "XXX"}, "entidad"),
        ({"monto": None}, "monto"),
        ({"monto": Money(-1)}, "monto"),
        ({"acuerdo": " ", "monto": Money(9_00)}, "acuerdo"),
        ({}, "monto"),
    ],
)
def test_each_problem_stands_at_its_field(world: World, hugo: Usuario, changes: dict[str, Any], place: str) -> None:
    grant(world.party, asked(), hugo)
    with pytest.raises(Refused) as refused:
        grant(world.party, asked(**changes), hugo)
    assert [each.donde for each in refused.value.problems] == [place]
    with everything():
        assert CargaDeTabla.objects.count() == 1


def test_who_is_not_of_the_authority_grants_nothing(world: World) -> None:
    for who in (world.clerk, world.stranger):
        with pytest.raises(PermissionError):
            grant(world.party, asked(), who)
