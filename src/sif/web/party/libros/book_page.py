"""Show the index of books, and each with its filter, on screen and as a file."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.jobs.bounds import MOST_ROWS
from sif.registry.models import Contabilidad
from sif.registry.scope import only
from sif.statements.asked import Asked
from sif.statements.catalog import GROUPS, REPORTS
from sif.statements.files.heading import Heading, file_name, filters_in_words, heading
from sif.statements.files.plain import csv_blocks
from sif.statements.files.sheet import PAPER_ROWS, TooLongForPaper, paper
from sif.statements.files.workbook import write_workbook
from sif.statements.report import Report, Rows
from sif.statements.tasks import SEPARATORS, XLSX, ask_for_book
from sif.web.frame import Crumb
from sif.web.party.libros.book_filters import BookFilter
from sif.web.party.libros.book_table import book_table, files_of
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import query_with
from sif.web.trabajos.following import to_job

_MEMORY = 8_000_000  # bytes of a workbook kept in memory before it goes to a temporary file


@require_safe
@party_page
def index(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return every book and statement, by group."""
    groups = [
        (
            _(words),
            [
                (_(r.titulo), _(r.resumen), reverse("party:libro", args=[r.clave]))
                for r in REPORTS.values()
                if r.grupo == key
            ],
        )
        for key, words in GROUPS.items()
    ]
    return render(request, "party/libros.html", {"frame": mesa.frame("libros"), "grupos": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, clave: str) -> HttpResponse:
    """Return one book; ?formato=csv, csv_punto_y_coma, xlsx or pdf gives all of it as a file.

    A long one is said to be long, and a post of the same address asks for the job that writes it.
    """
    report = REPORTS.get(clave)
    if report is None:
        raise Http404(_("No hay un libro con la clave «%(key)s».") % {"key": clave})
    _refuse_strange_books(mesa, request.GET)
    form = BookFilter(request.GET, mesa, report)
    context = {
        "frame": mesa.frame("libros", Crumb(_("Libros y estados"), reverse("party:libros"))),
        "informe": report,
        "titulo": _(report.titulo),
        "resumen": _(report.resumen),
        "avisos": [_(words) for words in report.avisos],
        "filtro": form,
        "elegidas": 0,
    }
    if not form.is_valid():
        return render(request, "party/libro.html", context)
    asked = form.asked()
    rows = report.filas(asked)
    said = request.GET.get("formato", "")
    if said in MOST_ROWS and request.method == "POST":
        return to_job(request, ask_for_book(report, asked, said, mesa.usuario), mesa.usuario)
    if said in MOST_ROWS and _is_long(said, count := rows.count()):
        context["por_hacer"] = {"renglones": count, "consulta": query_with(request.GET)}
    elif said:
        try:
            return cast(HttpResponse, _file(said, mesa, report, asked, rows))
        except TooLongForPaper as error:
            context["falla"] = str(error)
    context |= {
        "tabla": book_table(report, rows, request.GET),
        "archivos": files_of(request.GET),
        "dicho": [(_(label), words) for label, words in filters_in_words(report, asked)],
        **_undone(asked, request.GET),
        "elegidas": len(asked.contabilidades),
    }
    return render(request, "party/libro.html", context)


def _refuse_strange_books(mesa: Mesa, query: QueryDict) -> None:
    """Raise Http404 for books that are asked for and are not the person's."""
    for part in ",".join(query.getlist("contabilidad")).split(","):
        if part.strip().isdecimal() and len(part.strip()) < 9:
            mesa.books(int(part))


def _undone(asked: Asked, query: QueryDict) -> dict[str, str]:
    """Return the address of the same book without each filter that only a figure sets."""
    of_one, of_cash = asked.auxiliar_id, asked.efectivo or asked.operaciones
    return {
        "sin_auxiliar": query_with(query, auxiliar="", auxiliar_tipo="", pagina="") if of_one else "",
        "sin_efectivo": query_with(query, efectivo="", operaciones="", pagina="") if of_cash else "",
    }


def _is_long(kind: str, count: int) -> bool:
    """Return whether a file of that many rows is written by a job; a PDF that no job would draw is refused here."""
    return count > MOST_ROWS[kind] and not (kind == "pdf" and count > PAPER_ROWS)


def _file(kind: str, mesa: Mesa, report: Report, asked: Asked, rows: Rows) -> HttpResponseBase:
    name = file_name(report, asked)
    if kind in SEPARATORS:
        blocks = _in_scope(asked.contabilidades, csv_blocks(report, rows, SEPARATORS[kind]))
        answer = StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    head = book_heading(mesa, report, asked)
    if kind == "xlsx":
        stream = tempfile.SpooledTemporaryFile(_MEMORY)  # noqa: SIM115 - the response closes it
        write_workbook(stream, report, rows, head)
        stream.seek(0)
        return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    if kind == "pdf":
        pdf = HttpResponse(paper(report, rows, head), content_type="application/pdf")
        pdf["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        return pdf
    raise Http404(_("Los libros se dan en XLSX, CSV y PDF."))


def _in_scope(numbers: Sequence[int], blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks read within the scope of those books: the request has closed its own when they are asked for."""
    with only(numbers):
        yield from blocks


def book_heading(mesa: Mesa, report: Report, asked: Asked) -> Heading:
    """Return the heading of a book over the person's books."""
    books: list[Contabilidad] = [mesa.libros[number] for number in asked.contabilidades]
    return heading(report, asked, books, mesa.ahora)
