"""Two people on one invoice of the inbox at once: it is posted once, and what is set aside is not posted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points, points
from books.invoices import authority, mint, writer
from sif.books import invoices
from sif.books.services import accept_many, bring_back, receive_cfdi, set_aside
from sif.cfdi.write import Sealer
from sif.registry import clock
from small_world import MOMENT, make_world

__all__ = ["authority", "mint"]
CREDIT = {"forma_pago": "99", "metodo_pago": "PPD"}
FOLIOS = ("0A1B2C3D-0000-4000-8000-00000000ABCD", "0A1B2C3D-0000-4000-8000-00000000ABCE")
Minted = tuple[Sealer, Sealer, Any]


class Received:
    """Two invoices of the same books: one waits in the inbox, the other was set aside."""

    def __init__(self, minted: Minted) -> None:
        with clock.at(MOMENT):
            world = self.world = make_world()
            write = writer(world, minted)
            taken = [receive_cfdi(write(uuid=uuid, **CREDIT), "f.xml", world.books, world.clerk) for uuid in FOLIOS]
            first, second = [each.recepcion for each in taken if each.recepcion]
            set_aside([second], "Es de otra campaña.", world.clerk)
        self.acts: dict[str, Callable[[], Any]] = {
            "accept": lambda: accept_many([first], world.clerk),
            "set aside": lambda: set_aside([first], "Es de otra campaña.", world.clerk),
            "bring back": lambda: bring_back([second], world.clerk),
        }
        self.first = first


@pytest.fixture(scope="module")
def received(
    django_db_setup: None, django_db_blocker: Any, mint: Minted, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Received]:
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATOS", tmp_path_factory.mktemp("datos"))
        patch.setattr(invoices, "_authorities", lambda _folder: tuple(each.der for each in mint[2].authorities))
        with committed(django_db_blocker, lambda: Received(mint)) as made:
            yield made


@pytest.mark.parametrize(
    ("act", "rival"),
    [
        ("accept", "accept"),
        ("accept", "set aside"),
        ("set aside", "accept"),
        ("set aside", "set aside"),
        ("bring back", "bring back"),
    ],
)
def test_from_the_first_reading_of_the_inbox_the_rival_waits(received: Received, act: str, rival: str) -> None:
    with clock.at(MOMENT):
        assert open_points(received.acts[act], received.acts[rival], "books_recepcion") == []


def test_the_books_are_locked_before_their_invoices(received: Received) -> None:
    with clock.at(MOMENT):
        seen = [sql for sql, _ in points(received.acts["accept"], lambda: None) if "FOR NO KEY UPDATE" in sql]
    assert 'FROM "registry_contabilidad"' in seen[0]
