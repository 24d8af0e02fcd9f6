"""Look up the names of auxiliaries in their catalogues, in batches."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from sif.books.models import Contrato
from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana, Credito, Evento, Proyecto, ResolucionPorPagar
from sif.ledger.poliza import AUXILIARIES
from sif.registry.masks import masked
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor
from sif.registry.versions import Version

Key = tuple[str, int | None]
_CATALOGUES: dict[str, tuple[type[Model], Callable[[Any], tuple[str, str]]]] = {
    "proveedor": (Proveedor, lambda row: (row.rfc, row.nombre)),
    "aportante": (Aportante, lambda row: (masked("rfc", row.rfc) or f"A{row.identidad}", row.nombre)),
    "persona": (Persona, lambda row: (masked("rfc", row.rfc) or f"P{row.identidad}", row.nombre)),
    "cuenta_bancaria": (CuentaBancaria, lambda row: (row.clabe, row.banco)),
    "contabilidad": (Contabilidad, lambda row: (str(row.pk), row.get_clase_display())),
    "contrato": (Contrato, lambda row: (f"C{row.pk}", row.objeto)),
    "inventario": (Articulo, lambda row: (row.clave, row.nombre)),
    "activo_fijo": (ActivoFijo, lambda row: (row.numero, row.descripcion)),
    "credito": (Credito, lambda row: (row.numero, row.acreedor)),
    "casa": (CasaCampana, lambda row: (f"H{row.pk}", row.nombre)),
    "evento": (Evento, lambda row: (f"E{row.numero}", row.nombre)),
    "proyecto": (Proyecto, lambda row: (row.clave, row.nombre)),
    "resolucion": (ResolucionPorPagar, lambda row: (row.clave, row.concepto)),
}


def names_of(keys: Iterable[Key]) -> dict[Key, tuple[str, str]]:
    """(key people use, name) of each auxiliary cited; one query for each kind. A kind unknown names itself.

    The RFC of a donor or of a person is masked: books are read without a look (ADR 0166). That of who sells is whole.
    """
    by_kind: dict[str, set[int]] = {}
    for kind, number in keys:
        if kind and number is not None:
            by_kind.setdefault(kind, set()).add(number)
    found: dict[Key, tuple[str, str]] = {}
    for kind, numbers in by_kind.items():
        found |= {(kind, number): (str(number), AUXILIARIES.get(kind, kind)) for number in numbers}
        if kind in _CATALOGUES:
            model, words = _CATALOGUES[kind]
            found |= {(kind, row.pk): words(row) for row in model._default_manager.filter(pk__in=numbers)}
    return found


def versions_of(kind: str, number: int) -> list[int]:
    """List the rows of the auxiliary that a row is of: every version of it, or that row alone where none changes."""
    model = _CATALOGUES[kind][0] if kind in _CATALOGUES else Model
    if not issubclass(model, Version):
        return [number]
    own = model._default_manager.filter(pk=number).values("identidad")
    return list(model._default_manager.filter(identidad__in=own).values_list("pk", flat=True)) or [number]


def current_rows(keys: Iterable[Key]) -> dict[Key, int]:
    """Return the current row of each auxiliary cited by an earlier version; one query for each kind that has any."""
    by_kind: dict[str, set[int]] = {}
    for kind, number in keys:
        if number is not None and kind in _CATALOGUES and issubclass(_CATALOGUES[kind][0], Version):
            by_kind.setdefault(kind, set()).add(number)
    found: dict[Key, int] = {}
    for kind, numbers in by_kind.items():
        rows = _CATALOGUES[kind][0]._default_manager
        cited = dict(rows.filter(pk__in=numbers).values_list("pk", "identidad"))
        last = rows.filter(identidad__in=cited.values(), reemplazada_por=None)
        standing = dict(last.values_list("identidad", "pk"))
        found |= {(kind, number): standing[identity] for number, identity in cited.items() if identity in standing}
    return found


def written(found: dict[Key, tuple[str, str]], kind: str, number: int | None) -> str:
    """Return an auxiliary in one text: its key and its name; '' where the line has none."""
    key, name = found.get((kind, number), ("", ""))
    return f"{key} {name}".strip()
