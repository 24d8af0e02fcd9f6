"""Block the closing of a dictamen or a sanction while anything is incomplete [LGPP 81.1].

Courts annul when finding, annex, conclusion and sanction cannot be traced to each other, when an answer was not
weighed, or when one operation is punished twice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Count, Q

from sif.audit.models import Corrida, Hallazgo
from sif.audit.review_selectors import UNDECIDED, with_review
from sif.audit.selectors import to_notify
from sif.audit.services import rules_of
from sif.proceedings.appraisals import Told, last_told, told_words
from sif.proceedings.concurrence import check_concurrence
from sif.proceedings.machine import acts
from sif.proceedings.models import AnalisisConclusion, Conclusion, ConclusionCerrada, Dictamen, Oficio
from sif.proceedings.selectors import conclusiones_of, last_answers, oficio_of, untold_results
from sif.proceedings.terms import hearing_article, informing_article, report_due, unappraised
from sif.proceedings.wording import legal_day
from sif.registry.eyes import not_another
from sif.registry.models import Etapa, SujetoObligado, Usuario
from sif.values import Money, Problem

NAMED = 10
"""Rules that a run did not ask and that a refusal names."""
_NO_ANSWER = re.compile(r"\b(?:no|sin)\b[^.]*\b(?:respuesta|respond|contest)", re.IGNORECASE)


def says_no_answer(text: str) -> bool:
    """Return whether a text says in words that there was no answer."""
    return _NO_ANSWER.search(text) is not None


def check_judgement(conclusion: Conclusion, written: AnalisisConclusion | None = None) -> list[Problem]:
    """Return the faults of the analysis that keep a conclusion from closing, in the new version or the last one.

    The analysis needs the answer considered, words, a reference and an amount within the observed amount.
    """
    answered = conclusion.observacion_id in last_answers([conclusion.observacion])
    judged = written or conclusion.ultimo
    return [*_judgement(conclusion, judged, answered), *_against_the_told(conclusion, judged)]


def _against_the_told(conclusion: Conclusion, written: AnalisisConclusion, told: Told | None = None) -> list[Problem]:
    """Refuse to leave unattended what its subject was told as cured: nobody is sanctioned for it [LGPP 80.1.b.III].

    told: what the subject was last told of its answers, where it was read already.
    """
    told = last_told(conclusion.dictamen.etapa, conclusion.dictamen.sujeto) if told is None else told
    if conclusion.observacion_id not in told:
        return []
    oficio, appraisal = told[conclusion.observacion_id]
    if not appraisal.subsana:
        return []
    if written.referencia != Conclusion.Referencia.NO_ATENDIDA:
        return []
    return [
        Problem(
            "CONCLUSION_YA_SUBSANADA",
            f"conclusión {conclusion.clave}",
            f"{told_words(oficio, appraisal)}.",
            "Al sujeto se le informó que la subsanó: elija atendida o sin efectos.",
        )
    ]


def _judgement(conclusion: Conclusion, written: AnalisisConclusion, answered: bool) -> Iterator[Problem]:
    where, observed = f"conclusión {conclusion.clave}", conclusion.observacion.monto
    considered = written.respuesta_considerada.strip()
    if not considered:
        yield Problem(
            "CONCLUSION_SIN_RESPUESTA",
            where,
            "La respuesta considerada está vacía (LGPP 81.1.c).",
            "Diga qué respondió el sujeto o, si no respondió, dígalo con esas palabras.",
        )
    elif not answered and not says_no_answer(considered):
        yield Problem(
            "CONCLUSION_RESPUESTA_INEXISTENTE",
            where,
            "No hay respuesta registrada y el texto no lo dice.",
            "Escriba que el sujeto no presentó respuesta dentro del plazo.",
        )
    elif answered and says_no_answer(considered.split("«")[0]):
        yield Problem(
            "CONCLUSION_RESPUESTA_IGNORADA",
            where,
            "Hay una respuesta y el texto dice que no la hubo.",
            "Considere la respuesta presentada, en su última versión.",
        )
    yield from _end_of(written, where, observed)


def _end_of(written: AnalisisConclusion, where: str, observed: int) -> Iterator[Problem]:
    """The faults of how the observación ended: its analysis, its reference and what it leaves unattended."""
    if not written.analisis.strip():
        yield Problem(
            "CONCLUSION_SIN_ANALISIS",
            where,
            "El análisis está vacío (LGPP 81.1.a).",
            "Explique por qué la observación quedó atendida, sin efectos o no atendida.",
        )
    if written.referencia not in Conclusion.Referencia.values:
        yield Problem(
            "CONCLUSION_SIN_REFERENCIA",
            where,
            "No dice cómo terminó la observación.",
            "Elija una: atendida, sin efectos o no atendida.",
        )
    if not 0 <= written.monto_no_atendido <= observed:
        yield Problem(
            "CONCLUSION_MONTO",
            where,
            f"Deja sin atender {Money(written.monto_no_atendido).in_pesos()} "
            f"y se observaron {Money(observed).in_pesos()}.",
            "El monto no atendido va de cero a lo observado.",
        )
    if written.referencia != Conclusion.Referencia.NO_ATENDIDA and written.monto_no_atendido:
        yield Problem(
            "CONCLUSION_MONTO",
            where,
            f"Una observación «{written.get_referencia_display()}» deja "
            f"{Money(written.monto_no_atendido).in_pesos()} sin atender.",
            "Ponga el monto en cero, o «no atendida».",
        )


def check_dictamen(dictamen: Dictamen) -> list[Problem]:
    """Return every problem that keeps a dictamen from closing, and its resolución from being drawn."""
    conclusions = conclusiones_of(dictamen)
    answers = last_answers([row.observacion for row in conclusions])
    told = last_told(dictamen.etapa, dictamen.sujeto)
    found: list[Problem] = []
    for row in conclusions:
        found += _judgement(row, row.ultimo, row.observacion_id in answers)
        found += _against_the_told(row, row.ultimo, told)
        if row.cerrada_el is None:
            found.append(
                Problem(
                    "CONCLUSION_ABIERTA",
                    f"conclusión {row.clave}",
                    "Sigue abierta.",
                    "Ciérrela cuando tenga respuesta considerada, análisis y referencia.",
                )
            )
    return [*found, *_orphans(dictamen, conclusions), *_twice(dictamen, conclusions)]


def check_reviewed(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return what keeps the review of the last report of a subject from being concluded [LGPP 80.1.d.IV].

    The oficio of the whole stage concludes it. Without one it is asked before the dictamen opens: afterwards nothing
    can be adopted.
    """
    return [] if oficio_of(etapa, sujeto) is not None else check_whole_review(etapa, sujeto)


def check_whole_review(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return what a review of every report of a subject lacks to be whole [LGPP 80.1.d.IV].

    It takes a run of every rule of the stage over books cut after the day on which the last report was due, until whose
    end it may still arrive, with every hallazgo of the subject that it or a later one found decided.
    """
    where, (due, base) = f"dictamen de {sujeto.siglas}", report_due(etapa)
    wanted = {rule.id for rule in rules_of(etapa)}
    every = Corrida.objects.filter(instantanea__etapa=etapa).select_related("instantanea").order_by("-pk")
    later = every.filter(instantanea__corte_el__gt=due)
    whole = later.annotate(todas=Count("reglas", filter=Q(reglas__regla__in=wanted))).filter(todas=len(wanted)).first()
    if whole is None:
        seen = _lacking(later.first(), wanted) or _too_soon(every.first())
        told = f"{seen} El último informe venció el {legal_day(due)} ({base}) y nadie lo ha revisado completo."
        cure = (
            "Pida una corrida en «Corridas», con «Congelar y correr»: congela los libros y pregunta todas las reglas."
        )
        return [Problem("DICTAMEN_SIN_REVISION", where, told, cure)]
    found = Hallazgo.objects.filter(corrida__in=later.filter(pk__gte=whole.pk), contabilidad__sujeto=sujeto)
    found = with_review(found.filter(estado="hallazgo"), etapa)
    left = found.filter(UNDECIDED).values("asunto").distinct().count()
    if not left:
        return []
    told = f"Faltan {left} hallazgos por decidir." if left > 1 else "Falta 1 hallazgo por decidir."
    told = (
        f"{told} Son de la corrida de todas las reglas al {legal_day(whole.instantanea.corte_el)}, o de una posterior."
    )
    return [Problem("DICTAMEN_CON_HALLAZGOS", where, told, "Adopte o deseche cada uno, y notifique lo que adopte.")]


def check_appraised(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return that nobody told a subject whether what it answered to its oficio cures what was observed.

    In the review of annual reports the Unidad Técnica is obliged to tell it, and to give, in its case, a term to cure
    the rest [LGPP 80.1.b.III]. A subject that answered nothing may have rectified its books, and is told all the same.
    """
    first = unappraised(etapa).filter(sujeto=sujeto).first()
    if first is None:
        return []
    told = f"Nadie ha informado al sujeto si lo que aclaró o rectificó subsana lo que observa el oficio {first.numero}."
    return [_to_inform("RESPUESTA_SIN_VALORAR", first, told, informing_article(etapa))]


def check_result_told(etapa: Etapa, sujeto: SujetoObligado) -> list[Problem]:
    """Return that nobody told a subject the result of its answers to a second oficio.

    The Unidad Técnica informs it before the term of the dictamen ends [LGPP 80.1.b.III].
    """
    last = untold_results(etapa).filter(sujeto=sujeto).first()
    if last is None:
        return []
    told = f"Nadie ha informado al sujeto el resultado de lo que respondió al segundo oficio {last.numero}."
    return [_to_inform("RESULTADO_SIN_INFORMAR", last, told, hearing_article(last))]


def _to_inform(codigo: str, oficio: Oficio, told: str, article: str) -> Problem:
    cure = f"En ese oficio, «Valorar las respuestas»: una persona lo propone y otra lo emite ({article})."
    return Problem(codigo, f"oficio {oficio.numero}", told, cure)


def _lacking(run: Corrida | None, wanted: set[str]) -> str:
    """Return in words which rules a run did not ask; nothing where there is no run."""
    if run is None:
        return ""
    ran = set(run.reglas.values_list("regla", flat=True))
    missing = sorted(wanted - ran)
    names = ", ".join(missing[:NAMED]) + (f" y {len(missing) - NAMED} más" if len(missing) > NAMED else "")
    day = legal_day(run.instantanea.corte_el)
    return f"A la última corrida, al {day}, le faltan {len(missing)} de las {len(wanted)} reglas de la etapa: {names}."


def _too_soon(run: Corrida | None) -> str:
    """Return in words the day to which the last run of a stage is, or that there is none."""
    return f"La última corrida es al {legal_day(run.instantanea.corte_el)}." if run else "No hay una corrida."


def _twice(dictamen: Dictamen, conclusions: Sequence[Conclusion]) -> list[Problem]:
    """Return the double-sanction problems of an open dictamen; a closed one was judged by the gate of its day."""
    return check_concurrence(conclusions) if dictamen.cerrado_el is None else []


def _orphans(dictamen: Dictamen, conclusions: Iterable[Conclusion]) -> Iterator[Problem]:
    told = Oficio.objects.filter(etapa=dictamen.etapa, sujeto=dictamen.sujeto)
    notified = set(told.values_list("observaciones", flat=True))
    concluded = {row.observacion_id for row in conclusions}
    for row in to_notify(dictamen.etapa, dictamen.sujeto):
        where = f"observación {row.numero}"
        if row.pk not in notified:
            yield Problem(
                "OBSERVACION_SIN_NOTIFICAR",
                where,
                "Se adoptó y no está en ningún oficio.",
                "Lo que no se notificó no se concluye ni se sanciona (LGPP 80.1): déjela sin efecto desde su página.",
            )
        elif row.pk not in concluded:
            yield Problem(
                "OBSERVACION_HUERFANA",
                where,
                "Se notificó y ninguna conclusión la resuelve.",
                "Cada observación notificada termina en una conclusión.",
            )


def check_other_eye(dictamen: Dictamen, by: Usuario) -> list[Problem]:
    """That who closes a dictamen neither opened it nor closed a conclusion: what one judged another closes."""
    if seen := not_another(dictamen.abierto_por, by, "lo abrió"):
        return [
            Problem(
                "DICTAMEN_DE_DOS_PERSONAS",
                f"dictamen {dictamen.numero}",
                seen,
                "El dictamen lo cierra otra persona que quien lo abrió.",
            )
        ]
    closed = ConclusionCerrada.objects.filter(conclusion__dictamen=dictamen).select_related("conclusion", "cerrada_por")
    for each in closed.order_by("cerrada_por", "conclusion__clave").distinct("cerrada_por"):
        if seen := not_another(each.cerrada_por, by, "la cerró"):
            return [
                Problem(
                    "DICTAMEN_DE_DOS_PERSONAS",
                    f"conclusión {each.conclusion.clave}",
                    seen,
                    "El dictamen lo cierra otra persona que quien cerró sus conclusiones.",
                )
            ]
    return []


def check_apart(dictamen: Dictamen, by: Usuario, day: date) -> list[Problem]:
    """That who analysed does not draw the resolución, from the days on which the authority keeps both apart.

    Who wrote any version of an analysis, closed its conclusion or closed the dictamen analysed; another account is not
    another person until it is known (`eyes.not_another`).
    """
    spans = [row for row in acts()["analiza_y_resuelve"] if row["desde"] <= day]
    if not spans or max(spans, key=lambda row: row["desde"])["regla"] != "aparte":
        return []
    for where, who, did in _analysts(dictamen):
        if seen := not_another(who, by, did):
            cure = "El proyecto lo elabora quien no analizó: pídalo al área de resoluciones."
            return [Problem("RESOLUCION_DE_QUIEN_ANALIZA", where, seen, cure)]
    return []


def _analysts(dictamen: Dictamen) -> Iterator[tuple[str, Usuario, str]]:
    """Yield each person who analysed a dictamen, with where and what they did: once, at the first place."""
    told: set[int] = set()
    rows = dictamen.conclusiones.select_related("cierre__cerrada_por").prefetch_related("versiones__hecho_por")
    for row in rows.order_by("clave"):
        wrote = [(each.hecho_por, "la analizó") for each in row.versiones.all()]
        for who, did in [*wrote, (row.cerrada_por, "la cerró")]:
            if who is not None and who.pk not in told:
                told.add(who.pk)
                yield f"conclusión {row.clave}", who, did
    if dictamen.cerrado_por is not None and dictamen.cerrado_por.pk not in told:
        yield f"dictamen {dictamen.numero}", dictamen.cerrado_por, "lo cerró"
