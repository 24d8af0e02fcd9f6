"""Propose an oficio and issue it by another person, unless it changed meanwhile."""

import hashlib
import json
from collections.abc import Sequence

from sif.audit.models import Observacion
from sif.proceedings import selectors
from sif.proceedings.machine import step_of
from sif.proceedings.models import Dictamen, OficioPropuesto, OficioRetirado
from sif.proceedings.terms import check_after_report, check_periods
from sif.proceedings.unseen import check_seen
from sif.proceedings.wording import legal_day
from sif.registry import clock
from sif.registry.closed import refuse_closed_stage
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa, lock_sujeto
from sif.registry.models import Etapa, Periodo, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may, may_still
from sif.values import Problem, Refused


def content_digest(observaciones: Sequence[Observacion], periodo: Periodo | None = None) -> str:
    """Digest what an oficio would notify: number, words, request, amount and hallazgos of each observación.

    periodo: the last one that it reviews, where it is not the last of the stage; it is digested too.
    """
    found: dict[int, list[tuple[int]]] = {}
    pairs = Observacion.hallazgos.through.objects.filter(observacion__in=observaciones)
    for row, hallazgo in pairs.order_by("hallazgo").values_list("observacion", "hallazgo"):
        found.setdefault(row, []).append((hallazgo,))
    rows: list[object] = [
        [row.pk, row.numero, row.texto, row.solicitud, row.monto, *found.get(row.pk, ())] for row in observaciones
    ]
    rows += [periodo.pk] if periodo else []
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def waiting_proposal(etapa: Etapa, sujeto: SujetoObligado) -> OficioPropuesto | None:
    """Return the proposal of oficio of a subject that nobody withdrew or issued, or None."""
    rows = OficioPropuesto.objects.filter(etapa=etapa, sujeto=sujeto, retirado__isnull=True, oficio__isnull=True)
    return rows.select_related("propuesto_por", "periodo").order_by("-pk").first()


def check_notifiable(etapa: Etapa, sujeto: SujetoObligado, periodo: Periodo | None, where: str) -> list[Observacion]:
    """Return what the next oficio of a subject would notify now: of its reports up to a period, or of all of them.

    Raises Refused once the stage was reviewed or the dictamen opened, before a report that it reviews is due, for a
    period that is of another oficio, where there is nothing to notify, and where the run has not seen a report.
    """
    step = step_of("oficio", selectors.oficio_state(selectors.oficio_of(etapa, sujeto)), "emitir", where)
    check_no_dictamen(etapa, sujeto)
    check_periods(etapa, periodo, selectors.reviewed_until(etapa, sujeto), where)
    check_after_report(etapa, clock.today(), where, periodo=periodo)
    observaciones = list(selectors.left_to_notify(etapa, sujeto, periodo))
    if not observaciones:
        raise Refused(nothing_to_notify(sujeto, step.articulo, periodo))
    if unseen := check_seen(etapa, sujeto, periodo, observaciones):
        raise Refused(*unseen)
    return observaciones


def propose_oficio(
    etapa: Etapa, sujeto: SujetoObligado, by: Usuario, periodo: Periodo | None = None
) -> OficioPropuesto:
    """Propose to notify the observaciones of a subject as they stand; another person issues the oficio.

    periodo: the last one that it reviews, where another oficio reviews the rest. A proposal of other words stands over
    the older one, which is withdrawn. Raises Refused when the person may not, before the report is due, about nothing,
    or when the same was already proposed.
    """
    where = f"oficio de {sujeto.siglas}"
    with acting():
        refuse_closed_stage(lock_etapa(etapa.pk))
        lock_sujeto(sujeto.pk)
        require_proposer(by, where)
        huella = content_digest(check_notifiable(etapa, sujeto, periodo, where), periodo)
        stand_over(waiting_proposal(etapa, sujeto), huella, where, by)
        return OficioPropuesto.objects.create(
            etapa=etapa, sujeto=sujeto, huella=huella, propuesto_el=clock.now(), propuesto_por=by, periodo=periodo
        )


def require_proposer(by: Usuario, where: str) -> None:
    """Raise Refused for whoever neither audits nor issues oficios."""
    if not (may_still(by, "auditar") or may(by, "emitir_oficio")):
        told = f"{by.nombre} no puede proponer oficios."
        raise Refused(Problem("SIN_ATRIBUCION", where, told, "Pida el acto a quien audita."))


def stand_over(before: OficioPropuesto | None, huella: str, where: str, by: Usuario) -> None:
    """Withdraw the proposal that waits of a subject, for another of other content or for an act that takes its place.

    Raises Refused for a proposal of the same content.
    """
    if before is None:
        return
    if before.huella == huella:
        told = f"Ya lo propuso {before.propuesto_por.nombre}."
        cure = "Emítalo otra persona, o retírelo quien lo propuso."
        raise Refused(Problem("OFICIO_YA_PROPUESTO", where, told, cure))
    OficioRetirado.objects.create(propuesto=before, retirado_el=clock.now(), retirado_por=by)


def require_read(found: OficioPropuesto, propuesta: int | None, where: str) -> None:
    """Raise Refused where the proposal that waits is not the one that a person read, if they read one."""
    if propuesta is not None and found.pk != propuesta:
        told = "La propuesta cambió después de que usted la leyó."
        raise Refused(Problem("OFICIO_CAMBIO", where, told, "Lea la que espera ahora antes de emitirla."))


def withdraw_oficio(etapa: Etapa, sujeto: SujetoObligado, by: Usuario) -> OficioRetirado:
    """Take back one's own proposal of oficio before it is issued. Raises Refused."""
    where = f"oficio de {sujeto.siglas}"
    with acting():
        lock_sujeto(sujeto.pk)
        before = waiting_proposal(etapa, sujeto)
        if before is None or before.propuesto_por_id != by.pk:
            raise Refused(
                Problem(
                    "OFICIO_SIN_PROPUESTA",
                    where,
                    f"{by.nombre} no tiene una propuesta que retirar.",
                    "Retira la propuesta quien la hizo, mientras no se emita.",
                )
            )
        return OficioRetirado.objects.create(propuesto=before, retirado_el=clock.now(), retirado_por=by)


def checked_proposal(
    etapa: Etapa, sujeto: SujetoObligado, observaciones: Sequence[Observacion], by: Usuario
) -> OficioPropuesto:
    """Return the proposal that a person may issue: of somebody else, and of what stands now. Raises Refused."""
    where, before = f"oficio de {sujeto.siglas}", waiting_proposal(etapa, sujeto)
    if before is None:
        raise Refused(
            Problem(
                "OFICIO_SIN_PROPUESTA",
                where,
                "Nadie ha propuesto este oficio.",
                "Un oficio lo propone una persona y lo emite otra: propóngalo.",
            )
        )
    if seen := not_another(before.propuesto_por, by, "propuso este oficio"):
        raise Refused(
            Problem("OFICIO_DE_DOS_PERSONAS", where, seen, "Lo emite otra persona; quien lo propuso puede retirarlo.")
        )
    if before.huella != content_digest(observaciones, before.periodo):
        raise Refused(
            Problem(
                "OFICIO_CAMBIO",
                where,
                "Sus observaciones cambiaron después de proponerse.",
                "Revíselas y propóngalo de nuevo; lo emite otra persona.",
            )
        )
    return before


def check_no_dictamen(etapa: Etapa, sujeto: SujetoObligado) -> None:
    """Refuse an oficio once the dictamen of its subject and stage exists. Raises Refused."""
    dictamen = Dictamen.objects.filter(etapa=etapa, sujeto=sujeto).first()
    if dictamen is not None:
        raise Refused(
            Problem(
                "OFICIO_TRAS_DICTAMEN",
                f"oficio de {sujeto.siglas}",
                f"Su dictamen {dictamen.numero} se abrió el {legal_day(dictamen.abierto_el)}.",
                "Lo que no se notificó antes no se concluye (LGPP 80.1): deje sin efecto sus "
                "observaciones desde su página.",
            )
        )


def nothing_to_notify(sujeto: SujetoObligado, articulo: str, periodo: Periodo | None) -> Problem:
    """Return the problem of an oficio without observaciones, of the reports up to a period or of all of them."""
    where, least = f"oficio de {sujeto.siglas}", f"Un oficio notifica al menos una ({articulo})"
    if periodo is not None:
        told = f"No hay observaciones adoptadas que sean sólo de informes hasta el periodo {periodo.numero}."
        return Problem("SIN_OBSERVACIONES", where, told, f"{least}: lo demás lo notifica el de un periodo posterior.")
    told = "No hay observaciones adoptadas."
    return Problem("SIN_OBSERVACIONES", where, told, f"{least}; si no las hay, abra el dictamen.")
