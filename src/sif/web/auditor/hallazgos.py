"""Pages of hallazgos: the queue, the expediente of one, and the decisions of an auditor, one by one or together."""

from collections.abc import Sequence
from itertools import groupby

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.audit.models import Hallazgo
from sif.audit.selectors import last_run
from sif.audit.services import DecisionRefused, adopt, dismiss, dismiss_all
from sif.books.models import Archivo
from sif.books.services import read_file
from sif.proceedings.selectors import oficio_of
from sif.registry.selectors import may
from sif.values import Money
from sif.web import law
from sif.web.auditor import proof
from sif.web.auditor.export import export_response
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import Queue, decision_of, kept_query, neighbours, read_queue, tabs_of
from sif.web.auditor.reading import figures_of
from sif.web.desk import seated_at
from sif.web.frame import Crumb
from sif.web.stage import books_words, person, stage_at_hand
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, page_number, pager_for

SIZE = 50


def _columns() -> tuple[Column, ...]:
    return (
        Column("hallazgo", _("Hallazgo"), "cosa", ordenable=True),
        Column("sujeto", _("Sujeto"), ordenable=True, telefono="wide"),
        Column("monto", _("Monto"), "dinero", ordenable=True),
        Column("falta", _("Falta")),
        Column("dia", _("Día"), "dia", ordenable=True),
        Column("estado", _("Estado"), "estado"),
    )


def where_words(hallazgo: Hallazgo) -> str:
    """What in the books a hallazgo is about: the reference, folio or invoice of its row, or the whole books."""
    row = hallazgo.fila
    return str(
        row.get("referencia") or row.get("folio") or row.get("uuid") or row.get("nombre") or _("Contabilidad completa")
    )


def _row(hallazgo: Hallazgo, query: str) -> Row:
    state = decision_of(hallazgo)
    books = hallazgo.contabilidad
    url = reverse("auditor:hallazgo", args=[hallazgo.pk])
    return Row(
        {
            "hallazgo": Thing(law.rule_title(hallazgo.regla), f"{url}?{query}" if query else url, hallazgo.regla,
                              where_words(hallazgo)),
            "sujeto": Thing(books.sujeto.nombre, debajo=books_words(books), clave_debajo=str(books.pk)),
            "monto": Money(hallazgo.monto) if hallazgo.monto else _("sin monto"),
            "falta": law.severity_words(hallazgo.regla),
            "dia": hallazgo.dia or _("sin día"),
            "estado": state,
        },
        elegible=str(hallazgo.pk) if state == "sin_revisar" else "",
    )  # fmt: skip


def _table(queue: Queue, query: QueryDict) -> Table:
    total = queue.filas.count()
    pager = pager_for(page_number(query), total, SIZE)
    page = list(queue.filas[max(0, pager.desde - 1) : pager.hasta])
    formats = ("csv", "xlsx")
    return Table(
        _("Hallazgos"),
        _columns(),
        [_row(row, queue.consulta) for row in page],
        {"monto": Money(sum(row.monto for row in page))},
        _("Suma de esta página"),
        orden=queue.orden,
        pagina=pager,
        vacia=Empty(
            _("Ningún hallazgo con este filtro."),
            _("Cambie el filtro o mire otra vista."),
            (Link(_("Quitar el filtro"), reverse("auditor:hallazgos")),),
        ),
        exportar=tuple(
            Link(f"{kind.upper()}", f"{reverse('auditor:exportar', args=[kind])}?{queue.consulta}") for kind in formats
        ),
        formulario="masa",
    )


@require_safe
@seated_at("auditor")
def hallazgos(request: HttpRequest) -> HttpResponse:
    """The queue, by money at risk unless asked otherwise."""
    etapa = stage_at_hand(request)
    corrida = last_run(etapa)
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "hallazgos")})
    queue = read_queue(corrida, request.GET)
    context = {
        "frame": auditor_frame(etapa, "hallazgos"),
        "cifras": figures_of(corrida),
        "corrida": corrida,
        "queue": queue,
        "pestanas": tabs_of(corrida, request.GET),
        "tabla": _table(queue, request.GET),
        "total": queue.filas.count(),
        "suma": Money(queue.filas.aggregate(suma=Sum("monto"))["suma"] or 0),
        "decide": may(person(request), "auditar"),
    }
    return render(request, "auditor/hallazgos.html", context)


@require_safe
@seated_at("auditor")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The filtered queue as CSV or XLSX."""
    corrida = last_run(stage_at_hand(request))
    if corrida is None or kind not in ("csv", "xlsx"):
        raise Http404("No hay esa exportación.")
    rows = read_queue(corrida, request.GET).filas.select_related("contabilidad__candidatura__persona")
    return export_response(rows, kind, "hallazgos")


def _open(pk: int) -> Hallazgo:
    rows = Hallazgo.objects.select_related(
        "contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa__proceso", "descarte"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@seated_at("auditor")
def hallazgo(request: HttpRequest, pk: int) -> HttpResponse:
    """The expediente of a hallazgo: the law, the books and the proof side by side, and the decision below."""
    return _expediente(request, _open(pk))


def _expediente(
    request: HttpRequest, row: Hallazgo, *, motivo: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    etapa, books = row.corrida.instantanea.etapa, row.contabilidad
    rule = law.rulebook().get(row.regla)
    shown = proof.books_of(row)
    query = kept_query(request.GET)
    context = {
        "frame": auditor_frame(etapa, "hallazgos", Crumb(f"{row.regla}, {books.sujeto.nombre}")),
        "hallazgo": row,
        "titulo": law.rule_title(row.regla),
        "regla": rule,
        "misma_huella": rule is not None and rule.digest == row.regla_digest,
        "falta": law.severity_words(row.regla),
        "parametros": law.parameter_rows(row),
        "posible": law.possible_sanction(law.sanction_key(row), Money(row.monto), 1, etapa, books.sujeto),
        "datos": [(name, law.cell_words(rule, name, value)) for name, value in row.fila.items()],
        "cobertura": figures_of(row.corrida).by_rule(row.regla),
        "nombre": books_words(books),
        "libros": shown,
        "prueba": proof.proof_of(row, shown.poliza),
        "hermanos": _siblings(row),
        "estado": decision_of(row),
        "vecinos": neighbours(read_queue(row.corrida, request.GET), row.pk),
        "consulta": f"?{query}" if query else "",
        "decide": may(person(request), "auditar") and decision_of(row) == "sin_revisar",
        "tarde": oficio_of(etapa, books.sujeto),
        "motivo": motivo,
        "error": error,
    }
    return render(request, "auditor/hallazgo.html", context, status=status)


def _siblings(row: Hallazgo) -> list[Hallazgo]:
    """Other hallazgos of the same fact: those of its group, or of the same row in other rules; ten at most."""
    if not row.grupo:
        return []
    rows = Hallazgo.objects.filter(corrida=row.corrida, regla=row.regla, grupo=row.grupo).exclude(pk=row.pk)
    return list(rows.select_related("contabilidad__sujeto")[:10])


@require_POST
@seated_at("auditor")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt or dismiss one hallazgo and go on to the next of the queue; twice is the same as once."""
    row, by = _open(pk), person(request)
    motivo = request.POST.get("motivo", "").strip()[:500]
    place = neighbours(read_queue(row.corrida, request.GET), pk)
    if decision_of(row) in ("adoptado", "desechado"):
        messages.warning(request, _("Este hallazgo ya estaba decidido; no se escribió nada nuevo."))
        return HttpResponseRedirect(_address(pk, request))
    try:
        if request.POST.get("decision") == "desechar":
            dismiss(row, motivo, by)
            messages.success(
                request, _("Desechado con su nombre y motivo: %(title)s.") % {"title": law.rule_title(row.regla)}
            )
        else:
            (made,) = adopt([row], by, motivo)
            words = _("Adoptado: observación %(number)s de %(subject)s.")
            messages.success(request, words % {"number": made.numero, "subject": made.sujeto.nombre})
    except DecisionRefused as refused:
        return _expediente(request, row, motivo=motivo, error=str(refused), status=422)
    return HttpResponseRedirect(_address(place.siguiente or place.anterior or pk, request))


def _address(pk: int, request: HttpRequest) -> str:
    query = kept_query(request.GET)
    url = reverse("auditor:hallazgo", args=[pk])
    return f"{url}?{query}" if query else url


@require_POST
@seated_at("auditor")
def bulk(request: HttpRequest) -> HttpResponse:
    """Several hallazgos at once: first what would be written, then, confirmed, the act whole or nothing."""
    corrida = last_run(stage_at_hand(request))
    if corrida is None:
        raise Http404("No hay corrida.")
    back = f"{reverse('auditor:hallazgos')}?{kept_query(request.GET)}"
    queue = read_queue(corrida, request.GET)
    rows = (
        list(queue.filas) if request.POST.get("alcance") == "filtro" else _chosen(queue, request.POST.getlist("elegir"))
    )
    act = "desechar" if request.POST.get("decision") == "desechar" else "adoptar"
    motivo = request.POST.get("motivo", "").strip()[:500]
    if not rows:
        messages.error(
            request, _("No eligió hallazgos por revisar. Marque las casillas de las filas, o «todo el filtro».")
        )
        return HttpResponseRedirect(back)
    if act == "desechar" and not motivo:
        messages.error(request, _("Desechar pide un motivo, que queda con su nombre. Escríbalo junto al botón."))
        return HttpResponseRedirect(back)
    if request.POST.get("paso") != "confirmar":
        return _review(request, rows, act, motivo)
    return _act(request, rows, act, motivo, back)


def _chosen(queue: Queue, keys: Sequence[str]) -> list[Hallazgo]:
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 18]
    return [row for row in queue.filas.filter(pk__in=numbers) if decision_of(row) == "sin_revisar"]


def _review(request: HttpRequest, rows: list[Hallazgo], act: str, motivo: str) -> HttpResponse:
    """The page before the act: each observación that adopting would write, or each hallazgo that would be dismissed."""
    etapa = rows[0].corrida.instantanea.etapa
    ordered = sorted(rows, key=lambda row: (row.contabilidad.sujeto.nombre, row.regla, row.resultado))
    groups = [
        (key, list(members))
        for key, members in groupby(ordered, key=lambda row: (row.contabilidad.sujeto.nombre, row.regla, row.resultado))
    ]
    columns = (
        Column("regla", _("Regla"), "cosa"),
        Column("sujeto", _("Sujeto"), telefono="wide"),
        Column("hallazgos", _("Hallazgos"), "numero"),
        Column("monto", _("Monto"), "dinero"),
    )
    table_rows = [
        Row({"regla": Thing(law.rule_title(rule), clave=rule), "sujeto": sujeto, "hallazgos": len(members),
             "monto": Money(sum(row.monto for row in members))})
        for (sujeto, rule, _result), members in groups
    ]  # fmt: skip
    totals = {"hallazgos": len(rows), "monto": Money(sum(row.monto for row in rows))}
    context = {
        "frame": auditor_frame(
            etapa, "hallazgos", Crumb(_("Hallazgos"), reverse("auditor:hallazgos")), Crumb(_("Revisar"))
        ),
        "acto": act,
        "motivo": motivo,
        "elegidos": [row.pk for row in rows],
        "consulta": kept_query(request.GET),
        "grupos": len(groups),
        "tabla": Table(_("Lo que se va a escribir"), columns, table_rows, totals, _("Suma")),
    }
    return render(request, "auditor/masa.html", context)


def _act(request: HttpRequest, rows: list[Hallazgo], act: str, motivo: str, back: str) -> HttpResponse:
    by = person(request)
    try:
        if act == "desechar":
            dismiss_all(rows, motivo, by)
            words = ngettext("Se desechó %(n)s hallazgo.", "Se desecharon %(n)s hallazgos.", len(rows))
            messages.success(request, words % {"n": len(rows)})
            return HttpResponseRedirect(back)
        made = adopt(rows, by, motivo)
    except DecisionRefused as refused:
        messages.error(request, f"{refused} {_('No se escribió nada.')}")
        return HttpResponseRedirect(back)
    words = ngettext("Se adoptó %(n)s observación.", "Se adoptaron %(n)s observaciones.", len(made))
    messages.success(request, words % {"n": len(made)})
    return HttpResponseRedirect(reverse("auditor:observaciones"))


@require_safe
@seated_at("auditor")
def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """A file of the proof of a hallazgo, as a download; never shown inside our pages."""
    row = _open(pk)
    if not proof.is_proof(row, sha256):
        raise Http404("No es un archivo de este expediente.")
    kept = get_object_or_404(Archivo, pk=sha256)
    names = {e.archivo_id: e.nombre for e in proof.proof_of(row, proof.poliza_of(row)).evidencias}
    name = names.get(sha256) or f"{row.fila.get('uuid') or sha256[:16]}.xml"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(read_file(sha256), content_type=kept.tipo, headers={"Content-Disposition": header})
