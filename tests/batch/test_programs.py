"""What another program sends is posted once, whatever it repeats, and its key says which sending it was."""

import pytest

from batch.lots import csv_of, poliza_rows
from sif.batch.models import PeticionApi
from sif.batch.programs import Envio, FilasRefused, post_from_program
from sif.books.models import Poliza
from sif.values import Refused
from small_world import LEAFLETS, PAYABLE, World, world

__all__ = ["world"]
HEAD = csv_of().decode().split(",")


def sent(key: str, number: int = 1, pesos: str = "70.00", digest: str = "a") -> Envio:
    """A sending of one póliza with a key and the digest of what came."""
    rows = [dict(zip(HEAD, row, strict=True)) for row in poliza_rows(number, pesos, LEAFLETS, PAYABLE)]
    return Envio(rows, key, digest * 64)


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_sending_without_a_key_or_with_one_too_long_is_refused(world: World, key: str) -> None:
    with pytest.raises(Refused, match="Mande una por cada envío") as refused:
        post_from_program(world.books, sent(key), world.clerk)
    assert refused.value.problems[0].codigo == "sin_clave"
    assert not Poliza.objects.exists()


def test_what_is_repeated_hears_the_first_answer_and_posts_nothing(world: World) -> None:
    answer, is_new = post_from_program(world.books, sent("k" * 80), world.clerk)
    assert is_new and [row["id"] for row in answer["polizas"]] == ["P-001"]
    assert post_from_program(world.books, sent("k" * 80), world.clerk) == (answer, False)
    assert post_from_program(world.books, sent("otra", digest="b"), world.clerk) == (answer, False)
    with pytest.raises(Refused) as refused:
        post_from_program(world.books, sent("k" * 80, 2, digest="c"), world.clerk)
    assert refused.value.problems[0].codigo == "clave_reusada"
    assert (Poliza.objects.count(), PeticionApi.objects.count()) == (1, 2)


def test_one_wrong_row_posts_nothing_and_keeps_no_key(world: World) -> None:
    with pytest.raises(FilasRefused) as refused:
        post_from_program(world.books, sent("k1", pesos="70.005"), world.clerk)
    assert {row for row, _key, _problem in refused.value.filas} <= {1, 2}
    assert not Poliza.objects.exists() and not PeticionApi.objects.exists()
    assert post_from_program(world.books, sent("k1"), world.clerk)[1]
    with pytest.raises(PermissionError):
        post_from_program(world.books, sent("k2", 2), world.stranger)
