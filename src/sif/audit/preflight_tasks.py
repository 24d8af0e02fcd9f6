"""Declare the job that evaluates the rules over large books and keeps its answer for who asked."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import IO

from django.conf import settings

from sif.audit.engine import RunFailed
from sif.audit.preflight import covers_subject, preflight
from sif.audit.preflight_kept import Answer, Writer, read_answer
from sif.audit.services import rules_of
from sif.books.board import stamp_of
from sif.jobs.files import FileGone, keep
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.selectors import open_job
from sif.jobs.services import ask
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Usuario
from sif.registry.scope import only
from sif.registry.selectors import contabilidades_of

PREFLIGHT = "revision_previa"


def ask_for_preflight(libros: Sequence[Contabilidad], by: Usuario, *, una: bool = False) -> Trabajo:
    """Ask for the preflight of some books of one subject and stage. Raises PermissionError.

    `una`: it was asked of one set of books, and not of all that the person consults.
    """
    _must_consult(libros, by)
    numbers = sorted(books.pk for books in libros)
    said: dict[str, int | str] = {
        "etapa": libros[0].etapa_id,
        "libros": ",".join(map(str, numbers)),
        "una": numbers[0] if una else 0,
    }
    return ask(PREFLIGHT, _key(libros, by), said, by)


def open_preflight(libros: Sequence[Contabilidad], by: Usuario) -> Trabajo | None:
    """Return the job that waits or runs on these books for the person, if one does."""
    return open_job((PREFLIGHT,), _key(libros, by))


def last_answer(libros: Sequence[Contabilidad], by: Usuario) -> Answer | None:
    """The last answer that the person was given of exactly these books by the rules of today; None once it is gone.

    Raises PermissionError for who does not consult every one of them.
    """
    _must_consult(libros, by)
    done = Trabajo.objects.filter(
        persona=by, tipo=PREFLIGHT, clave=_key(libros, by), estado=Trabajo.Estado.HECHO
    ).order_by("-pk")
    found = done.first()
    if found is None:
        return None
    try:
        return read_answer(str(found.resultado["respuesta"]), libros[0].etapa)
    except FileGone:
        return None


def stamp(libros: Sequence[Contabilidad]) -> str:
    """Hash the stamp of some books, the same for every viewer, to detect a new póliza or evidence."""
    numbers = [books.pk for books in libros]
    with only(numbers):
        return hashlib.sha256(repr(stamp_of(numbers)).encode()).hexdigest()


def _key(libros: Sequence[Contabilidad], by: Usuario) -> str:
    """Name the work by person, stage, books and rules: what answered others says nothing of these."""
    etapa: Etapa = libros[0].etapa
    rules = ",".join(rule.digest for rule in rules_of(etapa))
    named = f"{etapa.pk};{','.join(map(str, sorted(books.pk for books in libros)))};{rules}"
    return f"{by.pk}:{hashlib.sha256(named.encode()).hexdigest()}"


def _must_consult(libros: Sequence[Contabilidad], by: Usuario) -> None:
    mine = set(contabilidades_of(by).values_list("pk", flat=True))
    if not {books.pk for books in libros} <= mine:
        raise PermissionError(f"{by.nombre} ya no consulta alguna de las contabilidades de esta revisión.")


def _answer(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    numbers = [int(number) for number in str(said["libros"]).split(",")]
    libros = list(Contabilidad.objects.filter(pk__in=numbers).select_related("etapa__proceso", "sujeto").order_by("pk"))
    _must_consult(libros, encargo.persona)

    def write(stream: IO[bytes]) -> None:
        before, began = stamp(libros), clock.now()
        writer, etapa = Writer(stream), libros[0].etapa
        found = preflight(
            etapa,
            libros,
            whole_subject=covers_subject(etapa, libros),
            keep=writer.keep,
            tell=encargo.tell,
            work=settings.DATOS / "resultados" / f".revision-{encargo.trabajo.pk}",
        )
        writer.end(Answer(found, began, before))

    sha256, _size = keep(write)
    return {"respuesta": sha256}


register(Kind(PREFLIGHT, _answer, alone=lambda _n: True, refusals=(RunFailed,)))
