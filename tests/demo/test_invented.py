"""Invented people have keys of the right form, invented files open, and the same seed gives the same of both."""

import zlib
from random import Random

from stdnum.mx import curp as stdnum_curp
from stdnum.mx import rfc as stdnum_rfc

from sif.books.services.evidencias import sniff
from sif.demo.keys import Names
from sif.demo.papers import paper, picture
from sif.values import Clabe, Rfc

SEED = 7


def names() -> Names:
    return Names(Random(SEED))  # noqa: S311


def test_people_have_valid_keys_and_are_never_repeated() -> None:
    source = names()
    people = [source.person() for _ in range(300)]
    for _, rfc, curp, _ in people:
        assert stdnum_rfc.is_valid(rfc, validate_check_digits=True), rfc
        assert stdnum_curp.is_valid(curp), curp
        assert Rfc.maybe(rfc) is not None
        assert rfc[:10] == curp[:10]
    assert len({name for name, *_ in people}) == 300


def test_companies_have_the_keys_of_a_company() -> None:
    source = names()
    for _ in range(100):
        _, rfc = source.company()
        assert len(rfc) == 12
        assert stdnum_rfc.is_valid(rfc, validate_check_digits=True), rfc


def test_bank_accounts_have_their_control_digit() -> None:
    source = names()
    for _ in range(50):
        Clabe(source.clabe())


def test_same_seed_same_people() -> None:
    one, two = names(), names()
    assert [one.person() for _ in range(50)] == [two.person() for _ in range(50)]
    assert [one.company() for _ in range(50)] == [two.company() for _ in range(50)]


def test_papers_are_what_they_say_and_each_is_its_own() -> None:
    one, two = paper("Recibo (1)", "de prueba"), paper("Recibo (2)", "de prueba")
    assert one != two
    assert sniff(one) == "application/pdf"
    start = int(one.split(b"startxref\n")[1].split(b"\n")[0])
    assert one[start : start + 4] == b"xref"


def test_pictures_are_whole_pngs() -> None:
    image = picture("muestra 1")
    assert image != picture("muestra 2")
    assert sniff(image) == "image/png"
    place = 8
    while place < len(image):
        size = int.from_bytes(image[place : place + 4])
        body = image[place + 4 : place + 8 + size]
        assert int.from_bytes(image[place + 8 + size : place + 12 + size]) == zlib.crc32(body)
        place += 12 + size
    assert place == len(image)
