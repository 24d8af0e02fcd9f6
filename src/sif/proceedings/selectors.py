"""Query answers in force, their coverage, conclusions, sanctions and votes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from sif.audit.models import Hallazgo, Observacion, ObservacionSinEfecto
from sif.audit.selectors import standing_observaciones, to_notify
from sif.books.selectors import reference_of
from sif.proceedings.keys import parse_conclusion_key
from sif.proceedings.machine import acts
from sif.proceedings.models import (
    AnalisisConclusion,
    Conclusion,
    Determinado,
    Dictamen,
    Oficio,
    Resolucion,
    Respuesta,
    Sancion,
    Voto,
)
from sif.proceedings.wording import due_day, legal_day, legal_hour
from sif.registry import clock
from sif.registry.coalition_models import in_force_on
from sif.registry.coalitions import members_on
from sif.registry.models import Etapa, Nombramiento, Periodo, SujetoObligado, Usuario
from sif.registry.selectors import in_force


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of an oficio by answers: observaciones in all and answered, centavos in all and unanswered."""

    observaciones: int
    contestadas: int
    monto: int
    monto_sin_contestar: int

    @property
    def faltan(self) -> int:
        """Observaciones without an answer."""
        return self.observaciones - self.contestadas


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of a vote by the rules of the jurisdiction. quorum: votes needed for the session to be valid."""

    integrantes: int
    a_favor: int
    en_contra: int
    quorum: int

    @property
    def presentes(self) -> int:
        """Councillors who voted."""
        return self.a_favor + self.en_contra

    @property
    def alcanza(self) -> bool:
        """Return whether enough councillors voted [LGIPE 41.1]."""
        return self.presentes >= self.quorum

    @property
    def aprueba(self) -> bool:
        """Return whether, with quorum, more than half of the councillors present voted for [LGIPE 41.4].

        A tie does not approve.
        """
        return self.alcanza and self.a_favor * 2 > self.presentes


def oficio_state(oficio: Oficio | None, at: datetime | None = None) -> str:
    """The state of an oficio (now unless told): sin_oficio, notificado while the term to answer runs, then vencido."""
    if oficio is None:
        return "sin_oficio"
    return "vencido" if clock.has_ended(oficio.vence_el, at) else "notificado"


def dictamen_state(dictamen: Dictamen | None) -> str:
    """sin_abrir, abierto or cerrado."""
    if dictamen is None:
        return "sin_abrir"
    return "abierto" if dictamen.cerrado_el is None else "cerrado"


def oficio_of(etapa: Etapa, sujeto: SujetoObligado) -> Oficio | None:
    """Return the oficio of a subject that reviews a stage up to its last period, or None; no second one."""
    rows = Oficio.objects.filter(etapa=etapa, sujeto=sujeto, primero=None, periodo=None)
    return rows.select_related("documento", "notificacion").first()


def oficios_to(etapa: Etapa, sujeto: SujetoObligado) -> list[Oficio]:
    """Return the oficios of a subject at a stage in the order of the periods that they review; no second one."""
    rows = Oficio.objects.filter(etapa=etapa, sujeto=sujeto, primero=None)
    return list(rows.select_related("documento", "notificacion", "periodo").order_by("pk"))


def reviewed_until(etapa: Etapa, sujeto: SujetoObligado) -> int:
    """Return the number of the last period that an oficio of periods reviewed of a subject; 0 where there is none."""
    rows = Oficio.objects.filter(etapa=etapa, sujeto=sujeto)
    return rows.aggregate(last=Max("periodo__numero"))["last"] or 0


def reviewed_of_all(etapa: Etapa) -> int:
    """Return the number of the last period that oficios reviewed of every subject with observaciones; 0 without any."""
    whole = etapa.periodos.aggregate(last=Max("numero"))["last"] or 0
    rows = (
        Oficio.objects.filter(etapa=etapa, primero=None)
        .values_list("sujeto")
        .annotate(last=Max(Coalesce("periodo__numero", whole)))
    )
    reviewed = dict(rows.order_by())
    observed = standing_observaciones(etapa).values_list("sujeto", flat=True)
    return min((reviewed.get(pk, 0) for pk in set(observed)), default=0)


def waits_for_oficio(etapa: Etapa, periodo: Periodo | None) -> bool:
    """Return whether an observación of the reports up to a period waits for an oficio that may still review them.

    periodo: None for those of the whole stage. What was adopted once its period was reviewed waits for a later oficio
    of its subject; once the whole stage was, for none.
    """
    up_to = Q(periodo=None) | Q(periodo__numero__gte=periodo.numero) if periodo else Q(periodo=None)
    reviewed = Oficio.objects.filter(up_to, etapa=etapa)
    ended = Dictamen.objects.filter(etapa=etapa)
    rows = standing_observaciones(etapa).filter(oficios=None)
    rows = rows.exclude(sujeto__in=reviewed.values("sujeto")).exclude(sujeto__in=ended.values("sujeto"))
    return (_of_reports(rows, etapa, periodo) if periodo else rows).exists()


def periods_of(oficio: Oficio) -> list[Periodo]:
    """Return the periods that an oficio reviews: up to its own, or the last, from where the one before ended."""
    first = oficio.primero or oficio
    before = Oficio.objects.filter(etapa=first.etapa_id, sujeto=first.sujeto_id)
    before = before.filter(pk__lt=first.pk) if first.pk else before
    ended = before.aggregate(last=Max("periodo__numero"))["last"] or 0
    rows = first.etapa.periodos.filter(numero__gt=ended).order_by("numero")
    return list(rows.filter(numero__lte=first.periodo.numero) if first.periodo else rows)


def part_of(etapa: Etapa, periods: Sequence[Periodo]) -> Sequence[Periodo]:
    """Return some periods of a stage; none where they are all of it, which needs no words of which."""
    return periods if len(periods) < etapa.periodos.count() else ()


def left_to_notify(etapa: Etapa, sujeto: SujetoObligado, periodo: Periodo | None = None) -> QuerySet[Observacion]:
    """Return the observaciones of a subject that its next oficio notifies: those that no other did, by number.

    periodo: the last one that it reviews, where others follow. What is of a later period or of none waits for them, and
    so does the overrun of a cap, which is of the total. A fact is of the period that it names, as a report that was not
    presented, which is due once its period ended; or else of that of its day.
    """
    rows = to_notify(etapa, sujeto).filter(oficios=None)
    return rows if periodo is None else _of_reports(rows, etapa, periodo)


def _of_reports(rows: QuerySet[Observacion], etapa: Etapa, periodo: Periodo) -> QuerySet[Observacion]:
    """Select the observaciones whose every fact is of the reports of a stage up to a period."""
    reviewed = list(etapa.periodos.filter(numero__lte=periodo.numero).values_list("pk", flat=True))
    unnamed = Q(fila__periodo_id__isnull=True) | Q(fila__periodo_id=None)
    within = Hallazgo.objects.filter(Q(fila__periodo_id__in=reviewed) | unnamed & Q(dia__lte=periodo.hasta))
    through: QuerySet[Any] = Observacion.hallazgos.through.objects.filter(observacion=OuterRef("pk"))
    later = through.filter(~Exists(within.filter(pk=OuterRef("hallazgo"))))
    return rows.exclude(criterio=acts()["resulta_de_lo_determinado"]).exclude(Exists(later))


def corrected_by(oficio: Oficio, observaciones: Collection[Observacion] | QuerySet[Observacion]) -> list[Periodo]:
    """Return the periods whose correction an oficio opens: those it reviews and those of what it tells, in order.

    Its subject rectifies whatever it is told of [LGPP 80.1.d.III]. A fact is of the period that it names, or of that of
    its day; one without either may be rectified in any.
    """
    facts = Hallazgo.objects.filter(observaciones__in=observaciones)
    told = set(facts.values_list("fila__periodo_id", "dia").distinct().order_by())
    reviewed = {each.pk for each in periods_of(oficio)}

    def opens(period: Periodo) -> bool:
        return period.pk in reviewed or any(
            named == period.pk if named else day is None or period.desde <= day <= period.hasta for named, day in told
        )

    return [each for each in oficio.etapa.periodos.order_by("numero") if opens(each)]


def second_of(primero: Oficio) -> Oficio | None:
    """Return the second oficio that followed an oficio, or the one that informed the result of a second; or None."""
    return Oficio.objects.filter(primero=primero).first()


def untold_results(etapa: Etapa) -> QuerySet[Oficio]:
    """Select the second oficios of a stage whose term ended and of whose answers nobody informed the result.

    Once the dictamen of its subject opened, the dictamen tells it.
    """
    rows = that_stand(Oficio.objects.filter(etapa=etapa, primero__isnull=False, primero__primero=None, segundo=None))
    rows = rows.filter(vence_el__gt=F("notificado_el"), vence_el__lte=clock.last_ended())
    return rows.exclude(sujeto__in=Dictamen.objects.filter(etapa=etapa).values("sujeto")).order_by("pk")


def standing_of(oficio: Oficio) -> QuerySet[Observacion]:
    """Return the observaciones of an oficio by number, but for those left without effect after it notified them."""
    return oficio.observaciones.filter(sin_efecto=None).order_by("numero")


def withdrawn_of(etapa: Etapa, sujeto: SujetoObligado) -> QuerySet[ObservacionSinEfecto]:
    """Return what was left without effect of a subject after an oficio notified it, by number of the observación."""
    rows = ObservacionSinEfecto.objects.filter(observacion__etapa=etapa, observacion__sujeto=sujeto)
    rows = rows.filter(notificacion__isnull=False).select_related("observacion", "notificacion")
    return rows.order_by("observacion__numero")


def that_stand(oficios: QuerySet[Oficio]) -> QuerySet[Oficio]:
    """Select the oficios of which an observación was not left without effect."""
    return oficios.filter(Exists(_standing_pairs()))


def _standing_pairs() -> QuerySet[Any]:
    through: QuerySet[Any] = Oficio.observaciones.through.objects.filter(oficio=OuterRef("pk"))
    return through.filter(observacion__sin_efecto=None)


def last_oficio_of(etapa: Etapa, sujeto: SujetoObligado) -> Oficio | None:
    """Return the oficio of a subject at a stage whose term ends last, or None where there is none."""
    return Oficio.objects.filter(etapa=etapa, sujeto=sujeto).order_by("-vence_el", "-pk").first()


def subjects_of(etapa: Etapa) -> QuerySet[SujetoObligado]:
    """Select the subjects with books at a stage, by number."""
    return SujetoObligado.objects.filter(contabilidades__etapa=etapa).distinct().order_by("numero", "pk")


def oficios_of(etapa: Etapa) -> QuerySet[Oficio]:
    """Return the oficios of a stage by subject, and of each in the order of its periods; no second one."""
    rows = Oficio.objects.filter(etapa=etapa, primero=None)
    return rows.select_related("sujeto", "documento", "periodo").order_by("sujeto__numero", "pk")


def with_sums(oficios: QuerySet[Oficio]) -> QuerySet[Any]:
    """Oficios with observadas and observado: how many observaciones each notified, and the sum of their centavos."""
    return oficios.annotate(observadas=Count("observaciones"), observado=Coalesce(Sum("observaciones__monto"), 0))


def with_observaciones(oficios: QuerySet[Oficio]) -> QuerySet[Oficio]:
    """Read oficios with their observaciones, by number."""
    return oficios.prefetch_related(
        Prefetch("observaciones", Observacion.objects.select_related("sin_efecto").order_by("numero"))
    )


def hallazgos_counted(observaciones: Sequence[Observacion]) -> dict[int, int]:
    """Count the hallazgos of each observación, by its id, at once; one without any is not in it."""
    through: QuerySet[Any] = Observacion.hallazgos.through.objects.filter(observacion__in=observaciones)
    return dict(through.order_by().values("observacion").annotate(n=Count("pk")).values_list("observacion", "n"))


def last_answers(observaciones: Sequence[Observacion]) -> dict[int, Respuesta]:
    """Return the answer in force of each observation, by its id: the last version; older ones are kept."""
    rows = Respuesta.objects.filter(observacion__in=observaciones).select_related("presentada_por")
    return {row.observacion_id: row for row in rows.order_by("version")}


def answers_to(oficio: Oficio, observaciones: Sequence[Observacion]) -> dict[int, Respuesta]:
    """Return the last answer to each observation that was given to an oficio, by the id of the observation."""
    rows = Respuesta.objects.filter(oficio=oficio, observacion__in=observaciones).select_related("presentada_por")
    return {row.observacion_id: row for row in rows.order_by("version")}


def answers_to_each(oficios: Sequence[Oficio]) -> dict[int, dict[int, Respuesta]]:
    """Return the same of many oficios at once, by the id of each."""
    found: dict[int, dict[int, Respuesta]] = {}
    rows = Respuesta.objects.filter(oficio__in=oficios).select_related("presentada_por")
    for row in rows.order_by("version"):
        found.setdefault(row.oficio_id, {})[row.observacion_id] = row
    return found


def answer_coverage(oficio: Oficio) -> Coverage:
    """Count the answered observaciones of an oficio that stand, and sum the centavos of all and of the unanswered."""
    observed = list(standing_of(oficio))
    return coverage_of_answers(observed, answers_to(oficio, observed))


def coverage_of_answers(oficio: Sequence[Observacion], answers: Collection[int]) -> Coverage:
    """Return the same of observaciones already read, with the numbers of those that were answered."""
    observed = [row for row in oficio if not hasattr(row, "sin_efecto")]
    answered = [row for row in observed if row.pk in answers]
    missing = sum(row.monto for row in observed if row.pk not in answers)
    return Coverage(len(observed), len(answered), sum(row.monto for row in observed), missing)


def with_answers(oficios: QuerySet[Oficio]) -> QuerySet[Oficio]:
    """Oficios with observadas and contestadas: how many of their observaciones stand, and how many were answered."""
    through = _standing_pairs().order_by().values("oficio")
    given = Respuesta.objects.filter(observacion=OuterRef("observacion"), oficio=OuterRef("oficio"))
    answered = through.filter(Exists(given))
    return oficios.annotate(
        observadas=Coalesce(Subquery(through.annotate(n=Count("pk")).values("n")), 0),
        contestadas=Coalesce(Subquery(answered.annotate(n=Count("pk")).values("n")), 0),
    )


def cited_in(answer: Respuesta | None) -> list[str]:
    """Return the references of the pólizas that an answer cites, in its order; none without an answer."""
    return [reference_of(row) for row in answer.polizas.select_related("periodo")] if answer else []


def considered_answer(conclusion: Conclusion) -> str:
    """The answer that a conclusion must consider, in words: what was presented, or that nothing was within the term.

    Where a second oficio was notified, the answer to each is told.
    """
    observacion = conclusion.observacion
    first = observacion.oficios.filter(primero=None).first()
    if first is None:
        return _answer_words(None, None)
    told = [_answer_words(first, answers_to(first, [observacion]).get(observacion.pk))]
    second = Oficio.objects.filter(primero=first, observaciones=observacion).first()
    if second is not None:
        answer = answers_to(second, [observacion]).get(observacion.pk)
        words = f"Segundo oficio {second.numero}. {_answer_words(second, answer)}"
        # What was answered goes first: a text that begins by saying that nothing was, says so of the whole.
        told = [words, f"Primer oficio {first.numero}. {told[0]}"] if answer and "«" not in told[0] else [*told, words]
    return " ".join(told)


def _answer_words(oficio: Oficio | None, answer: Respuesta | None) -> str:
    if answer is not None:
        return f"El {legal_day(answer.presentada_el)} el sujeto obligado respondió: «{answer.texto}»"
    until = f", que venció el {due_day(oficio.vence_el)} a las {legal_hour(oficio.vence_el)}" if oficio else ""
    return f"El sujeto obligado no presentó respuesta a esta observación dentro del plazo{until}."


def conclusiones_of(dictamen: Dictamen, *, with_facts: bool = True) -> list[Conclusion]:
    """Return the conclusions of a dictamen in the order of their keys, with their hallazgos unless told otherwise."""
    rows = dictamen.conclusiones.select_related("observacion", "cierre__cerrada_por", "dictamen__etapa")
    rows = rows.prefetch_related("versiones", *(["observacion__hallazgos"] if with_facts else []))
    return sorted(rows, key=lambda row: parse_conclusion_key(row.clave).order)


def sanciones_of(resolucion: Resolucion) -> list[Sancion]:
    """Return the sanctions of a resolución in the order of their conclusions."""
    rows = resolucion.sanciones.select_related("conclusion__observacion").prefetch_related("partes__sujeto")
    return sorted(rows, key=lambda row: parse_conclusion_key(row.conclusion.clave).order)


def total_of(resolucion: Resolucion) -> int:
    """Centavos of all the sanctions of a resolución."""
    return resolucion.sanciones.aggregate(total=Sum("monto"))["total"] or 0


def determined_by_contabilidad(etapa: Etapa, *, only_approved: bool = False) -> dict[int, int]:
    """Unreported centavos decided after hearing and standing today, by contabilidad: column B of the cap table."""
    rows = Determinado.objects.filter(contabilidad__etapa=etapa, revocado__isnull=True)
    if only_approved:
        rows = rows.filter(conclusion__dictamen__resoluciones__votacion__estado=Resolucion.Estado.APROBADA)
    return {
        row["contabilidad_id"]: row["total"]
        for row in rows.values("contabilidad_id").annotate(total=Sum("monto")).order_by("contabilidad_id")
    }


def councillors(day: date | None = None) -> QuerySet[Usuario]:
    """Return the electoral councillors appointed on a day (today unless told)."""
    appointed = in_force(Nombramiento.objects.filter(rol=Nombramiento.Rol.CONSEJERO), day)
    return Usuario.objects.filter(pk__in=appointed.values("usuario")).order_by("nombre")


def tally(resolucion: Resolucion) -> Tally:
    """Return the votes cast on a resolución against the quorum that the data of the jurisdiction ask for."""
    return tallies([resolucion])[resolucion.pk]


def tallies(rows: Sequence[Resolucion]) -> dict[int, Tally]:
    """The same of several, by their number: the votes are read at once, and the councillors once for each session."""
    cast: dict[int, list[str]] = {row.pk: [] for row in rows}
    for number, sense in Voto.objects.filter(resolucion__in=cast).values_list("resolucion", "sentido"):
        cast[number].append(sense)
    members = {day: councillors(day).count() for day in {row.sesion_el for row in rows}}
    by_majority = acts()["votacion"]["quorum"]["regla"] == "mayoria"
    found = {}
    for row in rows:
        there, in_favour = members[row.sesion_el], cast[row.pk].count(Voto.Sentido.A_FAVOR)
        quorum = there // 2 + 1 if by_majority else there
        found[row.pk] = Tally(there, in_favour, len(cast[row.pk]) - in_favour, quorum)
    return found


def conclusions_summed(rows: Sequence[Dictamen]) -> dict[int, tuple[int, int, int]]:
    """Return the conclusions of each dictamen, those closed and the centavos that they leave unattended, by its pk."""
    last = AnalisisConclusion.objects.filter(conclusion=OuterRef("pk")).order_by("-version")
    found = Conclusion.objects.filter(dictamen__in=rows).annotate(queda=Subquery(last.values("monto_no_atendido")[:1]))
    by_dictamen = found.order_by().values("dictamen")
    counted = by_dictamen.annotate(n=Count("pk"), c=Count("cierre"), m=Coalesce(Sum("queda"), 0))
    summed = {row["dictamen"]: (row["n"], row["c"], row["m"]) for row in counted}
    return {row.pk: summed.get(row.pk, (0, 0, 0)) for row in rows}


def sanctions_summed(rows: Sequence[Resolucion]) -> dict[int, tuple[int, int]]:
    """Return the number of sanctions of each resolución and their total in centavos, by its pk."""
    found = Sancion.objects.filter(resolucion__in=rows).values("resolucion").annotate(n=Count("pk"), total=Sum("monto"))
    summed = {row["resolucion"]: (row["n"], row["total"]) for row in found.order_by()}
    return {row.pk: summed.get(row.pk, (0, 0)) for row in rows}


def resoluciones_of(etapa: Etapa) -> QuerySet[Resolucion]:
    """Return the resoluciones of a stage by subject."""
    rows = Resolucion.objects.filter(dictamen__etapa=etapa).select_related(
        "dictamen__sujeto", "proyecto", "sometimiento", "votacion__documento"
    )
    return rows.order_by("dictamen__sujeto__numero", "pk")


def relapses(sujeto: SujetoObligado, criterio: str, before: Etapa, at: datetime) -> dict[str, list[str]]:
    """Numbers of the resoluciones approved by a moment that sanctioned a conduct in earlier stages, by who answers.

    A subject answers also for the coalitions in which it had a share; for a coalition each of its members answers.
    """
    members = integrantes_on(sujeto, before.termina_el)
    return {each.siglas: prior_sanctions(each, criterio, before, at) for each in members or [sujeto]}


def earlier_resoluciones(dictamen: Dictamen, at: datetime) -> list[str]:
    """Numbers of the resoluciones that could make the subject of a dictamen relapse, if they are firm."""
    unattended = [row for row in conclusiones_of(dictamen) if row.referencia == Conclusion.Referencia.NO_ATENDIDA]
    found: set[str] = set()
    for criterio in {row.criterio for row in unattended}:
        found.update(*relapses(dictamen.sujeto, criterio, dictamen.etapa, at).values())
    return sorted(found)


def integrantes_on(sujeto: SujetoObligado, day: date) -> list[SujetoObligado]:
    """Return the members of a coalition on a day; none for who is no coalition."""
    return [row.sujeto for row in members_on(sujeto, day)]


def paying_members(resolucion: Resolucion) -> list[SujetoObligado]:
    """Return the members of a coalition that pay a part of what a resolución imposes, by their siglas."""
    paying = SujetoObligado.objects.filter(partes_sancion__sancion__resolucion=resolucion)
    return list(paying.distinct().order_by("siglas"))


def prior_sanctions(sujeto: SujetoObligado, criterio: str, before: Etapa, at: datetime) -> list[str]:
    """Numbers of the resoluciones of earlier stages, approved by a moment, on a subject or on a coalition of it."""
    ended = "resolucion__dictamen__etapa__termina_el"
    shares = in_force_on(OuterRef(ended), sujeto.participaciones.all())
    within = Exists(shares.filter(coalicion=OuterRef("resolucion__dictamen__sujeto")))
    rows = Sancion.objects.filter(
        Q(resolucion__dictamen__sujeto=sujeto) | Q(within),
        criterio=criterio,
        resolucion__votacion__estado=Resolucion.Estado.APROBADA,
        resolucion__votacion__votada_el__lte=at,
        **{f"{ended}__lt": before.inicia_el},
    ).exclude(forma="vista")
    return sorted(set(rows.values_list("resolucion__numero", flat=True)))
