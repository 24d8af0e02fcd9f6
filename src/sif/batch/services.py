"""Receive a lot, correct a cell, choose rows, apply all of the choice or nothing, discard."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched

from django.conf import settings
from django.db import connection

from sif.batch import selectors
from sif.batch.files import Guardado, kept, stored_file
from sif.batch.kinds import POLIZAS, load_kinds
from sif.batch.models import FilaLote, Lote, PolizaCargada
from sif.batch.polizas import HEADER, Fila
from sif.batch.posting import RowsApart, at_row, mark_applied, post_things
from sif.batch.review import POSTED_KINDS, Revisor, mark_repeated
from sif.batch.sheets import Renglon, read_sheet
from sif.batch.store import PIECE, Cosa, chosen_things, insert_rows, save_problems, stored_things, things_of
from sif.books.services import Handed, PolizaRefused
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Refused, refusal
from sif.values.texts import NO_TEXT, legible

Progress = Callable[[int], None]
STEP = 500  # rows between two words of progress
LONGEST = 4000  # characters of a cell that are kept
MOST_TOLD = 20  # problems told at once; all of them stand in their rows


@dataclass(frozen=True, slots=True)
class Recibido:
    """The lot of a file; `nuevo` False when that same file had already been loaded, and then nothing changed."""

    lote: Lote
    nuevo: bool


@dataclass(frozen=True, slots=True)
class Aplicado:
    """The number of things applied, and the number left in the lot."""

    cosas: int
    faltan: int


def must_capture(contabilidad: Contabilidad, by: Usuario) -> None:
    """Raise PermissionError unless the person captures in those books."""
    if not may(by, "capturar", contabilidad=contabilidad):
        raise PermissionError(f"{by.nombre} no registra en la contabilidad {contabilidad.pk}.")


def receive_lote(
    contabilidad: Contabilidad,
    tipo: str,
    archivo: tuple[str, Iterable[bytes]],
    by: Usuario,
    *,
    progress: Progress | None = None,
) -> Recibido:
    """Keep a file (its name and its bytes in pieces), read it and review it whole. Raises Refused, PermissionError.

    The same file of the same kind in the same books is received once: loading it again returns its lot, unchanged.
    `progress` hears how many rows were read.
    """
    with _opened(contabilidad, tipo, archivo, by) as (got, file):
        if got.lote.estado == Lote.Estado.RECIBIDO:
            _read(got.lote, file, by, got.nuevo, progress)
    return got


def keep_lote(contabilidad: Contabilidad, tipo: str, archivo: tuple[str, Iterable[bytes]], by: Usuario) -> Recibido:
    """Keep a file as a lot that is still to be read, by `read_lote`. Raises Refused, PermissionError."""
    with _opened(contabilidad, tipo, archivo, by) as (got, _file):
        return got


def read_lote(lote: Lote, by: Usuario, *, progress: Progress | None = None) -> None:
    """Read and review the file of a lot as it was kept; nothing is done to one that was. Raises Refused."""
    must_capture(lote.contabilidad, by)
    if lote.estado == Lote.Estado.RECIBIDO:
        with stored_file(lote.sha256) as chunks, kept(chunks, Handed(lote.contabilidad, by)) as file:
            _read(lote, file, by, False, progress)


def drop_unread(lote_id: int) -> None:
    """Delete a lot whose file could not be read, so that nothing of it stands in the list."""
    with acting():
        Lote.objects.filter(pk=lote_id, estado=Lote.Estado.RECIBIDO).delete()


@contextmanager
def _opened(
    contabilidad: Contabilidad, tipo: str, archivo: tuple[str, Iterable[bytes]], by: Usuario
) -> Iterator[tuple[Recibido, Guardado]]:
    """Lend a lot with its file on this disk. Raises Refused, PermissionError."""
    must_capture(contabilidad, by)
    if tipo not in load_kinds(settings.JURISDICTION):
        raise refusal("tipo", "tipo", f"No hay plantilla «{tipo[:30]}».", "Elija una de la lista.")
    name, chunks = archivo
    with kept(chunks, Handed(contabilidad, by)) as file:
        if file.forma == "xml":
            raise refusal(
                "tipo", "archivo", "Es un XML.", "Cárguelo en «Contabilidad electrónica» o en la bandeja de CFDI."
            )
        yield Recibido(*open_lote(contabilidad, tipo, by, nombre=name, guardado=file)), file


def _read(lote: Lote, file: Guardado, by: Usuario, fresh: bool, progress: Progress | None) -> None:
    """Read and review the file of a lot. A file that cannot be read leaves no lot; a process killed, one to review."""
    try:
        with acting():
            held = Lote.objects.select_for_update(no_key=True, of=("self",)).get(pk=lote.pk)
            if held.estado != Lote.Estado.RECIBIDO:  # somebody else read it while this one waited
                lote.refresh_from_db()
                return
            sheet = read_sheet(file.path, file.forma, load_kinds(settings.JURISDICTION)[lote.tipo])
            lote.ignoradas = list(sheet.ignoradas)
            fill_lote(lote, counted(filas_of(sheet.renglones, lote), progress), by)
    except Refused:
        if fresh:
            drop_unread(lote.pk)
        raise


def counted[T](rows: Iterable[T], progress: Progress | None) -> Iterator[T]:
    """Yield the same rows, telling how many went each STEP of them."""
    for number, row in enumerate(rows, 1):
        if progress is not None and number % STEP == 0:
            progress(number)
        yield row


def open_lote(
    contabilidad: Contabilidad, tipo: str, by: Usuario, *, nombre: str, guardado: Guardado, origen: str = "archivo"
) -> tuple[Lote, bool]:
    """Return the lot of that content, and whether it was made now."""
    same = Lote.objects.exclude(estado=Lote.Estado.DESCARTADO)
    with acting():
        return same.get_or_create(
            contabilidad=contabilidad,
            tipo=tipo,
            sha256=guardado.sha256,
            defaults={
                "nombre": nombre[-200:] or "archivo",
                "archivo_id": guardado.sha256,
                "origen": origen,
                "recibido_el": clock.now(),
                "recibido_por": by,
            },
        )


def filas_of(rows: Iterable[Renglon], lote: Lote) -> Iterator[Fila]:
    """Rows of a file as rows in work, each with what names its thing."""
    kind = load_kinds(settings.JURISDICTION)[lote.tipo]
    for row in rows:
        cells = row.celdas
        whole = "".join(cells.values())
        if len(whole) > LONGEST or NO_TEXT.search(whole):
            cells = {name: legible(text[:LONGEST]) for name, text in cells.items()}
        yield Fila(row.fila, kind.clave_de(cells) or f"fila {row.fila}", cells, list(row.problemas))


def fill_lote(lote: Lote, rows: Iterable[Fila], by: Usuario) -> None:
    """Write the rows of a lot, reviewed, in place of those it had, in a transaction. Raises Refused if empty."""
    FilaLote.objects.filter(lote=lote).delete()
    revisor, seen, apart = Revisor(lote, by), set[str](), set[str]()
    insert_rows(lote, _reviewed(revisor, things_of(lote.tipo, rows), seen, apart))
    if not seen:
        raise refusal("vacio", "archivo", "No hay ningún renglón debajo de los títulos.", "Llene la plantilla.")
    if lote.tipo == POLIZAS and apart:
        _review_again(lote, sorted(apart), by)
    mark_repeated(lote, revisor.kind)
    lote.estado = Lote.Estado.REVISADO
    lote.save(update_fields=["estado", "ignoradas"])


def _reviewed(revisor: Revisor, things: Iterable[Cosa], seen: set[str], apart: set[str]) -> Iterator[Fila]:
    """Yield the rows of the things, reviewed; notes every key, and those that come again after another."""
    for thing in revisor.review(things):
        (apart if thing.clave in seen else seen).add(thing.clave)
        yield from thing.filas


def _review_again(lote: Lote, keys: Sequence[str], by: Usuario) -> None:
    revisor = Revisor(lote, by)
    whole = lote.tipo not in POSTED_KINDS  # rows of a catalogue see those before them; pólizas go by thousands
    for piece in [keys] if whole else batched(keys, PIECE):
        things = list(revisor.review(stored_things(lote, keys=piece)))
        save_problems(lote, (row for thing in things for row in thing.filas))
    mark_repeated(lote, revisor.kind)


def lock_lote(lote: Lote) -> Lote:
    """Return the lot, locked after its books, if it can still change. Raises Refused."""
    lock_contabilidades([lote.contabilidad_id])  # before the lot, as whoever posts it will
    current = Lote.objects.select_for_update(no_key=True, of=("self",))
    found = current.select_related("contabilidad__etapa", "contabilidad__sujeto").get(pk=lote.pk)
    if found.estado == Lote.Estado.DESCARTADO:
        raise refusal("descartado", "lote", "El lote se descartó.", "Cargue el archivo otra vez.")
    return found


def review_lote(lote: Lote, by: Usuario) -> None:
    """Validate every row again: windows open and close, and catalogues grow. Raises Refused, PermissionError."""
    must_capture(lote.contabilidad, by)
    with acting():
        current = lock_lote(lote)
        done = set(selectors.applied_keys(current))
        keys = [key for key in selectors.keys_of(current) if key not in done]
        _review_again(current, keys, by)


def fix_cells(lote: Lote, fila: int, cells: dict[str, str], by: Usuario) -> None:
    """Write again some cells of a row and review what it touches. Raises Refused, PermissionError."""
    must_capture(lote.contabilidad, by)
    with acting():
        current = lock_lote(lote)
        kind = load_kinds(settings.JURISDICTION)[current.tipo]
        row = FilaLote.objects.filter(lote=current, fila=fila).first()
        if row is None or set(cells) - set(kind.nombres):
            raise refusal("fila", f"fila {fila}", "Ese renglón o esa columna no están en el lote.", "Vuelva al lote.")
        before = row.clave
        if before in set(selectors.applied_keys(current)):
            raise refusal("aplicada", f"fila {fila}", "Ya se aplicó y no cambia.", "Corríjala en su propia página.")
        if row.original is None:
            row.original = row.celdas
        changed = {**row.celdas, **{name: text.strip()[:LONGEST] for name, text in cells.items()}}
        row.celdas = {name: text for name, text in changed.items() if text}
        row.clave = kind.clave_de(row.celdas) or f"fila {row.fila}"
        row.save()
        _say_in_all(row, {name: row.celdas.get(name, "") for name in cells if kind.grupo and name in HEADER})
        _review_again(current, sorted({before, row.clave}), by)


def _say_in_all(row: FilaLote, header: dict[str, str]) -> None:
    """A datum of the póliza corrected in one of its rows is corrected in all."""
    if not header:
        return
    for other in FilaLote.objects.filter(lote_id=row.lote_id, clave=row.clave).exclude(pk=row.pk):
        other.original = other.celdas if other.original is None else other.original
        other.celdas = {name: text for name, text in {**other.celdas, **header}.items() if text}
        other.save()


def choose(lote: Lote, keys: Sequence[str] | None, elegida: bool, by: Usuario, *, only_bad: bool = False) -> None:
    """Choose or leave out things by their key; None: all of them, or all that have something wrong."""
    must_capture(lote.contabilidad, by)
    with acting():
        rows = FilaLote.objects.filter(lote=lock_lote(lote))
        if keys is not None:
            rows = rows.filter(clave__in=list(keys))
        elif only_bad:
            rows = rows.filter(clave__in=rows.exclude(problemas=[]).values("clave"))
        rows.exclude(elegida=elegida).update(elegida=elegida)


def discard_lote(lote: Lote, by: Usuario) -> None:
    """Put a lot aside: nothing of it will be applied. What was already applied stays. Raises Refused."""
    must_capture(lote.contabilidad, by)
    with acting():
        current = lock_lote(lote)
        if current.estado == Lote.Estado.APLICADO:
            raise refusal("aplicado", "lote", "El lote ya se aplicó.", "Lo registrado se corrige en su propia página.")
        current.estado, current.descartado_el = Lote.Estado.DESCARTADO, clock.now()
        current.save(update_fields=["estado", "descartado_el"])


def apply_lote(lote: Lote, by: Usuario, *, progress: Progress | None = None) -> Aplicado:
    """Apply everything chosen that was not applied yet, or nothing. Raises Refused, PermissionError.

    `progress` hears how many things were read.
    """
    try:
        return apply_whole(lote, by, progress=progress)
    except PolizaRefused as refused:
        review_lote(lote, by)  # each problem goes to its row, to be cured there
        raise Refused(*refused.problems[:MOST_TOLD]) from refused


def apply_whole(lote: Lote, by: Usuario, *, progress: Progress | None = None) -> Aplicado:
    """Apply as `apply_lote` does, in one transaction that leaves nothing. Raises PolizaRefused too."""
    must_capture(lote.contabilidad, by)
    with acting():
        return _apply(lock_lote(lote), by, progress)


def _apply(lote: Lote, by: Usuario, progress: Progress | None) -> Aplicado:
    counts = selectors.counts_of(lote)
    if counts.elegidas_malas:
        raise refusal(
            "con_error",
            "lote",
            f"De lo elegido, {counts.elegidas_malas} tiene error y no se aplicó nada.",
            "Corrija las celdas marcadas o quítelas de la selección.",
        )
    if not counts.por_aplicar:
        words = "Todo lo elegido ya se aplicó: nada cambió." if counts.aplicadas else "No eligió nada."
        raise refusal(
            "nada", "lote", words, "Elija lo que falta." if counts.cosas > counts.aplicadas else "No hace falta más."
        )
    done = (_post if lote.tipo in POSTED_KINDS else _enrol)(lote, by, progress)
    mark_applied(lote, by)
    return Aplicado(done, counts.cosas - counts.aplicadas - done)


def _post(lote: Lote, by: Usuario, progress: Progress | None) -> int:
    """Post the pólizas as a stream; what no one moved comes in the order of its rows, without sorting it first."""
    done = set(selectors.applied_keys(lote))
    try:
        with chosen_things(lote, apart=False) as things:
            return post_things(lote, things, by, done=done, progress=progress).polizas
    except RowsApart:
        with chosen_things(lote, apart=True) as things:
            return post_things(lote, things, by, done=done, progress=progress).polizas


def _enrol(lote: Lote, by: Usuario, progress: Progress | None) -> int:
    """Apply rows of a catalogue one by one; the first refused undoes them all, and every refusal is told."""
    revisor, results, wrong = Revisor(lote, by), dict[int, str](), list[Fila]()
    pending = lote.filas.filter(elegida=True, resultado="").values_list("fila", flat=True)
    wanted = set(pending)
    with chosen_things(lote, apart=False) as things:
        for thing in counted(things, progress):
            row = thing.filas[0]
            if row.fila in wanted:
                results[row.fila] = revisor.apply(thing)
                wrong += [row] if row.problemas else []
    if wrong:
        raise PolizaRefused(*[at_row(row, problem) for row in wrong for problem in row.problemas])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE batch_filalote SET resultado = t.r FROM unnest(%s::int[], %s::text[]) AS t(f, r) "
            "WHERE lote_id = %s AND fila = t.f",
            [list(results), list(results.values()), lote.pk],
        )
    return len(results)


__all__ = ["PolizaCargada", "apply_lote", "choose", "discard_lote", "fix_cells", "receive_lote", "review_lote"]
