"""List what waits for a person of the council in every stage: votes, projects to submit, counts and drafts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.proceedings.courses import courses_of
from sif.proceedings.models import Dictamen, Resolucion, Voto
from sif.proceedings.selectors import Tally, tallies
from sif.registry import clock
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may
from sif.registry.stage_days import calendar_of
from sif.web.authority_seat import end_of, stage_words
from sif.web.columns import Column, panel
from sif.web.formats import due_text
from sif.web.tables import Empty, Table, Thing

SHOWN = 10  # rows; the others wait in their list
_Look = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Awaited:
    """An act that waits for a person: its dictamen, what to do and where, its session, and its state.

    vence_el: the end of the term of the council for that subject.
    """

    dictamen: Dictamen
    numero: str
    que: str
    url: str
    sesion_el: date | None
    estado: _Look
    vence_el: datetime | None = None


def without_project(etapa: Etapa | None = None) -> QuerySet[Dictamen]:
    """Select the closed dictámenes that wait for a project: their first, or another after one rejected."""
    standing = Resolucion.objects.filter(dictamen=OuterRef("pk")).exclude(votacion__estado=Resolucion.Estado.RECHAZADA)
    rows = Dictamen.objects.filter(~Exists(standing), cierre__isnull=False)
    rows = rows if etapa is None else rows.filter(etapa=etapa)
    return rows.select_related("sujeto", "etapa__proceso").order_by("sujeto__numero")


def to_vote(by: Usuario, etapa: Etapa | None = None) -> list[Resolucion]:
    """Return the resoluciones under discussion on which a councillor has not voted; none for who does not vote."""
    if not may(by, "votar"):
        return []
    voted = Voto.objects.filter(consejero=by).values("resolucion")
    rows = _standing(Resolucion.objects.filter(sometimiento__isnull=False).exclude(pk__in=voted))
    return list(rows if etapa is None else rows.filter(dictamen__etapa=etapa))


def awaited(by: Usuario) -> list[Awaited]:
    """Return what waits for a person, the first session first; without their terms."""
    found = [*_votes(by), *_of_secretary(by), *_drafts(by)]
    return sorted(found, key=lambda each: (each.sesion_el or date.max, each.dictamen.etapa_id, each.numero))


def waiting_table(found: Sequence[Awaited]) -> Table:
    """Draw the first of what waits, with the hour until which the council may resolve, or say that nothing does."""
    shown = _with_terms(found[:SHOWN])
    columns = (
        Column("que", _("Qué"), "cosa", show=_act),
        Column("etapa", _("Etapa"), show=lambda each: _stage(each.dictamen.etapa), phone="wide"),
        Column("sesion_el", _("Sesión"), "dia", phone="half"),
        Column("vence_el", _("El Consejo resuelve hasta"), show=_until, phone="half"),
        Column("estado", _("Estado"), "estado"),
    )
    cure = _("Aparece aquí cuando un dictamen se cierra y su proyecto se somete.")
    nothing = Empty(_("Nada espera su voto ni un acto suyo."), cure)
    return panel(_("Lo que espera de usted"), shown, columns, vacia=nothing)


def _until(row: Awaited) -> str:
    return due_text(row.vence_el) if row.vence_el else ""


def _act(row: Awaited) -> Thing:
    return Thing(row.que, row.url, row.numero, row.dictamen.sujeto.nombre)


def _standing(rows: QuerySet[Resolucion]) -> QuerySet[Resolucion]:
    rows = rows.filter(votacion__isnull=True).select_related("dictamen__sujeto", "dictamen__etapa__proceso")
    return rows.order_by("sesion_el", "dictamen__sujeto__numero")


def _votes(by: Usuario) -> Iterator[Awaited]:
    for row in to_vote(by):
        open_ = row.sesion_el <= clock.today()
        early = "en_plazo", _("Se vota desde el día de la sesión, 0:00 h")
        state = ("por_vencer", _("Por votar")) if open_ else early
        yield _of_resolucion(row, _("Votar la resolución"), state)


def _of_secretary(by: Usuario) -> Iterator[Awaited]:
    if not may(by, "someter"):
        return
    rows = list(_standing(Resolucion.objects.all()).select_related("sometimiento"))
    counts = tallies([row for row in rows if row.estado == Resolucion.Estado.EN_DISCUSION])
    for row in rows:
        if row.estado == Resolucion.Estado.PROYECTO:
            yield _of_resolucion(row, _("Someter el proyecto a votación"), ("por_vencer", _("Proyecto")))
        elif row.sesion_el <= clock.today():
            yield _of_resolucion(row, _("Contar los votos"), ("por_vencer", _cast(counts[row.pk])))


def _drafts(by: Usuario) -> Iterator[Awaited]:
    if not may(by, "resolver"):
        return
    for row in without_project():
        url = reverse("council:proyecto", args=[row.pk])
        yield Awaited(row, row.numero, _("Elaborar el proyecto"), url, None, ("por_vencer", _("Dictamen cerrado")))


def _of_resolucion(row: Resolucion, words: str, state: _Look) -> Awaited:
    return Awaited(row.dictamen, row.numero, words, reverse("council:resolucion", args=[row.pk]), row.sesion_el, state)


def _cast(count: Tally) -> str:
    return _("%(n)s de %(all)s votos emitidos") % {"n": count.presentes, "all": count.integrantes}


def _stage(etapa: Etapa) -> str:
    return f"{etapa.proceso.nombre}, {stage_words(etapa)}"


def _with_terms(rows: Sequence[Awaited]) -> list[Awaited]:
    """Return some rows with the end of the term of the council: each stage is counted once."""
    terms: dict[tuple[int, int], datetime] = {}
    for etapa in {row.dictamen.etapa for row in rows}:
        whose = {row.dictamen.sujeto_id for row in rows if row.dictamen.etapa_id == etapa.pk}
        whole = calendar_of(etapa)
        own = {course.sujeto.pk: course.days for course in courses_of(etapa, whose)}
        terms |= {(etapa.pk, pk): end_of(own.get(pk, whole)["consejo"]) for pk in whose}
    return [replace(row, vence_el=terms[row.dictamen.etapa_id, row.dictamen.sujeto_id]) for row in rows]
