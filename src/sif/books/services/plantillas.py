"""Save, rename and retire the templates of frequent entries of a subject."""

from typing import Any

from django.db import IntegrityError

from sif.books.models import Plantilla
from sif.registry import clock
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem, Refused

_KEPT = ("subtipo", "clase", "concepto")
_LINE = ("cuenta", "auxiliar", "concepto", "cargo", "abono")
_DATED = ("fecha", "folio")


def save_plantilla(sujeto: SujetoObligado, nombre: str, contenido: dict[str, object], by: Usuario) -> Plantilla:
    """Keep a draft's content as a template, without what belongs to one day: dates, period, folios, files.

    Raises Refused, PermissionError for a stranger.
    """
    _allowed(by, sujeto)
    kept = undated(contenido)
    if not any(value.strip() for line in kept["lineas"] for value in line.values()):
        raise Refused(
            Problem("vacia", "líneas", "La póliza no tiene ninguna línea escrita.", "Escriba al menos una cuenta.")
        )
    return _named(Plantilla(sujeto=sujeto, contenido=kept, creada_el=clock.now(), creada_por=by), nombre)


def undated(contenido: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a draft's content that a template keeps, with blank dates and folios."""
    return {
        **{name: str(contenido.get(name, "")) for name in _KEPT},
        "lineas": [{name: str(line.get(name, "")) for name in _LINE} for line in contenido.get("lineas", [])],
        **{
            part: {name: "" if name in _DATED else value for name, value in (contenido.get(part) or {}).items()}
            for part in ("pago", "aportacion")
        },
    }


def rename_plantilla(plantilla: Plantilla, nombre: str, by: Usuario) -> Plantilla:
    """Give a template another name. Raises Refused, PermissionError for a stranger."""
    _allowed(by, plantilla.sujeto)
    return _named(plantilla, nombre)


def retire_plantilla(plantilla: Plantilla, by: Usuario) -> None:
    """Offer a template no more; it stays in the record. Raises PermissionError for a stranger."""
    _allowed(by, plantilla.sujeto)
    if plantilla.retirada_el is None:
        plantilla.retirada_el = clock.now()
        with acting():
            plantilla.save(update_fields=["retirada_el"])


def _allowed(by: Usuario, sujeto: SujetoObligado) -> None:
    if not may(by, "capturar", sujeto=sujeto):
        raise PermissionError("Esta plantilla es de otro sujeto. Si debe usarla, pídala a su responsable de finanzas.")


def _named(plantilla: Plantilla, nombre: str) -> Plantilla:
    plantilla.nombre = " ".join(nombre.split())
    if not 0 < len(plantilla.nombre) <= 80:
        raise Refused(
            Problem("nombre", "nombre", "El nombre lleva de 1 a 80 caracteres.", "Diga para qué operación sirve.")
        )
    try:
        with acting():
            plantilla.save()
    except IntegrityError as repeated:
        raise Refused(
            Problem(
                "repetida",
                "nombre",
                f"Ya hay una plantilla «{plantilla.nombre}».",
                "Escriba otro nombre o retire la anterior.",
            )
        ) from repeated
    return plantilla
