"""Subjects of every kind are registered by who administers."""

from dataclasses import replace
from typing import Any

import pytest

from sif.registry.models import Nombramiento, SujetoObligado, Usuario
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.registry.sujetos import NewSujeto, register_subject
from sif.values import Refused

pytestmark = pytest.mark.django_db
Tipo = SujetoObligado.Tipo


@pytest.fixture
def ana() -> Any:
    with everything():
        person = create_usuario("ana", "Ana", None)
        appoint(person, Nombramiento.Rol.ADMINISTRADOR)
        yield person


def places(new: NewSujeto, by: Usuario) -> list[str]:
    with pytest.raises(Refused) as refused:
        register_subject(new, by)
    return [each.donde for each in refused.value.problems]


@pytest.mark.parametrize("tipo", Tipo.values)
def test_each_kind_is_registered_with_a_free_number(ana: Usuario, tipo: str) -> None:
    first = register_subject(NewSujeto(tipo, "AA", "Primer sujeto", "AAA010101AA1", "2"), ana)
    second = register_subject(NewSujeto(tipo, "BB", "Segundo sujeto"), ana)
    assert (first.numero, second.numero, second.rfc) == ("2", "1", "")
    assert SujetoObligado.objects.get(pk=first.pk).rfc == "AAA010101AA1"


def test_what_is_wrong_or_taken_is_told_at_its_field(ana: Usuario) -> None:
    register_subject(NewSujeto(Tipo.PARTIDO, "PA", "Partido Alameda", "AAA010101AA1", "3"), ana)
    assert places(NewSujeto("club", "", "X", "123", "siete"), ana) == ["tipo", "siglas", "nombre", "numero", "rfc"]
    again = NewSujeto(Tipo.PARTIDO_LOCAL, "pa", "partido alameda", "aaa010101aa1", "3")
    assert places(again, ana) == ["siglas", "nombre", "numero", "rfc"]
    assert SujetoObligado.objects.count() == 1


def test_the_rfc_of_a_party_is_of_a_legal_person(ana: Usuario) -> None:
    physical = NewSujeto(Tipo.PARTIDO, "AL", "Ana Luna", "LUAA800101AB1")
    assert places(physical, ana) == places(replace(physical, tipo=Tipo.PARTIDO_LOCAL), ana) == ["rfc"]
    assert register_subject(replace(physical, tipo=Tipo.INDEPENDIENTE), ana).rfc == "LUAA800101AB1"


def test_who_does_not_administer_registers_nothing(ana: Usuario) -> None:
    other = create_usuario("eva", "Eva", None)
    appoint(other, Nombramiento.Rol.SECRETARIA)
    with pytest.raises(PermissionError):
        register_subject(NewSujeto(Tipo.PARTIDO, "PA", "Partido Alameda"), other)
    assert not SujetoObligado.objects.exists()
