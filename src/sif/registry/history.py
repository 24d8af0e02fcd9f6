"""Read and correct a versioned record: current row, history, replacement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Model, QuerySet

from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.versions import Version

_OWN = frozenset({"id", "identidad", "version", "reemplaza_a", "motivo", "registrada_el", "registrada_por"})


class StaleVersion(ValueError):
    """The version to be replaced is not the current one; `current` is."""

    def __init__(self, current: Version) -> None:
        self.current = current
        super().__init__(f"Se corrigió la versión anterior a la {current.version}; vuelva a leer y corrija la vigente.")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a version changed, with its value before and after."""

    campo: str
    antes: object
    despues: object


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version of a record in its history; cambios is empty for the first."""

    version: int
    registrada_el: datetime | None
    por: str
    motivo: str
    cambios: tuple[FieldChange, ...]


def current[M: Model](rows: QuerySet[M]) -> QuerySet[M]:
    """Keep the rows that no later version replaces."""
    return rows.filter(reemplazada_por=None)


def current_of[M: Version](row: M) -> M:
    """Return the current version of the record of a row."""
    found: M = type(row)._default_manager.get(identidad=row.identidad, reemplazada_por=None)
    return found


def facts_of(row: Version) -> dict[str, object]:
    """Return the values of a version that are facts, by name of field; ids of what it refers to."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in _OWN}


def add_version[M: Version](
    row: M, changes: Mapping[str, object], motivo: str, by: Usuario | None, arrived: datetime | None = None
) -> M:
    """Insert the version that replaces a row; a row that nothing changes is returned as it is.

    arrived: its hour, of an act with a term that may wait for another; now unless told.
    Raises StaleVersion where the row was replaced already, or is by another person at this moment.
    """
    facts = facts_of(row)
    if all(facts[name] == value for name, value in changes.items()):
        return row
    last = current_of(row)
    if last.pk != row.pk:
        raise StaleVersion(last)
    try:
        with acting():
            made: M = type(row)._default_manager.create(
                **{**facts, **changes},
                reemplaza_a=row,
                motivo=motivo,
                registrada_el=arrived or clock.now(),
                registrada_por=by,
            )
    except IntegrityError as refused:
        last = current_of(row)
        if last.pk == row.pk:
            raise
        raise StaleVersion(last) from refused  # two without a common lock: the database let one replace it
    return made


def history_of(row: Version) -> list[VersionEntry]:
    """List the versions of a record, the last first, with what each one changed."""
    model = type(row)
    rows: Sequence[Version] = list(
        model._default_manager.filter(identidad=row.identidad).select_related("registrada_por").order_by("version")
    )
    found = []
    for before, after in zip([None, *rows], rows, strict=False):
        who = after.registrada_por
        changes = tuple(_changes(before, after)) if before is not None else ()
        found.append(VersionEntry(after.version, after.registrada_el, who.nombre if who else "", after.motivo, changes))
    return found[::-1]


def _changes(before: Version, after: Version) -> Iterator[FieldChange]:
    """Yield the facts that changed; of another version cited, what that one changed, as `persona.nombre`."""
    old, new = facts_of(before), facts_of(after)
    for field in after._meta.concrete_fields:
        name = field.attname
        if name not in new or old[name] == new[name]:
            continue
        cited, former = getattr(after, field.name), getattr(before, field.name)
        if field.is_relation and isinstance(cited, Version) and isinstance(former, Version):
            yield from (replace(each, campo=f"{field.name}.{each.campo}") for each in _changes(former, cited))
        else:
            yield FieldChange(name, old[name], new[name])
