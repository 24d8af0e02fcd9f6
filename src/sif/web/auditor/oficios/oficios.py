"""List, review, issue and show oficios and their answers."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sif.audit.models import Observacion
from sif.audit.selectors import to_notify_summed
from sif.mail.outbox import is_configured
from sif.mail.selectors import messages_of
from sif.notices.mailing import TYPE as ALERTED
from sif.proceedings.gate import check_whole_review
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.proposing import content_digest, propose_oficio, waiting_proposal, withdraw_oficio
from sif.proceedings.second import may_follow
from sif.proceedings.selectors import (
    Coverage,
    answers_to,
    answers_to_each,
    corrected_by,
    coverage_of_answers,
    hallazgos_counted,
    left_to_notify,
    oficio_of,
    oficios_of,
    oficios_to,
    reviewed_until,
    second_of,
    subjects_of,
    untold_results,
    waits_for_oficio,
    with_observaciones,
    with_sums,
)
from sif.proceedings.tasks import ask_to_issue
from sif.proceedings.terms import (
    answer_deadline,
    first_oficio_day,
    hearing_article,
    hearing_of,
    is_by_report,
    review_days,
    review_in_course,
    unappraised,
)
from sif.proceedings.unseen import check_seen
from sif.registry import clock
from sif.registry.models import Etapa, Periodo, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.values import Money, Refused
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.looks import oficio_look
from sif.web.auditor.observaciones_words import observacion_state
from sif.web.authority_seat import article_of, document_response, person, stage_at_hand, tell_refusal
from sif.web.clocks import Clock
from sif.web.columns import Column, panel
from sif.web.columns import Link as To
from sif.web.formats import due_text
from sif.web.frame import Crumb
from sif.web.law import basis_html
from sif.web.mailing import posted
from sif.web.reviewed_periods import periods_words, reviewed_words, words_of_each
from sif.web.seats import seated_at
from sif.web.tables import Link, Table, Thing, page_links, page_of, pager_asked
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number


def _next_act(oficio: Oficio, *, first: Oficio | None, second: Oficio | None, more: bool) -> Link:
    """Return what may be done with the last oficio of a subject.

    first: the oficio whose answers wait to be appraised; second: the one whose result waits; more: observaciones are
    left to notify.
    """
    if first is not None:
        return Link(_("Valorar las respuestas"), reverse("auditor:segundo", args=[first.pk]))
    if second is not None:
        return Link(_("Informar el resultado"), reverse("auditor:segundo", args=[second.pk]))
    if oficio.periodo is not None and more:
        return Link(_("Revisar y emitir"), reverse("auditor:emitir", args=[oficio.sujeto_id]))
    return Link(_("Abrir"), reverse("auditor:oficio", args=[oficio.pk]))


def _list(request: HttpRequest, etapa: Etapa) -> Table:
    subjects, page = page_of(subjects_of(etapa), request.GET)
    oficios: dict[int, list[Any]] = {}
    for row in with_sums(oficios_of(etapa).filter(sujeto__in=subjects)):
        oficios.setdefault(row.sujeto_id, []).append(row)
    waiting, periods = to_notify_summed(etapa), list(etapa.periodos.order_by("numero"))
    untold = {row.sujeto_id: row for row in untold_results(etapa)}
    unread = {row.sujeto_id: row for row in unappraised(etapa)}

    def drawn(sujeto: SujetoObligado) -> dict[str, object]:
        told = oficios.get(sujeto.pk, [])
        oficio, left = told[-1] if told else None, waiting.get(sujeto.pk, (0, 0))
        count, total = sum(row.observadas for row in told), sum(row.observado for row in told)
        if oficio is None:
            count, total = left
        known = {
            "sujeto": Thing(sujeto.nombre, clave=sujeto.siglas),
            "observaciones": count,
            "monto": Money(total),
            "estado": oficio_look(oficio),
        }
        if oficio is None:
            act = Link(_("Revisar y emitir"), reverse("auditor:emitir", args=[sujeto.pk]))
            none = {"oficio": _("ninguno"), "vence": _("sin plazo")}
            return {**known, **none, "accion": act if count else _("nada que notificar")}
        parts = words_of_each(told, periods)
        thing = Thing(oficio.numero, reverse("auditor:oficio", args=[oficio.pk]), debajo=parts[oficio.pk])
        first, second = unread.get(sujeto.pk), untold.get(sujeto.pk)
        act = _next_act(oficio, first=first, second=second, more=bool(left[0]))
        return {**known, "oficio": thing, "vence": due_text(oficio.vence_el), "accion": act}

    columns = (
        Column("sujeto", _("Sujeto"), "cosa"),
        Column("oficio", _("Oficio"), phone="half"),
        Column("observaciones", _("Observaciones"), "numero"),
        Column("monto", _("Monto observado"), "dinero"),
        Column("vence", _("Vence")),
        Column("estado", _("Estado"), "estado"),
        Column("accion", _("Acto"), "accion"),
    )
    return panel(_("Oficios de errores y omisiones"), map(drawn, subjects), columns, pagina=page)


@require_safe
@seated_at("auditor")
def oficios(request: HttpRequest) -> HttpResponse:
    """Return each subject with its oficio, or what waits to be notified."""
    etapa = stage_at_hand(request)
    periodo, days = review_in_course(etapa)
    day = days["oficio"]
    context = {
        "frame": auditor_frame(etapa, "oficios"),
        "tabla": _list(request, etapa),
        "tarde": day.fecha < clock.today() and waits_for_oficio(etapa, periodo),
        "hito": day,
        "periodo": periodo,
        "articulo": article_of(day.base),
        "emite": may(person(request), "emitir_oficio"),
    }
    return render(request, "auditor/oficios.html", context)


def _annex(request: HttpRequest, rows: QuerySet[Observacion], states: Mapping[int, object]) -> tuple[Table, int]:
    """Draw a page of the observaciones of an oficio, with the hallazgos of each counted at once; and say how many."""
    whole = rows.order_by().aggregate(cuantas=Count("pk"), monto=Sum("monto", default=0))
    page = pager_asked(request.GET, many := whole["cuantas"])
    shown = list(rows[max(0, page.desde - 1) : page.hasta])
    found = hallazgos_counted(shown)
    columns = (
        Column(
            "observacion",
            _("Observación"),
            "cosa",
            show=lambda row: f"{row.numero}. {row.titulo}",
            link=To("auditor:observacion"),
        ),
        Column("solicitud", under="observacion"),
        Column("fundamento", _("Fundamento"), show=lambda row: basis_html(row.fundamento), phone="half"),
        Column("hallazgos", _("Hallazgos"), "numero", show=lambda row: found.get(row.pk, 0)),
        Column("monto", _("Monto"), "dinero", total=True),
        *((Column("estado", _("Respuesta"), "estado", show=lambda row: states.get(row.pk, "")),) if states else ()),
    )
    words = ngettext("Suma de %(n)s observación", "Suma de %(n)s observaciones", many) % {"n": many}
    sums, pager = {"monto": Money(whole["monto"])}, page if many else None
    return panel(_("Observaciones"), shown, columns, totales=sums, palabra_total=words, pagina=pager), many


def _period_at_hand(
    request: HttpRequest, etapa: Etapa, subject: SujetoObligado, proposal: OficioPropuesto | None
) -> Periodo | None:
    """Return the last period that the oficio at hand reviews, where others follow: that asked, proposed or due.

    Of those that no oficio of the subject reviewed, where none is due it is the first. Raises Http404 for one that the
    stage does not have.
    """
    asked = (request.POST if request.method == "POST" else request.GET).get("periodo")
    if asked:
        return get_object_or_404(etapa.periodos, numero=typed_number(asked))
    if asked is not None or proposal is not None or not is_by_report(etapa):
        return proposal.periodo if proposal and asked is None else None
    left = list(etapa.periodos.filter(numero__gt=reviewed_until(etapa, subject)).order_by("numero"))
    if not left:
        return None
    due = [each for each in left if first_oficio_day(etapa, each) <= clock.today()]
    found = due[-1] if due else left[0]
    return found if found != left[-1] else None


def _reviews(etapa: Etapa, subject: SujetoObligado, chosen: Periodo | None) -> list[tuple[str, str, int, bool]]:
    """Return the tabs of what the next oficio of a subject may review: up to each period that none did, or the last."""
    here, last = reverse("auditor:emitir", args=[subject.pk]), etapa.periodos.order_by("numero").last()
    done = reviewed_until(etapa, subject)
    left = list(etapa.periodos.filter(numero__gt=done).order_by("numero")) if is_by_report(etapa) else []
    if len(left) < 2:
        return []
    found = []
    for each in left:
        period = each if each != last else None
        words = periods_words([one for one in left if one.numero <= each.numero])
        many = left_to_notify(etapa, subject, period).count()
        found.append((words, f"{here}?periodo={each.numero if period else ''}", many, period == chosen))
    return found


def _acted(request: HttpRequest, etapa: Etapa, subject: SujetoObligado, periodo: Periodo | None) -> HttpResponse:
    """Propose, withdraw or ask for the job that issues, and go on. Raises Refused."""
    by, act = person(request), request.POST.get("acto", "")
    here = reverse("auditor:emitir", args=[subject.pk])
    if act == "proponer":
        propose_oficio(etapa, subject, by, periodo)
        messages.success(request, _("Propuso el oficio de %(who)s. Lo emite otra persona.") % {"who": subject.siglas})
        return HttpResponseRedirect(here)
    if act == "retirar":
        withdraw_oficio(etapa, subject, by)
        messages.success(request, _("Retiró su propuesta; no se notificó nada."))
        return HttpResponseRedirect(here)
    if act != "emitir":
        raise Http404("No hay ese acto.")
    return to_job(request, ask_to_issue(etapa, subject, by, typed_number(request.POST.get("propuesta", ""))), by)


def _proposed(
    proposal: OficioPropuesto | None, by: Usuario, observed: QuerySet[Observacion], periodo: Periodo | None
) -> dict[str, object]:
    """Return the proposal that waits, whether the person made it, and whether the oficio would say other things."""
    if proposal is None:
        return {"propuesta": None}
    return {
        "propuesta": proposal,
        "propia": proposal.propuesto_por_id == by.pk,
        "cambio": proposal.huella != content_digest(list(observed), periodo),
        "otra": proposal.periodo != periodo,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def issue(request: HttpRequest, sujeto: int) -> HttpResponse:
    """Before: what will be written, who proposed it and who may issue it. Pressed twice, it is issued once."""
    etapa, subject, by = stage_at_hand(request), get_object_or_404(SujetoObligado, pk=sujeto), person(request)
    before = oficio_of(etapa, subject)
    if before is not None:
        messages.warning(request, _("El oficio ya estaba emitido; no se escribió nada nuevo."))
        return HttpResponseRedirect(reverse("auditor:oficio", args=[before.pk]))
    status, proposal = 200, waiting_proposal(etapa, subject)
    periodo = _period_at_hand(request, etapa, subject, proposal)
    if request.method == "POST":
        try:
            return _acted(request, etapa, subject, periodo)
        except Refused as refused:
            tell_refusal(request, refused)
            status = 422
    observed = left_to_notify(etapa, subject, periodo)
    table, many = _annex(request, observed, {})
    first = first_oficio_day(etapa, periodo)
    reviews = _reviews(etapa, subject, periodo)
    corrected = corrected_by(Oficio(etapa=etapa, sujeto=subject, periodo=periodo), observed)
    planned = review_days(etapa, periodo)["oficio"].fecha
    context = {
        "frame": auditor_frame(
            etapa, "oficios", Crumb(_("Oficios"), reverse("auditor:oficios")), Crumb(subject.siglas)
        ),
        "sujeto": subject,
        "etapa": etapa,
        "tabla": table,
        "cuantas": many,
        "vence": answer_deadline(etapa, clock.today(), periodo),
        "conserva": planned if clock.today() < planned else None,
        "revisa": reviews,
        "periodo": periodo.numero if periodo else "",
        "corrige": periods_words(corrected) if len(corrected) < etapa.periodos.count() else "",
        "anteriores": oficios_to(etapa, subject),
        "articulo": hearing_of(etapa, subject.tipo, second=False)[0],
        "emite": may(by, "emitir_oficio"),
        "propone": may(by, "auditar") or may(by, "emitir_oficio"),
        "desde": first if clock.today() < first else None,
        "sin_ver": check_seen(etapa, subject, periodo, list(observed)) if clock.today() >= first else [],
        "faltantes": check_whole_review(etapa, subject) if periodo is None and clock.today() >= first else [],
        **_proposed(proposal, by, observed, periodo),
    }
    return render(request, "auditor/emitir.html", context, status=status)


def _met(row: Oficio, coverage: Coverage) -> str:
    """Return how the term of an oficio was met: all answered, or ended with so many unanswered; '' while it waits.

    Where all was left without effect, that.
    """
    if not coverage.observaciones and row.da_plazo:
        return _("todo quedó sin efecto")
    if not coverage.faltan:
        return _("contestado a tiempo")
    if not clock.has_ended(row.vence_el):
        return ""
    words = ngettext(
        "quedó %(n)d observación sin contestar", "quedaron %(n)d observaciones sin contestar", coverage.faltan
    )
    return words % {"n": coverage.faltan}


@require_safe
@seated_at("auditor")
def oficio(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the receipt of an oficio: number, hour, digest, term, documents and the answers so far."""
    row = get_object_or_404(
        Oficio.objects.select_related(
            "etapa__proceso", "sujeto", "documento", "notificacion", "emitido_por", "primero", "periodo"
        ),
        pk=pk,
    )
    rows = row.observaciones.select_related("sin_efecto").order_by("numero")
    observed = list(rows)
    answers, notified = answers_to(row, observed), {each.pk for each in observed}
    states = {each.pk: observacion_state(each, notified, answers.keys()) for each in observed}
    coverage = coverage_of_answers(observed, answers)
    sent = messages_of(ALERTED, [row.notificacion_id])
    context = {
        "frame": auditor_frame(
            row.etapa, "oficios", Crumb(_("Oficios"), reverse("auditor:oficios")), Crumb(row.numero)
        ),
        "oficio": row,
        "reloj": Clock(
            _("Respuesta al oficio"),
            row.vence_el,
            clock.now(),
            row.notificado_el,
            hearing_article(row),
            hecho=_met(row, coverage),
        ),
        "segundo": second_of(row),
        "revisa": reviewed_words(row),
        "sigue": may_follow(row),
        "cobertura": coverage,
        "falta": Money(coverage.monto_sin_contestar) if coverage.faltan else None,
        "estado": oficio_look(row),
        "tabla": _annex(request, rows, states)[0],
        "correos": posted(sent.get(row.notificacion_id, []), addressed=False),
        "hay_correo": is_configured(),
    }
    return render(request, "auditor/oficio.html", context)


@require_safe
@seated_at("auditor")
def answers(request: HttpRequest) -> HttpResponse:
    """Render the answers of the subjects by oficio, the last presented first."""
    etapa = stage_at_hand(request)
    every = Oficio.objects.filter(etapa=etapa).select_related("sujeto").order_by("sujeto__numero", "pk")
    rows, page = page_of(with_observaciones(every), request.GET)
    answered, shown = answers_to_each(rows), []
    for row in rows:
        observed, found = list(row.observaciones.all()), answered.get(row.pk, {})
        told = [(each, found[each.pk]) for each in observed if each.pk in found]
        shown.append({"oficio": row, "cobertura": coverage_of_answers(observed, found), "respuestas": told})
    context = {
        "frame": auditor_frame(etapa, "respuestas"),
        "oficios": shown,
        **page_links(request.GET, page),
    }
    return render(request, "auditor/respuestas.html", context)


@require_safe
@seated_at("auditor")
def oficio_document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Return the oficio as PDF or DOCX."""
    row = get_object_or_404(Oficio.objects.select_related("documento"), pk=pk)
    if kind not in ("pdf", "docx"):
        raise Http404("No hay esa forma.")
    return document_response(row.documento, kind)
