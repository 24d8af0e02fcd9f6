"""Every door that opens a file is given every bomb: it answers or refuses within its limits, and the next file opens.

The tables name each door: one that is added without its row fails. The bombs of a door are shared out among four days.
"""

import struct
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any

import pytest
from django.conf import settings

from sandbox import hostile
from seeds import is_of_today
from sif.sandbox.client import Client, Opened, Unopened
from sif.sandbox.opening import FILES, Limits
from sif.values import Refused

TIGHT = Limits(mib=192, cpu=2, wall=60, output=4 << 20)
SEATED = 400 * 1024  # KiB: the limit, beside what the server itself has loaded
SAT = {"clase": "balanza", "version": "1.3", "rfc": "PAM140101AB1", "anio": 2024, "mes": 1}
DOORS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "imagen": lambda _data: {},
    "emblema": lambda _data: {},
    "pdf": lambda _data: {"pagina": 1},
    "pdf_datos": lambda _data: {},
    "libro": lambda _data: {"hoja": "polizas", "exacta": False, "columnas": 60},
    "libro_forma": lambda _data: {},
    "tabla": lambda _data: {"marcas": ",;\t", "alterna": "cp1252", "estricta": True},
    "banco_formato": lambda _data: {},
    "banco_estados": lambda _data: {"mapa": None, "ayuda": None},
    "banco_cuentas": lambda _data: {"mapa": None, "ayuda": None},
    "banco_columnas": lambda _data: {},
    "sat_documento": lambda _data: {},
    "sat_filas": lambda _data: {"documento": SAT},
    "certificado": lambda _data: {},
    "sello_pdf": lambda _data: {},
    "ley": lambda _data: {},
    "cfdi": lambda data: {
        "autoridades": [],
        "archivos": [("a.zip" if data.startswith(b"PK") else "a.xml", len(data))],
        "completas": True,
    },
}
"""What each opener is told beside the bytes of the file."""


def hollow_png(side: int = 65_500) -> bytes:
    """A PNG of a hundred bytes whose header says four milliard points."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + hostile._chunk(b"IHDR", head) + hostile._chunk(b"IEND", b"")


def outside(_size: int = 0) -> bytes:
    """An XML that asks for a file of the machine."""
    return b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'


BOMBS: dict[str, Callable[[], bytes]] = {
    "a ZIP of zeros": lambda: hostile.zeros_zip(512),
    "a ZIP of invoices": lambda: hostile.bomb_of_invoices(4_000_000, 100),
    "a workbook of strings": lambda: hostile.many_strings(3_000_000),
    "a workbook of one cell": lambda: hostile.long_cell(40_000_000),
    "a workbook of merges": lambda: hostile.many_merges(1_000_000),
    "entities within entities": hostile.entities,
    "an entity of outside": outside,
    "a deep XML": lambda: hostile.deep(500_000),
    "an XML of attributes": lambda: hostile.attributes(200_000),
    "an XML of empty elements": lambda: hostile.empties(2_000_000),
    "a deep statement": lambda: hostile.deep_camt(500_000),
    "a statement of entries": lambda: hostile.many_entries_camt(1_000_000),
    "a statement of tags": lambda: hostile.many_tags_ofx(1_000_000),
    "a quote that never closes": lambda: hostile.one_quote_csv(8_000_000),
    "a PDF of drawings": hostile.nested_pdf,
    "a PNG of one colour": lambda: hostile.large_png(8_000),
    "a PNG of nothing": hollow_png,
}
make = cache(lambda name: BOMBS[name]())


def openers() -> dict[str, str]:
    """Every opener that the servers of an installation load, and its server."""
    return {
        op: server
        for server, modules in settings.ABRIDORES.items()
        for op in chain.from_iterable(import_module(module).OPENERS for module in modules)
        if op != "sonda"  # the probe of the walls, which opens nothing
    }


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Client]]:
    """A client of each server of an installation, with its openers."""
    made = {
        server: Client(tmp_path_factory.mktemp(server), modules, server)
        for server, modules in settings.ABRIDORES.items()
    }
    yield made
    for each in made.values():
        each.close()


def test_every_opener_has_its_row() -> None:
    assert openers().keys() == DOORS.keys()
    assert set(openers().values()) == set(settings.ABRIDORES) and FILES in settings.ABRIDORES


def _pico_of(client: Client, op: str, data: bytes) -> int:
    """Ask to open a file; the memory that it took, where it is told."""
    try:
        opened: Opened = client.ask(op, data, DOORS[op](data), TIGHT)
    except Unopened as refused:
        return refused.outcome.pico
    except Refused:
        return 0
    with opened.spool as spool:
        said = spool.read()
        assert len(said) <= TIGHT.output and b"root:x:" not in said
    return opened.outcome.pico


@pytest.mark.parametrize("op", DOORS)
def test_a_door_answers_or_refuses_every_bomb_within_its_memory_and_opens_the_next(
    clients: dict[str, Client], op: str
) -> None:
    client = clients[openers()[op]]
    for name in (each for each in BOMBS if is_of_today(f"{op} {each}", 4)):
        began = time.monotonic()
        assert _pico_of(client, op, make(name)) < SEATED, name
        assert time.monotonic() - began < TIGHT.wall, name
    server = client._own
    assert server is not None and server.poll() is None
    assert _pico_of(client, op, b"%PDF-1.7\n") < SEATED  # and the one that came answers still
