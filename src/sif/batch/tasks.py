"""Declare the jobs of lots: read, map equivalent accounts, review, apply."""

from collections.abc import Iterable, Mapping

from sif.batch.conta import SAT, put_equivalences, read_conta
from sif.batch.ledger_files import LEDGER, read_ledger
from sif.batch.models import Lote
from sif.batch.services import apply_whole, drop_unread, must_capture, read_lote, review_lote
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.selectors import open_job
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.values import refusal

READ, REVIEW, APPLY, EQUATE = "lote_leer", "lote_revisar", "lote_aplicar", "lote_equivalencias"


def ask_for(tipo: str, lote: Lote, by: Usuario) -> Trabajo:
    """Ask for a job of a lot: one of each kind at a time, and those of one contabilidad run one after another.

    Raises PermissionError for who does not capture there, TrabajoRefused.
    """
    must_capture(lote.contabilidad, by)
    return ask(tipo, key_of(lote.pk), {"lote": lote.pk}, by, contabilidad=lote.contabilidad)


def ask_to_equate(lote: Lote, numbers: Iterable[int], by: Usuario) -> Trabajo:
    """Ask for the job that puts these equivalences in the rows of a lot. Raises as `ask_for`."""
    must_capture(lote.contabilidad, by)
    said: dict[str, int | str] = {"lote": lote.pk, "equivalencias": ",".join(map(str, sorted(numbers)))}
    return ask(EQUATE, key_of(lote.pk), said, by, contabilidad=lote.contabilidad)


def key_of(lote_id: int) -> str:
    """Name the work on a lot."""
    return f"lote:{lote_id}"


def open_job_of(lote: Lote) -> Trabajo | None:
    """Return the job that waits or runs on a lot, if one does."""
    return open_job((READ, REVIEW, APPLY, EQUATE), key_of(lote.pk))


READERS = {SAT: read_conta, LEDGER: read_ledger}
"""Who reads the lots of each origin; the others are templates."""


def _lote(trabajo: Trabajo) -> Lote:
    """Return the lot of a job. Raises Refused."""
    rows = Lote.objects.select_related("contabilidad__etapa", "contabilidad__sujeto")
    found = rows.filter(pk=trabajo.referencia["lote"]).first()
    if found is None:
        raise refusal("lote", "lote", "El lote ya no está.", "Cargue el archivo otra vez.")
    return found


def _read(encargo: Encargo) -> Mapping[str, object]:
    lote = _lote(encargo.trabajo)
    READERS.get(lote.origen, read_lote)(lote, encargo.persona, progress=encargo.tell)
    return {}


def _equate(encargo: Encargo) -> Mapping[str, object]:
    numbers = str(encargo.trabajo.referencia["equivalencias"]).split(",")
    put_equivalences(_lote(encargo.trabajo), [int(number) for number in numbers if number], encargo.persona)
    return {}


def _review(encargo: Encargo) -> Mapping[str, object]:
    review_lote(_lote(encargo.trabajo), encargo.persona)
    return {}


def _apply(encargo: Encargo) -> Mapping[str, object]:
    lote = _lote(encargo.trabajo)
    done = apply_whole(lote, encargo.persona, progress=encargo.tell)
    return {"tipo": lote.tipo, "cosas": done.cosas, "faltan": done.faltan}


def _to_rows(trabajo: Trabajo) -> None:
    """Put the problems of a refused application in their rows, to be cured there."""
    review_lote(_lote(trabajo), trabajo.persona)


register(Kind(READ, _read, refused=lambda trabajo: drop_unread(int(trabajo.referencia["lote"]))))
register(Kind(EQUATE, _equate))
register(Kind(REVIEW, _review))
register(Kind(APPLY, _apply, refused=_to_rows))
