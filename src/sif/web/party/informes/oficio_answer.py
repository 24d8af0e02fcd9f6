"""Oficios y respuestas: each observation answered in place, with the pólizas that support it, while the term runs."""

import re
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.ledger import InvalidReference, parse_reference
from sif.proceedings.appraisals import Appraisal, appraisals_of, last_told
from sif.proceedings.models import Conclusion, Oficio, Resolucion
from sif.proceedings.parts import ObservedPart, oficios_of_reach, part_coverage, part_of, parts_of
from sif.proceedings.selectors import Coverage, answers_to, answers_to_each, oficio_state
from sif.proceedings.services import answer
from sif.proceedings.terms import hearing_article
from sif.registry.selectors import may
from sif.values import Money, Problem, Refused
from sif.web.clocks import Clock
from sif.web.columns import Column, panel
from sif.web.columns import Link as To
from sif.web.formats import currency_amount, due_text
from sif.web.frame import Crumb
from sif.web.party.mesa import Mesa, party_page, poliza_url
from sif.web.party.papers import oficio_paper
from sif.web.reviewed_periods import reviewed_words
from sif.web.tables import Empty, Table, page_of


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return a page of the oficios of the person's subjects, the last notified first."""
    rows, page = page_of(oficios_of_reach(mesa.alcance).order_by("-notificado_el", "-pk"), request.GET)
    parts, given = parts_of(rows, mesa.alcance), answers_to_each(rows)
    done = {row.pk: part_coverage(parts[row.pk].observaciones, given.get(row.pk, {})) for row in rows}

    def answered(oficio: Oficio) -> str:
        told = done[oficio.pk]
        return _("%(n)d de %(all)d") % {"n": told.contestadas, "all": told.observaciones}

    def due(oficio: Oficio) -> SafeString | str:
        return due_text(oficio.vence_el) if oficio.da_plazo else _("no da plazo")

    columns = (
        Column("oficio", _("Oficio"), "cosa", "numero", link=To("party:oficio")),
        Column("proceso", source="etapa__proceso__nombre", under="oficio"),
        Column("notificado", _("Notificado"), "momento", "notificado_el"),
        Column("vence", _("Vence"), show=due),
        Column("contestadas", _("Contestadas"), show=answered),
        Column("estado", _("Estado"), "estado", show=lambda oficio: _shown_state(oficio, done[oficio.pk])),
    )
    nothing = Empty(_("Todavía no hay oficios."), _("Llegan al buzón cuando la autoridad termina de revisar."))
    table = panel(_("Oficios"), rows, columns, vacia=nothing, pagina=page if rows else None)
    return render(request, "party/oficios.html", {"frame": mesa.frame("oficios"), "tabla": table})


def _shown_state(oficio: Oficio, done: Coverage) -> str:
    if not done.faltan:
        return "contestada" if done.observaciones or not oficio.da_plazo else "sin_efectos"
    return "sin_contestar" if oficio_state(oficio) == "notificado" else "vencido"


def _find(mesa: Mesa, number: int) -> Oficio:
    rows = Oficio.objects.select_related("sujeto", "etapa__proceso", "documento").filter(sujeto__in=mesa.sujetos)
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404(_("Sus sujetos no tienen un oficio con ese número. Búsquelo en «Oficios»."))
    if not oficios_of_reach(mesa.alcance).filter(pk=number).exists():
        raise PermissionDenied(
            _("Este oficio no nombra sus libros. Si debe verlo, pídalo a su responsable de finanzas.")
        )
    return found


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return the oficio with its clock and its observations; ?observacion= opens one of them."""
    return _show(request, mesa, _find(mesa, number), request.GET.get("observacion", ""))


def _show(
    request: HttpRequest, mesa: Mesa, oficio: Oficio, asked: str, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    part = part_of(oficio, mesa.alcance)
    observed = part.observaciones
    answers = answers_to(oficio, [row.observacion for row in observed])
    chosen = next((row for row in observed if str(row.numero) == asked), None)
    if chosen is None:
        waits = (row for row in observed if row.pk not in answers and row.retirada is None)
        chosen = next(waits, observed[0] if observed else None)
    done = part_coverage(observed, answers)
    current = answers.get(chosen.pk) if chosen and chosen.entera else None
    told = last_told(oficio.etapa, oficio.sujeto) if chosen and chosen.entera else {}
    teller, said = told.get(chosen.pk, (None, None)) if chosen else (None, None)
    typed = {"texto": request.POST.get("texto", ""), "polizas": request.POST.get("polizas", "")}
    if request.method != "POST" and current:
        cited = current.polizas.select_related("periodo")
        typed = {"texto": current.texto, "polizas": "\n".join(reference_of(each) for each in cited)}
    missing = ngettext("Falta %(n)d observación por %(sum)s", "Faltan %(n)d observaciones por %(sum)s", done.faltan) % {
        "n": done.faltan,
        "sum": currency_amount(done.monto_sin_contestar),
    }
    context = {
        "frame": mesa.frame("oficios", Crumb(_("Oficio %(n)s") % {"n": oficio.numero}), etapa=oficio.etapa),
        "oficio": oficio,
        "revisa": reviewed_words(oficio),
        "reloj": Clock(
            _("Respuesta al oficio"), oficio.vence_el, mesa.ahora, oficio.notificado_el, hearing_article(oficio)
        ),
        "abierto": oficio_state(oficio) == "notificado",
        "responde": oficio_state(oficio) == "notificado" and chosen is not None and chosen.retirada is None,
        "puede": may(mesa.usuario, "responder", sujeto=oficio.sujeto),
        "cobertura": done,
        "parte": not part.entero,
        "faltan": missing if done.faltan else "",
        "elegida": chosen,
        "respuesta": current,
        "estado": _shown_state(oficio, done),
        "contestada": bool(chosen and chosen.pk in answers),
        "citadas": [(reference_of(each), poliza_url(each)) for each in current.polizas.all()] if current else [],
        "filas": [(row, answers.get(row.pk)) for row in observed],
        "problemas": problems,
        "escrito": typed,
        "hallazgos": _facts(chosen) if chosen else None,
        "segundo": teller,
        "dicho": said,
        "conclusion": _ended(chosen),
        "subsanadas": _appraised(oficio, mesa, appraisals_of(oficio.propuesto)) if oficio.primero_id else None,
    }
    return render(request, "party/oficio.html", context, status=status)


def _ended(chosen: ObservedPart | None) -> Conclusion | None:
    """Return how an observación ended, once the resolución on its dictamen was approved; before, it is not theirs."""
    if chosen is None or not chosen.entera:
        return None
    approved = Resolucion.objects.filter(votacion__estado=Resolucion.Estado.APROBADA)
    rows = Conclusion.objects.filter(observacion=chosen.observacion, dictamen__in=approved.values("dictamen"))
    return rows.select_related("dictamen").prefetch_related("versiones").first()


def _appraised(second: Oficio, mesa: Mesa, said: Mapping[int, Appraisal]) -> Table:
    """Draw what an oficio told of each answer to the one that it follows, as far as the person sees it whole."""
    first = second.primero
    parts = part_of(first, mesa.alcance).observaciones if first else ()
    rows = [(part, said[part.pk]) for part in parts if part.entera and part.pk in said]
    columns = (
        Column("observacion", _("Observación"), "cosa", show=lambda row: f"{row[0].numero}. {row[0].titulo}"),
        Column(
            "subsana",
            _("La respuesta la subsana"),
            "estado",
            show=lambda row: ("cumplido", _("Sí")) if row[1].subsana else ("vencido", _("No")),
        ),
        Column("razon", _("Por qué"), "texto", show=lambda row: row[1].razon, phone="wide"),
        Column("monto", _("Monto"), "dinero", show=lambda row: Money(row[0].monto)),
    )
    return panel(_("Lo que se le informó de sus respuestas"), rows, columns)


def _facts(observed: ObservedPart) -> Table:
    columns = (
        Column("hecho", _("Hecho"), "texto", "mensaje", phone="wide"),
        Column("contabilidad", _("Contabilidad"), "clave", show=lambda each: str(each.contabilidad_id)),
        Column("dia", _("Día"), "dia", show=lambda each: each.dia or _("no aplica")),
        Column("monto", _("Monto"), "dinero", total=True),
    )
    found = observed.hallazgos
    words = ngettext("%(n)d hecho", "%(n)d hechos", len(found)) % {"n": len(found)}
    return panel(_("Hechos observados"), found, columns, palabra_total=words)


@require_POST
@party_page
def reply(request: HttpRequest, mesa: Mesa, number: int, observacion: int) -> HttpResponse:
    """Answer one observation; a later answer supersedes and the earlier ones stay."""
    oficio = _find(mesa, number)
    observed = oficio.observaciones.filter(numero=observacion).first()
    if observed is None:
        raise Http404(_("El oficio no tiene la observación %(n)d.") % {"n": observacion})
    cited, problems = _cited(mesa, request.POST.get("polizas", ""))
    if problems:
        return _show(request, mesa, oficio, str(observacion), tuple(problems), 422)
    before = answers_to(oficio, [observed]).get(observed.pk)
    if before and before.texto == request.POST.get("texto", "").strip() and set(before.polizas.all()) == set(cited):
        return _onward(oficio)
    try:
        answer(oficio, observed, request.POST.get("texto", ""), cited, mesa.usuario)
    except Refused as refused:
        return _show(request, mesa, oficio, str(observacion), tuple(refused.problems), 422)
    messages.success(request, _("Respuesta a la observación %(n)d guardada.") % {"n": observacion})
    return _onward(oficio)


def _onward(oficio: Oficio) -> HttpResponse:
    """To the next observation without an answer."""
    return HttpResponseRedirect(f"{reverse('party:oficio', args=[oficio.pk])}#observacion")


def _cited(mesa: Mesa, text: str) -> tuple[list[Poliza], list[Problem]]:
    """Return the pólizas cited one a line, by their reference with its contabilidad."""
    found, problems = [], []
    for line in [each.strip() for each in re.split(r"[\r\n]+", text) if each.strip()]:
        try:
            poliza = _by_reference(mesa, line)
        except InvalidReference as wrong:
            problems.append(Problem("referencia", _("pólizas"), str(wrong), ""))
            continue
        if poliza is None:
            seen = _("«%(ref)s» no está en sus libros.") % {"ref": line}
            problems.append(Problem("poliza", _("pólizas"), seen, _("Copie su referencia, con el ID, de Pólizas.")))
        else:
            found.append(poliza)
    return found, problems


def _by_reference(mesa: Mesa, text: str) -> Poliza | None:
    cited = parse_reference(text)
    rows = Poliza.objects.filter(
        contabilidad__in=mesa.libros,
        tipo=cited.tipo,
        periodo__numero=cited.periodo,
        subtipo=cited.subtipo,
        numero=cited.numero,
    )
    if cited.contabilidad_id:
        rows = rows.filter(contabilidad=cited.contabilidad_id)
    found = list(rows.select_related("contabilidad", "periodo")[:2])
    return found[0] if len(found) == 1 else None


@require_safe
@party_page
def document(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponseBase:
    """Return the oficio itself, as PDF, or the part of it that the person sees."""
    return oficio_paper(mesa, _find(mesa, number))
