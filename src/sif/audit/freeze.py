"""Freeze a stage: copy every published table to Parquet at one instant, and name the result by its digest."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from sif.audit.authority_lists import loadable, query_of
from sif.audit.copying import GROWING, copied, grow, write_batches, write_rows
from sif.audit.engine import Snapshot, SnapshotRefused, manifest_digest
from sif.audit.opening_layers import opening_layers
from sif.law.days import is_business_day
from sif.law.parameters import load_parameters, overrides_of
from sif.law.sources import read_data
from sif.registry import clock
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad, Etapa
from sif.registry.procesos import is_linked
from sif.registry.scope import everything
from sif.rulebook.published import TABLES
from sif.values import Span
from sif.values.span import OPEN_END

_WRITTEN = read_data(Path(__file__).with_name("published.yaml"))
SOURCES: dict[str, str] = {
    **{name: query.replace("{clase}", _WRITTEN["_clase"]) for name, query in _WRITTEN.items() if name[0] != "_"},
    **{name: query_of(spec.table) for name, spec in loadable(settings.JURISDICTION).items()},
}
"""How each table is read from the database; those that files fill are all read alike."""


def snapshots_folder() -> Path:
    """Return the snapshots folder of this installation, made if missing, with one subfolder per digest."""
    folder: Path = settings.DATOS / "instantaneas"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def freeze_tables(etapa: Etapa, corte: date, previous: Snapshot | None = None) -> tuple[Path, dict[str, object]]:
    """Copy every published table of a stage to a new folder; returns it with its manifest.

    The copy is one consistent read. Nothing is left behind if it fails: the folder gets its name only when whole.
    Raises SnapshotRefused when the disk takes no more.
    The same books and the same cut give the same digest, and then the folder that was there is returned. From a
    `previous` snapshot of the stage, of the tables that only grow, only what is new is read; the digest is the same.
    """
    parent = snapshots_folder()
    partial = Path(tempfile.mkdtemp(prefix=".congelando-", dir=parent))
    try:
        manifest = _write_all(partial, etapa, corte, previous)
        final = parent / manifest["digest"]
        if final.exists():
            shutil.rmtree(partial)
        else:
            for file in partial.iterdir():
                file.chmod(0o444)  # a snapshot is read-only for the operating system too
            partial.chmod(0o755)
            partial.replace(final)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise SnapshotRefused(
            f"No se pudo escribir la instantánea ({error}). No quedó nada a medias: libere espacio y congele de nuevo."
        ) from error
    return final, manifest


def _write_all(folder: Path, etapa: Etapa, corte: date, previous: Snapshot | None) -> dict[str, Any]:
    tables: dict[str, dict[str, object]] = {}
    outermost = not connection.in_atomic_block
    with everything(), transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        asked = {"etapa": etapa.pk, "corte": corte, "zona": str(legal_zone())}
        for name in sorted(set(TABLES) - {"corte"}):
            tables[name] = _table(folder, name, (etapa, corte), asked, previous)
    tables["corte"] = write_rows(folder, TABLES["corte"], [(corte, manifest_digest(tables))])
    manifest = {"digest": manifest_digest(tables), "corte": corte.isoformat(), "etapa": etapa.pk, "tables": tables}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    return manifest


def _table(
    folder: Path, name: str, cut: tuple[Etapa, date], asked: dict[str, object], previous: Snapshot | None
) -> dict[str, object]:
    etapa, corte = cut
    table, query = TABLES[name], source_of(name)
    rows = fixed_rows(name, etapa, etapa, corte)
    if rows is not None or query is None:
        return write_rows(folder, table, list(rows or ()))
    if previous is not None and name in GROWING and (grown := grow(folder, table, query, asked, previous)) is not None:
        return grown
    return write_batches(folder, table, copied(table, query, asked))


def source_of(name: str) -> str | None:
    """Return the SELECT that a published table comes from; None for those that functions compute or nobody fills."""
    return SOURCES.get(name)


def fixed_rows(
    name: str, etapa: Etapa, books: Etapa | Sequence[Contabilidad], corte: date
) -> Iterator[tuple[object, ...]] | None:
    """The rows of a published table that functions compute, for a stage or some of its books; None for the others."""
    if name == "calendario":
        return _days(etapa)
    if name == "parametros":
        return _parameters(etapa)
    if name == "informes":
        return _reports(books, corte)
    if name == "capas_iniciales":
        return opening_layers(etapa, books)
    return None


def _days(etapa: Etapa) -> Iterator[tuple[object, ...]]:
    """Yield the calendar of the stage: every day and hour counts for what is of an electoral process [LGIPE 97.1].

    An ordinary year has its business days, also while a process runs: its review is not linked to it [LGSMIME 7.2].
    """
    process = None
    if is_linked(etapa):
        process = Span(etapa.inicia_el, (etapa.proceso.jornada_el or etapa.termina_el) + timedelta(days=120))
    first, ordinal_habil = etapa.inicia_el - timedelta(days=400), 0
    for ordinal in range(1, 1000):
        day = first + timedelta(days=ordinal - 1)
        habil = is_business_day(day, process, jurisdiction=settings.JURISDICTION)
        ordinal_habil += habil
        yield day, habil, ordinal, ordinal_habil


def _parameters(etapa: Etapa) -> Iterator[tuple[object, ...]]:
    """Every figure of the law with its days, and those that a judgement changed for this process, under their own key.

    A rule that admits them asks for «excepcion» and the key of the figure.
    """
    for clave, parameter in sorted(load_parameters(settings.JURISDICTION).items()):
        for value in parameter.valores:
            yield clave, value.desde, value.hasta or OPEN_END, value.valor, parameter.unidad, value.base
    proceso = etapa.proceso
    for clave, other in sorted(
        overrides_of(proceso.ambito, proceso.entidad, proceso.anio, settings.JURISDICTION).items()
    ):
        unit = load_parameters(settings.JURISDICTION)[clave].unidad
        yield f"excepcion {clave}", date(1900, 1, 1), OPEN_END, other.valor, unit, other.base


def _reports(books: Etapa | Sequence[Contabilidad], corte: date) -> Iterator[tuple[object, ...]]:
    from sif.filing.selectors import obligations

    for number, due in enumerate(obligations(books), 1):
        vence = clock.legal_day(due.vence_el - timedelta(seconds=1))
        presented = clock.legal_day(due.recibida_el) if due.recibida_el else None
        yield (
            number,
            due.contabilidad_id,
            due.periodo_id,
            due.tipo,
            vence,
            presented,
            presented is not None,
            due.ingresos,
            due.egresos,
        )
