"""Show the file of a hallazgo, with what was typed and refused, if anything."""

from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from sif.audit.looks import Access, access_to
from sif.audit.models import Hallazgo, Pedido
from sif.audit.review_selectors import Standing, Trail, auditors, history_of, similar_to, standings, trail_of
from sif.audit.selectors import coverage_of, current_observaciones, last_run
from sif.filing.later import Later, later_operations
from sif.filing.models import Informe
from sif.law.articles import Supuesto
from sif.proceedings.selectors import oficio_of
from sif.registry.masks import masked
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import may
from sif.statutes.selectors import bases_here
from sif.values import Money
from sif.web import law
from sif.web.auditor.expediente import proof
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import kept_query, neighbours, read_queue
from sif.web.authority_seat import books_words, person, stage_words
from sif.web.frame import Crumb

UNIONS = 50
"""Observaciones offered to join a hallazgo to; another is asked for by its number."""


def open_hallazgo(pk: int) -> Hallazgo:
    """Return a hallazgo with what its page reads. Raises Http404."""
    rows = Hallazgo.objects.select_related(
        "contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa__proceso"
    )
    return get_object_or_404(rows, pk=pk)


def expediente(request: HttpRequest, row: Hallazgo, **typed: object) -> HttpResponse:
    """The page of a hallazgo; `typed` brings back what was written (acto, texto, motivo) and why it was refused."""
    status = 422 if typed.get("error") or typed.get("sin_razon") else 200
    return render(request, "auditor/hallazgo.html", {**_context(request, row), **typed}, status=status)


def _context(request: HttpRequest, row: Hallazgo) -> dict[str, object]:
    etapa, books, by = row.corrida.instantanea.etapa, row.contabilidad, person(request)
    rule, shown, query = law.rulebook().get(row.regla), proof.books_of(row), kept_query(request.GET)
    case = Supuesto(books.sujeto.tipo, etapa.tipo, etapa.proceso.ambito)
    standing, pieces = standings([row])[row.pk], proof.proof_of(row, shown.poliza)
    queue = read_queue(row.corrida, request.GET, by)
    last = last_run(etapa)
    totals = queue.sumas if last == row.corrida else None
    access, trail = access_to(row, by, standing), trail_of(row)
    return {
        "frame": auditor_frame(
            etapa, "hallazgos", Crumb(f"{row.regla}, {books.sujeto.nombre}"), totals=totals, corrida=last
        ),
        "hallazgo": row,
        "titulo": law.rule_title(row.regla),
        "regla": rule,
        "bases": bases_here(rule, case, etapa.termina_el, outcome=row.resultado) if rule else (),
        "misma_huella": rule is not None and rule.digest == row.regla_digest,
        "falta": law.severity_words(row.regla),
        "parametros": law.parameter_rows(row),
        "posible": law.possible_sanction(law.sanction_key(row), Money(row.monto), 1, etapa, books.sujeto, [row.dia]),
        **_papers(row, pieces, access),
        "cobertura": next(iter(coverage_of(row.corrida, row.regla)), None),
        "nombre": books_words(books),
        "libros": shown,
        "hermanos": _siblings(row),
        "posteriores": _later(books),
        "vecinos": neighbours(queue, row.pk),
        "consulta": f"?{query}" if query else "",
        "tarde": oficio_of(etapa, books.sujeto),
        "palabras": words_now(row, trail),
        "rastro": trail,
        "parecidos": similar_to(row),
        "antecedentes": [(each, stage_words(each.etapa)) for each in history_of(row)],
        "auditores": auditors(),
        "destinos": [(key, destination_words(key)) for key in Pedido.Destino.values],
        **_rights(row, standing, by),
    }


def _papers(row: Hallazgo, pieces: proof.Proof, access: Access) -> dict[str, object]:
    """Return the facts of a hallazgo and its proof, as far as whoever looks may see them."""
    rule, opens, whole = law.rulebook().get(row.regla), access.opens_papers, access.sees_keys
    return {
        "datos": [
            (name, law.cell_words(rule, name, _covered(name, value, whole=whole))) for name, value in row.fila.items()
        ],
        "abre_papeles": opens,
        "pide_razon": not opens or (not whole and bool(proof.keys_named(row.fila))),
        "nombrados": proof.named_by(row, whole=whole),
        "prueba": pieces,
        "dibujables": proof.drawable(pieces) if opens else set(),
        "entero": whole,
    }


def words_now(row: Hallazgo, trail: Trail) -> str:
    """Return what the observación will say of a hallazgo: the last words written, or those of its rule."""
    return trail.redacciones[-1].texto if trail.redacciones else row.mensaje


def _covered(name: str, value: object, *, whole: bool) -> object:
    return value if whole or not isinstance(value, str) else masked(name, value)


def _rights(row: Hallazgo, standing: Standing, by: Usuario) -> dict[str, object]:
    """Return the acts that a person may do on a hallazgo in its present state, as context of the page."""
    proposal, audits = standing.propuesta, may(by, "auditar")
    own = proposal is not None and proposal.propuesta_por_id == by.pk
    decides = audits and standing.estado in ("sin_revisar", "en_espera")
    targets = (
        current_observaciones()
        .filter(sin_efecto__isnull=True)
        .filter(etapa=row.corrida.instantanea.etapa, sujeto=row.contabilidad.sujeto_id, oficios__isnull=True)
    )
    held = standing.observacion
    first = Case(When(regla=row.regla, then=0), default=1)  # those of its rule, the last first
    nearest = targets.order_by(first, "-numero").values("pk", "numero", "titulo")
    unions = list(nearest[: UNIONS + 1]) if decides else []
    return {
        "situacion": standing,
        "estado": standing.estado,
        "audita": audits,
        "decide": decides,
        "propia": own,
        "confirma": proposal is not None and not own and may(by, "revisar"),
        "uniones": unions[:UNIONS],
        "une": bool(unions),
        "mas_uniones": len(unions) > UNIONS,
        "redacta": audits and standing.estado not in ("desechado", "sin_dato") and not (held and held.oficios.exists()),
    }


def destination_words(key: str) -> str:
    """Return the words for an addressee of requests: subject, auditor, supplier, SAT or CNBV."""
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
