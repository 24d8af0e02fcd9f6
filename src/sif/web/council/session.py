"""Show the agenda of the council with the amount and basis of each matter."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.law.citations import Citation, criterion_key
from sif.law.sanctions import Criterion, load_criteria
from sif.proceedings.models import Dictamen, Resolucion
from sif.proceedings.selectors import (
    Tally,
    conclusions_summed,
    councillors,
    dictamen_state,
    resoluciones_of,
    sanctions_summed,
    tallies,
)
from sif.registry import clock
from sif.registry.selectors import may
from sif.rulebook.citations import every_citation
from sif.statutes.selectors import in_force
from sif.values import Money, Span
from sif.web.auditor.looks import dictamen_look
from sif.web.authority_seat import jurisdiction, person, stage_at_hand, stage_words, stages
from sif.web.columns import Column, panel
from sif.web.council.frames import council_frame
from sif.web.council.looks import resolucion_look
from sif.web.council.waiting import SHOWN, awaited, to_vote, waiting_table, without_project
from sif.web.formats import short_day
from sif.web.law import basis_html, criterion_words
from sif.web.lazy import law_words
from sif.web.seats import seated_at
from sif.web.tables import Empty, Link, Table, Thing


def _votes(count: Tally) -> str:
    words = _("%(for)s a favor, %(against)s en contra, %(rest)s sin votar")
    return words % {"for": count.a_favor, "against": count.en_contra, "rest": count.integrantes - count.presentes}


def _standing(rows: Sequence[Resolucion]) -> list[Resolucion]:
    """Return the resoluciones that the council did not reject: a rejected one imposes nothing."""
    return [row for row in rows if row.estado != Resolucion.Estado.RECHAZADA]


def _sum_words(standing: int, rejected: int) -> str:
    """Return what a total of resoluciones sums, and that those rejected are left out."""
    words = ngettext("Suma de %(n)s resolución", "Suma de %(n)s resoluciones", standing) % {"n": standing}
    return _("%(sum)s, sin lo rechazado") % {"sum": words} if rejected else words


def agenda(rows: Sequence[Resolucion], title: str) -> Table:
    """Resoluciones as a table with their state, votes and total."""
    columns = (
        Column(
            "resolucion",
            _("Resolución"),
            "cosa",
            show=lambda row: Thing(
                row.dictamen.sujeto.nombre, reverse("council:resolucion", args=[row.pk]), row.numero
            ),
        ),
        Column("sesion", _("Sesión"), "dia", "sesion_el"),
        Column("conclusiones", _("Conclusiones"), "numero", show=lambda row: summed[row.pk][0]),
        Column("sanciones", _("Sanciones"), "dinero", show=lambda row: Money(summed[row.pk][1])),
        Column(
            "votos",
            _("Votación"),
            show=lambda row: _("sin someter") if row.estado == Resolucion.Estado.PROYECTO else _votes(counts[row.pk]),
            phone="wide",
        ),
        Column("estado", _("Estado"), "estado", show=resolucion_look),
    )
    summed, counts = sanctions_summed(rows), tallies(rows)
    standing = _standing(rows)
    sums = {
        "conclusiones": sum(summed[row.pk][0] for row in standing),
        "sanciones": Money(sum(summed[row.pk][1] for row in standing)),
    }
    empty = Empty(_("Todavía no hay resoluciones en esta etapa."), _("Se proyectan cuando se cierra un dictamen."))
    return panel(
        title,
        rows,
        columns,
        totales=sums,
        palabra_total=_sum_words(len(standing), len(rows) - len(standing)),
        vacia=empty,
    )


@require_safe
@seated_at("council")
def home(request: HttpRequest) -> HttpResponse:
    """Return the agenda by session, and what this person has to vote."""
    etapa, by = stage_at_hand(request, "council"), person(request)
    rows = list(resoluciones_of(etapa))
    days, waits = sorted({row.sesion_el for row in rows}), awaited(by)
    context = {
        "frame": council_frame(etapa, by, "home"),
        "etapa": etapa,
        "tipo": stage_words(etapa),
        "otras": len(stages()) > 1,
        "sesiones": [(day, agenda([row for row in rows if row.sesion_el == day], _("Orden del día"))) for day in days],
        "por_votar": to_vote(by, etapa),
        "espera": waiting_table(waits),
        "pendientes": [] if may(by, "resolver") else without_project(etapa),
        "callados": max(0, len(waits) - SHOWN),
        "vota": may(by, "votar"),
        "integrantes": councillors().count(),
        "suma": Money(sum(total for _n, total in sanctions_summed(_standing(rows)).values())),
        "cuantas": len(rows),
    }
    return render(request, "council/home.html", context)


@require_safe
@seated_at("council")
def resoluciones(request: HttpRequest) -> HttpResponse:
    """Return every resolución of the stage, and the closed dictámenes that wait for theirs."""
    etapa, by = stage_at_hand(request, "council"), person(request)
    context = {
        "frame": council_frame(etapa, by, "resoluciones"),
        "tabla": agenda(list(resoluciones_of(etapa)), _("Resoluciones")),
        "pendientes": without_project(etapa),
        "proyecta": may(by, "resolver"),
    }
    return render(request, "council/resoluciones.html", context)


@require_safe
@seated_at("council")
def dictamenes(request: HttpRequest) -> HttpResponse:
    """Return the dictámenes that the resoluciones rest on, with their documents."""
    etapa, by = stage_at_hand(request, "council"), person(request)
    rows = Dictamen.objects.filter(etapa=etapa).select_related("sujeto", "cierre").order_by("sujeto__numero")
    table = matters(list(rows.prefetch_related("resoluciones")))
    return render(request, "council/dictamenes.html", {"frame": council_frame(etapa, by, "dictamenes"), "tabla": table})


def matters(rows: Sequence[Dictamen]) -> Table:
    """Dictámenes as a table, read with their closing and resolución; their conclusions are added up at once."""
    summed = conclusions_summed(rows)

    def drawn(row: Dictamen) -> object:
        made = row.resolucion
        return Thing(made.numero, reverse("council:resolucion", args=[made.pk])) if made else _("sin proyecto")

    def document(row: Dictamen) -> object:
        if dictamen_state(row) != "cerrado":
            return _("al cerrarse")
        return Link("PDF", reverse("auditor:dictamen_documento", args=[row.pk, "pdf"]))

    columns = (
        Column("dictamen", _("Dictamen"), "cosa", show=lambda row: Thing(row.sujeto.nombre, clave=row.numero)),
        Column("conclusiones", _("Conclusiones"), "numero", show=lambda row: summed[row.pk][0]),
        Column("monto", _("No atendido"), "dinero", show=lambda row: Money(summed[row.pk][2])),
        Column("estado", _("Estado"), "estado", show=dictamen_look),
        Column("resolucion", _("Resolución"), show=drawn, phone="half"),
        Column("documento", _("Documento"), "accion", show=document),
    )
    return panel(
        _("Dictámenes"),
        rows,
        columns,
        totales={"monto": Money(sum(summed[row.pk][2] for row in rows))},
        palabra_total=ngettext("Suma de %(n)s dictamen", "Suma de %(n)s dictámenes", len(rows)) % {"n": len(rows)},
        vacia=Empty(_("Todavía no hay dictámenes en esta etapa.")),
    )


def _base_url(criterion: Criterion, known: Mapping[str, Citation]) -> str:
    return reverse("council:base", args=[known[criterion_key(criterion)].huella])


def _certainty(cited: Citation, standing: Mapping[tuple[str, str], object]) -> str | tuple[str, str]:
    """Return the certainty of a criterion: read in the law, confirmed here, or to be confirmed."""
    if cited.estatus == "confirmado":
        return "verificada", _("Confirmado")
    return ("vigente", _("Confirmado aquí")) if (cited.clave, cited.huella) in standing else "por_confirmar"


@require_safe
@seated_at("council")
def criteria(request: HttpRequest) -> HttpResponse:
    """The criteria by conduct with their dates and how sure they are; marked, the one that the stage at hand uses."""
    etapa, by = stage_at_hand(request, "council"), person(request)
    day, standing = etapa.termina_el, in_force()
    known = {each.clave: each for each in every_citation(jurisdiction())}

    def until(each: Criterion) -> str:
        return short_day(each.hasta, year=True) if each.hasta else _("sigue vigente")

    columns = (
        Column(
            "conducta", _("Conducta"), "cosa", show=lambda each: Thing(law_words(each.conducta), _base_url(each, known))
        ),
        Column("medida", _("Medida"), show=criterion_words),
        Column("desde", _("Desde"), "dia", phone="half"),
        Column("hasta", _("Hasta"), show=until, phone="half"),
        Column("base", _("Base"), show=lambda each: basis_html(each.base), phone="wide"),
        Column("gravedad", _("Gravedad"), show=lambda each: law_words(each.gravedad), phone="half"),
        Column(
            "estatus",
            _("Certeza"),
            "estado",
            show=lambda each: _certainty(known[criterion_key(each)], standing),
            phone="half",
        ),
    )
    rows = [each for history in load_criteria(jurisdiction()).values() for each in reversed(history)]
    context = {
        "frame": council_frame(etapa, by, "criterios"),
        "tabla": panel(
            _("Criterios de sanción"),
            rows,
            columns,
            look=lambda each: {"resaltada": day in Span(each.desde, each.hasta)},
        ),
        "dia": day,
        "hoy": clock.today(),
    }
    return render(request, "council/criterios.html", context)
