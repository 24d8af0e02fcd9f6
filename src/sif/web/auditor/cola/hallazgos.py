"""Show the queue of hallazgos with its filters, views and file."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.audit.models import Hallazgo
from sif.audit.review_selectors import Standing, auditors, standings
from sif.audit.selectors import last_run
from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.values import Money
from sif.web import law
from sif.web.auditor.cola.export import export_response
from sif.web.auditor.cola.saved_views import SavedView, views_context
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.hallazgos_words import where_words
from sif.web.auditor.queue import NO_DATUM, OPEN_STATES, Queue, Tab, read_queue, read_rows, tabs_of
from sif.web.auditor.reading import figures_of
from sif.web.authority_seat import books_words, person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.keyset import paged
from sif.web.seats import seated_at
from sif.web.tables import Empty, Link, Table, Thing


def person_words(standing: Standing) -> str:
    """Return the name of the person to whom a hallazgo is assigned, or the words for an unassigned hallazgo."""
    return standing.asignado.nombre if standing.asignado else _("sin asignar")


def _columns(queue: Queue, known: Mapping[int, Standing]) -> tuple[Column, ...]:
    def name(row: Hallazgo) -> Thing:
        url = reverse("auditor:hallazgo", args=[row.pk])
        url = f"{url}?{queue.consulta}" if queue.consulta else url
        return Thing(law.rule_title(row.regla), url, row.regla, where_words(row))

    def whose(row: Hallazgo) -> Thing:
        books = row.contabilidad
        return Thing(books.sujeto.nombre, debajo=books_words(books), clave_debajo=str(books.pk))

    return (
        Column("hallazgo", _("Hallazgo"), "cosa", show=name, sort=True),
        Column("sujeto", _("Sujeto"), show=whose, sort=True, phone="wide"),
        Column(
            "monto", _("Monto"), "dinero", show=lambda row: Money(row.monto) if row.monto else _("sin monto"), sort=True
        ),
        Column("falta", _("Falta"), show=lambda row: law.severity_words(row.regla)),
        Column("estado", _("Estado"), "estado", show=lambda row: known[row.pk].estado),
        Column("asignado", _("Asignado"), show=lambda row: person_words(known[row.pk])),
    )


def _choice(queue: Queue, row: Hallazgo, standing: Standing, by: Usuario) -> dict[str, str]:
    """Return whether a person may choose a hallazgo for an act over many, or why not."""
    own = standing.propuesta is not None and standing.propuesta.propuesta_por_id == by.pk
    if queue.confirma and own:
        return {"por_que_no": _("suya")}
    may = not own if queue.confirma else standing.estado in (*OPEN_STATES, NO_DATUM)
    return {"elegible": str(row.pk) if may else ""}


def _table(queue: Queue, query: QueryDict, by: Usuario) -> Table:
    found, pager = paged(queue.ordered(), queue.lugar, query, queue.suma.cuantos)
    page = read_rows(queue.corrida, [row["pk"] for row in found])
    known = standings(page)
    return panel(
        _("Hallazgos"),
        page,
        _columns(queue, known),
        lambda row: _choice(queue, row, known[row.pk], by),
        totales={"monto": Money(sum(row.monto for row in page))},
        palabra_total=_("Suma de esta página"),
        orden=queue.orden,
        pagina=pager,
        vacia=Empty(
            _("Ningún hallazgo con este filtro."),
            _("Cambie el filtro o mire otra vista."),
            (Link(_("Quitar el filtro"), reverse("auditor:hallazgos")),),
        ),
        exportar=_exports(queue),
        formulario="masa",
    )


def _exports(queue: Queue) -> tuple[Link, ...]:
    links = [
        Link(kind.upper(), f"{reverse('auditor:exportar', args=[kind])}?{queue.consulta}") for kind in ("csv", "xlsx")
    ]
    return (*links, Link(_("Matriz"), f"{reverse('auditor:matriz_xlsx')}?{queue.consulta}"))


def _tabs(tabs: Sequence[Tab], saved: Sequence[SavedView]) -> list[Tab]:
    """Return the views of everybody, then the saved ones; one of these that is open hides which of the others is."""
    is_open_one = any(row["abierta"] for row in saved)
    first = [(words, url, many, current and not is_open_one) for words, url, many, current in tabs]
    return [*first, *((row["vista"].nombre, row["url"], None, row["abierta"]) for row in saved)]


@require_safe
@seated_at("auditor")
def hallazgos(request: HttpRequest) -> HttpResponse:
    """Return the queue, by money at risk unless asked otherwise."""
    etapa, by = stage_at_hand(request), person(request)
    corrida = last_run(etapa)
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "hallazgos")})
    queue = read_queue(corrida, request.GET, by)
    saved = views_context(by, queue.consulta)
    table = _table(queue, request.GET, by)
    context = {
        "frame": auditor_frame(etapa, "hallazgos", totals=queue.sumas, corrida=corrida),
        "cifras": figures_of(corrida, queue.sumas),
        "corrida": corrida,
        "queue": queue,
        "pestanas": _tabs(tabs_of(queue.sumas, request.GET, by), saved["vistas"]),
        "tabla": table,
        "elegibles": any(row.elegible for row in table.filas),
        "total": queue.suma.cuantos,
        "suma": Money(queue.suma.monto),
        "decide": may(by, "revisar" if queue.confirma else "auditar"),
        "auditores": auditors(),
        "por_juzgar": queue.filtro.cleaned_data.get("estado") != NO_DATUM,
        **saved,
    }
    return render(request, "auditor/hallazgos.html", context)


@require_safe
@seated_at("auditor")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the filtered queue as CSV or XLSX."""
    corrida = last_run(stage_at_hand(request))
    if corrida is None or kind not in ("csv", "xlsx"):
        raise Http404("No hay esa exportación.")
    return export_response(read_queue(corrida, request.GET, person(request)).filas, kind, "hallazgos")
