"""Posts the things of a lot as a stream, all or none, and writes which identifier each póliza came of."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Max

from sif.batch.models import Lote
from sif.batch.polizas import Fila, Item
from sif.batch.review import Revisor, external_id
from sif.batch.store import Cosa
from sif.books.models import Poliza
from sif.books.services import PolizaRefused
from sif.books.services.bulk import Posted, post_stream
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
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

    def items(self, things: Iterable[Cosa]) -> Iterator[Item]:
        """Each as a póliza, which the books are about to review: here nothing is asked that they will ask."""
        for thing in things:
            if thing.clave in self.done:
                continue
            if thing.clave in self.keys:
                raise RowsApart(thing.clave, thing.filas[0].fila)
            item = None
            if external_id(self.revisor.lote.tipo, thing.clave) not in self.revisor.posted:
                item = self.revisor.plain_item_of(thing)
            if item is None:
                raise PolizaRefused(
                    [at_row(row, problem) for row in thing.filas for problem in row.problemas]
                    or [Problem("ya_registrada", f"fila {thing.filas[0].fila}", "Ya se registró.", "Quítela.")]
                )
            self.keys[thing.clave] = None
            yield item


def at_row(row: Fila, problem: Problem) -> Problem:
    """A problem with its row before its column."""
    return Problem(problem.codigo, f"fila {row.fila}, {problem.donde}", problem.mensaje, problem.cura)


def post_things(
    lote: Lote, things: Iterable[Cosa], by: Usuario, *, done: Collection[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Posted:  # fmt: skip
    """Post these things of a lot, but those done, in a transaction. Raises PolizaRefused, RowsApart.

    A póliza is told by «póliza N» if the books refuse it, N its place among what was posted.
    """
    with transaction.atomic():
        Contabilidad.objects.select_for_update(of=("self",)).get(pk=lote.contabilidad_id)
        last = Poliza.objects.filter(contabilidad=lote.contabilidad_id).aggregate(last=Max("eslabon"))["last"] or 0
        stream = _Stream(Revisor(lote, by), done)
        posted = post_stream(stream.items(things), by, progress=progress)
        _write_identifiers(lote, stream.keys, last)
    return posted


def _write_identifiers(lote: Lote, keys: Collection[str], last: int) -> None:
    """Say of each póliza after that link which identifier it came of, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO batch_polizacargada (lote_id, contabilidad_id, externo, poliza_id) "
            "SELECT %s, p.contabilidad_id, t.k, p.id FROM unnest(%s::text[]) WITH ORDINALITY AS t(k, n) "
            "JOIN books_poliza p ON p.contabilidad_id = %s AND p.eslabon = %s + t.n",
            [lote.pk, [external_id(lote.tipo, key) for key in keys], lote.contabilidad_id, last],
        )
        if cursor.rowcount != len(keys):
            raise RuntimeError(f"{len(keys)} pólizas y {cursor.rowcount} identificadores")


def mark_applied(lote: Lote, by: Usuario) -> None:
    """Say that a lot was applied, now and by whom."""
    lote.estado, lote.aplicado_el, lote.aplicado_por = Lote.Estado.APLICADO, clock.now(), by
    lote.save(update_fields=["estado", "ignoradas", "aplicado_el", "aplicado_por"])
