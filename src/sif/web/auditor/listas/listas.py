"""List, load and export the lists of the authority."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sif.audit.authority_lists import LoadableTable, load_table, loadable, loads, readers, written
from sif.audit.tables_tasks import MOST_BYTES as MOST_AT_ONCE
from sif.audit.tables_tasks import ask_to_load_table
from sif.catalogs.models import CargaDeTabla, Lista69b
from sif.registry.models import Etapa
from sif.registry.selectors import may
from sif.values import Problem, Refused
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.files import csv_file
from sif.web.frame import Crumb
from sif.web.law import key_words
from sif.web.lazy import law_words
from sif.web.marks import written_html
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_day

MOST_BYTES = 50 * 2**20
SHOWN = 50  # rows of a list shown; its file has all of them


def _lists() -> dict[str, LoadableTable]:
    return loadable(settings.JURISDICTION)


def _spec(nombre: str) -> LoadableTable:
    spec = _lists().get(nombre)
    if spec is None:
        raise Http404("No hay esa lista.")
    return spec


def _stage(spec: LoadableTable, etapa: Etapa) -> Etapa | None:
    """Return the stage that a list is of; None when it is one for everybody."""
    return etapa if spec.by_stage else None


def _of_stage(spec: LoadableTable, etapa: Etapa, cargas: Iterable[CargaDeTabla]) -> list[CargaDeTabla]:
    return [carga for carga in cargas if carga.etapa == _stage(spec, etapa)]


@require_safe
@seated_at("auditor")
def listas(request: HttpRequest) -> HttpResponse:
    """Return every list with its latest load, and the rules that say «no aplica» without it."""
    etapa = stage_at_hand(request)
    reading, loaded = readers(), loads()
    columns = (
        Column("lista", _("Lista"), "cosa"),
        Column("al", _("Como estaba el"), "dia", show=lambda row: row["al"] or _("No se ha cargado"), phone="half"),
        Column("renglones", _("Renglones"), "numero", phone="half"),
        Column("reglas", _("Reglas que la leen"), phone="wide"),
    )
    sat = Lista69b.objects.order_by("-publicada_el").first()
    rows: list[dict[str, object]] = [
        {
            "lista": Thing(
                _("Lista del artículo 69-B"), reverse("auditor:lista_69b"), "", _("Una para todos los procesos")
            ),
            "al": sat and sat.publicada_el,
            "renglones": sat and sat.renglones,
            "reglas": ", ".join(reading["padron69b"]),
        }
    ]
    for nombre, spec in _lists().items():
        last = next(iter(_of_stage(spec, etapa, loaded.get(nombre, ()))), None)
        rows.append(
            {
                "lista": Thing(law_words(spec.titulo), reverse("auditor:lista", args=[nombre]), "", _whose(spec)),
                "al": last and last.al,
                "renglones": last and last.renglones,
                "reglas": ", ".join(reading[nombre]),
            }
        )
    missing = sum(row["al"] is None for row in rows)
    words = ngettext(
        "Falta %(n)s lista: sus reglas dicen «no aplica».",
        "Faltan %(n)s listas: sus reglas dicen «no aplica».",
        missing,
    )
    context = {
        "frame": auditor_frame(etapa, "listas"),
        "tabla": panel(_("Listas de la autoridad"), rows, columns),
        "faltan": words % {"n": missing} if missing else "",
    }
    return render(request, "auditor/listas.html", context)


def _whose(spec: LoadableTable) -> str:
    return _("De esta etapa") if spec.by_stage else _("Una para todos los procesos")


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def lista(request: HttpRequest, nombre: str) -> HttpResponse:
    """Return a list: what its file has, what is loaded, and a file that comes in whole or not at all."""
    etapa, spec = stage_at_hand(request), _spec(nombre)
    if request.method != "POST":
        return _page(request, etapa, nombre, [])
    al, upload = typed_day(request.POST.get("al", "")), request.FILES.get("archivo")
    problems = (
        [] if al else [Problem("valor", _("día"), _("Falta el día."), _("Diga de qué día es lo que dice la lista."))]
    )
    if upload is None:
        problems.append(Problem("vacio", _("archivo"), _("No eligió un archivo."), _("Elija el CSV de la lista.")))
    elif (upload.size or 0) > MOST_BYTES:
        size = _("Pesa más de %(n)s MB.") % {"n": MOST_BYTES // 2**20}
        problems.append(Problem("tamano", _("archivo"), size, _("Cargue la lista con «sif tablas cargar».")))
    if problems or al is None or upload is None:
        return _page(request, etapa, nombre, problems)
    data, name, by, own = upload.read(), upload.name or "", person(request), _stage(spec, etapa)
    if len(data) > MOST_AT_ONCE:
        return to_job(request, ask_to_load_table(nombre, data, al, by, own, name), by)
    try:
        carga = load_table(nombre, data, al, by, etapa=own, archivo=name)
    except Refused as refused:
        return _page(request, etapa, nombre, refused.problems)
    words = ngettext("Quedó cargada: %(n)s renglón.", "Quedó cargada: %(n)s renglones.", carga.renglones)
    messages.success(request, words % {"n": f"{carga.renglones:,}"})
    return HttpResponseRedirect(reverse("auditor:lista", args=[nombre]))


def _page(request: HttpRequest, etapa: Etapa, nombre: str, problems: Iterable[Problem]) -> HttpResponse:
    spec, problems = _spec(nombre), list(problems)
    cargas = _of_stage(spec, etapa, loads().get(nombre, ()))
    upload = request.FILES.get("archivo")
    context = {
        "frame": auditor_frame(etapa, "listas", Crumb(_("Listas de la autoridad"), reverse("auditor:listas"))),
        "spec": spec,
        "nombre": nombre,
        "quien": _whose(spec),
        "reglas": [(each, law.rule_title(each)) for each in readers()[nombre]],
        "carga": may(person(request), "auditar"),
        "al": request.POST.get("al", ""),
        "problemas": problems,
        "archivo": upload.name if upload else "",
        "columnas": _columns(spec),
        "cargas": _history(nombre, cargas),
        "renglones": _rows(spec, cargas[0]) if cargas else None,
        "ultima": cargas[0] if cargas else None,
        "mostrados": SHOWN,
    }
    return render(request, "auditor/lista.html", context, status=422 if problems else 200)


def _columns(spec: LoadableTable) -> Table:
    def says(name: str) -> object:
        values = format_html_join(", ", "{}", ((written_html(word),) for word in spec.valores.get(name, ())))
        return format_html("{} ({})", spec.says[name], values) if values else spec.says[name]

    columns = (
        Column("columna", _("Columna"), "clave", show=lambda each: written_html(each.name)),
        Column("dice", _("Qué lleva"), show=lambda each: says(each.name), phone="wide"),
        Column(
            "puede", _("Puede faltar"), show=lambda each: _("Sí") if spec.is_optional(each) else _("No"), phone="half"
        ),
    )
    return panel(_("Columnas del archivo"), spec.columns, columns)


def _history(nombre: str, cargas: list[CargaDeTabla]) -> Table:
    columns = (
        Column("al", _("Como estaba el"), "dia", phone="half"),
        Column("renglones", _("Renglones"), "numero", phone="half"),
        Column(
            "archivo",
            _("Archivo"),
            "cosa",
            show=lambda carga: Thing(
                carga.archivo or f"{nombre}.csv", reverse("auditor:lista_csv", args=[nombre, carga.pk])
            ),
        ),
        Column("quien", _("La cargó"), show=lambda carga: carga.cargada_por.named_at(carga.cargada_el), phone="half"),
        Column("cuando", _("Cuándo"), "momento", "cargada_el", phone="half"),
    )
    return panel(
        _("Lo cargado"),
        cargas,
        columns,
        vacia=Empty(_("Todavía no se ha cargado. Mientras, sus reglas dicen «no aplica».")),
    )


def _rows(spec: LoadableTable, carga: CargaDeTabla) -> Table:
    names = [each.name for each in spec.columns]
    columns = [Column(name, key_words(name).capitalize()) for name in names]
    cells = written(spec, carga.filas.order_by("numero")[:SHOWN])
    return panel(_("Lo que dice la última"), [dict(zip(names, row, strict=True)) for row in cells], columns)


@require_safe
@seated_at("auditor")
def template(request: HttpRequest, nombre: str) -> HttpResponse:
    """Return an empty file with the header of a list."""
    return _csv(nombre, _spec(nombre), ())


@require_safe
@seated_at("auditor")
def rows_file(request: HttpRequest, nombre: str, pk: int) -> HttpResponse:
    """Return the rows of a load as a file that can be loaded again."""
    spec, etapa = _spec(nombre), stage_at_hand(request)
    carga = get_object_or_404(CargaDeTabla, pk=pk, tabla=nombre, etapa=_stage(spec, etapa))
    return _csv(f"{nombre}-{carga.al}", spec, written(spec, carga.filas.order_by("numero").iterator(2_000)))


def _csv(name: str, spec: LoadableTable, rows: Iterable[list[str]]) -> HttpResponse:
    """The rows as they can be loaded again: reading them takes away what keeps a spreadsheet from running a text."""
    return csv_file(name, [column.name for column in spec.columns], rows)
