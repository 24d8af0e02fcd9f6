"""Issue oficios, answer, analyse and close dictámenes, each all or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from sif.audit.models import Observacion, ObservacionSinEfecto
from sif.books.models import Poliza
from sif.law.sanctions import load_criteria
from sif.proceedings import gate, selectors
from sif.proceedings.concurrence import check_concurrence
from sif.proceedings.determining import check_overrun, write_determined
from sif.proceedings.dictamen_sheet import dictamen_data
from sif.proceedings.drawn import keep_document
from sif.proceedings.keys import ConclusionKey
from sif.proceedings.machine import acts, require, step_of
from sif.proceedings.models import (
    AnalisisConclusion,
    Conclusion,
    ConclusionCerrada,
    Determinado,
    DeterminadoRevocado,
    Dictamen,
    DictamenCerrado,
    Oficio,
    OficioPropuesto,
    Respuesta,
)
from sif.proceedings.notifying import notify
from sif.proceedings.numbering import hold_numbers, next_number
from sif.proceedings.oficio_sheet import oficio_data
from sif.proceedings.opening import opening_problems
from sif.proceedings.proposing import check_notifiable, checked_proposal, require_read, stand_over, waiting_proposal
from sif.proceedings.terms import answer_deadline
from sif.proceedings.wording import due_day, legal_hour
from sif.registry import clock, trail
from sif.registry.closed import refuse_closed_stage
from sif.registry.locks import lock_etapa, lock_sujeto
from sif.registry.models import Etapa, Proceso, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.values import Money, Problem, Refused

ANALYSED = ("respuesta_considerada", "analisis", "referencia", "monto_no_atendido", "unidades_no_atendidas")


def issue_oficio(etapa: Etapa, sujeto: SujetoObligado, by: Usuario, propuesta: int | None = None) -> Oficio:
    """Notify the observations of a subject: document, delivery, term to answer and window of correction, or nothing.

    It reviews the periods that its proposal says [LGPP 80.1.d.II-III]. Another person proposed it, with the same
    observaciones that stand now. propuesta: the number of the proposal that the person read, where somebody read one.
    Raises Refused when the person may not or proposed it, when another proposal waits, when there is nothing to notify,
    or when it was already notified.
    """
    with acting():
        lock_sujeto(sujeto.pk)
        hold_numbers("oficio")
        observaciones, propuesto = check_issue(etapa, sujeto, by, propuesta)
        moment, periodo = clock.now(), propuesto.periodo
        row = Oficio(
            etapa=etapa,
            sujeto=sujeto,
            numero=next_number("oficio", Oficio.objects.values_list("numero", flat=True)),
            notificado_el=moment,
            vence_el=answer_deadline(etapa, moment.date(), periodo),
            propuesto=propuesto,
            periodo=periodo,
        )
        return notify(row, observaciones, oficio_data(row, observaciones, by), by)


def check_issue(
    etapa: Etapa, sujeto: SujetoObligado, by: Usuario, propuesta: int | None = None
) -> tuple[list[Observacion], OficioPropuesto]:
    """Check the issue of an oficio and return the observaciones to notify with the proposal of the oficio.

    Raises Refused as `issue_oficio`, which repeats this check under its locks.
    """
    where = f"oficio de {sujeto.siglas}"
    require(by, "emitir_oficio", where, "emitir oficios")
    refuse_closed_stage(etapa)
    waits = waiting_proposal(etapa, sujeto)
    periodo = waits.periodo if waits else None
    observaciones = check_notifiable(etapa, sujeto, periodo, where)
    found = checked_proposal(etapa, sujeto, observaciones, by)
    require_read(found, propuesta, where)
    return observaciones, found


def answer(oficio: Oficio, observacion: Observacion, texto: str, polizas: Iterable[Poliza], by: Usuario) -> Respuesta:
    """Answer one observation within the term; a new answer is a new version and the older ones stay.

    It is presented when it arrives, not when another act on the subject lets it through. Raises Refused out of term,
    for anyone but the Responsable de Finanzas of the subject, for an empty text, an observation of another oficio or a
    póliza of another subject.
    """
    where = f"{oficio.numero}, observación {observacion.numero}"
    cited, arrived = list(polizas), clock.now()
    with acting():
        sujeto = lock_sujeto(oficio.sujeto_id)
        if not may_still(by, "responder", sujeto=sujeto):
            raise Refused(
                Problem(
                    "SIN_ATRIBUCION",
                    where,
                    f"{by.nombre} no puede responder por {sujeto.nombre}.",
                    "Responde su Responsable de Finanzas.",
                )
            )
        state = selectors.oficio_state(oficio, arrived)
        if state == "vencido":
            raise Refused(_too_late(oficio, where))
        step_of("oficio", state, "responder", where)
        if problems := list(_answer_problems(oficio, observacion, texto, cited)):
            raise Refused(*problems)
        respuesta = Respuesta.objects.create(
            oficio=oficio,
            observacion=observacion,
            texto=texto.strip(),
            presentada_el=arrived,
            presentada_por=by,
            version=Respuesta.objects.filter(observacion=observacion).count() + 1,
        )
        respuesta.polizas.set(cited)
        trail.act("responder", by, respuesta)
        return respuesta


def _answer_problems(oficio: Oficio, observacion: Observacion, texto: str, cited: list[Poliza]) -> Iterable[Problem]:
    where = f"{oficio.numero}, observación {observacion.numero}"
    if not oficio.observaciones.filter(pk=observacion.pk).exists():
        yield Problem(
            "OBSERVACION_AJENA",
            where,
            "La observación no está en este oficio.",
            "Responda una de las que el oficio notifica.",
        )
    if ObservacionSinEfecto.objects.filter(observacion=observacion).exists():
        yield Problem(
            "OBSERVACION_SIN_EFECTO",
            where,
            "La observación quedó sin efecto y no se responde.",
            "No hace falta nada más: lo que ya respondió se conserva.",
        )
    if not texto.strip():
        yield Problem(
            "RESPUESTA_VACIA",
            where,
            "La respuesta no tiene texto.",
            "Escriba qué aclara o corrige; las pólizas citadas la acompañan.",
        )
    for poliza in cited:
        if poliza.contabilidad.sujeto_id != oficio.sujeto_id or poliza.contabilidad.etapa_id != oficio.etapa_id:
            yield Problem(
                "POLIZA_AJENA",
                where,
                f"La póliza {poliza.subtipo}-{poliza.numero} no es de sus libros.",
                "Cite pólizas de las contabilidades del sujeto en esta etapa.",
            )


def open_dictamen(etapa: Etapa, sujeto: SujetoObligado, by: Usuario) -> Dictamen:
    """Open the dictamen of a subject, with one conclusion for each observation that stands, once the terms have run.

    It gathers what every oficio of the subject notified [LGPP 80.1.d.IV], and waits until its subject was told whether
    its answers cure it, where the law orders that, and the result of a second answer [LGPP 80.1.b.III]. A subject
    without observations has a dictamen without conclusions, once the last report was reviewed. An oficio that was
    proposed and not issued is withdrawn. Raises Refused as `opening_problems` says.
    """
    where = f"dictamen de {sujeto.siglas}"
    with acting():
        refuse_closed_stage(lock_etapa(etapa.pk))
        lock_sujeto(sujeto.pk)
        require(by, "dictaminar", where, "dictaminar")
        hold_numbers("dictamen")
        before = Dictamen.objects.filter(etapa=etapa, sujeto=sujeto).first()
        step_of("dictamen", selectors.dictamen_state(before), "abrir", where)
        if problems := opening_problems(etapa, sujeto):
            raise Refused(*problems)
        oficios, last = selectors.oficios_to(etapa, sujeto), selectors.last_oficio_of(etapa, sujeto)
        if last is not None:
            step_of("oficio", selectors.oficio_state(last), "dictaminar", f"oficio {last.numero}")
        numero = next_number("dictamen", Dictamen.objects.values_list("numero", flat=True))
        dictamen = Dictamen.objects.create(
            etapa=etapa, sujeto=sujeto, numero=numero, abierto_el=clock.now(), abierto_por=by
        )
        stand_over(waiting_proposal(etapa, sujeto), "", where, by)  # nobody can issue it any more
        for observacion in Observacion.objects.filter(oficios__in=oficios, sin_efecto=None).order_by("numero"):
            _open_conclusion(dictamen, observacion)
        return dictamen


def _open_conclusion(dictamen: Dictamen, observacion: Observacion) -> Conclusion:
    # What no criterion sanctions is told and sanctioned by nothing: no fault is made of it (LGPP 60.1.b).
    criterio = observacion.criterio
    known = load_criteria(settings.JURISDICTION).get(criterio)
    key = ConclusionKey(dictamen.sujeto.numero, observacion.numero, scope_letters(dictamen.etapa.proceso))
    return Conclusion.objects.create(
        dictamen=dictamen,
        clave=str(key),
        observacion=observacion,
        criterio=criterio,
        conducta=known[-1].conducta if known and criterio != acts()["falta_formal"] else observacion.titulo,
        articulo=observacion.fundamento,
    )


def scope_letters(proceso: Proceso) -> str:
    """Return the two letters that end the keys of a process: FD, or those of its entity."""
    scopes: Mapping[str, Any] = acts()["ambitos"]
    return str(scopes["federal"] if proceso.ambito == "federal" else scopes["entidades"][proceso.entidad])


def analyse(
    conclusion: Conclusion,
    respuesta_considerada: str,
    analisis: str,
    referencia: str,
    monto_no_atendido: Money,
    by: Usuario,
) -> Conclusion:
    """Write the answer considered, the analysis and how the observation ended; it may be rewritten until it closes.

    `selectors.considered_answer` gives the answer in words. Raises Refused: an amount over the observed, an empty
    text, an answer ignored, or none and the text does not say so.
    """
    with acting():
        row = _open_row(conclusion, "analizar", by)
        written = _next_version(
            row,
            by,
            respuesta_considerada=respuesta_considerada.strip(),
            analisis=analisis.strip(),
            referencia=referencia,
            monto_no_atendido=monto_no_atendido.centavos,
        )
        if problems := gate.check_judgement(row, written):
            raise Refused(*problems)
        written.save(force_insert=True)
    conclusion.refresh_from_db()
    return conclusion


def _next_version(row: Conclusion, by: Usuario, **changed: object) -> AnalisisConclusion:
    """Return the version that follows the last one, not yet written: what does not change is as it was."""
    last = row.ultimo
    kept = {name: getattr(last, name) for name in ANALYSED}
    return AnalisisConclusion(
        conclusion=row, version=(last.version or 0) + 1, hecho_el=clock.now(), hecho_por=by, **{**kept, **changed}
    )


def count_unattended(conclusion: Conclusion, unidades: int, by: Usuario) -> Conclusion:
    """Say how many of the observed facts stay unattended, for criteria that sanction by unit. Raises Refused."""
    where = f"conclusión {conclusion.clave}"
    with acting():
        row = _open_row(conclusion, "analizar", by)
        observed = max(1, row.observacion.hallazgos.count())
        if not 1 <= unidades <= observed:
            raise Refused(
                Problem(
                    "CONCLUSION_UNIDADES",
                    where,
                    f"Se dieron {unidades} de {observed} hechos.",
                    f"Escriba de 1 a {observed}, o dígala atendida.",
                )
            )
        _next_version(row, by, unidades_no_atendidas=unidades).save(force_insert=True)
    conclusion.refresh_from_db()
    return conclusion


def close_conclusion(conclusion: Conclusion, by: Usuario, reparto: Mapping[int, Money] | None = None) -> Conclusion:
    """Close a conclusion that has an answer considered, an analysis and a reference; it does not change again.

    An overrun closes after the unreported spending that it rests on, and who yields to another on the same facts after
    that one, for what is left. Unreported spending left unattended is determined here, by contabilidad; `reparto`
    (contabilidad id to amount) is needed only when part of the observed was attended and it touches several books.
    Raises Refused.
    """
    with acting():
        row = _open_row(conclusion, "cerrar", by)
        together = selectors.conclusiones_of(row.dictamen, with_facts=False)
        if problems := [*gate.check_judgement(row), *check_overrun(row, together), *check_concurrence(together, row)]:
            raise Refused(*problems)
        moment = clock.now()
        ConclusionCerrada.objects.create(conclusion=row, analisis=row.ultimo, cerrada_el=moment, cerrada_por=by)
        write_determined(row, moment.date(), reparto)  # with its act: the database asks for it
    conclusion.refresh_from_db()
    return conclusion


def revoke_determinado(determinado: Determinado, motivo: str, by: Usuario) -> DeterminadoRevocado:
    """Write the ruling by which a determined amount no longer stands; the Secretaría does it. Raises Refused."""
    where = f"monto determinado de {determinado.contabilidad_id}"
    with acting():
        dictamen = determinado.conclusion.dictamen
        lock_etapa(dictamen.etapa_id)  # what is published and what no longer stands are one after the other
        lock_sujeto(dictamen.sujeto_id)
        require(by, "someter", where, "dejar sin efecto lo determinado")
        if not motivo.strip():
            raise Refused(
                Problem(
                    "REVOCADO_SIN_MOTIVO",
                    where,
                    "Falta decir qué sentencia lo revocó.",
                    "Escriba su número y fecha: queda con su nombre.",
                )
            )
        if DeterminadoRevocado.objects.filter(determinado=determinado).exists():
            raise Refused(
                Problem(
                    "DETERMINADO_YA_REVOCADO",
                    where,
                    "Ya se había revocado.",
                    "No hace falta nada más: no se escribió nada nuevo.",
                )
            )
        return DeterminadoRevocado.objects.create(
            determinado=determinado, motivo=motivo.strip()[:500], hecho_el=clock.now(), hecho_por=by
        )


def close_dictamen(dictamen: Dictamen, by: Usuario) -> Dictamen:
    """Close a dictamen whose gate is clear and keep its document. Raises Refused with every loose thread."""
    with acting():
        lock_sujeto(dictamen.sujeto_id)
        row = check_close(dictamen, by)
        moment = clock.now()
        documento = keep_document(row.numero, dictamen_data(row, (moment, by)))
        DictamenCerrado.objects.create(dictamen=row, documento=documento, cerrado_el=moment, cerrado_por=by)
        trail.act("cerrar_dictamen", by, row)
    dictamen.refresh_from_db()
    return dictamen


def check_close(dictamen: Dictamen, by: Usuario) -> Dictamen:
    """Return the dictamen that the person may close as it stands. Raises Refused as `close_dictamen`."""
    where = f"dictamen {dictamen.numero}"
    require(by, "dictaminar", where, "dictaminar")
    row = Dictamen.objects.get(pk=dictamen.pk)
    step_of("dictamen", selectors.dictamen_state(row), "cerrar", where)
    if problems := [*gate.check_dictamen(row), *gate.check_other_eye(row, by)]:
        raise Refused(*problems)
    return row


def _open_row(conclusion: Conclusion, act: str, by: Usuario) -> Conclusion:
    lock_sujeto(conclusion.dictamen.sujeto_id)
    require(by, "dictaminar", f"conclusión {conclusion.clave}", "dictaminar")
    row = Conclusion.objects.get(pk=conclusion.pk)
    step_of("conclusion", "cerrada" if row.cerrada_el else "abierta", act, f"conclusión {row.clave}")
    return row


def _too_late(oficio: Oficio, where: str) -> Problem:
    return Problem(
        "RESPUESTA_FUERA_DE_PLAZO",
        where,
        f"El plazo venció el {due_day(oficio.vence_el)} a las {legal_hour(oficio.vence_el)}.",
        "Lo que no se respondió se resuelve con lo que obra en el expediente (LGPP 80.1).",
    )
