"""Compare the log with the roots of every cut, stored or published, and locate each difference."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from sif.filing.cuts import STEP
from sif.filing.stamping import judge_kept
from sif.registry.protection import IN_TREE
from sif.registry.tables import RESERVED_TREE, TABLES, tree_of
from sif.signing.acuse import leaf_of
from sif.signing.heads import Head, Tramos, read_head, read_tramos, trees_of, verify_heads
from sif.signing.hours import read_hour
from sif.signing.timestamps import StampRefused
from sif.signing.tree import GrowingTree, leaf_hash, tree_root

ACUSES = "acuses"
_FIRST, _LAST = -(2**63), 2**63 - 1  # no leaf has a number outside
_NEXT = f"""
    SELECT arbol, string_agg(sha256('\\x00'::bytea || coalesce({IN_TREE}, ''::bytea)), ''::bytea ORDER BY id), max(id)
    FROM (SELECT id, CASE WHEN tabla = ANY(%s) THEN '{RESERVED_TREE}' ELSE tabla END AS arbol, huella, sal
          FROM public.registry_hoja WHERE id > %s AND id <= %s ORDER BY id LIMIT {STEP}) h
    GROUP BY arbol"""
_OF_TABLES = (
    f"SELECT tabla, fila, {IN_TREE} FROM public.registry_hoja WHERE tabla = ANY(%s) ORDER BY id OFFSET %s LIMIT %s"
)
_OF_ACUSES = (
    "SELECT 'filing_presentacion', p.hoja::text, p.acuse ->> 'cadena' FROM public.filing_presentacion p"
    " ORDER BY p.hoja OFFSET %s LIMIT %s"
)
_CUTS = (
    "SELECT c.id, c.numero, c.hasta, floor(extract(epoch FROM c.hecho_el))::text, c.raices, s.respuesta"
    " FROM public.registry_corte c LEFT JOIN public.registry_sellocorte s ON s.corte_id = c.id ORDER BY c.numero"
)
_HEADS = (
    "SELECT arbol, raiz, tamano, sello FROM public.registry_cabeza h JOIN public.registry_corte c ON c.id = h.corte_id"
    " WHERE c.numero = %s"
)
_LOOSE = "SELECT tamano, raiz FROM public.filing_cabezaarbol ORDER BY tamano"

Difference = tuple[str, str, str]
"""Table, row, and what is wrong."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A root that a tree must have at a size, and the words for who said it. `corte`: whose groups of leaves tell more.

    The cut 0 is what was published; None has no groups.
    """

    tamano: int
    raiz: str
    dicho: str
    corte: int | None


@dataclass(frozen=True, slots=True)
class _Cut:
    """The end of a kept cut: the leaf of its `hasta`, after `hojas` leaves of its trees."""

    id: int
    numero: int
    hasta: int
    hojas: int


@dataclass(slots=True)
class _Walked:
    """A tree read in order against its marks, in order of size; it stops comparing at the first that fails."""

    marks: list[_Mark]
    tree: GrowingTree = field(default_factory=GrowingTree)
    next: int = 0
    good: int = 0
    failed: _Mark | None = None

    def extend(self, digests: bytes) -> None:
        """Take leaves by their digests; past the last mark, or one that failed, the rest says nothing more."""
        while digests and self.failed is None and self.next < len(self.marks):
            rest = (self.marks[self.next].tamano - self.tree.size) * 32
            self.tree.extend(digests[:rest])
            digests = digests[rest:]
            self._judge()

    def _judge(self) -> None:
        while self.failed is None and self.next < len(self.marks) and self.marks[self.next].tamano == self.tree.size:
            mark = self.marks[self.next]
            if self.tree.root().hex() == mark.raiz:
                self.good, self.next = mark.tamano, self.next + 1
            else:
                self.failed = mark

    def end(self) -> _Mark | None:
        """Return the first mark that does not hold, those that the leaves never reached among them."""
        if self.failed is None and self.next < len(self.marks):
            self.failed = self.marks[self.next]
        return self.failed


def differences(database: Connection[TupleRow], published: Mapping[str, object] | None = None) -> list[Difference]:
    """Compare the log with its cuts, and with roots published on some day if given, and return the differences.

    The log is read once, in order; a part that fails is read again to name its row, or the fewest rows that are known.
    """
    said = _Said(database, published)
    found = [*said.of_cuts(), *said.of_published()]
    said.loose_heads()
    tables: dict[str, list[str]] = {ACUSES: []}
    for table in dict.fromkeys((*TABLES, *tables_of(database))):
        tables.setdefault(tree_of(table), []).append(table)
    walked, elsewhere = _walk(database, said.marks, said.cuts)
    wrong = {name: failed for name, one in walked.items() if (failed := one.end()) is not None}
    for name, failed in wrong.items():
        groups = said.tramos(failed, name)
        found.append(_name(database, _Tree(name, tables.get(name)), walked[name], failed, groups))
    if not wrong.keys() - {ACUSES}:  # where leaves are missing, no cut ends where it did
        found += [("registry_corte", str(one.numero), "no termina en la hoja que dice") for one in elsewhere]
    return found


class _Said:
    """The marks on the trees of an installation by its cuts and by published roots, with the faults of both."""

    def __init__(self, database: Connection[TupleRow], published: Mapping[str, object] | None) -> None:
        self.database, self.published = database, published
        self.marks: dict[str, list[_Mark]] = {}
        self.cuts: list[_Cut] = []
        self.keys, self.seals = set[str](), set[str]()
        self.second = 0

    def of_cuts(self) -> Iterator[Difference]:
        """Judge each cut that is kept, one in memory at a time."""
        place = 0
        for pk, numero, hasta, second, text, stamp in _rows(self.database, "cortes", _CUTS):
            place += 1
            if numero != place:
                yield "registry_corte", str(place), "falta este corte"
                place = numero
            yield from self._cut(_Cut(pk, numero, hasta, 0), second, text, stamp)

    def _cut(self, row: _Cut, second: str, text: str, stamp: bytes | None) -> Iterator[Difference]:
        raices, name = _parsed(text), str(row.numero)
        problems = verify_heads(raices)
        yield from (("registry_corte", name, problem) for problem in problems)
        if problems:
            return
        sealed = int(_second_of(raices) or 0)
        if raices["sello"] in self.seals and sealed < self.second:  # a cut of another day, put in to pass for a clock
            yield "registry_corte", name, "su texto es el de otro corte"
        self.second = sealed
        self.keys.add(raices["autoridad"])
        self.seals.add(raices["sello"])
        cut = replace(row, hojas=sum(raices[tree]["tamano"] for tree in trees_of(raices) if tree != ACUSES))
        if second != _second_of(raices):
            yield "registry_corte", name, "su hora no es la del corte que se publicó"
        if self.cuts and (cut.id < self.cuts[-1].id or cut.hojas < self.cuts[-1].hojas):
            yield "registry_corte", name, "su número no es el de su orden"
        self.cuts.append(cut)
        rows = self.database.execute(_HEADS, [row.numero]).fetchall()
        if {one[0]: Head(*one) for one in rows} != {tree: read_head(raices, tree) for tree in trees_of(raices)}:
            yield "registry_cabeza", name, "sus cabezas no son las del corte que se publicó"
        if stamp is not None:
            try:
                judge_kept(text.encode(), bytes(stamp))
            except StampRefused as refused:
                yield "registry_corte", name, str(refused)
        self._mark(raices, f"el corte {row.numero}", row.numero)

    def loose_heads(self) -> None:
        """Mark the heads of the tree of acuses published between cuts."""
        for tamano, raiz in self.database.execute(_LOOSE):
            self.marks.setdefault(ACUSES, []).append(_Mark(tamano, raiz, f"la cabeza de {tamano} acuses", None))

    def of_published(self) -> Iterator[Difference]:
        """Judge the roots that were published: sealed, by the key of these cuts, in one of these cuts."""
        if self.published is None:
            return
        problems = verify_heads(self.published)
        yield from (("registry_corte", "raices", problem) for problem in problems)
        if problems:
            return
        day = self.published["publicado_el"]
        if self.keys and self.published["autoridad"] not in self.keys:
            yield "registry_corte", "raices", "la llave que selló lo publicado no es la que selló estos cortes"
        if self.published["sello"] not in self.seals:
            yield "registry_corte", "raices", f"falta el corte publicado el {day}"
        self._mark(self.published, f"lo publicado el {day}", 0)

    def _mark(self, raices: Mapping[str, object], said: str, corte: int) -> None:
        for name in trees_of(raices):
            head = read_head(raices, name)
            assert head is not None  # its seal was verified
            self.marks.setdefault(name, []).append(_Mark(head.tamano, head.raiz, said, corte))

    def tramos(self, mark: _Mark, tree: str) -> Tramos | None:
        """Return the groups of leaves that came with a mark."""
        if mark.corte is None:
            return None
        if mark.corte == 0:
            return read_tramos(self.published or {}, tree)
        asked = "SELECT raices FROM public.registry_corte WHERE numero = %s"
        row = self.database.execute(asked, [mark.corte]).fetchone()
        return read_tramos(_parsed(row[0]), tree) if row else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _second_of(raices: Mapping[str, object]) -> str:
    """Return the second at which roots were published, as SQL says it of an instant."""
    try:
        return str(int(read_hour(str(raices["publicado_el"])).timestamp()))
    except ValueError:
        return ""


def tables_of(database: Connection[TupleRow]) -> list[str]:
    """Return the tables that have leaves, found by their first one: no reading of the whole log."""
    rows = database.execute(
        "WITH RECURSIVE t AS ((SELECT tabla FROM public.registry_hoja ORDER BY tabla LIMIT 1) UNION ALL SELECT"
        " (SELECT h.tabla FROM public.registry_hoja h WHERE h.tabla > t.tabla ORDER BY h.tabla LIMIT 1) FROM t"
        " WHERE t.tabla IS NOT NULL) SELECT tabla FROM t WHERE tabla IS NOT NULL"
    )
    return [str(row[0]) for row in rows]


def _walk(
    database: Connection[TupleRow], marks: Mapping[str, list[_Mark]], cuts: Sequence[_Cut]
) -> tuple[dict[str, _Walked], list[_Cut]]:
    """Return every tree with marks, each leaf once, and the cuts that do not end at the leaf that they say.

    Memory grows with trees and cuts, not with leaves.
    """
    walked = {name: _Walked(sorted(said, key=lambda one: one.tamano)) for name, said in marks.items()}
    reserved = [table for table in tables_of(database) if tree_of(table) == RESERVED_TREE]
    elsewhere, last, count = list[_Cut](), _FIRST, 0
    ends = sorted(cuts, key=lambda one: one.hasta)
    for cut in [*ends, None]:
        until = cut.hasta if cut else _LAST
        while rows := database.execute(_NEXT, [reserved, last, until], binary=True).fetchall():
            for table, digests, _id in rows:
                if one := walked.get(tree_of(table)):
                    one.extend(digests)
            last, count = max(row[2] for row in rows), count + sum(len(row[1]) for row in rows) // 32
        if cut and (count, last if count else 0) != (cut.hojas, cut.hasta):
            elsewhere.append(cut)
    if ACUSES in walked:
        for _table, _place, leaf in _leaves_of(database, _Tree(ACUSES, []), 0, None):
            walked[ACUSES].extend(leaf_hash(leaf))
    return walked, elsewhere


def _rows(database: Connection[TupleRow], name: str, sql: str, params: Sequence[object] = ()) -> Iterator[TupleRow]:
    """Yield the rows of a question, a few thousand in memory at a time."""
    with database.cursor(name) as cursor:
        cursor.itersize = STEP
        cursor.execute(sql, params, binary=True)
        yield from cursor


@dataclass(frozen=True, slots=True)
class _Tree:
    """A tree and the tables whose leaves it has: none for that of acuses, None where this program knows none."""

    nombre: str
    tablas: list[str] | None

    @property
    def owner(self) -> str:
        """Return the name for a difference with no known row: the table of the tree, or the tree without one."""
        if self.nombre == ACUSES:
            return "filing_presentacion"
        return self.tablas[0] if self.tablas and len(self.tablas) == 1 else self.nombre


def _leaves_of(
    database: Connection[TupleRow], tree: _Tree, begin: int, count: int | None
) -> Iterator[tuple[str, str, bytes]]:
    """Table and key of the row, and leaf, of a tree, from a place on."""
    if tree.nombre != ACUSES:
        yield from _rows(database, "de_arbol", _OF_TABLES, [tree.tablas, begin, count])
        return
    for table, place, cadena in _rows(database, "acuses", _OF_ACUSES, [begin, count]):
        yield table, place, leaf_of({"cadena": cadena or ""})


def _name(
    database: Connection[TupleRow], tree: _Tree, walked: _Walked, failed: _Mark, groups: Tramos | None
) -> Difference:
    """Return the row of a tree that is not as a mark says; or the fewest rows among which it is."""
    if tree.tablas is None:
        return tree.owner, tree.nombre, f"faltan los {failed.tamano} registros que cubre {failed.dicho}"
    if groups is not None and walked.good <= groups.desde:
        for place, wanted in enumerate(groups.raices):
            begin = groups.desde + place * groups.cada
            rows = list(_leaves_of(database, tree, begin, min(groups.cada, failed.tamano - begin)))
            if tree_root(leaf for *_, leaf in rows).hex() == wanted:
                continue
            if groups.cada == 1:
                following = groups.raices[place + 1] if place + 1 < len(groups.raices) else ""
                return _exact(database, tree, begin, following, failed)
            return _among(database, tree, begin, min(begin + groups.cada, failed.tamano), failed)
    return _among(database, tree, walked.good, groups.desde if groups else failed.tamano, failed)


def _exact(database: Connection[TupleRow], tree: _Tree, place: int, following: str, failed: _Mark) -> Difference:
    """Return the row at a place whose leaf is not the one published; or where one is missing."""
    begin = max(0, place - 1)
    rows = list(_leaves_of(database, tree, begin, place - begin + 1))
    here = rows[-1] if len(rows) > place - begin else None
    if here is None or (following and tree_root([here[2]]).hex() == following):
        missing = f"falta un registro que cubre {failed.dicho}"
        return (
            (rows[0][0], f"después de {rows[0][1]}", missing)
            if place and rows
            else (tree.owner, "al principio", missing)
        )
    return here[0], here[1], f"no es el que cubre {failed.dicho}"


def _among(database: Connection[TupleRow], tree: _Tree, begin: int, end: int, failed: _Mark) -> Difference:
    """The first and the last row of a group that does not give the root published; with their tables if they differ."""
    count = 0
    first = last = (tree.owner, "")
    for table, key, _leaf in _leaves_of(database, tree, begin, max(0, end - begin)):
        last, count = (table, key), count + 1
        first = last if count == 1 else first
    same = first[0] == last[0]
    owner = first[0] if same else tree.owner
    several = f"{first[1]}..{last[1]}" if same else f"{first[0]} {first[1]}..{last[0]} {last[1]}"
    if count < end - begin:
        return owner, several, f"faltan registros: {failed.dicho} cubre {end - begin} aquí y hay {count}"
    said = "no es el que" if count == 1 else f"alguno de estos {count} registros no es el que"
    return owner, first[1] if count == 1 else several, f"{said} cubre {failed.dicho}"
