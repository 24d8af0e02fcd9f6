"""Share expenses of the concentradoras among the campaigns they benefited."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sif.apportionment.asked import NewProrrateo
from sif.apportionment.services import apportion, inform_percentages
from sif.books.models import Poliza
from sif.demo.campaign import SHIRTS, Books, expense
from sif.demo.operations import Operation, at
from sif.demo.world import World
from sif.registry import clock
from sif.values import Money

TOLD_BEFORE, TOLD_LATE = 12, 6
"""Days before the campaign in which percentages are told; the second is late."""
EMBLEM = ("generico", "emblema", "Las playeras llevan el emblema y ningún nombre; se repartieron en esos lugares.")
NAMES = ("conjunto", "nombre", "El frente nombra a la gubernatura y el reverso a la diputación de cada distrito.")


def share_finished(
    world: World, pools: dict[str, Books], candidates: dict[str, list[Books]], operations: Sequence[Operation]
) -> None:
    """A generic expense over seven campaigns of PJ and a joint one over four of UB, and what both told before."""
    for siglas, before in (("PJ", TOLD_BEFORE), ("UB", TOLD_LATE)):
        _tell(world, pools[siglas], siglas, before)
    # the last campaign of each list is left as the planted faults need it
    for siglas, many, how in (("PJ", candidates["PJ"][:7], EMBLEM), ("UB", candidates["UB"][:4], NAMES)):
        bought = _standing(pools[siglas], operations)
        _share(world, siglas, bought[0], many, how)


def central_running(pool: Books) -> list[Operation]:
    """Two purchases of the concentradora in the campaign in course: one is shared, the other waits to be."""
    return [
        expense(pool, Money(pool.random.randrange(120, 240) * 10_000), day=pool.first + timedelta(days=n), what=SHIRTS)
        for n in (6, 14)
    ]


def share_running(world: World, pool: Books, many: Sequence[Books], purchases: Sequence[Operation]) -> None:
    """A generic expense of PJ over its campaigns in course."""
    _tell(world, pool, "PJ", TOLD_BEFORE)
    _share(world, "PJ", purchases[0], many, EMBLEM)


def _tell(world: World, pool: Books, siglas: str, before: int) -> None:
    etapa = pool.contabilidad.etapa
    with clock.at(at(etapa.inicia_el - timedelta(days=before), 11)):
        inform_percentages(etapa, world.subjects[siglas], world.heads[siglas])


def _standing(pool: Books, operations: Iterable[Operation]) -> list[Operation]:
    """Return the purchases of a concentradora that nobody reversed, in their order."""
    own = [each for each in operations if each.contabilidad.pk == pool.contabilidad.pk and each.factura is not None]
    undone = set(
        Poliza.objects.filter(revierte_a__in=[each.poliza.pk for each in own if each.poliza]).values_list(
            "revierte_a_id", flat=True
        )
    )
    return [each for each in own if each.poliza is not None and each.poliza.pk not in undone]


def _share(world: World, siglas: str, bought: Operation, many: Sequence[Books], how: tuple[str, str, str]) -> None:
    """Share a purchase at the end of the day on which it was recorded, which is still in time."""
    assert bought.poliza is not None
    numbers = tuple(books.contabilidad.pk for books in many)
    new = NewProrrateo(bought.contabilidad.pk, *how, numbers, gasto_id=bought.poliza.pk)
    with clock.at(at(bought.registro, 21)):
        apportion(new, world.heads[siglas])
