"""Declare the job that writes a whole book to a file."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import IO

from sif.jobs.files import FileGone, made_file, open_kept
from sif.jobs.files import keep as keep_file
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import contabilidades_of
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.files.heading import file_name, heading
from sif.statements.files.plain import csv_blocks
from sif.statements.files.sheet import TooLongForPaper, paper
from sif.statements.files.workbook import write_workbook
from sif.statements.report import Report

BOOK = "libro_archivo"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEPARATORS = {"csv": ",", "csv_punto_y_coma": ";"}


def ask_for_book(report: Report, asked: Asked, forma: str, by: Usuario) -> Trabajo:
    """Ask for a book as a file in a form of `jobs.bounds`. The filter is kept as a file: it may name people."""
    said = json.dumps(asdict(asked), default=str, sort_keys=True)
    sha256, _size = keep_file(lambda stream: stream.write(said.encode()))
    reference: dict[str, int | str] = {"libro": report.clave, "forma": forma, "filtro": sha256}
    return ask(BOOK, f"{by.pk}:{forma}:{sha256}:{report.clave}"[:120], reference, by)


def asked_of(trabajo: Trabajo) -> Asked:
    """Return the filter of a job. Raises FileGone."""
    with open_kept(str(trabajo.referencia["filtro"])) as stream:
        said = json.load(stream)
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("desde", "hasta")}
    return Asked(**{**said, **days, "contabilidades": tuple(said["contabilidades"]), "cuentas": tuple(said["cuentas"])})


def may_download(trabajo: Trabajo, by: Usuario) -> bool:
    """Return whether the person still consults every set of books of the file."""
    return set(asked_of(trabajo).contabilidades) <= _numbers(by)


def _numbers(by: Usuario) -> set[int]:
    return {each.pk for each in contabilidades_of(by)}


def _write(encargo: Encargo) -> Mapping[str, object]:
    asked, forma = asked_of(encargo.trabajo), str(encargo.trabajo.referencia["forma"])
    report = REPORTS[str(encargo.trabajo.referencia["libro"])]
    if not set(asked.contabilidades) <= _numbers(encargo.persona):
        raise PermissionError(f"{encargo.persona.nombre} ya no consulta alguna de las contabilidades de este libro.")
    name = file_name(report, asked)
    if forma in SEPARATORS:
        return made_file(lambda stream: _csv(stream, report, asked, forma), f"{name}.csv", "text/csv; charset=utf-8")
    found = Contabilidad.objects.select_related("sujeto", "candidatura__persona").in_bulk(asked.contabilidades)
    head = heading(report, asked, [found[number] for number in asked.contabilidades], clock.now())
    if forma == "xlsx":
        return made_file(lambda stream: write_workbook(stream, report, report.filas(asked), head), f"{name}.xlsx", XLSX)
    drawn = paper(report, report.filas(asked), head)
    return made_file(lambda stream: stream.write(drawn), f"{name}.pdf", "application/pdf")


def _csv(stream: IO[bytes], report: Report, asked: Asked, forma: str) -> None:
    for block in csv_blocks(report, report.filas(asked), SEPARATORS[forma]):
        stream.write(block)


register(Kind(BOOK, _write, refusals=(TooLongForPaper, FileGone), may_download=may_download))
