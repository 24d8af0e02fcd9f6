"""SAT's list of article 69-B, as the authority loads each publication of it: whole or not at all."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction

from sif.catalogs.models import Lista69b, Situacion69b
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.opening import table_rows
from sif.registry.selectors import may
from sif.sandbox.opening import Wrong
from sif.values import Problem, Refused, Rfc

HEAD = 60  # lines among which the row of titles is looked for
SITUATIONS = {
    "presunto": "presunto", "desvirtuado": "desvirtuado", "definitivo": "definitivo",
    "sentencia favorable": "favorable",
}  # fmt: skip
COLUMNS = {
    "rfc": "rfc", "nombre del contribuyente": "nombre", "situación del contribuyente": "situacion",
    "publicación página sat presuntos": "presunto_el", "publicación página sat desvirtuados": "desvirtuado_el",
    "publicación página sat definitivos": "definitivo_el",
    "publicación página sat sentencia favorable": "favorable_el",
}  # fmt: skip
REQUIRED = ("rfc", "nombre", "situacion")
MOST = 50  # problems told at once


def load_69b(data: bytes, publicada_el: date, by: Usuario) -> Lista69b:
    """Load a publication of the list, a CSV as SAT offers it (latin-1 or UTF-8, title lines before the header).

    The same file again changes nothing and returns what is there. Raises PermissionError for whoever is not of the
    authority, and Refused with row and column of each thing that cannot be read; then nothing is kept.
    """
    if not (may(by, "administrar") or may(by, "auditar")):
        raise PermissionError("La lista del artículo 69-B la carga la autoridad.")
    digest = hashlib.sha256(data).hexdigest()
    there = Lista69b.objects.filter(publicada_el=publicada_el).first()
    if there is not None:
        if there.sha256 == digest:
            return there
        raise Refused(
                Problem(
                    "lista_distinta", "publicación",
                    f"Ya hay una lista publicada el {publicada_el:%d/%m/%Y} y es otra.",
                    "Revise la fecha de publicación, que está en la primera línea del archivo.",
                )
        )  # fmt: skip
    problems: list[Problem] = []
    try:
        lines = (cells for _line, cells in table_rows(data, ",", other="latin-1", strict=False))
        rows = list(_rows(lines, problems))
    except Wrong as wrong:
        raise Refused(*wrong.problems) from wrong
    if problems:
        raise Refused(*problems[:MOST])
    with transaction.atomic():
        lista = Lista69b.objects.create(
            publicada_el=publicada_el, sha256=digest, renglones=len(rows), cargada_el=clock.now(), cargada_por=by
        )
        for row in rows:
            row.lista = lista
        Situacion69b.objects.bulk_create(rows, batch_size=5000)
    return lista


def _rows(lines: Iterable[Sequence[str]], problems: list[Problem]) -> Iterator[Situacion69b]:
    places: dict[str, int] = {}
    seen: set[str] = set()
    for number, cells in enumerate(lines, 1):
        if not places:
            names = [cell.strip().casefold() for cell in cells]
            if "rfc" in names:
                places = {COLUMNS[name]: at for at, name in enumerate(names) if name in COLUMNS}
                missing = [name for name in REQUIRED if name not in places]
                if missing:
                    problems.append(
                        Problem("columna", f"fila {number}", f"Faltan columnas: {', '.join(missing)}.", _AS_SAT)
                    )
                    return
            elif number > HEAD:
                break
            continue
        if any(cell.strip() for cell in cells):
            row = _row(number, cells, places, problems)
            if row is not None and row.rfc not in seen:
                seen.add(row.rfc)
                yield row
    if not places:
        problems.append(
            Problem("encabezado", "archivo", "No se encontró la fila de títulos con la columna RFC.", _AS_SAT)
        )


_AS_SAT = "Cargue el CSV «Listado completo» tal como lo publica el SAT."


def _row(number: int, cells: Sequence[str], places: dict[str, int], problems: list[Problem]) -> Situacion69b | None:
    def cell(name: str) -> str:
        at = places.get(name, -1)
        return cells[at].strip() if 0 <= at < len(cells) else ""

    rfc = cell("rfc").upper()
    if Rfc.maybe(rfc) is None and "XXX" in rfc:
        return None  # SAT crosses out whom a court ordered to take off
    situation = SITUATIONS.get(cell("situacion").casefold())
    if situation is None:
        problems.append(
            Problem("situacion", f"fila {number}, Situación del contribuyente",
                    f"«{cell('situacion')[:40]}» no es una situación de la lista.", f"Son: {', '.join(SITUATIONS)}.")
        )  # fmt: skip
        return None
    days: dict[str, date | None] = {}
    for name in ("presunto_el", "desvirtuado_el", "definitivo_el", "favorable_el"):
        try:
            days[name] = _day(cell(name))
        except ValueError:
            problems.append(
                Problem("fecha", f"fila {number}, {name}", f"«{cell(name)[:40]}» no es una fecha dd/mm/aaaa.", _AS_SAT)
            )
    return Situacion69b(rfc=rfc[:13], nombre=cell("nombre")[:250], situacion=situation, **days)


def _day(text: str) -> date | None:
    """The first date of a cell: SAT sometimes writes two in one."""
    text = text.strip()[:10]
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a day, no hour
