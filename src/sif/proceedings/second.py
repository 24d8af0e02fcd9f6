"""Propose and issue the second oficio: whether each answer cures what was observed, and a term to cure the rest.

The Unidad Técnica must tell a party whether its answers cure the errors and omissions, and give it five days, which
are not extended, to cure what they did not; before the term of the dictamen ends it informs likewise of the result
[LGPP 80.1.b.III]: the oficio that does so follows the second one as that followed the first.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sif.audit.models import Observacion
from sif.law.calendar import Term
from sif.proceedings import selectors
from sif.proceedings.appraisals import Appraisal, appraisals_of
from sif.proceedings.machine import require
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.notifying import notify
from sif.proceedings.numbering import hold_numbers, next_number
from sif.proceedings.proposing import (
    check_no_dictamen,
    require_proposer,
    require_read,
    stand_over,
    waiting_proposal,
)
from sif.proceedings.second_sheet import second_data
from sif.proceedings.terms import informing_article, last_second_day, second_deadline, second_term
from sif.proceedings.wording import due_day, legal_day
from sif.registry import clock
from sif.registry.closed import refuse_closed_stage
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa, lock_sujeto
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.values import Problem, Refused, refusal

MOST_WORDS = 4000


def check_second(primero: Oficio) -> Term:
    """Return the term of the answer to the second oficio that may follow an oficio now. Raises Refused.

    What follows a second oficio that was answered informs the result, and grants no term. What the dictamen waits for
    is late after the last day of the dictamen, and is issued all the same.
    """
    where = f"oficio {primero.numero}"
    term = second_term(primero.etapa)
    if term is None:
        raise refusal(
            "SIN_SEGUNDO_OFICIO",
            where,
            "La ley da un segundo oficio en la revisión de informes anuales (LGPP 80.1.b.III), no en ésta.",
            "Abra el dictamen: pesa ahí lo que el sujeto respondió.",
        )
    made, again = selectors.second_of(primero), primero.primero_id is not None
    if made is not None or (again and not primero.da_plazo):
        raise refusal(
            "SEGUNDO_OFICIO_YA_EMITIDO",
            where,
            f"Lo que se le informó está en el oficio {(made or primero).numero}.",
            "La ley no da otro plazo: después sigue el dictamen.",
        )
    if selectors.oficio_state(primero) != "vencido":
        raise refusal(
            "SEGUNDO_OFICIO_ANTES",
            where,
            f"El sujeto puede responder hasta el {due_day(primero.vence_el)}.",
            "Valore sus respuestas cuando ese plazo termine.",
        )
    check_no_dictamen(primero.etapa, primero.sujeto)
    if not selectors.standing_of(primero).exists():
        raise refusal(
            "SEGUNDO_OFICIO_SIN_OBSERVACIONES",
            where,
            "Todas sus observaciones quedaron sin efecto.",
            "No hay qué valorar: abra el dictamen.",
        )
    owed = again or informing_article(primero.etapa)
    if not owed and clock.today() > (last := last_second_day(primero, term)):
        raise refusal(
            "SEGUNDO_OFICIO_TARDE",
            where,
            f"El plazo para elaborar el dictamen venció el {legal_day(last)}.",
            "Abra el dictamen: pesa ahí lo que el sujeto respondió.",
        )
    return term


def may_follow(primero: Oficio) -> bool:
    """Return whether a second oficio may follow an oficio now."""
    try:
        check_second(primero)
    except Refused:
        return False
    return True


def propose_second(primero: Oficio, appraisals: Iterable[Appraisal], by: Usuario) -> OficioPropuesto:
    """Propose a second oficio with an appraisal of every observación of the first; another person issues it.

    A proposal of other words stands over the older one, which is withdrawn. Raises Refused.
    """
    where = f"oficio {primero.numero}"
    with acting():
        refuse_closed_stage(lock_etapa(primero.etapa_id))
        lock_sujeto(primero.sujeto_id)
        require_proposer(by, where)
        check_second(primero)
        given = list(appraisals)
        if problems := list(_problems(primero, given)):
            raise Refused(*problems)
        said = [asdict(each) for each in sorted(given, key=lambda each: each.observacion)]
        huella = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        stand_over(waiting_proposal(primero.etapa, primero.sujeto), huella, where, by)
        return OficioPropuesto.objects.create(
            etapa=primero.etapa,
            sujeto=primero.sujeto,
            huella=huella,
            propuesto_el=clock.now(),
            propuesto_por=by,
            primero=primero,
            valoraciones=said,
        )


def _problems(primero: Oficio, given: Sequence[Appraisal]) -> Iterable[Problem]:
    rows: Mapping[int, Observacion] = selectors.standing_of(primero).in_bulk()
    said = {each.observacion: each for each in given}
    if len(said) != len(given) or said.keys() - rows.keys():
        yield Problem(
            "VALORACION_AJENA",
            f"oficio {primero.numero}",
            "Se valoró dos veces una observación, o una que el oficio no notificó o que quedó sin efecto.",
            "Valore una vez cada observación del primer oficio que sigue en pie.",
        )
    for pk, row in rows.items():
        each = said.get(pk)
        if each is None or not each.razon.strip():
            yield Problem(
                "VALORACION_SIN_RAZON",
                f"observación {row.numero}",
                "No se dijo si la respuesta la subsana, o por qué.",
                "Diga de cada observación si se subsanó y escriba la razón: el sujeto la lee.",
            )
        elif len(each.razon) > MOST_WORDS:
            yield Problem(
                "VALORACION_LARGA",
                f"observación {row.numero}",
                f"La razón tiene {len(each.razon)} letras.",
                f"Resúmala en {MOST_WORDS}.",
            )


def check_issue_second(primero: Oficio, by: Usuario, propuesta: int | None = None) -> tuple[Term, OficioPropuesto]:
    """Return the term and the proposal of the second oficio that a person may issue now. Raises Refused.

    propuesta: the number of the proposal that the person read, where somebody read one.
    """
    where = f"oficio {primero.numero}"
    require(by, "emitir_oficio", where, "emitir oficios")
    refuse_closed_stage(primero.etapa)
    term, before = check_second(primero), waiting_proposal(primero.etapa, primero.sujeto)
    if before is None or before.primero_id != primero.pk:
        raise refusal(
            "OFICIO_SIN_PROPUESTA",
            where,
            "Nadie ha propuesto el segundo oficio.",
            "Lo propone una persona y lo emite otra: valore las respuestas.",
        )
    if seen := not_another(before.propuesto_por, by, "propuso este oficio"):
        raise Refused(
            Problem("OFICIO_DE_DOS_PERSONAS", where, seen, "Lo emite otra persona; quien lo propuso puede retirarlo.")
        )
    require_read(before, propuesta, where)
    return term, before


def issue_second(primero: Oficio, by: Usuario, propuesta: int | None = None) -> Oficio:
    """Notify the second oficio: what was cured, what was not, and the term to cure it, with its own correction.

    Where all was cured, or where it follows a second oficio, it informs so, and grants no term and opens no correction.

    Another person proposed it. Raises Refused as `check_issue_second`.
    """
    with acting():
        refuse_closed_stage(lock_etapa(primero.etapa_id))
        lock_sujeto(primero.sujeto_id)
        hold_numbers("oficio")
        term, propuesto = check_issue_second(primero, by, propuesta)
        moment = clock.now()
        said, observed = appraisals_of(propuesto), selectors.standing_of(primero)
        # What follows a second oficio informs: the law gives no other term.
        left = [each for each in observed if not said[each.pk].subsana] if primero.primero_id is None else []
        due = second_deadline(term, moment.date()) if left else moment
        numero = next_number("oficio", Oficio.objects.values_list("numero", flat=True))
        row = Oficio(
            etapa=primero.etapa,
            sujeto=primero.sujeto,
            numero=numero,
            notificado_el=moment,
            vence_el=due,
            propuesto=propuesto,
            primero=primero,
        )
        reasons = {pk: (each.subsana, each.razon.strip()) for pk, each in said.items()}
        return notify(row, left, second_data(row, term, reasons, by), by)
