"""Many hallazgos at once: what would be written is shown first; then, pressed again, it is written whole or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sif.audit.models import Hallazgo, Propuesta
from sif.audit.review import Confirmed, assign, confirm, propose, send_back
from sif.audit.review_selectors import matters_of, open_proposals
from sif.audit.selectors import last_run
from sif.audit.services import DecisionRefused
from sif.registry.models import Etapa, Usuario
from sif.values import Money
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.hallazgos import chosen
from sif.web.auditor.queue import is_open, kept_query, read_queue
from sif.web.desk import seated_at
from sif.web.frame import Crumb
from sif.web.stage import person, stage_at_hand
from sif.web.tables import Column, Row, Table, Thing
from sif.web.typed import typed_number

PROPOSE = ("adoptar", "desechar")
RESOLVE = ("confirmar", "devolver")


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody asks for many hallazgos: the act, its reason, the rows it fits, and their open proposals."""

    acto: str
    motivo: str
    filas: Sequence[Hallazgo]
    propuestas: Sequence[Propuesta]
    consulta: str


def decision_words(decision: str) -> str:
    """A proposed decision in words."""
    return {"adoptar": _("Adoptar"), "desechar": _("Desechar"), "unir": _("Unir a una observación")}[decision]


@require_POST
@seated_at("auditor")
def bulk(request: HttpRequest) -> HttpResponse:
    """Propose, confirm, return or share out several hallazgos of the queue."""
    etapa, by = stage_at_hand(request), person(request)
    batch = _asked(request, etapa, by)
    back = HttpResponseRedirect(f"{reverse('auditor:hallazgos')}?{batch.consulta}")
    lacks = _lacks(batch)
    if lacks:
        messages.error(request, lacks)
        return back
    if batch.acto == "asignar":
        return _share_out(request, batch, back)
    if request.POST.get("paso") != "confirmar":
        return _review(request, etapa, batch)
    try:
        messages.success(request, _write(batch, by))
    except DecisionRefused as refused:
        messages.error(request, f"{refused} {_('No se escribió nada.')}")
    return back


def _asked(request: HttpRequest, etapa: Etapa, by: Usuario) -> Batch:
    corrida = last_run(etapa)
    act = request.POST.get("decision", "")
    if corrida is None or act not in (*PROPOSE, *RESOLVE, "asignar"):
        raise Http404("No hay corrida o acto.")
    queue = read_queue(corrida, request.GET, by)
    whole = request.POST.get("alcance") == "filtro"
    rows = list(queue.filas) if whole else chosen(queue, request.POST.getlist("elegir"))
    proposals: list[Propuesta] = []
    if act in RESOLVE:
        matters = {matter.pk for matter in matters_of(rows).values()}
        proposals = [row for row in open_proposals(etapa) if row.asunto_id in matters and row.propuesta_por_id != by.pk]
        rows = [row.hallazgo for row in proposals]
    elif act in PROPOSE:
        rows = [row for row in rows if is_open(row)]
    motivo = request.POST.get("motivo", "").strip()[:500]
    return Batch(act, motivo, rows, proposals, kept_query(request.GET))


def _lacks(batch: Batch) -> str:
    """What must be said or chosen before anything is shown; '' when nothing."""
    if not batch.filas and batch.acto in RESOLVE:
        return _("No eligió propuestas de otras personas. Lo que usted propuso lo confirma alguien más.")
    if not batch.filas:
        return _("No eligió hallazgos por revisar. Marque las casillas de las filas, o «todo el filtro».")
    if batch.acto == "desechar" and not batch.motivo:
        return _("Desechar pide un motivo, que queda con su nombre. Escríbalo junto al botón.")
    if batch.acto == "devolver" and not batch.motivo:
        return _("Devolver pide decir qué corregir. Escríbalo en el motivo.")
    return ""


def _share_out(request: HttpRequest, batch: Batch, back: HttpResponse) -> HttpResponse:
    who = Usuario.objects.filter(pk=typed_number(request.POST.get("asignado", ""))).first()
    try:
        many = assign(batch.filas, who, person(request))
    except DecisionRefused as refused:
        messages.error(request, f"{refused} {_('No se escribió nada.')}")
        return back
    if who is None:
        words = ngettext("%(n)s hallazgo quedó sin asignar.", "%(n)s hallazgos quedaron sin asignar.", many)
    else:
        words = ngettext("%(n)s hallazgo pasó a %(name)s.", "%(n)s hallazgos pasaron a %(name)s.", many)
    messages.success(request, words % {"n": many, "name": who.nombre if who else ""})
    return back


def _write(batch: Batch, by: Usuario) -> str:
    if batch.acto == "confirmar":
        return confirmed_words(confirm(batch.propuestas, by, batch.motivo))
    if batch.acto == "devolver":
        many = send_back(batch.propuestas, batch.motivo, by)
        return ngettext("Se devolvió %(n)s propuesta.", "Se devolvieron %(n)s propuestas.", many) % {"n": many}
    many = len(propose(batch.filas, batch.acto, batch.motivo, by))
    return ngettext(
        "Se propuso %(n)s decisión; falta que otra persona la confirme.",
        "Se propusieron %(n)s decisiones; falta que otra persona las confirme.", many,
    ) % {"n": many}  # fmt: skip


def confirmed_words(done: Confirmed) -> str:
    """What a confirmation wrote, in words."""
    made, joined, dropped = len(done.observaciones), done.unidos, done.desechados
    parts = []
    if made:
        parts.append(ngettext("Se adoptó %(n)s observación.", "Se adoptaron %(n)s observaciones.", made) % {"n": made})
    if joined:
        words = ngettext("Se unió %(n)s hallazgo.", "Se unieron %(n)s hallazgos.", joined)
        parts.append(words % {"n": joined})
    if dropped:
        words = ngettext("Se desechó %(n)s hallazgo.", "Se desecharon %(n)s hallazgos.", dropped)
        parts.append(words % {"n": dropped})
    return " ".join(parts)


def _review(request: HttpRequest, etapa: Etapa, batch: Batch) -> HttpResponse:
    """The page before the act: one row for each subject, rule, result and decision."""
    table, groups = _groups(batch)
    context = {
        "frame": auditor_frame(
            etapa, "hallazgos", Crumb(_("Hallazgos"), reverse("auditor:hallazgos")), Crumb(_("Revisar"))
        ),
        "acto": batch.acto,
        "motivo": batch.motivo,
        "elegidos": [row.pk for row in batch.filas],
        "consulta": batch.consulta,
        "grupos": groups,
        "tabla": table,
    }
    return render(request, "auditor/masa.html", context)


def _groups(batch: Batch) -> tuple[Table, int]:
    decided = {row.hallazgo_id: row.decision for row in batch.propuestas}

    def key(row: Hallazgo) -> tuple[str, str, str, str]:
        return row.contabilidad.sujeto.nombre, row.regla, row.resultado, decided.get(row.pk, batch.acto)

    groups = [(names, list(members)) for names, members in groupby(sorted(batch.filas, key=key), key=key)]
    columns = (
        Column("regla", _("Regla"), "cosa"),
        Column("sujeto", _("Sujeto"), telefono="wide"),
        Column("decision", _("Decisión")),
        Column("hallazgos", _("Hallazgos"), "numero"),
        Column("monto", _("Monto"), "dinero"),
    )
    rows = [
        Row({"regla": Thing(law.rule_title(rule), clave=rule), "sujeto": sujeto, "decision": decision_words(decision),
             "hallazgos": len(members), "monto": Money(sum(row.monto for row in members))})
        for (sujeto, rule, _result, decision), members in groups
    ]  # fmt: skip
    totals = {"hallazgos": len(batch.filas), "monto": Money(sum(row.monto for row in batch.filas))}
    return Table(_("Lo que se va a escribir"), columns, rows, totals, _("Suma")), len(groups)
