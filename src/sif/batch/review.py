"""Try each row of a lot in a transaction that is rolled back, and collect its problems."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count

from sif.batch.auxiliaries import Resolver
from sif.batch.catalogs import Ventanilla, apply_row
from sif.batch.cells import read_row
from sif.batch.kinds import POLIZAS, Clase, load_kinds
from sif.batch.models import FilaLote, Lote, PolizaCargada
from sif.batch.polizas import Item, Taller
from sif.batch.store import Cosa
from sif.books.selectors import reference_of
from sif.books.services.posting_checks import Desk
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import reach_of
from sif.values import Problem, Refused

POSTED_KINDS = frozenset({POLIZAS, "recibos"})
"""Kinds whose things become pólizas; the others go to their catalogue."""


class _Undo(Exception):
    """Ends a trial: what it wrote is undone."""


@dataclass
class Revisor:
    """Reviews things of one lot, reading once what all of them need."""

    lote: Lote
    by: Usuario
    kind: Clase = field(init=False)
    window: Ventanilla = field(init=False)
    taller: Taller | None = None

    def __post_init__(self) -> None:
        self.kind = load_kinds(settings.JURISDICTION)[self.lote.tipo]
        books = self.lote.contabilidad
        self.window = Ventanilla(books, self.by, Resolver(books, reach_of(self.by)))
        if self.lote.tipo in POSTED_KINDS:
            self.taller = Taller(self.kind, Desk(books, self.by, clock.now()), self.window.resolver)

    def review(self, things: Iterable[Cosa]) -> Iterator[Cosa]:
        """Yield the things as they come, with their problems in their rows."""
        if self.taller is None:
            yield from self._try(things)
            return
        for thing in things:
            self.item_of(thing)
            yield thing

    def item_of(self, thing: Cosa) -> Item | None:
        """Return the póliza of a thing, its rows reviewed. None if something is wrong."""
        assert self.taller is not None
        item = self.taller.check(thing.filas)
        self._already(thing)
        return item if thing.is_sound else None

    def plain_item_of(self, thing: Cosa) -> Item | None:
        """Return the póliza of a thing, to be posted by who reviews it again."""
        assert self.taller is not None
        return self.taller.plain(thing.filas)

    def _already(self, thing: Cosa) -> None:
        """No identifier of another program is posted twice in the same books."""
        external = external_id(self.lote.tipo, thing.clave)
        if external not in self.posted:
            return
        done = PolizaCargada.objects.select_related("poliza__periodo")
        cited = reference_of(done.get(contabilidad=self.lote.contabilidad, externo=external).poliza)
        column = self.kind.grupo or self.kind.unica[0]
        thing.filas[0].problemas.append(
            Problem(
                "ya_registrada",
                column,
                f"«{thing.filas[0].celdas.get(column, '')}» ya se registró: {cited}.",
                "Quite el renglón; si es otra operación, déle otro identificador.",
            )
        )

    @cached_property
    def posted(self) -> frozenset[str]:
        """The identifiers that other lots of these books posted."""
        rows = PolizaCargada.objects.filter(contabilidad=self.lote.contabilidad).exclude(lote_id=self.lote.pk)
        return frozenset(rows.values_list("externo", flat=True).iterator())

    def _try(self, things: Iterable[Cosa]) -> Iterator[Cosa]:
        """Apply each row as its catalogue would, in order, and undo it all: rows see those before them."""
        tried = []
        try:
            with acting():
                for thing in things:
                    self.apply(thing)
                    tried.append(thing)
                raise _Undo
        except _Undo:
            yield from tried

    def apply(self, thing: Cosa) -> str:
        """Apply the row of a catalogue; '' and its problems in the row if it is refused."""
        row = thing.filas[0]
        read = read_row(self.kind, row.celdas)
        row.problemas += read.problemas
        if row.problemas:
            return ""
        try:
            with acting():
                return apply_row(self.lote.tipo, read.valores, self.window)[:200]
        except IntegrityError:
            row.problemas.append(
                Problem("repetido", self.kind.nombres[0], "Ya hay un registro así.", "Quite el renglón o corríjalo.")
            )
        except Refused as refused:
            row.problemas += map(self._in_column, refused.problems)
        return ""

    def _in_column(self, problem: Problem) -> Problem:
        column = {"proveedor": "proveedor_rfc", "persona_id": "persona"}.get(problem.donde, problem.donde)
        shown = column if column in self.kind.nombres else self.kind.nombres[0]
        return Problem(problem.codigo, shown, problem.mensaje, problem.cura)


def external_id(tipo: str, key: str) -> str:
    """Return the identifier of another program, apart for each kind: a receipt's folio is not a póliza's number."""
    return key if tipo == POLIZAS else f"{tipo}|{key}"[:200]


def mark_repeated(lote: Lote, kind: Clase) -> None:
    """Tell of each row of a catalogue whose thing another row before it already says."""
    if kind.grupo:
        return
    twice = FilaLote.objects.filter(lote=lote).values("clave").annotate(n=Count("pk")).filter(n__gt=1)
    for key in twice.values_list("clave", flat=True):
        first, *rest = FilaLote.objects.filter(lote=lote, clave=key).order_by("fila")
        wrong = {
            "codigo": "repetida",
            "columna": kind.unica[0],
            "mensaje": f"Dice lo mismo que la fila {first.fila}.",
            "cura": "Deje uno de los dos renglones.",
        }
        for row in rest:
            if not any(p["codigo"] in ("repetida", "repetido") for p in row.problemas):
                row.problemas = [*row.problemas, wrong]
                row.save(update_fields=["problemas"])
