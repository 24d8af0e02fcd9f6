"""A subject has the emblem of its last accord on each day, and those of before stay as they were registered."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from sif.registry import clock
from sif.registry.emblems import NewEmblem, emblem_on, figures_on, register_emblem
from sif.registry.models import EmblemaSujeto, Nombramiento, SujetoObligado, Usuario
from sif.registry.scope import acting, everything, registering
from sif.registry.services import appoint, create_usuario
from sif.registry.sujetos import NewSujeto, register_subject
from sif.values import Refused
from small_world import ZONE

pytestmark = pytest.mark.django_db
JANUARY, MARCH, TODAY = date(2024, 1, 10), date(2024, 3, 1), datetime(2024, 3, 20, 12, tzinfo=ZONE)


def new(letter: str = "a", desde: date = JANUARY, **changes: Any) -> NewEmblem:
    said = {"acuerdo": "INE/CG5/2024", "archivo": "emblema.png", **changes}
    return NewEmblem(desde=desde, sha256=letter * 64, figura_sha256="f" + letter * 63, **said)


@pytest.fixture
def scene() -> Any:
    with everything(), clock.at(TODAY):
        ana = create_usuario("ana", "Ana", None)
        appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
        yield ana, register_subject(NewSujeto(SujetoObligado.Tipo.PARTIDO, "A", "Partido A"), ana)


def test_the_emblem_of_each_day_is_the_last_that_began(scene: tuple[Usuario, SujetoObligado]) -> None:
    ana, party = scene
    first, second = register_emblem(party, new(), ana), register_emblem(party, new("b", MARCH), ana)
    found = {day: emblem_on(party, day) for day in (date(2024, 1, 9), JANUARY, date(2024, 2, 29), MARCH)}
    assert list(found.values()) == [None, first, first, second]
    corrected = register_emblem(party, new("c", MARCH), ana)
    assert emblem_on(party, MARCH) == corrected
    assert figures_on(JANUARY) == {party.pk: first.figura_sha256}
    assert figures_on(MARCH) == {party.pk: corrected.figura_sha256}
    assert EmblemaSujeto.objects.count() == 3


def test_what_is_wrong_is_told_at_its_field_and_nothing_enters(scene: tuple[Usuario, SujetoObligado]) -> None:
    ana, party = scene
    register_emblem(party, new(), ana)
    for wrong, places in (
        (new("b", acuerdo=" "), {"acuerdo"}),
        (new("b", acuerdo="x" * 121), {"acuerdo"}),
        (new("b", archivo=""), {"archivo"}),
        (new("a", MARCH), {"archivo"}),
    ):
        with pytest.raises(Refused) as refused:
            register_emblem(party, wrong, ana)
        assert {each.donde for each in refused.value.problems} == places
    assert EmblemaSujeto.objects.count() == 1


def test_who_does_not_administer_registers_none(scene: tuple[Usuario, SujetoObligado]) -> None:
    _ana, party = scene
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    with pytest.raises(PermissionError):
        register_emblem(party, new(), eva)
    assert not EmblemaSujeto.objects.exists()


def test_the_database_neither_changes_an_emblem_nor_takes_one_without_its_author(
    scene: tuple[Usuario, SujetoObligado],
) -> None:
    ana, party = scene
    made = register_emblem(party, new(), ana)
    for order in ("UPDATE registry_emblemasujeto SET desde = '2023-01-01'", "DELETE FROM registry_emblemasujeto"):
        with pytest.raises(DatabaseError), transaction.atomic(), acting(), connection.cursor() as cursor:
            cursor.execute(order)
    facts = {"sujeto": party, "acuerdo": "x", "desde": JANUARY, "archivo": "x", "sha256": "b" * 64}
    facts |= {"figura_sha256": "b" * 64, "registrado_el": clock.now()}
    with pytest.raises(DatabaseError), transaction.atomic(), acting():
        EmblemaSujeto.objects.create(**facts, registrado_por=ana)  # no service opened the registry
    other = create_usuario("luis", "Luis", None)
    with pytest.raises(DatabaseError), transaction.atomic(), registering(other.pk):
        EmblemaSujeto.objects.create(**facts, registrado_por=ana)
    assert [each.pk for each in EmblemaSujeto.objects.all()] == [made.pk]
