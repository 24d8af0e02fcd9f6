"""Close a stage by two people once nothing of it is open, and open it again by an accord of two others or the same.

What is open is named, thing by thing: terms that run, reports owed, subjects nobody reviewed, hallazgos, oficios,
dictámenes, resoluciones and the days to appeal them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from sif.audit.models import Corrida, Hallazgo, ReglaCorrida
from sif.audit.review_selectors import UNDECIDED, with_review
from sif.audit.review_totals import totals_of
from sif.audit.selectors import last_run, progress_of, standing_observaciones
from sif.audit.services import rules_of
from sif.filing.lacking import ReportOfBooks, reports_of_stage
from sif.filing.owed import ReportOwed
from sif.proceedings.machine import acts
from sif.proceedings.models import Dictamen, Oficio, OficioPropuesto, Resolucion
from sif.proceedings.selectors import oficio_state, with_answers
from sif.proceedings.terms import appeal_deadline
from sif.registry import clock, trail
from sif.registry.closed import closing_act, refuse_closed_stage
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa, lock_sujetos
from sif.registry.models import CierrePropuesto, CierreResuelto, Contabilidad, Etapa, SujetoObligado, Usuario, Ventana
from sif.registry.motives import motive_problems
from sif.registry.scope import acting, everything, registering
from sif.registry.selectors import may_still
from sif.values import Conflict, Problem, Refused

Clase, Sentido = CierrePropuesto.Clase, CierreResuelto.Sentido
ENDED = {Sentido.HECHO: "ejecutada", Sentido.RECHAZADO: "rechazada", Sentido.RETIRADO: "retirada"}
LETTERS = 60  # of an accord
NAMED = 3
"""Things of a kind that a refusal names; the page has all."""
SAYS = {
    "etapa": ("etapa en curso", "etapas en curso"),
    "ventana": ("plazo que corre", "plazos que corren"),
    "informe": ("informe debido", "informes debidos"),
    "sin_revisar": ("sujeto sin dictamen", "sujetos sin dictamen"),
    "hallazgos": ("revisión con hallazgos por decidir", "revisiones con hallazgos por decidir"),
    "observacion": ("observación sin notificar", "observaciones sin notificar"),
    "oficio_propuesto": ("oficio propuesto sin emitir", "oficios propuestos sin emitir"),
    "oficio": ("oficio sin contestar y en plazo", "oficios sin contestar y en plazo"),
    "sin_dictamen": ("oficio sin dictamen", "oficios sin dictamen"),
    "dictamen": ("dictamen abierto", "dictámenes abiertos"),
    "sin_resolucion": ("dictamen sin resolución", "dictámenes sin resolución"),
    "resolucion": ("resolución sin votar", "resoluciones sin votar"),
    "rechazada": ("resolución rechazada: falta un nuevo proyecto", "resoluciones rechazadas: falta un nuevo proyecto"),
    "impugnacion": ("plazo para impugnar que corre", "plazos para impugnar que corren"),
    "sin_publicar": ("resolución aprobada sin publicar", "resoluciones aprobadas sin publicar"),
}


@dataclass(frozen=True, slots=True)
class OpenThing:
    """An open matter that prevents the closing of a stage.

    clase: a key of `SAYS`. nombre: its name. sujeto: its subject, None for everybody's. pk: its number, of the books
    for a report and of the run for hallazgos. vence_el: the end of its term, None without one.
    """

    clase: str
    nombre: str
    sujeto: SujetoObligado | None
    pk: int
    vence_el: datetime | None = None


type Also = Callable[[Etapa], Sequence[OpenThing]]
"""What a room above this one finds open of a stage."""


def nothing_else(_etapa: Etapa) -> Sequence[OpenThing]:
    """Return that nothing else is open."""
    return ()


def what_is_open(
    etapa: Etapa, also: Also = nothing_else, most: int | None = None
) -> tuple[list[OpenThing], dict[str, int]]:
    """Return what is open of a stage, in the order of its review, and how many things of each kind.

    An empty list is a stage that may be closed. Whatever was presented is reviewed, and has a dictamen and a resolución
    that the council approved, also where there was nothing to observe [LGIPE 191.1.c; LGPP 80.1.d.IV, 81.1.a, 82.1]. A
    report that was never presented is owed until a resolución that was approved judges that omission [LGIPE 191.1.c,
    191.1.g, 443.1.d]. also: what the rooms above find open, as what was not published. most: how many reports are read,
    of the tens of thousands that a stage of a country owes; every one is counted.
    """
    with everything():
        asked = reports_of_stage(etapa)
        owed = _owed(etapa, asked)
        count = sum(rows.count() for _report, rows in owed)
        things = [
            *_running(etapa),
            *_windows(etapa),
            *_reports(owed, most),
            *_unreviewed(etapa, asked),
            *_findings(etapa),
            *_oficios(etapa),
            *_dictamenes(etapa),
            *_resoluciones(etapa),
            *also(etapa),
        ]
    counted = Counter(each.clase for each in things)
    return things, {**counted, "informe": count} if count else dict(counted)


def _running(etapa: Etapa) -> Iterator[OpenThing]:
    if etapa.termina_el >= clock.today():
        yield OpenThing("etapa", f"termina el {etapa.termina_el:%d/%m/%Y}", None, etapa.pk)


def _windows(etapa: Etapa) -> Iterator[OpenThing]:
    rows = Ventana.objects.filter(periodo__etapa=etapa, cierra_el__gt=clock.now())
    for row in rows.select_related("periodo", "sujeto").order_by("cierra_el", "pk"):
        name = f"{row.get_tipo_display()}, periodo {row.periodo.numero}"
        yield OpenThing("ventana", name, row.sujeto, row.pk, row.cierra_el)


type Owed = list[tuple[ReportOwed, QuerySet[Contabilidad]]]


def _owed(etapa: Etapa, asked: Sequence[ReportOfBooks]) -> Owed:
    """Return each report asked with the books that did not present it, and whose omission nobody judged."""
    judged, let_go, now = _judged_omissions(etapa), _omissions_let_go(etapa), clock.now()

    def left(each: ReportOfBooks) -> QuerySet[Contabilidad]:
        if now < each.informe.vence_el:
            return each.faltan
        of = Q(fila__periodo_id=each.informe.periodo.pk)
        of &= Q(fila__tipo=each.informe.tipo) | ~Q(fila__has_key="tipo")  # two of a year may end with one period
        return each.faltan.exclude(Exists(judged.filter(of))).exclude(Exists(let_go.filter(of)))

    return [(each.informe, left(each)) for each in asked]


def _judged_omissions(etapa: Etapa) -> QuerySet[Hallazgo]:
    """Return the hallazgos of some books (the outer row) that a conclusion of an approved resolución judged omitted."""
    return Hallazgo.objects.filter(
        contabilidad=OuterRef("pk"),
        observaciones__conclusion__criterio=acts()["omision_de_informe"],
        observaciones__conclusion__dictamen__etapa=etapa,
        observaciones__conclusion__dictamen__resoluciones__votacion__estado=Resolucion.Estado.APROBADA,
    )


def _omissions_let_go(etapa: Etapa) -> QuerySet[Hallazgo]:
    """Return the hallazgos of a report omitted of some books (the outer row) that go no further, with their reason.

    They were dismissed, or their observación was left without effect before any oficio: no conclusion will judge them,
    and the dictamen of their subject, with its resolución, ends its review all the same.
    """
    conduct = acts()["omision_de_informe"]
    omits = Q(pk__in=[])
    for rule in rules_of(etapa):
        omits |= Q(regla=rule.id, resultado__in=[each.name for each in rule.outcomes if each.sanction == conduct])
    ended = Q(descarte__isnull=False) | Q(observaciones__sin_efecto__isnull=False)
    return Hallazgo.objects.filter(omits, ended, contabilidad=OuterRef("pk"))


def _reports(owed: Owed, most: int | None) -> Iterator[OpenThing]:
    """Yield the reports owed, by books and period: the first `most`."""
    found = [
        (of.pk, report.periodo.numero, report, of)
        for report, rows in owed
        for of in rows.select_related("sujeto", "candidatura__persona").order_by("pk")[:most]
    ]
    for _number, _period, report, of in sorted(found, key=lambda each: each[:2])[:most]:
        name = f"{report.tipo} del periodo {report.periodo.numero}, {of.titular} ({of.pk})"
        yield OpenThing("informe", name, of.sujeto, of.pk, report.vence_el)


def _unreviewed(etapa: Etapa, asked: Sequence[ReportOfBooks]) -> Iterator[OpenThing]:
    """Yield each subject that owed a report and has neither oficio nor dictamen, also if it presented every report."""
    seen = [*etapa.dictamenes.values_list("sujeto", flat=True)]
    seen += Oficio.objects.filter(etapa=etapa).values_list("sujeto", flat=True)
    owing = set[int]()
    for books in (rows for each in asked for rows in (each.vivieron, each.presentaron)):
        owing.update(books.exclude(sujeto__in=owing).order_by().values_list("sujeto", flat=True).distinct())
    for sujeto in SujetoObligado.objects.filter(pk__in=owing).exclude(pk__in=seen).order_by("numero", "pk"):
        yield OpenThing("sin_revisar", sujeto.siglas, sujeto, sujeto.pk)


def _findings(etapa: Etapa) -> Iterator[OpenThing]:
    """Yield how many hallazgos were neither adopted nor dismissed, by run: each rule by the last run that asked it.

    A later run of some rules takes nothing away from what the others found.
    """
    run = last_run(etapa)
    if run is None:
        return
    if left := progress_of(totals_of(run)).pendientes:
        yield OpenThing("hallazgos", f"{_many(left)} de la última corrida", None, run.pk)
    asked = ReglaCorrida.objects.filter(corrida__instantanea__etapa=etapa)
    other = asked.exclude(regla__in=run.reglas.values("regla")).order_by().values("regla").annotate(last=Max("corrida"))
    rules: dict[int, list[str]] = {}
    for rule, last in other.values_list("regla", "last"):
        rules.setdefault(last, []).append(rule)
    for pk, each in sorted(Corrida.objects.select_related("instantanea").in_bulk(rules).items(), reverse=True):
        found = with_review(each.hallazgos.filter(regla__in=rules[pk], estado="hallazgo"), etapa)
        if left := found.filter(UNDECIDED).count():
            day = f"{each.instantanea.corte_el:%d/%m/%Y}"
            name = f"{_many(left)} de la corrida al {day}, de reglas que la última no preguntó: pídala de todas"
            yield OpenThing("hallazgos", name, None, pk)


def _many(hallazgos: int) -> str:
    return f"{hallazgos} {'hallazgo' if hallazgos == 1 else 'hallazgos'}"


def _oficios(etapa: Etapa) -> Iterator[OpenThing]:
    notified = Oficio.observaciones.through.objects.filter(observacion=OuterRef("pk"))
    left = standing_observaciones(etapa).exclude(Exists(notified))
    for row in left.select_related("sujeto").order_by("sujeto__numero", "numero"):
        yield OpenThing("observacion", f"{row.numero}. {row.titulo}", row.sujeto, row.pk)
    drawn = OficioPropuesto.objects.filter(etapa=etapa, retirado=None, oficio=None).select_related("sujeto")
    for each in drawn.order_by("pk"):
        yield OpenThing("oficio_propuesto", each.sujeto.siglas, each.sujeto, each.pk)
    ruled = set(Dictamen.objects.filter(etapa=etapa).values_list("sujeto", flat=True))
    last = with_answers(Oficio.objects.filter(etapa=etapa, segundo=None)).select_related("sujeto")
    for oficio in last.order_by("pk"):
        if oficio_state(oficio) == "notificado" and oficio.contestadas < oficio.observadas:  # type: ignore[attr-defined]
            yield OpenThing("oficio", oficio.numero, oficio.sujeto, oficio.pk, oficio.vence_el)
        elif oficio.sujeto_id not in ruled:
            yield OpenThing("sin_dictamen", oficio.numero, oficio.sujeto, oficio.pk, oficio.vence_el)


def _dictamenes(etapa: Etapa) -> Iterator[OpenThing]:
    rows = Dictamen.objects.filter(etapa=etapa).select_related("sujeto").order_by("pk")
    for row in rows.filter(cierre=None):
        yield OpenThing("dictamen", row.numero, row.sujeto, row.pk)
    for row in rows.exclude(cierre=None).filter(resoluciones=None):
        yield OpenThing("sin_resolucion", row.numero, row.sujeto, row.pk)


def _resoluciones(etapa: Etapa) -> Iterator[OpenThing]:
    """Yield the resoluciones not approved by the council, and those approved within the term to appeal [LGSMIME 8.1].

    A rejected resolución waits for another project [LGIPE 192.1.h; LGPP 80.1.d.V-VI]; the one that it has is judged in
    its place.
    """
    rows = Resolucion.objects.filter(dictamen__etapa=etapa, sustituta=None).select_related(
        "dictamen__sujeto", "votacion"
    )
    for row in rows.order_by("pk"):
        sujeto = row.dictamen.sujeto
        if row.votada_el is None:
            yield OpenThing("resolucion", row.numero, sujeto, row.pk)
        elif row.estado != Resolucion.Estado.APROBADA:
            yield OpenThing("rechazada", row.numero, sujeto, row.pk)
        elif not clock.has_ended(due := appeal_deadline(etapa, clock.legal_day(row.votada_el))):
            yield OpenThing("impugnacion", row.numero, sujeto, row.pk, due)


# The acts -----------------------------------------------------------------------------------------------------------


def waiting_closing(etapa: Etapa) -> CierrePropuesto | None:
    """Return the proposal to close or reopen a stage that nobody resolved, or None."""
    return waiting_closings().filter(etapa=etapa).first()


def waiting_closings() -> QuerySet[CierrePropuesto]:
    """Return the proposals that nobody resolved, the oldest first; who administers reads them."""
    rows = CierrePropuesto.objects.filter(resuelta=None)
    return rows.select_related("etapa__proceso", "propuesto_por").order_by("pk")


def closings_of(etapa: Etapa) -> QuerySet[CierrePropuesto]:
    """Return what was proposed to close or reopen of a stage, the last first."""
    rows = CierrePropuesto.objects.filter(etapa=etapa).select_related("propuesto_por", "resuelta__hecho_por")
    return rows.order_by("-pk")


def propose_closing(etapa: Etapa, acuerdo: str, motivo: str, by: Usuario, also: Also = nothing_else) -> CierrePropuesto:
    """Propose to close a stage of which nothing is open. Raises Refused with what is open, and PermissionError."""
    with acting():
        lock_etapa(etapa.pk)
        _must(by)
        refuse_closed_stage(etapa)
        _refuse_open(etapa, also)
        return _proposed(etapa, Clase.CIERRE, acuerdo, motivo, by)


def propose_reopening(etapa: Etapa, acuerdo: str, motivo: str, by: Usuario) -> CierrePropuesto:
    """Propose to open again a stage that is closed, by the accord that orders it. Raises Refused, PermissionError."""
    with acting():
        lock_etapa(etapa.pk)
        _must(by)
        if closing_act(etapa) is None:
            raise Refused(Problem("abierta", "", "La etapa no está cerrada.", "No hace falta reabrirla."))
        if not acuerdo.strip():
            told = "Una etapa cerrada la reabre un acuerdo, o la sentencia que lo ordena."
            raise Refused(Problem("acuerdo", "acuerdo", told, "Escriba su número, por ejemplo INE/CG502/2023."))
        if problems := [*motive_problems(motivo, "Diga qué ordena el acuerdo.")]:
            raise Refused(*problems)
        return _proposed(etapa, Clase.REAPERTURA, acuerdo, motivo, by)


def _proposed(etapa: Etapa, clase: str, acuerdo: str, motivo: str, by: Usuario) -> CierrePropuesto:
    accord, why = acuerdo.strip(), motivo.strip()
    if len(accord) > LETTERS:
        told = f"Tiene {len(accord)} letras y caben {LETTERS}."
        raise Refused(Problem("acuerdo", "acuerdo", told, "Abrévielo."))
    if why and (problems := [*motive_problems(why, "Dígalo en una frase, o déjelo vacío.")]):
        raise Refused(*problems)
    if waiting_closing(etapa) is not None:
        told = "Ya espera otra propuesta de esta etapa."
        raise Refused(Problem("espera", "", told, "Resuélvala otra persona, o retírela quien la hizo."))
    if not by.rfc:
        raise PermissionError(not_another(None, by, ""))
    with registering(by.pk):
        made = CierrePropuesto.objects.create(
            etapa=etapa, clase=clase, acuerdo=accord, motivo=why, propuesto_el=clock.now(), propuesto_por=by
        )
    trail.act("proponer_cierre" if clase == Clase.CIERRE else "proponer_reapertura", by, made)
    return made


def carry_out(propuesta: CierrePropuesto, by: Usuario, also: Also = nothing_else) -> CierreResuelto:
    """Close or reopen a stage as another administrator proposed. Raises Refused, Conflict and PermissionError."""
    with acting():
        etapa = lock_etapa(propuesta.etapa_id)
        _must(by)
        if seen := not_another(propuesta.propuesto_por, by, "lo propuso"):
            raise PermissionError(f"{seen} Lo ejecuta otra persona que administre.")
        _refuse_resolved(propuesta)
        if not propuesta.propuesto_por.is_active or not may_still(propuesta.propuesto_por, "administrar"):
            told = "Quien lo propuso ya no administra."
            raise Refused(Problem("autor", "", told, "Rechácelo, y propóngalo quien administre hoy."))
        if propuesta.clase == Clase.CIERRE:
            _hold_subjects(etapa)
            _refuse_open(etapa, also)
        act = _resolved(propuesta, Sentido.HECHO, "", by)
        trail.act("cerrar_etapa" if propuesta.clase == Clase.CIERRE else "reabrir_etapa", by, act)
    return act


def refuse_closing(propuesta: CierrePropuesto, motivo: str, by: Usuario) -> CierreResuelto:
    """Refuse what another administrator proposed, with the reason. Raises Refused and PermissionError."""
    with acting():
        lock_etapa(propuesta.etapa_id)
        _must(by)
        if propuesta.propuesto_por_id == by.pk:
            raise PermissionError("Usted lo propuso: retírelo.")
        _refuse_resolved(propuesta)
        if problems := [*motive_problems(motivo, "Diga por qué no.")]:
            raise Refused(*problems)
        act = _resolved(propuesta, Sentido.RECHAZADO, motivo.strip(), by)
        trail.act("rechazar_cierre", by, act)
    return act


def withdraw_closing(propuesta: CierrePropuesto, by: Usuario) -> CierreResuelto:
    """Take back one's own proposal. Raises Refused and PermissionError."""
    with acting():
        lock_etapa(propuesta.etapa_id)
        _must(by)
        if propuesta.propuesto_por_id != by.pk:
            raise PermissionError("Lo propuso otra persona: usted puede ejecutarlo o rechazarlo.")
        _refuse_resolved(propuesta)
        act = _resolved(propuesta, Sentido.RETIRADO, "", by)
        trail.act("retirar_cierre", by, act)
    return act


def _must(by: Usuario) -> None:
    if not may_still(by, "administrar"):
        raise PermissionError("Las etapas las cierra y las reabre quien administra el sistema.")


def _hold_subjects(etapa: Etapa) -> None:
    """Lock who has books in a stage: what is adopted, notified or ruled of them is before its closing or is refused."""
    with everything():
        lock_sujetos(Contabilidad.objects.filter(etapa=etapa).values_list("sujeto", flat=True))


def _refuse_open(etapa: Etapa, also: Also) -> None:
    """Raise Refused with one problem for each kind of what is open: how many, and the first by name."""
    things, counted = what_is_open(etapa, also, NAMED)
    left: dict[str, list[str]] = {}
    for thing in things:
        left.setdefault(thing.clase, []).append(thing.nombre)
    if not left:
        return
    problems = []
    for clase, names in left.items():
        many = counted[clase]
        more = f" y {many - NAMED} más" if many > NAMED else ""
        told = f"{many} {SAYS[clase][many != 1]}: {'; '.join(names[:NAMED])}{more}."
        problems.append(Problem(clase, "", told, "Resuélvalo: la página del cierre dice dónde está cada uno."))
    raise Refused(*problems)


def _refuse_resolved(propuesta: CierrePropuesto) -> None:
    act = CierreResuelto.objects.filter(propuesta=propuesta).first()
    if act is not None:
        told = f"Esa propuesta ya quedó: {ENDED[Sentido(act.sentido)]}."
        raise Conflict(Problem("resuelta", "", told, "No se hizo nada nuevo."))


def _resolved(propuesta: CierrePropuesto, sentido: str, motivo: str, by: Usuario) -> CierreResuelto:
    with registering(by.pk):
        return CierreResuelto.objects.create(
            propuesta=propuesta, sentido=sentido, motivo=motivo, hecho_el=clock.now(), hecho_por=by
        )
