"""Preview a lot, correct cells in place, choose rows, and apply it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.batch.kinds import Clase, load_kinds
from sif.batch.models import FilaLote, Lote
from sif.batch.polizas import HEADER
from sif.batch.review import POSTED_KINDS
from sif.batch.selectors import CosaVista, bad_rows, counts_of, things_page
from sif.batch.services import choose, discard_lote, fix_cells
from sif.batch.tasks import APPLY, READ, REVIEW, ask_for, open_job_of
from sif.jobs.services import TrabajoRefused
from sif.values import InvalidMoney, Money, Problem, Refused
from sif.web.files import csv_file
from sif.web.lazy import law_words
from sif.web.party.lotes.column_words import COLUMNS
from sif.web.party.lotes.lot import lote_url, state_words
from sif.web.party.lotes.lot_act import lote_of, refuse_busy
from sif.web.party.mesa import Mesa, books_crumb, party_page
from sif.web.tables import page_links, pager_asked
from sif.web.trabajos.following import job_url, to_job

PAGE = 30
WORK = {"leer": READ, "revisar": REVIEW, "aplicar": APPLY}
"""Acts that leave the request, by the kind of job that does them."""
ERRORS_HEAD = ("fila", "columna", "codigo", "mensaje", "cura", "valor")


@dataclass(frozen=True, slots=True)
class Celda:
    """A cell as drawn: its column and what it is called, its text, its problems, and whether it is an input."""

    columna: str
    titulo: str
    texto: str
    problemas: Sequence[dict[str, str]]
    editable: bool
    numero: bool


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row as drawn."""

    fila: int
    celdas: Sequence[Celda]
    editable: bool
    escribe: bool
    mala: bool
    corregida: bool


@dataclass(frozen=True, slots=True)
class Bloque:
    """A thing as drawn: the data of a póliza once, and its rows."""

    cosa: CosaVista
    cabeza: Sequence[Celda]
    renglones: Sequence[Renglon]
    suma: Money | None
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, lote: int) -> HttpResponse:
    """Return the preview; a post chooses or discards, or asks for the job that reads, validates again or applies."""
    found = lote_of(mesa, number, lote)
    if request.method != "POST":
        return _show(request, mesa, found)
    work = WORK.get(request.POST.get("accion", ""))
    try:
        if work:
            return to_job(request, ask_for(work, found, mesa.usuario), mesa.usuario)
        refuse_busy(found)
        _act(request, mesa, found)
    except Refused as refused:
        return _show(request, mesa, lote_of(mesa, number, lote), problems=refused.problems, status=422)
    except TrabajoRefused as refused:
        messages.warning(request, str(refused))
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    if request.headers.get("HX-Request"):
        return render(request, "party/lote_cuentas.html", _counts(mesa, found))
    return HttpResponseRedirect(request.get_full_path())


def _act(request: HttpRequest, mesa: Mesa, lote: Lote) -> None:
    act, by = request.POST.get("accion", ""), mesa.usuario
    if act == "elegir":
        chosen = request.POST.getlist("elegir")
        choose(lote, chosen, True, by)
        choose(lote, sorted(set(request.POST.getlist("visible")) - set(chosen)), False, by)
    elif act == "todas":
        choose(lote, None, True, by)
    elif act == "sin_error":
        choose(lote, None, False, by, only_bad=True)
    elif act == "descartar":
        discard_lote(lote, by)
        messages.success(request, _("El lote se descartó: nada de él se aplicará."))
    else:
        raise Http404(_("No se conoce ese acto."))


def _show(
    request: HttpRequest, mesa: Mesa, lote: Lote, *, problems: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    counts = counts_of(lote)
    only_bad = request.GET.get("vista") == "errores"
    page = pager_asked(request.GET, counts.malas if only_bad else counts.cosas, PAGE)
    kind = load_kinds(settings.JURISDICTION)[lote.tipo]
    shown = things_page(lote, page.desde, page.hasta, only_bad=only_bad)
    told, columns = _counts(mesa, lote), body_columns(kind, shown)
    can, url = told["puede"], lote_url(lote)
    context = {
        **told,
        "frame": mesa.frame("lotes", books_crumb(lote.contabilidad)),
        "tipo": kind,
        "titulo_del_tipo": law_words(kind.titulo),
        "estado": state_words(lote.estado),
        "problemas": problems,
        "columnas": columns,
        "cabezas": [(COLUMNS[name], name in amounts_of(kind)) for name in columns],
        "bloques": [block_of(lote, kind, each, columns, can=can) for each in shown],
        **page_links(request.GET, page),
        "vistas": [
            (_("Todo"), url, counts.cosas, not only_bad),
            (_("Solo con error"), f"{url}?vista=errores", counts.malas, only_bad),
        ],
    }
    return render(request, "party/lote.html", context, status=status)


def _counts(mesa: Mesa, lote: Lote) -> dict[str, Any]:
    captures, work = mesa.can("capturar", lote.contabilidad), open_job_of(lote)
    return {
        "lote": lote,
        "cuentas": counts_of(lote),
        "es_poliza": lote.tipo in POSTED_KINDS,
        "puede": captures and work is None and lote.estado in (Lote.Estado.REVISADO, Lote.Estado.APLICADO),
        "trabajo": job_url(work) if work and work.persona_id == mesa.usuario.pk else "",
        "en_curso": work is not None,
        "por_leer": captures and work is None and lote.estado == Lote.Estado.RECIBIDO,
    }


def body_columns(kind: Clase, things: Sequence[CosaVista]) -> list[str]:
    """Return the columns that the rows show: those required, and those that something shown fills or asks for."""
    named = {name for each in things for row in each.filas for name in row.celdas}
    wrong = {p["columna"] for each in things for row in each.filas for p in row.problemas}
    head = {kind.grupo, *HEADER} if kind.grupo else set()
    if kind.grupo and "linea" not in wrong:
        head.add("linea")  # the rows already stand in their order
    used = [c.nombre for c in kind.columnas if c.obligatoria or c.nombre in named or c.nombre in wrong]
    return [name for name in used if name not in head]


def amounts_of(kind: Clase) -> set[str]:
    """Return the columns that hold money."""
    return {column.nombre for column in kind.columnas if column.tipo == "dinero"}


def block_of(
    lote: Lote, kind: Clase, thing: CosaVista, columns: Sequence[str], *, can: bool, editing: int = 0
) -> Bloque:
    """Return a thing as drawn; bad cells are inputs, and every cell of the row that is being edited."""
    can = can and not thing.resultado
    first = thing.filas[0]
    head_names = [name for name in kind.nombres if name in (kind.grupo, *HEADER)] if kind.grupo else []
    amounts = amounts_of(kind)
    head = [_cell(first, name, amounts, can and editing == first.fila, can) for name in head_names]
    rows = []
    for row in thing.filas:
        cells = [_cell(row, name, amounts, can and editing == row.fila, can) for name in columns]
        typed = any(cell.editable for cell in (*cells, *(head if row is first else ())))
        rows.append(Renglon(row.fila, cells, can, typed, bool(row.problemas), row.original is not None))
    url = reverse("party:lote_fila", args=[lote.contabilidad_id, lote.pk, first.fila])
    return Bloque(thing, head, rows, _sum(thing) if kind.grupo else None, url)


def _cell(row: FilaLote, name: str, amounts: set[str], editing: bool, can: bool) -> Celda:
    wrong = [p for p in row.problemas if p["columna"] == name]
    text = row.celdas.get(name, "")
    return Celda(name, str(COLUMNS[name]), text, wrong, can and (editing or bool(wrong)), name in amounts)


def _sum(thing: CosaVista) -> Money | None:
    try:
        return Money(sum(Money.parse(row.celdas.get("cargo", "") or "0").centavos for row in thing.filas))
    except InvalidMoney:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def row(request: HttpRequest, mesa: Mesa, number: int, lote: int, fila: int) -> HttpResponse:
    """Return the thing of a row, to be edited whole; a post corrects its cells and gives the thing back, reviewed."""
    found = lote_of(mesa, number, lote)
    kind = load_kinds(settings.JURISDICTION)[found.tipo]
    cells = {name: request.POST[f"c_{name}"] for name in kind.nombres if f"c_{name}" in request.POST}
    before = FilaLote.objects.filter(lote=found, fila=fila).first()
    if before is None:
        raise Http404(_("No hay ese renglón en el lote."))
    if request.method == "POST":
        try:
            refuse_busy(found)
            fix_cells(found, fila, cells, mesa.usuario)
        except (Refused, TrabajoRefused) as refused:
            messages.error(request, str(refused))
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{lote_url(found)}#cosa-{fila}")
    after = FilaLote.objects.get(lote=found, fila=fila)
    if after.clave != before.clave and kind.grupo:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"  # the row went to another póliza: the whole page changes
        return response
    editing = fila if request.method != "POST" else 0
    return _fragment(request, mesa, found, kind, after, editing)


def _fragment(request: HttpRequest, mesa: Mesa, lote: Lote, kind: Clase, row: FilaLote, editing: int) -> HttpResponse:
    rows = lote.filas.filter(clave=row.clave) if lote.tipo in POSTED_KINDS else lote.filas.filter(pk=row.pk)
    group = tuple(rows.order_by("fila"))
    thing = CosaVista(row.clave, group, all(each.elegida for each in group), row.resultado)
    columns = [name for name in request.headers.get("X-Columnas", "").split(",") if name in kind.nombres]
    counts = _counts(mesa, lote)
    columns = columns or body_columns(kind, [thing])
    block = block_of(lote, kind, thing, columns, can=counts["puede"], editing=editing)
    context = {**counts, "bloque": block, "columnas": columns, "tipo": kind, "fuera": True}
    return render(request, "party/lote_bloque.html", context)


@require_safe
@party_page
def errors(request: HttpRequest, mesa: Mesa, number: int, lote: int) -> HttpResponse:
    """Return every problem of a lot as a CSV: row, column, code, message, cure, and what the cell says."""
    found = lote_of(mesa, number, lote)
    rows = (
        (each.fila, p["columna"], p["codigo"], p["mensaje"], p["cura"], each.celdas.get(p["columna"], ""))
        for each in bad_rows(found).iterator(chunk_size=2000)
        for p in each.problemas
    )
    return csv_file(f"errores-lote-{found.pk}", ERRORS_HEAD, rows)
