"""Leave without effect an observación that an oficio notified, and tell its subject, before its dictamen opens.

Who issues oficios undoes what one of them notified. What was answered is kept; nothing more is asked of it, and the
dictamen says that it was left without effect, when and why [LGPP 81.1].
"""

from sif.audit.models import Observacion, ObservacionSinEfecto
from sif.notices.services import deliver
from sif.notices.sheet import fact, paragraph, section
from sif.proceedings.appraisals import appraisals_of
from sif.proceedings.drawn import keep_document
from sif.proceedings.machine import acts, require
from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.oficio_sheet import stage_words
from sif.proceedings.proposing import stand_over, waiting_proposal
from sif.proceedings.terms import hearing_article
from sif.proceedings.wording import legal_day
from sif.registry import clock, trail
from sif.registry.closed import refuse_closed_stage
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa, lock_sujeto
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.values import Problem, Refused, refusal

MOST_WORDS = 500


def withdraw_observacion(observacion: Observacion, motivo: str, by: Usuario) -> ObservacionSinEfecto:
    """Leave a notified observación without effect: its document, its notice to the subject and its reason, or nothing.

    A second oficio that waits to be issued and appraises its answer is withdrawn: it is proposed again without it.
    Raises Refused as `check_withdraw`, and without a reason of at most 500 letters.
    """
    where, reason = f"observación {observacion.numero}", motivo.strip()
    with acting():
        refuse_closed_stage(lock_etapa(observacion.etapa_id))
        lock_sujeto(observacion.sujeto_id)
        oficio = check_withdraw(observacion, by)
        if not reason or len(reason) > MOST_WORDS:
            told = f"El motivo tiene {len(reason)} letras." if reason else "Falta el motivo."
            cure = f"Diga por qué ya no procede, en {MOST_WORDS} letras o menos: el sujeto y el dictamen lo dicen."
            raise refusal("SIN_EFECTO_MOTIVO", where, told, cure)
        before = waiting_proposal(observacion.etapa, observacion.sujeto)
        if before is not None and observacion.pk in appraisals_of(before):
            stand_over(before, "", where, by)
        numero = f"{oficio.numero}/SE{observacion.numero}"
        documento = keep_document(numero, _data(observacion, oficio, numero, reason, by))
        told = f"Queda sin efecto la observación {observacion.numero} del oficio {oficio.numero}"
        row = ObservacionSinEfecto.objects.create(
            observacion=observacion,
            notificacion=deliver(observacion.sujeto, told, numero, documento.pdf_sha256, by=by),
            motivo=reason,
            hecho_el=clock.now(),
            hecho_por=by,
        )
        trail.act("dejar_observacion_sin_efecto", by, row)
        return row


def check_withdraw(observacion: Observacion, by: Usuario) -> Oficio:
    """Return the oficio that notified an observación which the person may leave without effect now. Raises Refused.

    It is refused to who does not issue oficios or adopted it, twice, before it was notified, and once its dictamen
    opened, which concludes it.
    """
    where = f"observación {observacion.numero}"
    require(by, "emitir_oficio", where, "dejar sin efecto lo que se notificó")
    oficio = observacion.oficios.order_by("pk").first()
    if oficio is None:
        cure = "Déjela sin efecto desde su página: no hay a quién avisar."
        raise refusal("SIN_EFECTO_SIN_NOTIFICAR", where, "Ningún oficio la notificó.", cure)
    if ObservacionSinEfecto.objects.filter(observacion=observacion).exists():
        told, cure = "Ya quedó sin efecto.", "No hace falta nada más: no se escribió nada nuevo."
        raise refusal("SIN_EFECTO_YA", where, told, cure)
    dictamen = Dictamen.objects.filter(etapa=observacion.etapa_id, sujeto=observacion.sujeto_id).first()
    if dictamen is not None:
        told = f"Su dictamen {dictamen.numero} se abrió el {legal_day(dictamen.abierto_el)}."
        state = "no cambia" if dictamen.cerrado_el else "concluya en él la observación, como atendida o sin efectos"
        raise refusal("SIN_EFECTO_TRAS_DICTAMEN", where, told, f"El dictamen ya la resuelve: {state}.")
    if seen := not_another(observacion.adoptada_por, by, "la adoptó"):
        raise Refused(Problem("SIN_EFECTO_DE_DOS_PERSONAS", where, seen, "La deja sin efecto otra persona."))
    return oficio


def _data(row: Observacion, oficio: Oficio, numero: str, reason: str, by: Usuario) -> dict[str, object]:
    """Return the content of the document by which a subject is told that an observación was left without effect."""
    organs, sujeto, several = acts()["organos"], row.sujeto, row.oficios.order_by("pk")
    return {
        "organo": f"{organs['auditoria']} · {organs['direccion']}",
        "titulo": "Observación que queda sin efecto",
        "numero": numero,
        "asunto": f"Observación {row.numero} de {stage_words(row.etapa)}, {sujeto.nombre}",
        "lugar_fecha": f"{organs['lugar']}, {legal_day(clock.now())}",
        "proyecto": False,
        "recuadro": [],
        "destinatario": ["Responsable de Finanzas", f"{sujeto.nombre} ({sujeto.siglas})", "Presente"],
        "secciones": [
            section(
                "Lo que queda sin efecto",
                fact("Observación", f"{row.numero}. {row.titulo}"),
                fact(
                    "La notificó",
                    "; ".join(f"el oficio {each.numero}, el {legal_day(each.notificado_el)}" for each in several),
                ),
                fact("Por qué", reason),
            ),
            section(
                "Qué sigue",
                paragraph(
                    "Ya no necesita responderla; lo que haya respondido se conserva. No tendrá conclusión ni sanción, "
                    "y el dictamen dirá que quedó sin efecto y por qué. Los plazos de lo demás que el oficio observa "
                    "no cambian.",
                    hearing_article(oficio),
                ),
            ),
        ],
        "firma": [by.nombre, organs["direccion"], organs["auditoria"]],
    }
