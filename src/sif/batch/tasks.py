"""Kinds of job of the room: read and review a lot, review it again, apply what was chosen of it."""

from collections.abc import Mapping
from typing import Any

from sif.batch.models import Lote
from sif.batch.refused import LoteRefused
from sif.batch.services import apply_whole, drop_unread, read_lote, review_lote
from sif.books.services import PolizaRefused
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario

READ, REVIEW, APPLY = "lote_leer", "lote_revisar", "lote_aplicar"


def ask_for(tipo: str, lote: Lote, by: Usuario) -> Trabajo:
    """Ask for a job of a lot; of each lot one job is open at a time."""
    return ask(tipo, f"lote:{lote.pk}", {"lote": lote.pk}, by, contabilidad=lote.contabilidad)


def _lote(trabajo: Trabajo) -> Lote:
    rows = Lote.objects.select_related("contabilidad__etapa", "contabilidad__sujeto")
    return rows.get(pk=trabajo.referencia["lote"])


def _read(encargo: Encargo) -> Mapping[str, Any]:
    read_lote(_lote(encargo.trabajo), encargo.persona, progress=encargo.tell)
    return {}


def _review(encargo: Encargo) -> Mapping[str, Any]:
    review_lote(_lote(encargo.trabajo), encargo.persona)
    return {}


def _apply(encargo: Encargo) -> Mapping[str, Any]:
    done = apply_whole(_lote(encargo.trabajo), encargo.persona, progress=encargo.tell)
    return {"cosas": done.cosas, "faltan": done.faltan}


def _to_rows(trabajo: Trabajo) -> None:
    """Put the problems of a refused application in their rows, to be cured there."""
    review_lote(_lote(trabajo), trabajo.persona)


register(
    Kind(READ, _read, refusals=(LoteRefused,), refused=lambda trabajo: drop_unread(int(trabajo.referencia["lote"])))
)
register(Kind(REVIEW, _review, refusals=(LoteRefused,)))
register(Kind(APPLY, _apply, refusals=(LoteRefused, PolizaRefused), refused=_to_rows))
