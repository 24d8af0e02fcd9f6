"""Issue oficios, answer, analyse, close dictámenes, draft and vote resoluciones, each all or nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from sif.audit.models import Observacion
from sif.audit.selectors import to_notify
from sif.books.models import Poliza
from sif.law.sanctions import load_criteria
from sif.notices.services import deliver
from sif.proceedings import gate, selectors
from sif.proceedings.capacity import capacities_of
from sif.proceedings.concurrence import check_concurrence
from sif.proceedings.determining import check_overrun, write_determined
from sif.proceedings.dictamen_sheet import dictamen_data
from sif.proceedings.drawn import keep_document
from sif.proceedings.grounds import check_grounds, grounds_of, kept_grounds
from sif.proceedings.keys import ConclusionKey
from sif.proceedings.machine import ActRefused, Step, acts, step_of
from sif.proceedings.models import (
    AnalisisConclusion,
    BaseDeSancion,
    Conclusion,
    ConclusionCerrada,
    Determinado,
    DeterminadoRevocado,
    Dictamen,
    DictamenCerrado,
    Oficio,
    OficioPropuesto,
    ParteSancion,
    Resolucion,
    ResolucionSometida,
    ResolucionVotada,
    Respuesta,
    Sancion,
    Voto,
)
from sif.proceedings.oficio_sheet import oficio_data
from sif.proceedings.proposing import check_no_dictamen, checked_proposal, nothing_to_notify
from sif.proceedings.resolucion_sheet import Drawn, resolucion_data
from sif.proceedings.sanctioning import member_totals, reckon, restore, shares_of, split
from sif.proceedings.terms import answer_deadline, appeal_deadline, check_after_report
from sif.proceedings.wording import due_day, legal_day, legal_hour
from sif.registry import clock, trail
from sif.registry.eyes import not_another
from sif.registry.locks import hold, lock_etapa, lock_sujeto
from sif.registry.models import Etapa, Proceso, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.registry.services import open_correction
from sif.statutes.confirming import BASES
from sif.values import Money, Problem

ANALYSED = ("respuesta_considerada", "analisis", "referencia", "monto_no_atendido", "unidades_no_atendidas")


def issue_oficio(etapa: Etapa, sujeto: SujetoObligado, by: Usuario, propuesta: int | None = None) -> Oficio:
    """Notify every observation of a subject: document, delivery, term to answer and window of correction, or nothing.

    Another person proposed it, with the same observaciones that stand now. propuesta: the number of the proposal that
    the person read, where somebody read one. Raises ActRefused when the person may not or proposed it, when another
    proposal waits, when there is nothing to notify, or when it was already notified.
    """
    with acting():
        lock_sujeto(sujeto.pk)
        _lock("oficio")
        observaciones, propuesto = check_issue(etapa, sujeto, by, propuesta)
        moment = clock.now()
        due = answer_deadline(etapa, moment.date())
        numero = _next_number("oficio", Oficio.objects.values_list("numero", flat=True))
        data = oficio_data(etapa, sujeto, numero, (moment, by), due)
        documento = keep_document(numero, data)
        oficio = Oficio.objects.create(
            etapa=etapa, sujeto=sujeto, numero=numero, documento=documento, notificado_el=moment, vence_el=due,
            emitido_por=by, propuesto=propuesto,
            notificacion=deliver(sujeto, data["asunto"][:200], numero, documento.pdf_sha256, vence_el=due, by=by),
        )  # fmt: skip
        oficio.observaciones.set(observaciones)
        # A window ends on the instant before which one may record; an answer is in time on its last second.
        open_correction(etapa, sujeto, moment, due + timedelta(seconds=1), numero)
        trail.act("notificar", by, oficio)
        return oficio


def check_issue(
    etapa: Etapa, sujeto: SujetoObligado, by: Usuario, propuesta: int | None = None
) -> tuple[list[Observacion], OficioPropuesto]:
    """What the person would notify now, and who proposed it. Raises ActRefused as `issue_oficio`, which asks it under
    its locks."""
    where = f"oficio de {sujeto.siglas}"
    _require(by, "emitir_oficio", where, "emitir oficios")
    step = step_of("oficio", selectors.oficio_state(selectors.oficio_of(etapa, sujeto)), "emitir", where)
    check_no_dictamen(etapa, sujeto)
    check_after_report(etapa, clock.now().date(), where)
    observaciones = list(to_notify(etapa, sujeto))
    if not observaciones:
        raise ActRefused(nothing_to_notify(sujeto, step.articulo))
    found = checked_proposal(etapa, sujeto, observaciones, by)
    if propuesta is not None and found.pk != propuesta:
        raise ActRefused(Problem("OFICIO_CAMBIO", where, "La propuesta cambió después de que usted la leyó.",
                                 "Lea la que espera ahora antes de emitirla."))  # fmt: skip
    return observaciones, found


def answer(oficio: Oficio, observacion: Observacion, texto: str, polizas: Iterable[Poliza], by: Usuario) -> Respuesta:
    """Answer one observation within the term; a new answer is a new version and the older ones stay.

    It is presented when it arrives, not when another act on the subject lets it through. Raises ActRefused out of term,
    for anyone but the Responsable de Finanzas of the subject, for an empty text, an observation of another oficio or a
    póliza of another subject.
    """
    where = f"{oficio.numero}, observación {observacion.numero}"
    cited, arrived = list(polizas), clock.now()
    with acting():
        sujeto = lock_sujeto(oficio.sujeto_id)
        if not may_still(by, "responder", sujeto=sujeto):
            raise ActRefused(Problem("SIN_ATRIBUCION", where, f"{by.nombre} no puede responder por {sujeto.nombre}.",
                                     "Responde su Responsable de Finanzas."))  # fmt: skip
        state = selectors.oficio_state(oficio, arrived)
        if state == "vencido":
            raise ActRefused(_too_late(oficio, where))
        step_of("oficio", state, "responder", where)
        if problems := list(_answer_problems(oficio, observacion, texto, cited)):
            raise ActRefused(*problems)
        respuesta = Respuesta.objects.create(
            oficio=oficio, observacion=observacion, texto=texto.strip(), presentada_el=arrived, presentada_por=by,
            version=Respuesta.objects.filter(observacion=observacion).count() + 1,
        )  # fmt: skip
        respuesta.polizas.set(cited)
        trail.act("responder", by, respuesta)
        return respuesta


def _answer_problems(oficio: Oficio, observacion: Observacion, texto: str, cited: list[Poliza]) -> Iterable[Problem]:
    where = f"{oficio.numero}, observación {observacion.numero}"
    if not oficio.observaciones.filter(pk=observacion.pk).exists():
        yield Problem("OBSERVACION_AJENA", where, "La observación no está en este oficio.",
                      "Responda una de las que el oficio notifica.")  # fmt: skip
    if not texto.strip():
        yield Problem("RESPUESTA_VACIA", where, "La respuesta no tiene texto.",
                      "Escriba qué aclara o corrige; las pólizas citadas la acompañan.")  # fmt: skip
    for poliza in cited:
        if poliza.contabilidad.sujeto_id != oficio.sujeto_id or poliza.contabilidad.etapa_id != oficio.etapa_id:
            yield Problem("POLIZA_AJENA", where, f"La póliza {poliza.subtipo}-{poliza.numero} no es de sus libros.",
                          "Cite pólizas de las contabilidades del sujeto en esta etapa.")  # fmt: skip


def open_dictamen(etapa: Etapa, sujeto: SujetoObligado, by: Usuario) -> Dictamen:
    """Open the dictamen of a subject, with one conclusion for each observation notified, once the term has run.

    A subject without observations has a dictamen without conclusions, after its report is due. Raises ActRefused.
    """
    where = f"dictamen de {sujeto.siglas}"
    with acting():
        lock_sujeto(sujeto.pk)
        _require(by, "dictaminar", where, "dictaminar")
        _lock("dictamen")
        before = Dictamen.objects.filter(etapa=etapa, sujeto=sujeto).first()
        step_of("dictamen", selectors.dictamen_state(before), "abrir", where)
        check_after_report(etapa, clock.today(), where, "DICTAMEN")
        oficio = selectors.oficio_of(etapa, sujeto)
        if oficio is None and to_notify(etapa, sujeto).exists():
            raise ActRefused(Problem("OBSERVACION_SIN_NOTIFICAR", where, "Hay observaciones sin notificar.",
                                     "Emita antes el oficio (LGPP 80.1) y espere a que venza."))  # fmt: skip
        if oficio is not None:
            step_of("oficio", selectors.oficio_state(oficio), "dictaminar", f"oficio {oficio.numero}")
        numero = _next_number("dictamen", Dictamen.objects.values_list("numero", flat=True))
        dictamen = Dictamen.objects.create(
            etapa=etapa, sujeto=sujeto, numero=numero, abierto_el=clock.now(), abierto_por=by
        )
        for observacion in oficio.observaciones.order_by("numero") if oficio else ():
            _open_conclusion(dictamen, observacion)
        return dictamen


def _open_conclusion(dictamen: Dictamen, observacion: Observacion) -> Conclusion:
    # An observation that no criterion sanctions by its amount is, left unattended, a formal fault.
    criterio = observacion.criterio or acts()["falta_formal"]
    known = load_criteria(settings.JURISDICTION).get(criterio)
    key = ConclusionKey(dictamen.sujeto.numero, observacion.numero, scope_letters(dictamen.etapa.proceso))
    return Conclusion.objects.create(
        dictamen=dictamen, clave=str(key), observacion=observacion, criterio=criterio,
        conducta=known[-1].conducta if known and criterio != acts()["falta_formal"] else observacion.titulo,
        articulo=observacion.fundamento,
    )  # fmt: skip


def scope_letters(proceso: Proceso) -> str:
    """The two letters that end the keys of a process: FD, or those of its entity."""
    scopes: Mapping[str, Any] = acts()["ambitos"]
    return str(scopes["federal"] if proceso.ambito == "federal" else scopes["entidades"][proceso.entidad])


def analyse(
    conclusion: Conclusion, respuesta_considerada: str, analisis: str, referencia: str, monto_no_atendido: Money,
    by: Usuario,
) -> Conclusion:  # fmt: skip
    """Write the answer considered, the analysis and how the observation ended; it may be rewritten until it closes.

    `selectors.considered_answer` gives the answer in words. Raises ActRefused: an amount over the observed, an empty
    text, an answer ignored, or none and the text does not say so.
    """
    with acting():
        row = _open_row(conclusion, "analizar", by)
        written = _next_version(
            row, by, respuesta_considerada=respuesta_considerada.strip(), analisis=analisis.strip(),
            referencia=referencia, monto_no_atendido=monto_no_atendido.centavos,
        )  # fmt: skip
        if problems := gate.check_judgement(row, written):
            raise ActRefused(*problems)
        written.save(force_insert=True)
    conclusion.refresh_from_db()
    return conclusion


def _next_version(row: Conclusion, by: Usuario, **changed: Any) -> AnalisisConclusion:
    """The version that follows the last one, not yet written: what does not change is as it was."""
    last = row.ultimo
    kept = {name: getattr(last, name) for name in ANALYSED}
    return AnalisisConclusion(
        conclusion=row, version=(last.version or 0) + 1, hecho_el=clock.now(), hecho_por=by, **{**kept, **changed}
    )


def count_unattended(conclusion: Conclusion, unidades: int, by: Usuario) -> Conclusion:
    """Say how many of the observed facts stay unattended, for criteria that sanction by unit. Raises ActRefused."""
    where = f"conclusión {conclusion.clave}"
    with acting():
        row = _open_row(conclusion, "analizar", by)
        observed = max(1, row.observacion.hallazgos.count())
        if not 1 <= unidades <= observed:
            raise ActRefused(Problem("CONCLUSION_UNIDADES", where, f"Se dieron {unidades} de {observed} hechos.",
                                     f"Escriba de 1 a {observed}, o dígala atendida."))  # fmt: skip
        _next_version(row, by, unidades_no_atendidas=unidades).save(force_insert=True)
    conclusion.refresh_from_db()
    return conclusion


def close_conclusion(conclusion: Conclusion, by: Usuario, reparto: Mapping[int, Money] | None = None) -> Conclusion:
    """Close a conclusion that has an answer considered, an analysis and a reference; it does not change again.

    An overrun closes after the unreported spending that it rests on, and who yields to another on the same facts after
    that one, for what is left. Unreported spending left unattended is determined here, by contabilidad; `reparto`
    (contabilidad id to amount) is needed only when part of the observed was attended and it touches several books.
    Raises ActRefused.
    """
    with acting():
        row = _open_row(conclusion, "cerrar", by)
        together = selectors.conclusiones_of(row.dictamen, with_facts=False)
        if problems := [*gate.check_judgement(row), *check_overrun(row, together), *check_concurrence(together, row)]:
            raise ActRefused(*problems)
        moment = clock.now()
        ConclusionCerrada.objects.create(conclusion=row, analisis=row.ultimo, cerrada_el=moment, cerrada_por=by)
        write_determined(row, moment.date(), reparto)  # with its act: the database asks for it
    conclusion.refresh_from_db()
    return conclusion


def revoke_determinado(determinado: Determinado, motivo: str, by: Usuario) -> DeterminadoRevocado:
    """Write the ruling by which a determined amount no longer stands; the Secretaría does it. Raises ActRefused."""
    where = f"monto determinado de {determinado.contabilidad_id}"
    with acting():
        dictamen = determinado.conclusion.dictamen
        lock_etapa(dictamen.etapa_id)  # what is published and what no longer stands are one after the other
        lock_sujeto(dictamen.sujeto_id)
        _require(by, "someter", where, "dejar sin efecto lo determinado")
        if not motivo.strip():
            raise ActRefused(Problem("REVOCADO_SIN_MOTIVO", where, "Falta decir qué sentencia lo revocó.",
                                     "Escriba su número y fecha: queda con su nombre."))  # fmt: skip
        if DeterminadoRevocado.objects.filter(determinado=determinado).exists():
            raise ActRefused(Problem("DETERMINADO_YA_REVOCADO", where, "Ya se había revocado.",
                                     "No hace falta nada más: no se escribió nada nuevo."))  # fmt: skip
        return DeterminadoRevocado.objects.create(
            determinado=determinado, motivo=motivo.strip()[:500], hecho_el=clock.now(), hecho_por=by
        )


def close_dictamen(dictamen: Dictamen, by: Usuario) -> Dictamen:
    """Close a dictamen whose gate is clear and keep its document. Raises ActRefused with every loose thread."""
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
    """The dictamen that the person may close as it stands. Raises ActRefused as `close_dictamen`."""
    where = f"dictamen {dictamen.numero}"
    _require(by, "dictaminar", where, "dictaminar")
    row = Dictamen.objects.get(pk=dictamen.pk)
    step_of("dictamen", selectors.dictamen_state(row), "cerrar", where)
    if problems := [*gate.check_dictamen(row), *gate.check_other_eye(row, by)]:
        raise ActRefused(*problems)
    return row


def draft_resolucion(dictamen: Dictamen, sesion_el: date, by: Usuario, firmes: Collection[str] = ()) -> Resolucion:
    """Draw the project of resolución of a closed dictamen: its sanctions, with their arithmetic, and its document.

    firmes: earlier resoluciones for the same conduct that the person knows to be firm; by them a subject relapses.
    Raises ActRefused when the dictamen is open, a thread is loose, a criterion is missing or the session has passed.
    """
    with acting():
        lock_sujeto(dictamen.sujeto_id)
        _lock("resolucion")
        dictamen = check_draft(dictamen, sesion_el, by)
        numero = _next_number("resolucion", Resolucion.objects.values_list("numero", flat=True))
        drawn = _draw(dictamen, numero, sesion_el, firmes)
        resolucion = Resolucion.objects.create(
            dictamen=dictamen, numero=numero, sesion_el=sesion_el, elaborada_el=clock.now(), elaborada_por=by,
            proyecto=keep_document(f"{numero}/proyecto", resolucion_data(drawn)),
        )  # fmt: skip
        shares = shares_of(dictamen.sujeto, dictamen.etapa.termina_el)
        for reckoning in drawn.sanciones:
            sancion = Sancion.objects.create(resolucion=resolucion, **reckoning.row_fields())
            for member, amount in split(Money(sancion.monto), shares).items():
                ParteSancion.objects.create(
                    sancion=sancion, sujeto_id=member, participacion_pb=shares[member], monto=amount.centavos
                )
            BaseDeSancion.objects.bulk_create(
                BaseDeSancion(sancion=sancion, clave=each.clave, huella=each.huella, articulo=each.articulo,
                              dice=each.dice, estatus=each.estatus)
                for each in drawn.bases[reckoning.conclusion.pk]
            )  # fmt: skip
        return resolucion


def check_draft(dictamen: Dictamen, sesion_el: date, by: Usuario) -> Dictamen:
    """The dictamen whose resolución the person may draw for a session. Raises ActRefused as `draft_resolucion`.

    The quorum is of the councillors of that day, so one that has passed would choose them.
    """
    where = f"dictamen {dictamen.numero}"
    _require(by, "resolver", where, "elaborar proyectos de resolución")
    if sesion_el < clock.today():
        raise ActRefused(Problem("SESION_PASADA", where, f"El {legal_day(sesion_el)} ya pasó.",
                                 "Escriba el día en que el Consejo lo discutirá: hoy u otro por venir."))  # fmt: skip
    dictamen = Dictamen.objects.select_related("etapa__proceso", "sujeto").get(pk=dictamen.pk)
    step_of("dictamen", selectors.dictamen_state(dictamen), "proyectar", where)
    before = Resolucion.objects.filter(dictamen=dictamen).first()
    step_of("resolucion", before.estado if before else "sin_proyecto", "proyectar", where)
    if problems := [*gate.check_dictamen(dictamen), *gate.check_apart(dictamen, by, clock.today())]:
        raise ActRefused(*problems)
    return dictamen


def _draw(dictamen: Dictamen, numero: str, sesion_el: date, firmes: Collection[str]) -> Drawn:
    """The sanctions of a dictamen with what each rests on in the law of today."""
    sanctions = reckon(dictamen, selectors.conclusiones_of(dictamen), sesion_el, firmes)
    bases = {row.conclusion.pk: grounds_of(row) for row in sanctions}
    moment = clock.now()
    means = capacities_of(dictamen.sujeto, dictamen.etapa, sesion_el, moment)
    return Drawn(dictamen, numero, sesion_el, moment, sanctions, member_totals(dictamen, sanctions), bases, means)


def _redraw(resolucion: Resolucion) -> Drawn:
    """The project as it was written, for the document of its vote: what was voted is what is notified."""
    sanctions = [restore(row) for row in selectors.sanciones_of(resolucion)]
    dictamen, bases = resolucion.dictamen, kept_grounds(resolucion)
    drawn = (resolucion.numero, resolucion.sesion_el, resolucion.elaborada_el)
    means = capacities_of(dictamen.sujeto, dictamen.etapa, resolucion.sesion_el, resolucion.elaborada_el)
    return Drawn(dictamen, *drawn, sanctions, member_totals(dictamen, sanctions), bases, means)


def put_to_vote(resolucion: Resolucion, by: Usuario) -> Resolucion:
    """Put a project to the council's discussion, which the Secretaría Ejecutiva does.

    Raises ActRefused, also while a basis of a sanction waits for who confirms it.
    """
    where = f"resolución {resolucion.numero}"
    with acting():
        row = _lock_resolucion(resolucion)
        _require(by, "someter", where, "someter a votación")
        step_of("resolucion", row.estado, "someter", where)
        _require_grounds(row)
        ResolucionSometida.objects.create(resolucion=row, sometida_el=clock.now(), sometida_por=by)
        trail.act("someter", by, row)
    resolucion.refresh_from_db()
    return resolucion


def vote(resolucion: Resolucion, consejero: Usuario, sentido: str, voto_particular: str = "") -> Voto:
    """Cast the vote of a councillor, once, from the day of the session on. Raises ActRefused."""
    where = f"resolución {resolucion.numero}"
    if sentido not in Voto.Sentido.values:
        raise ActRefused(Problem("VOTO_SENTIDO", where, f"«{sentido}» no es un sentido de voto.",
                                 f"Es {' o '.join(Voto.Sentido.values)}."))  # fmt: skip
    with acting():
        row = _lock_resolucion(resolucion)
        _require(consejero, "votar", where, "votar")
        step_of("resolucion", row.estado, "votar", where)
        if clock.today() < row.sesion_el:
            raise ActRefused(Problem("VOTO_ANTES_DE_SESION", where, f"La sesión es el {legal_day(row.sesion_el)}.",
                                     "Vote ese día."))  # fmt: skip
        _require_grounds(row)
        if Voto.objects.filter(resolucion=row, consejero=consejero).exists():
            raise ActRefused(Problem("VOTO_REPETIDO", where, f"{consejero.nombre} ya votó.",
                                     "El voto se emite una vez y no se cambia."))  # fmt: skip
        made = Voto.objects.create(
            resolucion=row, consejero=consejero, sentido=sentido, voto_particular=voto_particular.strip(),
            emitido_el=clock.now(),
        )  # fmt: skip
        trail.act("votar", consejero, made)
        return made


def close_vote(resolucion: Resolucion, by: Usuario) -> Resolucion:
    """Count the votes, settle the document with them and, if approved, notify the subject; nothing changes after.

    The Secretaría Ejecutiva does it. Raises ActRefused when it is not under discussion or the quorum is missing.
    """
    with acting():
        lock_etapa(resolucion.dictamen.etapa_id)  # what is approved and what is published are one after the other
        row = _lock_resolucion(resolucion)
        count, step = check_count(row, by)
        drawn = _redraw(row)
        documento = keep_document(row.numero, resolucion_data(drawn, (row, count)))
        ResolucionVotada.objects.create(
            resolucion=row, estado=step.a, documento=documento, votada_el=clock.now(), contada_por=by
        )
        if count.aprueba:
            due = appeal_deadline(row.dictamen.etapa, clock.today())
            said = f"Resolución {row.numero}"
            deliver(row.dictamen.sujeto, said, row.numero, documento.pdf_sha256, vence_el=due, by=by)
        trail.act("contar_votos", by, row)
    resolucion.refresh_from_db()
    return resolucion


def check_count(row: Resolucion, by: Usuario) -> tuple[selectors.Tally, Step]:
    """The count that the person may make and where it leads. Raises ActRefused as `close_vote`."""
    where = f"resolución {row.numero}"
    _require(by, "someter", where, "contar la votación")
    if seen := not_another(row.elaborada_por, by, "elaboró el proyecto"):
        raise ActRefused(Problem("RESOLUCION_DE_DOS_PERSONAS", where, seen,
                                 "La votación la cuenta otra persona."))  # fmt: skip
    _require_grounds(row)
    count = selectors.tally(row)
    step = step_of("resolucion", row.estado, "aprobar" if count.aprueba else "rechazar", where)
    if not count.alcanza:
        raise ActRefused(Problem("SIN_QUORUM", where, f"Votaron {count.presentes} de {count.integrantes}.",
                                 f"Hacen falta {count.quorum} (LGIPE 41.1)."))  # fmt: skip
    return count, step


def _require_grounds(row: Resolucion) -> None:
    """Refuse to vote what rests on law that nobody read nor confirmed. Raises ActRefused.

    What it rests on stays as it is read here until the act enters.
    """
    hold(BASES, shared=True)
    if problems := check_grounds(row):
        raise ActRefused(*problems)


def _open_row(conclusion: Conclusion, act: str, by: Usuario) -> Conclusion:
    lock_sujeto(conclusion.dictamen.sujeto_id)
    _require(by, "dictaminar", f"conclusión {conclusion.clave}", "dictaminar")
    row = Conclusion.objects.get(pk=conclusion.pk)
    step_of("conclusion", "cerrada" if row.cerrada_el else "abierta", act, f"conclusión {row.clave}")
    return row


def _lock_resolucion(resolucion: Resolucion) -> Resolucion:
    rows = Resolucion.objects.select_for_update(no_key=True, of=("self",)).select_related("dictamen__etapa__proceso")
    return rows.get(pk=resolucion.pk)


def _lock(kind: str) -> None:
    """One at a time takes a number of a kind; the lock ends with the transaction."""
    hold(f"proceedings.{kind}")


def _next_number(kind: str, used: Iterable[str]) -> str:
    form, anio = str(acts()["numeros"][kind]), clock.today().year
    tail = form[form.index("}") + 1 :].format(anio=anio)
    return form.format(n=sum(numero.endswith(tail) for numero in used) + 1, anio=anio)


def _require(by: Usuario, act: str, where: str, words: str) -> None:
    if not may_still(by, act):
        raise ActRefused(Problem("SIN_ATRIBUCION", where, f"{by.nombre} no tiene nombramiento para {words}.",
                                 "Pida el acto a quien lo tiene."))  # fmt: skip


def _too_late(oficio: Oficio, where: str) -> Problem:
    return Problem("RESPUESTA_FUERA_DE_PLAZO", where,
                   f"El plazo venció el {due_day(oficio.vence_el)} a las {legal_hour(oficio.vence_el)}.",
                   "Lo que no se respondió se resuelve con lo que obra en el expediente (LGPP 80.1).")  # fmt: skip
