"""Post hundreds of thousands of pólizas as a stream: check, number, chain and write in chunks, all or none."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import cast

from django.db import InternalError, OperationalError, connection
from psycopg import Connection
from psycopg.errors import DeadlockDetected
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from sif.books.content import whole_content
from sif.books.services.posting_checks import Desk, Known, learn, learn_spent, review
from sif.books.services.soporte import Support
from sif.books.services.writing import Header, Item, lay_out, stage, take_numbers, write_few
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.leaving_models import with_ends
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.signing.chain import link_digest
from sif.values import Problem, Refused

CHUNK = 2_000  # pólizas; what is held in memory at once
FEW = 100  # pólizas; up to here a plain statement is quicker than a copy
MOST_PROBLEMS = 1_000  # told of one stream; the rest repeats what these say


class PolizaRefused(Refused):
    """The póliza was not posted and nothing of it was kept: a lot of them is reviewed again, to tell it by rows."""


Beside = Callable[[Sequence[Header]], Composed]
"""From the headers of some pólizas just written, in order, to what is written with them."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The counts of pólizas and lines posted by a stream."""

    polizas: int
    lineas: int


def post_stream(
    items: Iterable[Item], by: Usuario, *, progress: Callable[[int], None] | None = None, beside: Beside | None = None
) -> Posted:
    """Post any number of pólizas, of one contabilidad or several, in that order, all or none, in constant memory.

    Every check, number and link is that of posting one by one. `progress` hears how many were read so far; `beside`
    gives a statement of the caller's own to run after each chunk. Raises PolizaRefused with up to MOST_PROBLEMS
    problems; their place begins with «póliza N», its place in the stream from 1.
    """
    entered = Entry(by, clock.now())
    try:
        with acting(), _Loader(beside) as loader:
            for chunk in batched(items, CHUNK):
                entered.take(chunk, loader.load)
                if progress:
                    progress(entered.polizas)
                if len(entered.problems) >= MOST_PROBLEMS:
                    break
            if entered.problems:
                raise PolizaRefused(*entered.problems[:MOST_PROBLEMS])
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise PolizaRefused(_BUSY) from error
    return Posted(entered.polizas, entered.lineas)


_BUSY = Problem(
    "ocupada",
    "contabilidades",
    "Otra carga registraba a la vez en estas mismas contabilidades.",
    "Nada quedó registrado: repita la carga cuando la otra termine.",
)


Kind = tuple[int, str, str]
"""What numbers run in, within some books: period, kind and subtype."""


@dataclass
class _Series:
    """The posting state of a contabilidad: its desk, the last link, and the last number of each series."""

    desk: Desk
    eslabon: int
    huella: bytes | None
    numbers: dict[Kind, int] = field(default_factory=dict)


@dataclass
class Entry:
    """Pólizas entering the books in one transaction: counts them, gathers their problems, keeps every chain."""

    by: Usuario
    moment: datetime
    alone: bool = False
    polizas: int = 0
    lineas: int = 0
    problems: list[Problem] = field(default_factory=list)
    books: dict[int, _Series] = field(default_factory=dict)
    desks: dict[tuple[int, int], Desk] = field(default_factory=dict)
    known: Known = field(default_factory=dict)

    def take(self, chunk: Sequence[Item], write: Callable[[list[Header], Sequence[Item]], None]) -> list[Header]:
        """Check these pólizas and, while nothing was wrong so far, number, chain and write them."""
        self._open({new.contabilidad_id for new, _ in chunk} - self.books.keys())
        learn(self.known, chunk)
        self._learn_spent([item for item in chunk if item[1].comprobantes])
        for new, support in chunk:
            self.polizas += 1
            self.lineas += len(new.lineas)
            self._review(new, (new, support))
        if self.problems:
            return []
        self._count(chunk)
        headers = [self._chained(*item) for item in chunk]
        write(headers, chunk)
        return headers

    def _learn_spent(self, items: Sequence[Item]) -> None:
        """Read at once, of each books, what they use of the invoices that these pólizas cite."""
        cited: dict[int, list[Item]] = {}
        for item in items:
            cited.setdefault(item[0].contabilidad_id, []).append(item)
        for number, theirs in cited.items():
            if number in self.books:
                learn_spent(self.books[number].desk, theirs)

    def _open(self, numbers: set[int]) -> None:
        """Lock these books, in order of number: two people posting at once take consecutive numbers and links.

        What ended them is read once they are locked, with their stage and subject: whoever ends books locks them too.
        """
        opened: list[Contabilidad] = []
        if numbers:
            lock_contabilidades(numbers)
            rows = Contabilidad.objects.select_related("etapa", "sujeto", "cancelacion", "candidatura")
            opened = list(with_ends(rows.filter(pk__in=numbers)).order_by("pk"))
        links = _last_links([row.pk for row in opened])
        for row in opened:
            alike = self.desks.get((row.etapa_id, row.sujeto_id))
            desk = Desk(row, self.by, self.moment, self.known, alike)
            self.desks.setdefault((row.etapa_id, row.sujeto_id), desk)
            self.books[row.pk] = _Series(desk, *links.get(row.pk, (0, None)))

    def _review(self, new: NewPoliza, item: Item) -> None:
        series = self.books.get(new.contabilidad_id)
        found = review(series.desk, *item) if series else [_unknown(new.contabilidad_id)]
        if self.alone:
            self.problems += found
            return
        self.problems += [Problem(p.codigo, f"póliza {self.polizas}, {p.donde}", p.mensaje, p.cura) for p in found]

    def _count(self, chunk: Sequence[Item]) -> None:
        """Learn the last number of the series that these pólizas continue and are not known yet."""
        series = {(new.contabilidad_id, (new.periodo_id, new.tipo, new.subtipo)) for new, _ in chunk}
        unknown = [(books, kind) for books, kind in series if kind not in self.books[books].numbers]
        for books, kind, last in _last_numbers(unknown):
            self.books[books].numbers[kind] = last

    def _chained(self, new: NewPoliza, support: Support) -> Header:
        books = self.books[new.contabilidad_id]
        kind = (new.periodo_id, new.tipo, new.subtipo)
        books.numbers[kind] += 1
        books.eslabon += 1
        header = Header(
            0,
            new.contabilidad_id,
            new.periodo_id,
            new.tipo,
            new.subtipo,
            books.numbers[kind],
            new.clase,
            new.fecha_operacion,
            self.moment,
            self.by.pk,
            new.concepto.strip(),
            new.cargos.centavos,
            new.revierte_a,
            books.eslabon,
            books.huella,
        )
        header.huella = books.huella = link_digest(books.huella, whole_content(header, new.lineas, support))
        return header


def _unknown(number: int) -> Problem:
    return Problem("ajena", "contabilidad", f"No hay una contabilidad {number}.", "Revise su número de seis cifras.")


_LINKS = """
SELECT c, p.eslabon, p.huella FROM unnest(%s::bigint[]) AS c CROSS JOIN LATERAL
    (SELECT eslabon, huella FROM books_poliza WHERE contabilidad_id = c ORDER BY eslabon DESC LIMIT 1) p
"""
_NUMBERS = """
SELECT s.c, s.p, s.t, s.b, (SELECT coalesce(max(numero), 0) FROM books_poliza
    WHERE contabilidad_id = s.c AND periodo_id = s.p AND tipo = s.t AND subtipo = s.b)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS s(c, p, t, b)
"""


def _last_links(numbers: list[int]) -> dict[int, tuple[int, bytes]]:
    """Return the last link of each of these books and its digest; books without pólizas are left out."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [numbers])
        return {books: (link, bytes(digest)) for books, link, digest in cursor.fetchall()}


def _last_numbers(series: list[tuple[int, Kind]]) -> list[tuple[int, Kind, int]]:
    """Return the last number of each series (0 where it has none)."""
    if not series:
        return []
    columns = zip(*((books, *kind) for books, kind in series), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [list(column) for column in columns])
        return [(books, (period, kind, subtype), last) for books, period, kind, subtype, last in cursor.fetchall()]


def _database() -> Connection[TupleRow]:
    connection.ensure_connection()
    return cast("Connection[TupleRow]", connection.connection)


def write_now(headers: list[Header], items: Sequence[Item]) -> None:
    """Write pólizas that are already numbered and chained, and wait for it."""
    database = _database()
    with connection.wrap_database_errors:
        _number(database, headers)
        tables = lay_out(headers, items)
        if len(headers) <= FEW:
            write_few(database, tables)
            return
        for move in stage(database, tables):
            database.execute(move)


def _number(database: Connection[TupleRow], headers: list[Header]) -> None:
    for header, number in zip(headers, take_numbers(database, len(headers)), strict=True):
        header.id = number


class _Loader:
    """Writes chunk after chunk: while the database checks one in, the next is being read and reviewed."""

    def __init__(self, beside: Beside | None) -> None:
        self._beside = beside

    def __enter__(self) -> "_Loader":
        self._pool = ThreadPoolExecutor(1)
        self._moving: Future[None] | None = None
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            with connection.wrap_database_errors:
                self._settle()  # if this failed, it is the reason of whatever failed after it
        except InternalError:  # the transaction had failed before: that reason is already on its way
            if kind is None:
                raise
        finally:
            self._pool.shutdown()

    def load(self, headers: list[Header], items: Sequence[Item]) -> None:
        """Begin to write these pólizas, once those before are in."""
        database = _database()
        with connection.wrap_database_errors:
            self._settle()
            _number(database, headers)
            moves = stage(database, lay_out(headers, items))
            if self._beside:
                moves.append(self._beside(headers))
            self._moving = self._pool.submit(_move, database, moves)

    def _settle(self) -> None:
        moving, self._moving = self._moving, None
        if moving:
            moving.result()


def _move(database: Connection[TupleRow], moves: list[Composed]) -> None:
    # what waits for the commit is asked after each chunk, so that no queue of checks grows with the stream
    for move in moves:
        database.execute(move)
    database.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
