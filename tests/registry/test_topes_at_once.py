"""Two administrators on the caps of the same books: the second waits, so that the cap in force is of the last one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from filing.campaign import CAP, make_campaign, on
from registry.test_corrections import administrator
from sif.registry.models import Cargo, Persona, Territorio
from sif.registry.services import NewCandidatura, approve_candidatura, set_tope, set_topes
from sif.registry.topes import fix_topes
from sif.signing.minting import mint_authority

CAPS = b"CARGO,ENTIDAD,TOPE\nDIPUTACION FEDERAL MR,CHIHUAHUA,9000.00\n"


class Capped:
    """The books of two candidacies and who sets their caps."""

    def __init__(self) -> None:
        with on("2024-03-20 12:00"):
            campaign, ana = make_campaign(mint_authority()), administrator("ana")
            office, _new = Cargo.objects.get_or_create(
                clave="DIPUTACION-FEDERAL-MR", defaults={"nombre": "Diputación federal MR", "ambito": "federal"}
            )
            place, person = Territorio.objects.get(clave="CHH-05"), Persona.objects.create(nombre="Dora")
            new = NewCandidatura("F-Dora", person, campaign.world.party, office, place, CAP, "A")
            dora = approve_candidatura(campaign.world.etapa, new)
        caps = {campaign.ana.pk: 100, dora.pk: 200}
        self.acts: dict[str, Callable[[], Any]] = {
            "one": lambda: set_tope(dora, 300, "CG1/2024", ana),
            "many": lambda: set_topes(caps, "CG2/2024", ana),
            "a file": lambda: fix_topes(CAPS, campaign.world.etapa, "CG3/2024", ana),
        }


@pytest.fixture(scope="module")
def capped(django_db_setup: None, django_db_blocker: Any) -> Iterator[Capped]:
    with committed(django_db_blocker, Capped) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival"),
    [("one", "one"), ("one", "many"), ("many", "one"), ("many", "many"), ("a file", "one"), ("a file", "a file")],
)
def test_two_accords_never_cap_the_same_books_at_once(capped: Capped, act: str, rival: str) -> None:
    with on("2024-03-21 12:00"):
        assert open_points(capped.acts[act], capped.acts[rival], "registry_topecontabilidad") == []
