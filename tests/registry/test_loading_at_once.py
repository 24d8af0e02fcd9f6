"""Two people on the candidacies and books of a stage at once: the second waits from its first reading of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from registry.test_candidaturas import ROWS, sheet
from registry.test_loading import stage, typed
from rfcs import new_rfc
from sif.registry.loading import load_candidaturas, open_concentradoras
from sif.registry.models import Contabilidad
from sif.registry.nominating import open_books, register_candidacy
from sif.registry.services import appoint, create_usuario
from sif.registry.sujetos import NewSujeto, register_subject


class Local:
    """A stage with a party that has a candidacy, and who loads a file in it, types one or opens books."""

    def __init__(self) -> None:
        etapa = stage()
        ana = create_usuario("ana", "Ana Mar", None, rfc=new_rfc())
        appoint(ana, "administrador")
        party = register_subject(NewSujeto("partido", "PA", "Partido Ámbar"), ana)
        register_candidacy(etapa, typed(nombre="Iris Sol", lugar="Tlahualilo"), ana)
        self.acts: dict[str, Callable[[], Any]] = {
            "load": lambda: load_candidaturas(sheet(*ROWS), etapa, "mx"),
            "type": lambda: register_candidacy(etapa, typed(), ana),
            "open": lambda: open_books(etapa, party, Contabilidad.Clase.CONCENTRADORA, ana),
            "open all": lambda: open_concentradoras(etapa, ana),
        }


@pytest.fixture(scope="module")
def local(django_db_setup: None, django_db_blocker: Any) -> Iterator[Local]:
    with committed(django_db_blocker, Local) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("load", "load", "registry_candidatura"),
        ("load", "type", "registry_candidatura"),
        ("type", "load", "registry_candidatura"),
        ("type", "type", "registry_candidatura"),
        ("open", "open all", "registry_contabilidad"),
        ("open all", "open", "registry_contabilidad"),
        ("open all", "open all", "registry_contabilidad"),
    ],
)
def test_the_second_waits_from_its_first_reading(local: Local, act: str, rival: str, table: str) -> None:
    assert open_points(local.acts[act], local.acts[rival], table) == []
