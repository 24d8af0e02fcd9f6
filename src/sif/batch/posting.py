"""Post the pólizas of a lot as a stream, all or none, and record the identifier of each."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from psycopg.sql import SQL, Composed

from sif.batch.fast_parser import Cruda, Llano
from sif.batch.models import Lote
from sif.batch.polizas import Fila, Item
from sif.batch.review import Revisor, external_id
from sif.batch.store import Cosa
from sif.books.services import PolizaRefused
from sif.books.services.bulk import Posted, post_stream
from sif.books.services.writing import Header
from sif.registry import clock
from sif.registry.models import Usuario
from sif.values import Problem


class RowsApart(Exception):
    """The rows of a póliza are not together in what is being posted; `clave` and `fila` say where it comes again."""

    def __init__(self, clave: str, fila: int) -> None:
        self.clave, self.fila = clave, fila
        super().__init__(f"fila {fila}: {clave}")


@dataclass
class _Stream:
    """Things on their way to the books, and the identifiers of those that went."""

    revisor: Revisor
    done: Collection[str]
    keys: dict[str, None] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    llano: Llano | None = None

    def items(self, things: Iterable[Cosa | Cruda]) -> Iterator[Item]:
        """Yield each as a póliza, which the books are about to review: here nothing is asked that they will ask."""
        tipo, posted = self.revisor.lote.tipo, self.revisor.posted
        for thing in things:
            if thing.clave in self.done:
                continue
            new = thing.clave not in self.keys and external_id(tipo, thing.clave) not in posted
            item = self._plain(thing) if new and isinstance(thing, Cruda) else None
            if item is None:
                item = self._slow(thing.thing() if isinstance(thing, Cruda) else thing, tipo, posted)
            self.keys[thing.clave] = None
            self.fresh.append(external_id(tipo, thing.clave))
            yield item

    def identifiers(self, headers: Sequence[Header]) -> Composed:
        """Return the SQL that links the last pólizas posted to their identifiers in another program."""
        keys, self.fresh = self.fresh, []
        lote, numbers = self.revisor.lote, [header.id for header in headers]
        if len(keys) != len(numbers):
            raise RuntimeError(f"{len(numbers)} pólizas y {len(keys)} identificadores")
        return SQL(
            "INSERT INTO batch_polizacargada (lote_id, contabilidad_id, externo, poliza_id) "
            "SELECT {}, {}, k, p FROM unnest({}::text[], {}::bigint[]) AS t(k, p)"
        ).format(lote.pk, lote.contabilidad_id, keys, numbers)

    def _plain(self, thing: Cruda) -> Item | None:
        if self.llano is None:
            assert self.revisor.taller is not None
            self.llano = Llano(self.revisor.taller, thing.columnas)
        return self.llano.item(thing)

    def _slow(self, thing: Cosa, tipo: str, posted: Collection[str]) -> Item:
        """Return the póliza of a thing, or the reason why not. Raises PolizaRefused, RowsApart."""
        if thing.clave in self.keys:
            raise RowsApart(thing.clave, thing.filas[0].fila)
        item = None
        if thing.is_sound and external_id(tipo, thing.clave) not in posted:  # the sheet itself may have too many cells
            item = self.revisor.plain_item_of(thing)
        if item is None:
            raise PolizaRefused(
                *[at_row(row, problem) for row in thing.filas for problem in row.problemas]
                or [Problem("ya_registrada", f"fila {thing.filas[0].fila}", "Ya se registró.", "Quítela.")]
            )
        return item


def at_row(row: Fila, problem: Problem) -> Problem:
    """Return a problem with its row before its column."""
    return Problem(problem.codigo, f"fila {row.fila}, {problem.donde}", problem.mensaje, problem.cura)


def post_things(
    lote: Lote,
    things: Iterable[Cosa | Cruda],
    by: Usuario,
    *,
    done: Collection[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Posted:
    """Post these things of a lot, but those done, under the locks of its books and of the lot, that who asks holds.

    A póliza is told by «póliza N» if the books refuse it, N its place among what was posted. Raises PolizaRefused,
    RowsApart.
    """
    stream = _Stream(Revisor(lote, by), done)
    return post_stream(stream.items(things), by, progress=progress, beside=stream.identifiers)


def mark_applied(lote: Lote, by: Usuario) -> None:
    """Say that a lot was applied, now and by whom."""
    lote.estado, lote.aplicado_el, lote.aplicado_por = Lote.Estado.APLICADO, clock.now(), by
    lote.save(update_fields=["estado", "ignoradas", "aplicado_el", "aplicado_por"])
