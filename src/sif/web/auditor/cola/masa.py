"""Preview an act over many hallazgos, then write it whole or not at all.

The rows that somebody ticked are of one page and are written in the request; a whole filter is written by a job.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import Count, F, QuerySet, Sum, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.audit.mass_tasks import ASSIGN, CONFIRM, SEND_BACK, Mass, ask_for_mass, keep_mass
from sif.audit.models import Hallazgo, Propuesta
from sif.audit.review import assign, confirm, propose, send_back
from sif.audit.review_selectors import proposals_on
from sif.audit.selectors import last_run
from sif.audit.services import DecisionRefused
from sif.jobs.files import FileGone
from sif.registry.models import Etapa, Usuario
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.hallazgos_words import chosen
from sif.web.auditor.masa_words import confirmed_words, proposed_words, returned_words, shared_words
from sif.web.auditor.queue import OPEN, kept_query, read_queue
from sif.web.authority_seat import person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.seats import seated_at
from sif.web.tables import Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number

PROPOSE = ("adoptar", "desechar")
RESOLVE = (CONFIRM, SEND_BACK)
SALT, LASTS = "sif.masa", 24 * 3600  # seconds that what was shown can be pressed


@dataclass(frozen=True, slots=True)
class Batch:
    """An act on many hallazgos: its reason, its hallazgos or proposals, and whether the whole filter is meant."""

    acto: str
    motivo: str
    filas: QuerySet[Hallazgo] | QuerySet[Propuesta]
    consulta: str
    todo: bool

    def numbers(self) -> list[int]:
        """Return the numbers of what is written, of hallazgos or of proposals."""
        return list(self.filas.order_by().values_list("pk", flat=True))


def decision_words(decision: str) -> str:
    """Return a proposed decision in words."""
    return {"adoptar": _("Adoptar"), "desechar": _("Desechar"), "unir": _("Unir a una observación")}[decision]


@require_POST
@seated_at("auditor")
def bulk(request: HttpRequest) -> HttpResponse:
    """Propose, confirm, return or share out several hallazgos of the queue."""
    etapa, by = stage_at_hand(request), person(request)
    back = HttpResponseRedirect(f"{reverse('auditor:hallazgos')}?{kept_query(request.GET)}")
    try:
        if "pedido" in request.POST:
            return to_job(request, ask_for_mass(_shown(request, by), by), by)
        batch = _asked(request, etapa, by)
        if lacks := _lacks(batch) or _moved(request, batch):
            messages.error(request, lacks)
            return back
        if batch.acto != ASSIGN and (batch.todo or request.POST.get("paso") != "confirmar"):
            return _review(request, etapa, batch)
        if batch.todo:
            who = typed_number(request.POST.get("asignado", "")) or None
            return to_job(request, ask_for_mass(keep_mass(Mass(ASSIGN, "", batch.numbers(), who)), by), by)
        messages.success(request, _share_out(request, batch) if batch.acto == ASSIGN else _write(batch, by))
    except DecisionRefused as refused:
        messages.error(request, f"{refused} {_('No se escribió nada.')}")
    except FileGone:
        messages.error(request, _("Lo que vio ya no se guarda. Mírelo otra vez antes de escribirlo."))
    return back


def _shown(request: HttpRequest, by: Usuario) -> str:
    """The digest of what the page showed to this person. Raises FileGone if it is altered, of another, or old."""
    try:
        said = signing.loads(request.POST["pedido"], salt=SALT, max_age=LASTS)
    except signing.BadSignature as bad:
        raise FileGone from bad
    if said["persona"] != by.pk:
        raise FileGone
    return str(said["pedido"])


def _asked(request: HttpRequest, etapa: Etapa, by: Usuario) -> Batch:
    corrida = last_run(etapa)
    act = request.POST.get("decision", "")
    if corrida is None or act not in (*PROPOSE, *RESOLVE, ASSIGN):
        raise Http404("No hay corrida o acto.")
    queue = read_queue(corrida, request.GET, by)
    whole = request.POST.get("alcance") == "filtro"
    rows = queue.filas if whole else chosen(queue, request.POST.getlist("elegir"))
    found: QuerySet[Hallazgo] | QuerySet[Propuesta] = rows
    if act in RESOLVE:
        found = proposals_on(rows, etapa).exclude(propuesta_por=by)
    elif act in PROPOSE:
        found = rows.filter(OPEN)
    motivo = request.POST.get("motivo", "").strip()[:500]
    return Batch(act, motivo, found, kept_query(request.GET), whole)


def _lacks(batch: Batch) -> str:
    """Return the message for the reason or choice that a batch lacks, or '' where the batch lacks nothing."""
    is_empty = not batch.filas.exists()
    if is_empty and batch.acto in RESOLVE:
        return _("No eligió propuestas de otras personas. Lo que usted propuso lo confirma alguien más.")
    if is_empty:
        return _("No eligió hallazgos por revisar. Marque las casillas de las filas, o «todo el filtro».")
    if batch.acto == "desechar" and not batch.motivo:
        return _("Desechar pide un motivo, que queda con su nombre. Escríbalo junto al botón.")
    if batch.acto == SEND_BACK and not batch.motivo:
        return _("Devolver pide decir qué corregir. Escríbalo en el motivo.")
    return ""


def _moved(request: HttpRequest, batch: Batch) -> str:
    """Return a message where the ticked proposals differ from the proposals reviewed, or '' where they are the same.

    A hallazgo whose proposal was withdrawn and made again has another proposal.
    """
    if batch.acto not in RESOLVE or batch.todo or request.POST.get("paso") != "confirmar":
        return ""
    if {typed_number(each) for each in request.POST.getlist("vista")} == set(batch.numbers()):
        return ""
    return _("Las propuestas cambiaron después de que usted las leyó. No se escribió nada.")


def _share_out(request: HttpRequest, batch: Batch) -> str:
    who = Usuario.objects.filter(pk=typed_number(request.POST.get("asignado", ""))).first()
    rows = list(Hallazgo.objects.filter(pk__in=batch.numbers()))
    return shared_words(assign(rows, who, person(request)), who)


def _write(batch: Batch, by: Usuario) -> str:
    if batch.acto in RESOLVE:
        proposals = list(Propuesta.objects.filter(pk__in=batch.numbers()))
        if batch.acto == SEND_BACK:
            return returned_words(send_back(proposals, batch.motivo, by))
        done = confirm(proposals, by, batch.motivo)
        return confirmed_words(len(done.observaciones), done.unidos, done.desechados)
    rows = list(Hallazgo.objects.filter(pk__in=batch.numbers()))
    return proposed_words(len(propose(rows, batch.acto, batch.motivo, by)))


def _review(request: HttpRequest, etapa: Etapa, batch: Batch) -> HttpResponse:
    """Return the page before the act: one row for each subject, rule, result and decision."""
    table, groups, many = _groups(batch)
    signed = ""
    if batch.todo:
        kept = keep_mass(Mass(batch.acto, batch.motivo, batch.numbers()))
        signed = signing.dumps({"persona": person(request).pk, "pedido": kept}, salt=SALT)
    context = {
        "frame": auditor_frame(
            etapa, "hallazgos", Crumb(_("Hallazgos"), reverse("auditor:hallazgos")), Crumb(_("Revisar"))
        ),
        "acto": batch.acto,
        "motivo": batch.motivo,
        "elegidos": [] if batch.todo else request.POST.getlist("elegir"),
        "vistas": [] if batch.todo or batch.acto not in RESOLVE else batch.numbers(),
        "pedido": signed,
        "cuantos": many,
        "consulta": batch.consulta,
        "grupos": groups,
        "tabla": table,
    }
    return render(request, "auditor/masa.html", context)


def _groups(batch: Batch) -> tuple[Table, int, int]:
    """Return the rows of that page, how many they are, and of how many hallazgos."""
    of = "hallazgo__" if batch.acto in RESOLVE else ""
    names = [f"{of}{name}" for name in ("contabilidad__sujeto__nombre", "regla", "resultado")]
    decision = F("decision") if batch.acto in RESOLVE else Value(batch.acto)
    groups: list[Any] = list(
        batch.filas.order_by()
        .values_list(*names, decision)
        .annotate(cuantos=Count("pk"), suma=Sum(f"{of}monto"))
        .order_by(*names)
    )
    columns = (
        Column("regla", _("Regla"), "cosa", show=lambda row: Thing(law.rule_title(row["regla"]), clave=row["regla"])),
        Column("sujeto", _("Sujeto"), phone="wide"),
        Column("decision", _("Decisión"), show=lambda row: decision_words(row["decision"])),
        Column("hallazgos", _("Hallazgos"), "numero", total=True),
        Column("monto", _("Monto"), "dinero", total=True),
    )
    keys = ("sujeto", "regla", "resultado", "decision", "hallazgos", "monto")
    rows = [dict(zip(keys, row, strict=True)) for row in groups]
    table = panel(_("Lo que se va a escribir"), rows, columns, palabra_total=_("Suma"))
    return table, len(rows), sum(row["hallazgos"] for row in rows)
