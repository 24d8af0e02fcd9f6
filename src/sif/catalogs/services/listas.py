"""Load a publication of SAT's list of article 69-B, whole or not at all."""

import hashlib
from datetime import date

from django.conf import settings

from sif.catalogs.models import Acto69b, Lista69b, Situacion69b
from sif.catalogs.reading_69b import Row69b, Sheet69b, read_69b
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import Usuario
from sif.registry.opening import table_rows
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem, Refused

MOST = 50  # problems told at once
AT_ONCE = 5_000


def load_69b(data: bytes, publicada_el: date | None, by: Usuario | None) -> Lista69b:
    """Load a publication of the list, a CSV as SAT offers it (latin-1 or UTF-8, title lines before the header).

    publicada_el: its day, where the file does not say it; by: None where who operates the installation loads it.
    A taxpayer stands as its latest row says, and every act of all its rows is kept. The same file again changes nothing
    and returns what is there. Raises PermissionError for whoever is not of the authority, and Refused with row and
    column of each thing that cannot be read; then nothing is kept.
    """
    if by is not None and not (may(by, "administrar") or may(by, "auditar")):
        raise PermissionError("La lista del artículo 69-B la carga la autoridad.")
    digest = hashlib.sha256(data).hexdigest()
    sheet = read_69b(table_rows(data, ",", other="latin-1", strict=False), settings.JURISDICTION)
    with acting():
        hold("catalogs.lista69b")
        there = Lista69b.objects.filter(sha256=digest).order_by("-publicada_el").first()
        if there is not None and publicada_el in (None, there.publicada_el):
            return there
        day = publicada_el or sheet.al
        if problems := [*sheet.problemas, *_of_the_day(day, sheet)]:
            raise Refused(*problems[:MOST])
        assert day is not None
        return _keep(sheet, day, digest, by)


def _of_the_day(day: date | None, sheet: Sheet69b) -> list[Problem]:
    """Say what is wrong with the day of a publication: absent, another than its file says, to come, or taken."""
    if day is None:
        told = "El archivo no dice de qué día es." if not sheet.problemas else ""
        return [Problem("publicada", "publicación", told, "Diga el día en que el SAT lo publicó.")] if told else []
    if sheet.al not in (None, day):
        told = f"Se dijo que es del {day:%d/%m/%Y} y el archivo dice {sheet.al:%d/%m/%Y}."
        return [Problem("publicada", "publicación", told, "Deje el día que dice el archivo.")]
    if day > clock.today():
        told = f"El {day:%d/%m/%Y} no ha llegado."
        return [Problem("publicada", "publicación", told, "Revise el día en que el SAT lo publicó.")]
    if Lista69b.objects.filter(publicada_el=day).exists():
        told = f"Ya hay una lista publicada el {day:%d/%m/%Y} y es otra."
        cure = "Revise la fecha de publicación, que está en la primera línea del archivo."
        return [Problem("lista_distinta", "publicación", told, cure)]
    return []


def _keep(sheet: Sheet69b, day: date, digest: str, by: Usuario | None) -> Lista69b:
    latest = sheet.latest
    lista = Lista69b.objects.create(
        publicada_el=day,
        sha256=digest,
        renglones=len(sheet.filas) + len(sheet.descartados),
        contribuyentes=len(latest),
        repetidos=len(sheet.filas) - len(latest),
        descartados=[each.as_dict() for each in sheet.descartados],
        cargada_el=clock.now(),
        cargada_por=by,
    )
    Situacion69b.objects.bulk_create((_situation(lista, row) for row in latest.values()), batch_size=AT_ONCE)
    Acto69b.objects.bulk_create((act for row in sheet.filas for act in _acts(lista, row)), batch_size=AT_ONCE)
    return lista


def _situation(lista: Lista69b, row: Row69b) -> Situacion69b:
    """Write how a taxpayer stands by its latest row; of an act told on two days, the last."""
    days = {f"{name}_el": max(found) for name, found in row.dias.items()}
    return Situacion69b(
        lista=lista, rfc=row.rfc, nombre=row.nombre, situacion=row.situacion, renglon=row.renglon, **days
    )


def _acts(lista: Lista69b, row: Row69b) -> list[Acto69b]:
    """Write every act of a row; a situation that it gives without a day is of the day of its publication."""
    days = {**row.dias, row.situacion: row.dias.get(row.situacion) or (lista.publicada_el,)}
    return [
        Acto69b(lista=lista, rfc=row.rfc, situacion=name, fecha=day, renglon=row.renglon)
        for name, found in days.items()
        for day in found
    ]
