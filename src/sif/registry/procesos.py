"""Open a process: one person proposes its calendar, drawn from the law and its accords, and another opens it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from sif.law.calendar import stage_terms
from sif.law.numerals import in_words
from sif.law.parameters import ValueSpan, load_parameters
from sif.law.processes import (
    PlannedPeriod,
    ProcessKind,
    ProposedStage,
    calendar_of,
    cut_periods,
    has_year,
    load_kinds,
    next_of,
    proposed_days,
    report_term,
    review_terms,
    voting_day,
)
from sif.registry import clock, trail
from sif.registry.calendar_order import order_problems
from sif.registry.calendars import is_last, lock_calendars, refuse_closed, waits_for_another
from sif.registry.candidaturas import entity_names
from sif.registry.elected import kind_opened
from sif.registry.models import Ambito, CalendarioPropuesto, Etapa, Periodo, Proceso, ProcesoAbierto, Usuario, Ventana
from sif.registry.scope import acting, registering
from sif.registry.selectors import may_still
from sif.values import Conflict, Problem, Refused

_CLAVE = re.compile(r"[A-Z0-9][A-Z0-9/.-]{2,39}")
LONGEST_YEAR, LONGEST = 401, 800  # days of a stage; from the notice of an organisation to its registration, two years


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage as somebody dates it: its days, the six terms of its review and the accord that fixes them."""

    tipo: str
    inicia_el: date
    termina_el: date
    plazos: tuple[int, ...]
    acuerdo: str = ""


@dataclass(frozen=True, slots=True)
class NewProceso:
    """A process to propose, of a kind of `procesos.yaml`, with the stages that it has."""

    clase: str
    clave: str
    nombre: str
    ambito: str
    entidad: str
    anio: int
    jornada_el: date | None
    etapas: tuple[PlannedStage, ...]


def kinds() -> dict[str, ProcessKind]:
    """Return the kinds of process of this installation's jurisdiction."""
    return load_kinds(settings.JURISDICTION)


def draft(clase: str, entidad: str, anio: int, jornada_el: date | None = None) -> NewProceso:
    """Draw a process from the law: its key, name, day of voting and the days of its stages. Raises Refused."""
    kind = kinds().get(clase)
    if kind is None:
        raise Refused(Problem("clase", "clase", f"La clase «{clase}» no se conoce.", "Elija una de la lista."))
    problems = [*_year_problems(kind, anio), *_place_problems(kind.ambito or "", entidad)]
    if problems:
        raise Refused(*problems)
    voting = jornada_el or voting_day(kind, anio)
    if kind.is_election and voting is None:
        raise Refused(Problem("jornada", "jornada_el", "La ley no fija la jornada.", "Escriba la de la convocatoria."))
    if voting is not None and (voting.year != anio or not kind.has_voting):
        raise Refused(
            Problem(
                "jornada",
                "jornada_el",
                f"El {voting:%d/%m/%Y} no es de {anio} o no hay jornada.",
                "Escriba el día en que se vota, o déjelo vacío.",
            )
        )
    days = proposed_days(kind, anio, voting)
    stages = tuple(PlannedStage(tipo, *span, legal_terms(clase, tipo)) for tipo, span in days.items())
    place = f"-{entidad}" if entidad else ""
    spans = [day for pair in days.values() for day in pair]
    first, last = (min(spans).year, max(spans).year) if spans else (anio, anio)
    span = f"{anio - 1}-{anio}" if kind.prefijo in ("PEF", "PEL") else str(anio) if first == last else f"{first}-{last}"
    ambito = kind.ambito or (Ambito.LOCAL if entidad else Ambito.FEDERAL)
    name = f"{_title(kind)} {span}" + (f", {_entity_name(entidad)}" if entidad else "")
    return NewProceso(clase, f"{kind.prefijo}{place}-{span}", name, ambito, entidad, anio, voting, stages)


def following(before: CalendarioPropuesto) -> tuple[str, int | None]:
    """Return the kind and year of the process that follows one; its own kind and no year where the law tells none."""
    after = next_of(kinds()[before.clase], before.anio, settings.JURISDICTION)
    return (after[0].clave, after[1]) if after else (before.clase, None)


def _title(kind: ProcessKind) -> str:
    if kind.sujetos:
        return kind.nombre
    if not kind.is_election:
        return "Ejercicio ordinario"
    return {"PEF": "Proceso electoral federal", "PEL": "Proceso electoral local"}.get(
        kind.prefijo, "Proceso electoral extraordinario"
    )


def _entity_name(entidad: str) -> str:
    return entity_names(settings.JURISDICTION)[entidad]


def periods_of(clase: str, stage: PlannedStage) -> tuple[PlannedPeriod, ...]:
    """Cut a stage in its periods, each with its last day to report."""
    return cut_periods(
        _law(clase, stage.tipo), stage.inicia_el, stage.termina_el, stage.plazos[0], settings.JURISDICTION
    )


def term_base(clase: str, stage: PlannedStage, planned: PlannedPeriod) -> str:
    """Return what fixes the last day to report: the law, or the accord where it gives that report another term."""
    days, _counted, article = report_term(_law(clase, stage.tipo).revision, settings.JURISDICTION)
    moved = planned.base == article and stage.plazos[0] != days
    return stage.acuerdo.strip() if moved else planned.base


def _law(clase: str, tipo: str) -> ProposedStage:
    return kinds()[clase].etapas[tipo]


def legal_terms(clase: str, tipo: str) -> tuple[int, ...]:
    """Return the six terms that the law gives to the review of a stage of a kind of process."""
    return review_terms(_law(clase, tipo).revision, settings.JURISDICTION)


def review_of(etapa: Etapa) -> str:
    """Return the calendar of review of a stage: that of the kind of process it was opened as, or of its kind.

    Only ordinary stages differ: agrupaciones, observers and organisations have their own.
    """
    if etapa.tipo != Etapa.Tipo.ORDINARIO:
        return calendar_of(etapa.tipo)
    kind = kind_opened(etapa.proceso_id)
    return kind.etapas[etapa.tipo].revision if kind else calendar_of(etapa.tipo)


def is_linked(etapa: Etapa) -> bool:
    """Return whether the review of a stage is of an electoral process, in which every day counts [LGIPE 97.1]."""
    return stage_terms(review_of(etapa), etapa.termina_el, settings.JURISDICTION).linked


def stages_of(propuesta: CalendarioPropuesto) -> tuple[PlannedStage, ...]:
    """Read the stages of a calendar proposed."""
    return tuple(
        PlannedStage(
            row["tipo"],
            date.fromisoformat(row["inicia_el"]),
            date.fromisoformat(row["termina_el"]),
            tuple(row["plazos"]),
            row["acuerdo"],
        )
        for row in propuesta.etapas
    )


def propose_proceso(new: NewProceso, by: Usuario) -> CalendarioPropuesto:
    """Propose a process with its calendar; it opens nothing. Raises Refused, and PermissionError for who may not."""
    with acting():
        lock_calendars()
        _must(by)
        problems = problems_of(new)
        if problems:
            raise Refused(*problems)
        made = CalendarioPropuesto.objects.create(
            clase=new.clase,
            clave=new.clave,
            nombre=new.nombre.strip(),
            ambito=new.ambito,
            entidad=new.entidad,
            anio=new.anio,
            jornada_el=new.jornada_el,
            etapas=[_written(stage) for stage in new.etapas],
            propuesto_el=clock.now(),
            propuesto_por=by,
        )
        trail.act("proponer_proceso", by, made)
    return made


def _written(stage: PlannedStage) -> dict[str, object]:
    return {
        "tipo": stage.tipo,
        "inicia_el": stage.inicia_el.isoformat(),
        "termina_el": stage.termina_el.isoformat(),
        "plazos": list(stage.plazos),
        "acuerdo": stage.acuerdo.strip(),
    }


def _must(by: Usuario) -> None:
    if not may_still(by, "administrar"):
        raise PermissionError("Los procesos los abre quien administra el sistema.")


def problems_of(new: NewProceso) -> list[Problem]:
    """Say what keeps a process from being proposed, each thing at its place."""
    kind = kinds().get(new.clase)
    if kind is None:
        return [Problem("clase", "clase", f"La clase «{new.clase}» no se conoce.", "Elija una de la lista.")]
    found = [*_name_problems(new), *_year_problems(kind, new.anio), *_place_problems(new.ambito, new.entidad)]
    if not new.etapas:
        found.append(Problem("etapas", "etapas", "El proceso no tiene etapas.", "Deje al menos una."))
    for stage in new.etapas:
        found += _stage_problems(new, kind.etapas[stage.tipo], stage)
    found += _voting_problems(kind, new)
    return found or _overlaps(new)


def _name_problems(new: NewProceso) -> list[Problem]:
    found = []
    if not _CLAVE.fullmatch(new.clave):
        found.append(
            Problem(
                "clave",
                "clave",
                f"La clave «{new.clave[:40]}» no sirve.",
                "Escriba de 3 a 40 mayúsculas, cifras y guiones, por ejemplo PEL-DUR-2026-2027.",
            )
        )
    elif Proceso.objects.filter(clave=new.clave).exists():
        found.append(Problem("clave", "clave", f"Ya hay un proceso {new.clave}.", "Escriba otra clave."))
    if not 3 <= len(new.nombre.strip()) <= 160:
        found.append(Problem("nombre", "nombre", "El nombre no tiene de 3 a 160 letras.", "Escríbalo completo."))
    return found


def _year_problems(kind: ProcessKind, anio: int) -> list[Problem]:
    """Refuse a year before the law that was read, and one in which the law has no process of that kind."""
    if not 2015 <= anio <= 2100:
        return [Problem("anio", "anio", f"El año {anio} no es de esta ley.", "Escriba uno de 2015 a 2100.")]
    if has_year(kind, anio, settings.JURISDICTION):
        return []
    others = [each for each in kinds().values() if each.prefijo == kind.prefijo and each != kind]
    right = [each.nombre for each in others if has_year(each, anio, settings.JURISDICTION)]
    cure = f"Elija la clase «{right[0]}»." if right else "Escriba el año de la elección."
    return [Problem("anio", "anio", f"En {anio} no hay «{kind.nombre}» ({kind.anios_base}).", cure)]


def _place_problems(ambito: str, entidad: str) -> list[Problem]:
    if ambito == Ambito.LOCAL and not entidad:
        return [Problem("entidad", "entidad", "Un proceso local es de una entidad.", "Elíjala.")]
    if ambito == Ambito.FEDERAL and entidad:
        return [Problem("entidad", "entidad", "Un proceso federal es de todo el país.", "Deje «Todo el país».")]
    return []


def _stage_problems(new: NewProceso, law: ProposedStage, stage: PlannedStage) -> list[Problem]:
    if stage.termina_el < stage.inicia_el:
        return [
            Problem(
                "dias",
                f"{stage.tipo}_termina",
                f"Termina el {stage.termina_el:%d/%m/%Y}, antes de empezar.",
                f"Escriba el {stage.inicia_el:%d/%m/%Y} o un día posterior.",
            )
        ]
    found = _length_problems(new, law, stage)
    if len(stage.plazos) != 6 or not all(0 <= days <= 200 for days in stage.plazos):
        found.append(
            Problem(
                "plazos",
                f"{stage.tipo}_plazos",
                "Los plazos no son seis números de días.",
                "Escríbalos con comas: informe, oficio, respuesta, dictamen, Comisión y Consejo.",
            )
        )
    if len(stage.acuerdo) > 40:
        found.append(
            Problem(
                "acuerdo",
                f"{stage.tipo}_acuerdo",
                f"Tiene {len(stage.acuerdo)} letras y caben 40.",
                "Escriba su número, por ejemplo INE/CG502/2023.",
            )
        )
    elif not stage.acuerdo.strip() and _departs(new, law, stage):
        found.append(
            Problem(
                "acuerdo",
                f"{stage.tipo}_acuerdo",
                "Esos días o plazos no los fija la ley leída.",
                "Escriba el acuerdo o la ley local que los fija.",
            )
        )
    if not any(each.donde == f"{stage.tipo}_plazos" for each in found):
        found += order_problems(law.revision, periods_of(new.clase, stage), stage.plazos, f"{stage.tipo}_plazos")
    return found


def _length_problems(new: NewProceso, law: ProposedStage, stage: PlannedStage) -> list[Problem]:
    """Say what is wrong with how long a stage lasts; no accord goes beyond the longest that the law lets."""
    begins, ends = f"{stage.tipo}_inicia", f"{stage.tipo}_termina"
    length = (stage.termina_el - stage.inicia_el).days + 1
    found = []
    if length > (LONGEST if law.fechas else LONGEST_YEAR):
        found.append(Problem("dias", begins, "La etapa dura más de un año.", "Revise sus dos días."))
    if law.maximo and length > law.maximo:
        last = stage.inicia_el + timedelta(days=law.maximo - 1)
        say = f"Dura {length} días y no puede durar más de {law.maximo} ({law.base})."
        found.append(Problem("maximo", ends, say, f"Termina a más tardar el {last:%d/%m/%Y}."))
    if (
        law.anual
        and not law.fechas
        and (stage.inicia_el, stage.termina_el) != (date(new.anio, 1, 1), date(new.anio, 12, 31))
    ):
        found.append(
            Problem(
                "dias",
                begins,
                f"El ejercicio {new.anio} no va de enero a diciembre.",
                f"Va del 01/01/{new.anio} al 31/12/{new.anio}.",
            )
        )
    return found


def _departs(new: NewProceso, law: ProposedStage, stage: PlannedStage) -> bool:
    """Return whether a stage needs an accord: its days are not the law's, or the law was not read."""
    if law.estatus != "confirmado" or stage.plazos != legal_terms(new.clase, stage.tipo):
        return True
    proposed = proposed_days(kinds()[new.clase], new.anio, new.jornada_el).get(stage.tipo)
    return proposed != (stage.inicia_el, stage.termina_el)


def _why_free(federal: bool, free: ValueSpan) -> str:
    """Say why a campaign ends before the days that precede the vote.

    Federal law forbids its acts in them; in every process, general law ends the distribution of propaganda.
    """
    days = in_words(free.valor)
    if federal:
        return f"los {days} días anteriores no hay actos de campaña ({free.base})."
    return (
        f"la distribución de propaganda termina, o se retira, {days} días antes ({free.base}); los días de campaña los "
        "fija la ley local."
    )


def _voting_problems(kind: ProcessKind, new: NewProceso) -> list[Problem]:
    if not kind.has_voting:
        return []
    if new.jornada_el is None:
        return [Problem("jornada", "jornada_el", "Falta el día en que se vota.", "Escríbalo.")]
    found = []
    federal = new.ambito == Ambito.FEDERAL
    key = "dias_sin_actos_campana" if federal else "dias_sin_propaganda"
    free = load_parameters(settings.JURISDICTION)[key].on(new.jornada_el)
    days = {stage.tipo: stage for stage in new.etapas}
    for tipo, stage in days.items() if kind.is_election else ():
        if new.jornada_el <= stage.termina_el + timedelta(days=free.valor):
            last = new.jornada_el - timedelta(days=free.valor + 1)
            found.append(
                Problem(
                    "jornada",
                    f"{tipo}_termina",
                    f"Termina el {stage.termina_el:%d/%m/%Y} y se vota el {new.jornada_el:%d/%m/%Y}.",
                    f"Termina a más tardar el {last:%d/%m/%Y}: {_why_free(federal, free)}",
                )
            )
    campaign = days.get("campana")
    for tipo in ("precampana", "apoyo_ciudadano"):
        if campaign and tipo in days and days[tipo].termina_el >= campaign.inicia_el:
            found.append(
                Problem(
                    "orden",
                    "campana_inicia",
                    f"Empieza el {campaign.inicia_el:%d/%m/%Y}, antes de que "
                    f"termine la etapa anterior ({days[tipo].termina_el:%d/%m/%Y}).",
                    "Revise cuál de los dos días es otro.",
                )
            )
    return found


def _overlaps(new: NewProceso) -> list[Problem]:
    """Name the processes of the same place whose stages run at once; an extraordinary one may run beside another."""
    if new.clase == "extraordinario":
        return []
    found = []
    rows = Etapa.objects.filter(proceso__ambito=new.ambito, proceso__entidad=new.entidad).select_related("proceso")
    own = kinds()[new.clase].sujetos
    if own:
        rows = rows.filter(proceso__apertura__propuesta__clase__in=_kinds_of(own))
    else:
        others = {clase for clase, kind in kinds().items() if kind.sujetos}
        rows = rows.exclude(proceso__apertura__propuesta__clase__in=others | {"extraordinario"})
    for stage in new.etapas:
        other = rows.filter(tipo=stage.tipo, inicia_el__lte=stage.termina_el, termina_el__gte=stage.inicia_el).first()
        if other is not None:
            found.append(
                Problem(
                    "traslape",
                    f"{stage.tipo}_inicia",
                    f"Se encima con {other.proceso.nombre}, que va del "
                    f"{other.inicia_el:%d/%m/%Y} al {other.termina_el:%d/%m/%Y}.",
                    "Revise los días, o use ese proceso.",
                )
            )
    return found


def _kinds_of(subjects: frozenset[str]) -> set[str]:
    """Return the kinds of process of some kinds of subject: a year of agrupaciones runs beside that of parties."""
    return {clase for clase, kind in kinds().items() if kind.sujetos == subjects}


def open_proceso(propuesta: CalendarioPropuesto, by: Usuario) -> Proceso:
    """Open a process as it was proposed: its stages, periods and normal windows. Raises Refused, PermissionError."""
    with acting():
        lock_calendars()
        _must(by)
        if seen := waits_for_another(propuesta, by):
            raise PermissionError(f"Un calendario lo abre otra persona que la que lo propuso. {seen}")
        _refuse_late(propuesta)
        new = NewProceso(
            propuesta.clase,
            propuesta.clave,
            propuesta.nombre,
            propuesta.ambito,
            propuesta.entidad,
            propuesta.anio,
            propuesta.jornada_el,
            stages_of(propuesta),
        )
        problems = problems_of(new)
        if problems:
            raise Refused(*problems)
        with registering(by.pk):
            proceso = Proceso.objects.create(
                clave=new.clave,
                nombre=new.nombre,
                ambito=new.ambito,
                entidad=new.entidad,
                anio=new.anio,
                jornada_el=new.jornada_el,
            )
            for stage in new.etapas:
                _open_stage(proceso, new.clase, stage)
            act = ProcesoAbierto.objects.create(
                propuesta=propuesta, proceso=proceso, abierto_el=clock.now(), abierto_por=by
            )
        trail.act("abrir_proceso", by, act)
    return proceso


def _refuse_late(propuesta: CalendarioPropuesto) -> None:
    refuse_closed(propuesta)
    if not is_last(propuesta):
        raise Conflict(Problem("anterior", "", "Después se propuso otro calendario de ese proceso.", "Abra el último."))


def _open_stage(proceso: Proceso, clase: str, stage: PlannedStage) -> None:
    """Write a stage with its periods, and the normal window of each, which closes with the term of its report."""
    by_law = stage.plazos == legal_terms(clase, stage.tipo)
    etapa = Etapa.objects.create(
        proceso=proceso,
        tipo=stage.tipo,
        inicia_el=stage.inicia_el,
        termina_el=stage.termina_el,
        acuerdo=stage.acuerdo.strip(),
        plazos=None if by_law else list(stage.plazos),
    )
    for planned in periods_of(clase, stage):
        period = Periodo.objects.create(etapa=etapa, numero=planned.numero, desde=planned.desde, hasta=planned.hasta)
        Ventana.objects.create(
            periodo=period,
            tipo=Ventana.Tipo.NORMAL,
            base=term_base(clase, stage, planned),
            abre_el=clock.midnight(planned.desde),
            cierra_el=clock.midnight(planned.vence + timedelta(days=1)),
        )
