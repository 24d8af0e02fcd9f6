"""Post a faultless file as it is read, all or nothing, in constant memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db.models import Q

from sif.batch.fast_parser import Cruda, raw_things
from sif.batch.files import Guardado, kept
from sif.batch.kinds import POLIZAS, load_kinds
from sif.batch.models import Lote
from sif.batch.posting import RowsApart, at_row, mark_applied, post_things
from sif.batch.review import Revisor
from sif.batch.services import filas_of, must_capture, open_lote
from sif.batch.sheets import open_sheet, read_sheet
from sif.batch.store import things_of
from sif.books.services import Handed, PolizaRefused
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Problem, Refused, refusal

MOST_TOLD = 1_000  # problems of one file; the rest repeats what these say


@dataclass(frozen=True, slots=True)
class Cargado:
    """The lot of a file and its pólizas; `nuevo` False when that file had been posted before, and nothing changed."""

    lote: Lote
    polizas: int
    nuevo: bool


def load_direct(
    contabilidad: Contabilidad,
    archivo: tuple[str, Iterable[bytes]],
    by: Usuario,
    *,
    progress: Callable[[int], None] | None = None,
) -> Cargado:
    """Post every póliza of a file (its name and its bytes in pieces) or none. Raises Refused, PermissionError.

    What is wrong is told as the preview tells it, with row and column. `progress` hears how many pólizas were read.
    """
    must_capture(contabilidad, by)
    name, chunks = archivo
    with kept(chunks, Handed(contabilidad, by)) as file:
        if file.forma == "xml":
            raise refusal("tipo", "archivo", "Es un XML.", "Cárguelo en la página «Contabilidad electrónica».")
        try:
            with acting():
                lote, fresh = open_lote(contabilidad, POLIZAS, by, nombre=name, guardado=file)
                lock_contabilidades([contabilidad.pk])
                held = Lote.objects.select_for_update(no_key=True, of=("self",)).select_related("contabilidad")
                lote = held.get(pk=lote.pk)
                if lote.estado == Lote.Estado.APLICADO:
                    return Cargado(lote, lote.polizas.count(), False)
                if not fresh:
                    _must_be_as_it_came(lote)
                posted = post_things(lote, _things(lote, file), by, progress=progress)
                if not posted.polizas:
                    raise refusal("vacio", "archivo", "No hay ningún renglón debajo de los títulos.", "Llénelo.")
                mark_applied(lote, by)
                return Cargado(lote, posted.polizas, True)
        except (PolizaRefused, RowsApart) as refused:
            # undone whole: what is wrong is asked again as the preview asks it, which knows rows and columns
            raise Refused(*_told(contabilidad, file, by, refused)) from refused


def _things(lote: Lote, file: Guardado) -> Iterator[Cruda]:
    kind = load_kinds(settings.JURISDICTION)[POLIZAS]
    sheet = open_sheet(file.path, file.forma, kind)
    lote.ignoradas = list(sheet.ignoradas)
    return raw_things(sheet, kind)


def _must_be_as_it_came(lote: Lote) -> None:
    """Refuse a lot that someone corrected or chose from in its page: what they decided is not in the file."""
    if lote.filas.filter(Q(original__isnull=False) | Q(elegida=False)).exists():
        raise refusal(
            "en_revision",
            "archivo",
            "Este archivo ya se cargó en la página de lotes y allí se corrigió o se eligió parte de él.",
            f"Regístrelo en esa página (lote {lote.pk}), o descártelo allí y repita.",
        )


def _told(contabilidad: Contabilidad, file: Guardado, by: Usuario, refused: PolizaRefused | RowsApart) -> list[Problem]:
    """Every problem of the file by row and column, up to MOST_TOLD; if there is none by itself, what was refused."""
    if isinstance(refused, RowsApart):
        return [
            Problem(
                "separadas",
                f"fila {refused.fila}, poliza_tmp",
                f"«{refused.clave}» ya venía antes: sus renglones no están juntos.",
                "Ordene el archivo por poliza_tmp, o cárguelo en la página de lotes, que los junta.",
            )
        ]
    lote = Lote(contabilidad=contabilidad, tipo=POLIZAS)
    sheet = read_sheet(file.path, file.forma, load_kinds(settings.JURISDICTION)[POLIZAS])
    things = Revisor(lote, by).review(things_of(POLIZAS, filas_of(sheet.renglones, lote)))
    wrong = (at_row(row, problem) for thing in things for row in thing.filas for problem in row.problemas)
    return list(islice(wrong, MOST_TOLD)) or list(refused.problems)
