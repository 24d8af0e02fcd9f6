"""Move the days of a stage already open by a later accord: one administrator proposes them and another moves them.

The days that were stay in the record with their accord. A day that passed does not move, a subject loses no day, and
after the oficio what led to it stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from sif.law.calendar import MILESTONES, Milestone, stage_terms
from sif.law.days import UnknownTerm, count_days
from sif.registry import clock, trail
from sif.registry.calendar_order import NAMES
from sif.registry.closed import refuse_closed_stage
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa
from sif.registry.models import Etapa, FechasPropuestas, FechasResueltas, Periodo, Usuario, Ventana
from sif.registry.motives import motive_problems
from sif.registry.procesos import review_of
from sif.registry.scope import acting, registering
from sif.registry.selectors import may_still
from sif.registry.stage_days import MovedTerms, calendar_of, moved_calendar, period_calendars_of, terms_of
from sif.registry.windows import last_day, normal_windows
from sif.values import Conflict, Problem, Refused

Calendar = Mapping[str, Milestone]
Sentido = FechasResueltas.Sentido
REPORT, OFICIO, ANSWER = 0, 1, 2  # places among the six terms
LONGEST = 200  # days of a term
LETTERS = 40  # of an accord


@dataclass(frozen=True, slots=True)
class StageDays:
    """The days of a stage that an accord may move: its six terms in days, and the last day to report each period."""

    plazos: tuple[int, ...]
    vencen: Mapping[int, date]

    def written(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {
            "plazos": list(self.plazos),
            "vencen": {str(number): day.isoformat() for number, day in sorted(self.vencen.items())},
        }


@dataclass(frozen=True, slots=True)
class MovingAccord:
    """The accord that moves days: its number, the day it was approved, and what it says of why."""

    numero: str
    aprobado_el: date
    motivo: str


@dataclass(frozen=True, slots=True)
class ShorterReview:
    """The days of review that an accord leaves between the report of a period and its oficio: fewer than the law's."""

    periodo: int
    dias: int
    ley: int
    base: str


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that an accord moves: of which milestone or period (`informe:1`), as it stood and as it stands."""

    clave: str
    antes: date
    despues: date

    def written(self) -> dict[str, str]:
        """Return it as it is kept."""
        return {"clave": self.clave, "antes": self.antes.isoformat(), "despues": self.despues.isoformat()}


def days_of(etapa: Etapa) -> StageDays:
    """Return the days of a stage in force."""
    windows = normal_windows([etapa.pk])[etapa.pk]
    return StageDays(terms_of(etapa), {window.periodo.numero: last_day(window) for window in windows})


def read_days(kept: Mapping[str, Any]) -> StageDays:
    """Read the days of a proposal."""
    due = {int(number): date.fromisoformat(day) for number, day in kept["vencen"].items()}
    return StageDays(tuple(kept["plazos"]), due)


def read_moved(propuesta: FechasPropuestas) -> list[MovedDay]:
    """Read the days that a proposal changes, as they were when it was proposed."""
    return [
        MovedDay(row["clave"], date.fromisoformat(row["antes"]), date.fromisoformat(row["despues"]))
        for row in propuesta.dias
    ]


def _moved_days(before: StageDays, after: StageDays, stood: Calendar, stands: Calendar) -> list[MovedDay]:
    """List the days that change, reports first, in order of days."""
    reports = [
        MovedDay(f"informe:{number}", before.vencen[number], day)
        for number, day in sorted(after.vencen.items())
        if day != before.vencen[number]
    ]
    return reports + [
        MovedDay(hito, stood[hito].fecha, stands[hito].fecha)
        for hito in MILESTONES[OFICIO:]
        if stands[hito].fecha != stood[hito].fecha
    ]


def waiting() -> QuerySet[FechasPropuestas]:
    """Return the proposals that nobody resolved, the oldest first; who administers reads them."""
    rows = FechasPropuestas.objects.filter(resuelta=None)
    return rows.select_related("etapa__proceso", "propuesto_por").order_by("pk")


def movements(etapas: Sequence[int]) -> QuerySet[FechasPropuestas]:
    """Return what was proposed to move of some stages, the last first."""
    rows = FechasPropuestas.objects.filter(etapa__in=etapas)
    return rows.select_related("etapa", "propuesto_por", "resuelta__hecho_por").order_by("-pk")


def reviews_shortened(etapa: Etapa, asked: StageDays, acuerdo: str) -> list[ShorterReview]:
    """Return the reviews that an accord leaves with fewer days than they had and than the law gives [LGPP 80.1].

    The term to review is of the Unidad Técnica, which may end before: it is told, and refuses nothing.
    """
    before, stands = days_of(etapa), period_calendars_of(etapa)
    terms = stage_terms(review_of(etapa), etapa.termina_el, settings.JURISDICTION).terms
    law = next(term for term in terms if term.hito == MILESTONES[OFICIO])

    def left(days: StageDays, period: Periodo, calendar: Calendar) -> int:
        due, oficio = days.vencen[period.numero], calendar["oficio"].fecha
        return count_days(due, oficio, law.cuenta, jurisdiction=settings.JURISDICTION)

    then = stands if asked.plazos == before.plazos else period_calendars_of(etapa, MovedTerms(asked.plazos, acuerdo))
    found = []
    for period, calendar in then.items():
        if "oficio" in calendar and period.numero in asked.vencen and period.numero in before.vencen:
            many = left(asked, period, calendar)
            if many < min(left(before, period, stands[period]), law.dias):
                found.append(ShorterReview(period.numero, many, law.dias, law.base))
    return found


# What is asked ------------------------------------------------------------------------------------------------------


def check_days(etapa: Etapa, asked: StageDays, accord: MovingAccord, by: Usuario) -> list[MovedDay]:
    """Return what an accord would move. Raises Refused with each problem at its field, and PermissionError."""
    _must(by)
    refuse_closed_stage(etapa)
    if waiting().filter(etapa=etapa).exists():
        told = "Ya espera otro acuerdo que mueve fechas de esta etapa."
        raise Refused(Problem("espera", "", told, "Resuélvalo otra persona, o retírelo quien lo propuso."))
    return _checked(etapa, asked, accord)


def _checked(etapa: Etapa, asked: StageDays, accord: MovingAccord) -> list[MovedDay]:
    before = days_of(etapa)
    _refuse([*_accord_problems(accord), *_term_problems(before, asked), *_report_problems(etapa, before, asked)])
    stood = calendar_of(etapa)
    stands = stood if asked.plazos == before.plazos else _moved_calendar(etapa, asked, accord)
    _refuse([*_order_problems(etapa, before, asked, stood, stands), *_past_problems(etapa, before, asked, accord)])
    _refuse([*_period_problems(etapa, before, asked, accord)])
    if asked == before:
        raise Refused(Problem("igual", "", "No mueve nada.", "Cambie al menos un plazo o un día."))
    return _moved_days(before, asked, stood, stands)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(*problems)


def _moved_calendar(etapa: Etapa, asked: StageDays, accord: MovingAccord) -> Calendar:
    try:
        return moved_calendar(etapa, MovedTerms(asked.plazos, accord.numero.strip()))
    except UnknownTerm as unknown:
        raise Refused(Problem("plazos", "plazos", str(unknown), "Revise los seis números.")) from unknown


def _accord_problems(accord: MovingAccord) -> Iterator[Problem]:
    if not 1 <= len(accord.numero.strip()) <= LETTERS:
        told = f"El acuerdo no tiene de 1 a {LETTERS} letras."
        yield Problem("acuerdo", "acuerdo", told, "Escriba su número, por ejemplo INE/CG502/2023.")
    if accord.aprobado_el > clock.today():
        told = f"El acuerdo es del {accord.aprobado_el:%d/%m/%Y}, que no ha llegado."
        yield Problem("aprobado", "aprobado_el", told, "Escriba el día en que se aprobó.")
    yield from motive_problems(accord.motivo, "Diga qué ordena el acuerdo.")


def _term_problems(stands: StageDays, asked: StageDays) -> Iterator[Problem]:
    if len(asked.plazos) != len(MILESTONES) or not all(0 <= days <= LONGEST for days in asked.plazos):
        told = "Los plazos no son seis números de días."
        cure = "Escríbalos con comas: informe, oficio, respuesta, dictamen, Comisión y Consejo."
        yield Problem("plazos", "plazos", told, cure)
    elif asked.plazos[ANSWER] < stands.plazos[ANSWER]:
        told = f"La respuesta quedaría en {asked.plazos[ANSWER]} días y hoy tiene {stands.plazos[ANSWER]}."
        yield Problem("respuesta", "plazos", told, "Un acuerdo no quita días a quien responde: déjelos o alárguelos.")


def _report_problems(etapa: Etapa, stands: StageDays, asked: StageDays) -> Iterator[Problem]:
    reviewed = reviewed_periods(etapa)
    for number, day in sorted(asked.vencen.items()):
        before, where = stands.vencen[number], f"vence_{number}"
        if day == before:
            continue
        if number in reviewed:
            told = "Ya se notificó un oficio que lo revisa."
            yield Problem("revisada", where, told, f"Deje el {before:%d/%m/%Y}: lo que falte se presenta al responder.")
        elif day < before:
            told = f"El {day:%d/%m/%Y} es antes del {before:%d/%m/%Y}, en que vence hoy."
            yield Problem("acorta", where, told, "Un acuerdo no quita días para informar: déjelo o alárguelo.")
        elif before < clock.today():
            told = f"El {before:%d/%m/%Y} ya pasó, y lo que se presentó después fue extemporáneo."
            yield Problem("pasado", where, told, f"Deje el {before:%d/%m/%Y}: sólo se alarga un plazo que corre.")
        elif (day - before).days > LONGEST:
            told = f"Son {(day - before).days} días más."
            yield Problem("largo", where, told, f"Escriba un día a no más de {LONGEST} del que tiene.")


def _order_problems(
    etapa: Etapa, before: StageDays, asked: StageDays, stood: Calendar, stands: Calendar
) -> Iterator[Problem]:
    """Refuse a milestone that already passed or would fall behind, and an oficio before the last report is due."""
    if reviewed_periods(etapa) and asked.plazos[: ANSWER + 1] != before.plazos[: ANSWER + 1]:
        told = "Ya se notificó un oficio de esta etapa: sus tres primeros plazos ya corrieron."
        kept = ", ".join(map(str, before.plazos[: ANSWER + 1]))
        yield Problem("revisada", "plazos", told, f"Deje {kept} y cambie los que siguen.")
    answer, was = stands["respuesta"].fecha, stood["respuesta"].fecha
    if answer < was:
        told = f"La respuesta vencería el {answer:%d/%m/%Y} y hoy el {was:%d/%m/%Y}."
        yield Problem("respuesta", "plazos", told, "Un acuerdo no quita días a quien responde: alargue su plazo.")
    last, oficio = max(asked.vencen.values(), default=None), stands["oficio"].fecha
    if asked != before and last is not None and oficio <= last:
        told = f"El oficio sería el {oficio:%d/%m/%Y} y el último informe vence el {last:%d/%m/%Y}."
        yield Problem("orden", "plazos", told, "Alargue el plazo del oficio.")


def _period_problems(etapa: Etapa, before: StageDays, asked: StageDays, accord: MovingAccord) -> Iterator[Problem]:
    """Refuse an oficio that would be dated before the report that it reviews is due [LGPP 80.1.d.II].

    Where each report is reviewed apart its oficio is counted from its period and not from the day of its report; that
    of the last is of the stage.
    """
    moved = None if asked.plazos == before.plazos else MovedTerms(asked.plazos, accord.numero.strip())
    for period, days in [*period_calendars_of(etapa, moved).items()][:-1]:
        due = asked.vencen.get(period.numero)
        if due is None or "oficio" not in days or (moved is None and due == before.vencen[period.numero]):
            continue
        if (oficio := days["oficio"].fecha) <= due:
            where = f"vence_{period.numero}" if due != before.vencen[period.numero] else "plazos"
            named = f"El oficio del periodo {period.numero}"
            told = f"{named} sería el {oficio:%d/%m/%Y} y su informe vence el {due:%d/%m/%Y}."
            cure = f"Alargue el plazo del oficio, o ponga el informe antes del {oficio:%d/%m/%Y}."
            yield Problem("orden", where, told, cure)


def _past_problems(etapa: Etapa, stands: StageDays, asked: StageDays, accord: MovingAccord) -> Iterator[Problem]:
    """Name the first milestone of a report that moves and already passed, or that would fall before today."""
    if asked.plazos == stands.plazos:
        return
    now, today = period_calendars_of(etapa), clock.today()
    then = period_calendars_of(etapa, MovedTerms(asked.plazos, accord.numero.strip()))
    for period, days in now.items():
        for hito in MILESTONES[OFICIO:]:
            if hito in days and (told := _past(hito, days[hito].fecha, then[period][hito].fecha, today)):
                yield told
                return


def _past(hito: str, before: date, after: date, today: date) -> Problem | None:
    if before == after or min(before, after) >= today:
        return None
    if before < today:
        told = f"El día de {NAMES[hito]} fue el {before:%d/%m/%Y} y ya pasó."
        return Problem("pasado", "plazos", told, "Deje los plazos que llevan hasta ese día.")
    told = f"El día de {NAMES[hito]} quedaría el {after:%d/%m/%Y}, que ya pasó."
    return Problem("pasado", "plazos", told, "Alargue los plazos que llevan hasta ese día.")


def reviewed_periods(etapa: Etapa) -> set[int]:
    """Return the numbers of the periods that an oficio reviewed: each opens the correction of what it reviews."""
    rows = Ventana.objects.filter(periodo__etapa=etapa, tipo=Ventana.Tipo.CORRECCION)
    return set(rows.values_list("periodo__numero", flat=True))


def propose_days(etapa: Etapa, asked: StageDays, accord: MovingAccord, by: Usuario) -> FechasPropuestas:
    """Propose the days that an accord moves; it moves none. Raises as `check_days`."""
    with acting():
        lock_etapa(etapa.pk)
        moved = check_days(etapa, asked, accord, by)
        if not by.rfc:
            raise PermissionError(not_another(None, by, ""))
        stands = days_of(etapa).written()
        with registering(by.pk):
            made = FechasPropuestas.objects.create(
                etapa=etapa,
                acuerdo=accord.numero.strip(),
                aprobado_el=accord.aprobado_el,
                motivo=accord.motivo.strip(),
                visto=stands,
                pedido=asked.written(),
                dias=[each.written() for each in moved],
                propuesto_el=clock.now(),
                propuesto_por=by,
            )
        trail.act("proponer_fechas", by, made)
    return made


def _must(by: Usuario) -> None:
    if not may_still(by, "administrar"):
        raise PermissionError("Las fechas las mueve quien administra el sistema, por el acuerdo que lo ordena.")


# What is decided ----------------------------------------------------------------------------------------------------


def move_days(propuesta: FechasPropuestas, by: Usuario) -> FechasResueltas:
    """Move what another administrator proposed, opening the windows that it extends.

    Raises Refused, Conflict where the stage does not stand as it was seen, and PermissionError.
    """
    with acting():
        etapa = lock_etapa(propuesta.etapa_id)
        _must(by)
        if seen := not_another(propuesta.propuesto_por, by, "lo propuso"):
            raise PermissionError(f"{seen} Lo aprueba otra persona que administre.")
        _refuse_resolved(propuesta)
        if not propuesta.propuesto_por.is_active or not may_still(propuesta.propuesto_por, "administrar"):
            told = "Quien lo propuso ya no administra."
            raise Refused(Problem("autor", "", told, "Rechácela, y propóngalo quien administre hoy."))
        refuse_closed_stage(etapa)
        stands, asked = days_of(etapa), read_days(propuesta.pedido)
        if stands.written() != propuesta.visto:
            told = "Las fechas de la etapa cambiaron desde que se propuso."
            raise Conflict(Problem("cambiaron", "", told, "Recházela y propónganse otra vez."))
        _checked(etapa, asked, MovingAccord(propuesta.acuerdo, propuesta.aprobado_el, propuesta.motivo))
        act = _resolved(propuesta, Sentido.MOVIDAS, "", by)
        with registering(by.pk):
            for window in normal_windows([etapa.pk])[etapa.pk]:
                day = asked.vencen[window.periodo.numero]
                if day != last_day(window):
                    _extend(window, day, propuesta.acuerdo)
        trail.act("mover_fechas", by, act)
    return act


def _extend(window: Ventana, day: date, acuerdo: str) -> None:
    """Open what extends a window by an accord, since that one opened."""
    Ventana.objects.create(
        periodo=window.periodo,
        tipo=window.tipo,
        base=acuerdo,
        abre_el=window.abre_el,
        cierra_el=clock.midnight(day + timedelta(days=1)),
    )


def refuse_days(propuesta: FechasPropuestas, motivo: str, by: Usuario) -> FechasResueltas:
    """Refuse what another administrator proposed, with the reason. Raises Refused and PermissionError."""
    with acting():
        lock_etapa(propuesta.etapa_id)
        _must(by)
        if propuesta.propuesto_por_id == by.pk:
            raise PermissionError("Usted lo propuso: retírelo.")
        _refuse_resolved(propuesta)
        if problems := [*motive_problems(motivo, "Diga qué no dice el acuerdo.")]:
            raise Refused(*problems)
        act = _resolved(propuesta, Sentido.RECHAZADAS, motivo.strip(), by)
        trail.act("rechazar_fechas", by, act)
    return act


def withdraw_days(propuesta: FechasPropuestas, by: Usuario) -> FechasResueltas:
    """Take back one's own proposal. Raises Refused and PermissionError."""
    with acting():
        lock_etapa(propuesta.etapa_id)
        _must(by)
        if propuesta.propuesto_por_id != by.pk:
            raise PermissionError("Lo propuso otra persona: usted puede aprobarlo o rechazarlo.")
        _refuse_resolved(propuesta)
        act = _resolved(propuesta, Sentido.RETIRADAS, "", by)
        trail.act("retirar_fechas", by, act)
    return act


def _resolved(propuesta: FechasPropuestas, sentido: str, motivo: str, by: Usuario) -> FechasResueltas:
    with registering(by.pk):
        return FechasResueltas.objects.create(
            propuesta=propuesta, sentido=sentido, motivo=motivo, hecho_el=clock.now(), hecho_por=by
        )


def _refuse_resolved(propuesta: FechasPropuestas) -> None:
    act = FechasResueltas.objects.filter(propuesta=propuesta).first()
    if act is not None:
        told = f"Esa propuesta ya quedó: {act.get_sentido_display().lower()}."
        raise Conflict(Problem("resuelta", "", told, "No se hizo nada nuevo; véala en su proceso."))
