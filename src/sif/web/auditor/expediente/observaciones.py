"""List the observaciones of a stage by subject, and show one."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.audit import review
from sif.audit.models import Hallazgo, Observacion
from sif.audit.selectors import observaciones_of
from sif.audit.services import DecisionRefused
from sif.proceedings.models import Conclusion, Oficio
from sif.proceedings.selectors import cited_in, last_answers, oficios_of
from sif.proceedings.withdrawing import MOST_WORDS, check_withdraw, withdraw_observacion
from sif.registry.masks import covered
from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.values import Money, Refused
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.hallazgos_words import where_words
from sif.web.auditor.looks import parts_look
from sif.web.auditor.observaciones_words import observacion_state
from sif.web.authority_seat import books_words, person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.law import basis_html
from sif.web.seats import seated_at
from sif.web.tables import Pager, Table, Thing, pager_asked

SIZE, SHOWN = 100, 200


def _table(
    rows: list[Observacion], notified: set[int], answered: set[int], whole: tuple[int, int], pager: Pager | None
) -> Table:
    """The observaciones of a subject that a page has, with how many there are of the subject and their centavos."""
    columns = (
        Column(
            "observacion",
            _("Observación"),
            "cosa",
            show=lambda row: Thing(f"{row.numero}. {row.titulo}", reverse("auditor:observacion", args=[row.pk])),
        ),
        Column(
            "regla", _("Regla"), "clave", show=lambda row: Thing(row.regla, reverse("auditor:regla", args=[row.regla]))
        ),
        Column("fundamento", _("Fundamento"), show=lambda row: basis_html(row.fundamento), phone="half"),
        Column("monto", _("Monto"), "dinero"),
        Column("estado", _("Estado"), "estado", show=lambda row: observacion_state(row, notified, answered)),
    )
    many, total = whole
    words = ngettext("Suma de %(n)s observación", "Suma de %(n)s observaciones", many) % {"n": many}
    return panel(
        rows[0].sujeto.nombre, rows, columns, totales={"monto": Money(total)}, palabra_total=words, pagina=pager
    )


@require_safe
@seated_at("auditor")
def observaciones(request: HttpRequest) -> HttpResponse:
    """Render a page of the observaciones adopted in the stage: a table by subject with the sum of the subject."""
    etapa = stage_at_hand(request)
    found = observaciones_of(etapa)
    grouped = found.order_by().values_list("sujeto").annotate(n=Count("pk"), m=Sum("monto"))
    sums = {sujeto: (many, amount) for sujeto, many, amount in grouped}
    many = sum(each for each, _amount in sums.values())
    pager = pager_asked(request.GET, many, SIZE)
    rows = list(found[max(0, pager.desde - 1) : pager.hasta])
    oficios: dict[int, list[Oficio]] = {}
    for told in oficios_of(etapa).filter(sujeto__in={row.sujeto_id for row in rows}):
        oficios.setdefault(told.sujeto_id, []).append(told)
    periods = list(etapa.periodos.order_by("numero"))
    notified = set(
        Observacion.objects.filter(pk__in=[row.pk for row in rows], oficios__isnull=False).values_list("pk", flat=True)
    )
    answered = set(last_answers(rows))
    by_subject: dict[int, list[Observacion]] = {}
    for row in rows:
        by_subject.setdefault(row.sujeto_id, []).append(row)
    last = rows[-1].sujeto_id if many > SIZE else None
    context = {
        "frame": auditor_frame(etapa, "observaciones"),
        "sujetos": [
            {
                "sujeto": members[0].sujeto,
                "oficios": parts_look(oficios[pk], periods) if pk in oficios else "",
                "sigue": pk not in oficios or oficios[pk][-1].periodo is not None,
                "tabla": _table(members, notified, answered, sums[pk], pager if pk == last else None),
            }
            for pk, members in by_subject.items()
        ],
        "cuantas": many,
        "suma": Money(sum(amount for _many, amount in sums.values())),
    }
    return render(request, "auditor/observaciones.html", context)


@require_POST
@seated_at("auditor")
def without_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an observación without effect before it is notified; a refusal is said on its page with what was typed."""
    row = get_object_or_404(Observacion, pk=pk)
    try:
        done = review.leave_without_effect(row, request.POST.get("motivo", ""), person(request))
    except DecisionRefused as refused:
        return _page(request, pk, request.POST.get("motivo", "")[:500], str(refused))
    messages.success(request, _("La observación quedó sin efecto; su dictamen no la espera."))
    return HttpResponseRedirect(reverse("auditor:observacion", args=[done.observacion_id]))


@require_POST
@seated_at("auditor")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a notified observación without effect and tell its subject; a refusal is said on its page."""
    row = get_object_or_404(Observacion.objects.select_related("etapa", "sujeto", "adoptada_por"), pk=pk)
    try:
        withdraw_observacion(row, request.POST.get("motivo", ""), person(request))
    except Refused as refused:
        return _page(request, pk, request.POST.get("motivo", "")[:MOST_WORDS], refused.said)
    messages.success(request, _("La observación quedó sin efecto y se avisó al sujeto."))
    return HttpResponseRedirect(reverse("auditor:observacion", args=[pk]))


@require_safe
@seated_at("auditor")
def observacion(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one observación: what it says and asks, its hallazgos, the answer in force and the conclusion."""
    return _page(request, pk)


def _findings(found: Iterable[Hallazgo], whole: Money) -> Table:
    columns = (
        Column(
            "hallazgo",
            _("Hallazgo"),
            "cosa",
            show=lambda each: Thing(
                where_words(each),
                reverse("auditor:hallazgo", args=[each.pk]),
                debajo=covered(law.finding_words(each.regla, each.resultado, each.mensaje)),
            ),
        ),
        Column(
            "contabilidad",
            _("Contabilidad"),
            show=lambda each: Thing(books_words(each.contabilidad), debajo=str(each.contabilidad_id)),
            phone="half",
        ),
        Column("dia", _("Día"), "dia", show=lambda each: each.dia or _("sin día")),
        Column("monto", _("Monto"), "dinero"),
    )
    return panel(_("Hallazgos"), found, columns, totales={"monto": whole}, palabra_total=_("Suma de la observación"))


def _may_withdraw(row: Observacion, by: Usuario) -> bool:
    try:
        check_withdraw(row, by)
    except Refused:
        return False
    return True


def _page(request: HttpRequest, pk: int, motivo: str = "", error: str = "") -> HttpResponse:
    rows = Observacion.objects.select_related("etapa__proceso", "sujeto", "adoptada_por", "sin_efecto__hecho_por")
    rows = rows.select_related("sin_efecto__notificacion")
    row = get_object_or_404(rows, pk=pk)
    found = row.hallazgos.select_related("contabilidad__candidatura__persona").order_by("-monto", "pk")
    answer = last_answers([row]).get(row.pk)
    current = Observacion.objects.filter(identidad=row.identidad, reemplazada_por=None).exclude(pk=pk).first()
    oficio, left, by = row.oficios.first(), getattr(row, "sin_efecto", None), person(request)
    context = {
        "frame": auditor_frame(
            row.etapa,
            "observaciones",
            Crumb(_("Observaciones"), reverse("auditor:observaciones")),
            Crumb(f"{row.sujeto.siglas}, {row.numero}"),
        ),
        "observacion": row,
        "vigente": current,
        "motivo_de_adopcion": row.motivo_de_adopcion,
        "posible": law.possible_sanction(
            row.criterio, Money(row.monto), found.count(), row.etapa, row.sujeto, found.values_list("dia", flat=True)
        ),
        "tabla": _findings(found[:SHOWN], Money(row.monto)),
        "cuantos": found.count(),
        "respuesta": answer,
        "polizas": cited_in(answer),
        "conclusion": Conclusion.objects.filter(observacion=row).first(),
        "oficio": oficio,
        "sin_efecto": left,
        "puede_retirar": _may_withdraw(row, by),
        "puede_dejar": not (current or oficio or left) and may(by, "revisar") and row.adoptada_por_id != by.pk,
        "motivo": motivo,
        "error": error,
    }
    return render(request, "auditor/observacion.html", context, status=422 if error else 200)
