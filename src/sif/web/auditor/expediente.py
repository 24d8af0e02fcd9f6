"""Show the expediente of one hallazgo: law, books, proof, history and acts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.audit.looks import open_paper, opens_papers, say_reason, sees_keys
from sif.audit.models import Hallazgo, Pedido
from sif.audit.review_selectors import Standing, auditors, history_of, similar_to, standings, trail_of, words_of
from sif.audit.selectors import current_observaciones
from sif.books import previews
from sif.books.models import Archivo
from sif.books.services import open_file, read_file
from sif.filing.later import Later, later_operations
from sif.filing.models import Informe
from sif.proceedings.selectors import oficio_of
from sif.registry.looks import LookRefused
from sif.registry.masks import masked
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import may
from sif.statutes.selectors import confirmed_articles
from sif.values import Money
from sif.web import law
from sif.web.auditor import proof
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import kept_query, neighbours, read_queue
from sif.web.auditor.reading import figures_of
from sif.web.desk import seated_at
from sif.web.frame import Crumb
from sif.web.reasons import said_reason
from sif.web.stage import books_words, person, stage_words
from sif.web.tables import page_number


def open_hallazgo(pk: int) -> Hallazgo:
    """A hallazgo with what its page reads. Raises Http404."""
    rows = Hallazgo.objects.select_related(
        "contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa__proceso"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@seated_at("auditor")
def hallazgo(request: HttpRequest, pk: int) -> HttpResponse:
    """The expediente of a hallazgo, and the decision below."""
    return expediente(request, open_hallazgo(pk))


def expediente(request: HttpRequest, row: Hallazgo, **typed: Any) -> HttpResponse:
    """The page of a hallazgo; `typed` brings back what was written (acto, texto, motivo) and why it was refused."""
    status = 422 if typed.get("error") or typed.get("sin_razon") else 200
    return render(request, "auditor/hallazgo.html", {**_context(request, row), **typed}, status=status)


def _context(request: HttpRequest, row: Hallazgo) -> dict[str, Any]:
    etapa, books, by = row.corrida.instantanea.etapa, row.contabilidad, person(request)
    rule, shown, query = law.rulebook().get(row.regla), proof.books_of(row), kept_query(request.GET)
    standing, pieces = standings([row])[row.pk], proof.proof_of(row, shown.poliza)
    opens, whole = opens_papers(row, by), sees_keys(row, by)
    return {
        "frame": auditor_frame(etapa, "hallazgos", Crumb(f"{row.regla}, {books.sujeto.nombre}")),
        "hallazgo": row,
        "titulo": law.rule_title(row.regla),
        "regla": rule,
        "confirmadas": confirmed_articles(rule) if rule else set(),
        "misma_huella": rule is not None and rule.digest == row.regla_digest,
        "falta": law.severity_words(row.regla),
        "parametros": law.parameter_rows(row),
        "posible": law.possible_sanction(law.sanction_key(row), Money(row.monto), 1, etapa, books.sujeto, [row.dia]),
        "datos": [
            (name, law.cell_words(rule, name, _covered(name, value, whole=whole))) for name, value in row.fila.items()
        ],
        "abre_papeles": opens,
        "pide_razon": not opens or (not whole and bool(proof.keys_named(row.fila))),
        "cobertura": figures_of(row.corrida).by_rule(row.regla),
        "nombre": books_words(books),
        "libros": shown,
        "nombrados": proof.named_by(row, whole=whole),
        "prueba": pieces,
        "dibujables": proof.drawable(pieces) if opens else set(),
        "hermanos": _siblings(row),
        "posteriores": _later(books),
        "vecinos": neighbours(read_queue(row.corrida, request.GET, by), row.pk),
        "consulta": f"?{query}" if query else "",
        "tarde": oficio_of(etapa, books.sujeto),
        "palabras": words_of([row]).get(row.pk, row.mensaje),
        "rastro": trail_of(row),
        "parecidos": similar_to(row),
        "antecedentes": [(each, stage_words(each.etapa)) for each in history_of(row)],
        "auditores": auditors(),
        "destinos": [(key, destination_words(key)) for key in Pedido.Destino.values],
        **_rights(row, standing, by),
    }


def _covered(name: str, value: Any, *, whole: bool) -> Any:
    return value if whole or not isinstance(value, str) else masked(name, value)


def _rights(row: Hallazgo, standing: Standing, by: Usuario) -> dict[str, Any]:
    """What this person may do with the hallazgo as it stands."""
    proposal, audits = standing.propuesta, may(by, "auditar")
    own = proposal is not None and proposal.propuesta_por_id == by.pk
    decides = audits and standing.estado in ("sin_revisar", "en_espera")
    targets = (
        current_observaciones()
        .filter(sin_efecto__isnull=True)
        .filter(etapa=row.corrida.instantanea.etapa, sujeto=row.contabilidad.sujeto_id, oficios__isnull=True)
    )
    held = standing.observacion
    return {
        "situacion": standing,
        "estado": standing.estado,
        "audita": audits,
        "decide": decides,
        "propia": own,
        "confirma": proposal is not None and not own and may(by, "revisar"),
        "uniones": list(targets.order_by("numero")) if decides else [],
        "redacta": audits and standing.estado not in ("desechado", "sin_dato") and not (held and held.oficios.exists()),
    }


def destination_words(key: str) -> str:
    """Whom something is asked of, in words."""
    return {
        "sujeto": _("Al sujeto obligado"),
        "auditor": _("A otra persona de la auditoría"),
        "proveedor": _("Al proveedor"),
        "sat": _("Al SAT"),
        "cnbv": _("A la CNBV"),
    }[key]


def _later(books: Contabilidad) -> list[tuple[int, Later, Informe]]:
    """The reports of these books whose period has operations posted after presenting: its number, them, the report."""
    found = later_operations([books])
    informes = Informe.objects.select_related("periodo").in_bulk([each.informe_id for each in found.values()])
    rows = [(informes[each.informe_id].periodo.numero, each, informes[each.informe_id]) for each in found.values()]
    return sorted(rows, key=lambda row: row[0])


def _siblings(row: Hallazgo) -> list[Hallazgo]:
    """Other hallazgos of the same fact: those of its group; ten at most."""
    if not row.grupo:
        return []
    rows = Hallazgo.objects.filter(corrida=row.corrida, regla=row.regla, grupo=row.grupo).exclude(pk=row.pk)
    return list(rows.select_related("contabilidad__sujeto")[:10])


def _file(pk: int, sha256: str) -> tuple[Hallazgo, proof.Proof, Archivo]:
    row = open_hallazgo(pk)
    pieces = proof.proof_of(row, proof.poliza_of(row))
    if not pieces.holds(sha256):
        raise Http404("No es un archivo de este expediente.")
    return row, pieces, get_object_or_404(Archivo, pk=sha256)


@require_POST
@seated_at("auditor")
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the papers and whole keys of a hallazgo are looked at for; its page shows them for a while."""
    row = open_hallazgo(pk)
    try:
        say_reason(row, said_reason(request), proof.keys_named(row.fila), person(request))
    except LookRefused as refused:
        return expediente(request, row, sin_razon=str(refused))
    query = kept_query(request.GET)
    return HttpResponseRedirect(f"{reverse('auditor:hallazgo', args=[pk])}{f'?{query}' if query else ''}#prueba")


def _look(request: HttpRequest, row: Hallazgo, sha256: str) -> None:
    """Record that a paper is opened. Raises PermissionDenied with what to do first."""
    try:
        open_paper(row, sha256, person(request))
    except LookRefused as refused:
        raise PermissionDenied(str(refused)) from refused


@require_safe
@seated_at("auditor")
def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """A file of the proof of a hallazgo, as a download; never shown inside our pages."""
    row, pieces, kept = _file(pk, sha256)
    _look(request, row, sha256)
    names = {e.archivo_id: e.nombre for e in pieces.evidencias}
    name = names.get(sha256) or f"{row.fila.get('uuid') or sha256[:16]}.xml"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(read_file(sha256), content_type=kept.tipo, headers={"Content-Disposition": header})


@require_safe
@seated_at("auditor")
def picture(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """A page of a file of the proof drawn anew as PNG, so that nothing of the file runs here."""
    row, _pieces, kept = _file(pk, sha256)
    _look(request, row, sha256)
    try:
        with open_file(sha256) as stream:
            data = previews.draw(stream, kept.tipo, page_number(request.GET))
    except previews.NoPreview as none:
        raise Http404(str(none)) from none
    return HttpResponse(data, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
