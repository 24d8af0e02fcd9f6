"""Share out, comment, propose, confirm, request and reword hallazgos before they are observaciones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Model, QuerySet

from sif.audit.models import (
    Asignacion,
    Asunto,
    Comentario,
    Hallazgo,
    Observacion,
    ObservacionSinEfecto,
    Pedido,
    PedidoRespondido,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
    Reparto,
)
from sif.audit.review_selectors import observaciones_by_key, standings, words_of
from sif.audit.services import DecisionRefused, adopt, check_no_dictamen, dismiss_each
from sif.registry import clock
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa, lock_sujeto, lock_sujetos
from sif.registry.masks import uncovered
from sif.registry.models import Etapa, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may, may_still
from sif.values import Refused

TEXT = 8_000  # characters of a comment, a request or a wording
_SAME = (
    "etapa",
    "sujeto",
    "numero",
    "regla",
    "titulo",
    "solicitud",
    "fundamento",
    "criterio",
    "adoptada_el",
    "adoptada_por",
)
"""What no version of an observación changes."""
_DECISIONS = (Propuesta.Decision.ADOPTAR, Propuesta.Decision.DESECHAR, Propuesta.Decision.UNIR)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The result of confirming proposals: new observaciones, hallazgos joined to older ones, and dismissals."""

    observaciones: tuple[Observacion, ...]
    unidos: int
    desechados: int


def check_right(by: Usuario, act: str, words: str) -> None:
    """Refuse what `words` say to who has no appointment for it. Raises DecisionRefused."""
    if not may_still(by, act):
        raise DecisionRefused(f"{by.nombre} no tiene nombramiento para {words}. Pídalo a quien administra.")


def check_may(by: Usuario, acto: str) -> None:
    """Refuse an act of the queue to who may not do it. Raises DecisionRefused."""
    resolves = acto in ("confirmar", "devolver")
    check_right(by, "revisar" if resolves else "auditar", "resolver propuestas" if resolves else "revisar hallazgos")


def _text(seen: str, what: str) -> str:
    text = seen.replace("\r\n", "\n").strip()
    if not text:
        raise DecisionRefused(f"{what} está vacío. Escriba de qué se trata.")
    if len(text) > TEXT:
        raise DecisionRefused(f"{what} tiene {len(text):,} caracteres y caben {TEXT:,}. Redúzcalo.")
    return text


def _matters(hallazgos: Sequence[Hallazgo], by: Usuario, words: str) -> dict[int, Asunto]:
    """Lock the subjects of hallazgos and give the matter of each by its pk.

    Whether the person audits is asked again: the role may have ended while the lock was awaited.
    """
    asked = Hallazgo.objects.filter(pk__in=[each.pk for each in hallazgos])
    lock_sujetos(asked.values_list("contabilidad__sujeto_id", flat=True))
    check_right(by, "auditar", words)
    return {row.pk: row.asunto for row in asked.select_related("asunto")}


def assign(hallazgos: Sequence[Hallazgo], usuario: Usuario | None, by: Usuario) -> int:
    """Give hallazgos to one auditor, or to nobody; returns how many changed hands. Raises DecisionRefused."""
    check_right(by, "auditar", "asignar hallazgos")
    if usuario is not None and not may(usuario, "auditar"):
        raise DecisionRefused(f"{usuario.nombre} no audita: asigne a quien tenga nombramiento de auditoría.")
    with acting():
        matters = list(_matters(hallazgos, by, "asignar hallazgos").values())
        held = {row.asunto_id: row for row in Asignacion.objects.filter(asunto__in=matters, retirada_el__isnull=True)}
        moved = [
            each
            for each in matters
            if (held[each.pk].usuario_id if each.pk in held else None) != (usuario.pk if usuario else None)
        ]
        Asignacion.objects.filter(asunto__in=moved, retirada_el__isnull=True).update(retirada_el=clock.now())
        if usuario is not None:
            Asignacion.objects.bulk_create(
                Asignacion(asunto=each, usuario=usuario, asignada_el=clock.now(), asignada_por=by) for each in moved
            )
    return len(moved)


def distribute(etapa: Etapa, regla: str, sujeto: SujetoObligado | None, usuario: Usuario, by: Usuario) -> Reparto:
    """Give what a rule or a subject has, or both, to one auditor, in later runs too. Raises DecisionRefused."""
    check_right(by, "auditar", "repartir la revisión")
    if not regla and sujeto is None:
        raise DecisionRefused("Un reparto pide una regla, un sujeto o ambos. Elija al menos uno.")
    if not may(usuario, "auditar"):
        raise DecisionRefused(f"{usuario.nombre} no audita: reparta a quien tenga nombramiento de auditoría.")
    with acting():
        lock_etapa(etapa.pk)
        check_right(by, "auditar", "repartir la revisión")
        standing = Reparto.objects.filter(etapa=etapa, regla=regla, sujeto=sujeto, retirado_el__isnull=True)
        same = standing.filter(usuario=usuario).first()
        if same is not None:
            return same
        standing.update(retirado_el=clock.now())
        return Reparto.objects.create(
            etapa=etapa, regla=regla, sujeto=sujeto, usuario=usuario, hecho_el=clock.now(), hecho_por=by
        )


def end_distribution(reparto: Reparto, by: Usuario) -> None:
    """End a distribution; it stays written with its day. Raises DecisionRefused."""
    check_right(by, "auditar", "repartir la revisión")
    with acting():
        Reparto.objects.filter(pk=reparto.pk, retirado_el__isnull=True).update(retirado_el=clock.now())


def comment(hallazgo: Hallazgo, texto: str, by: Usuario) -> Comentario:
    """Write a comment, which nobody can change later. Raises DecisionRefused."""
    check_right(by, "auditar", "comentar")
    text = _text(texto, "El comentario")
    with acting():
        matter = _matters([hallazgo], by, "comentar")[hallazgo.pk]
        return Comentario.objects.create(asunto=matter, texto=text, hecho_el=clock.now(), hecho_por=by)


def ask(hallazgo: Hallazgo, destino: str, texto: str, by: Usuario) -> Pedido:
    """Write down what must be known before deciding and whom it is asked of. Raises DecisionRefused."""
    check_right(by, "auditar", "pedir información")
    if destino not in Pedido.Destino.values:
        raise DecisionRefused(f"«{destino}» no es a quien se pida. Elija uno de la lista.")
    text = _text(texto, "El pedido")
    with acting():
        matter = _matters([hallazgo], by, "pedir información")[hallazgo.pk]
        return Pedido.objects.create(asunto=matter, destino=destino, texto=text, pedido_el=clock.now(), pedido_por=by)


def answer(pedido: Pedido, respuesta: str, by: Usuario) -> PedidoRespondido:
    """Write what came, once. Raises DecisionRefused."""
    check_right(by, "auditar", "responder un pedido")
    text = _text(respuesta, "La respuesta")
    with acting():
        lock_sujeto(pedido.asunto.contabilidad.sujeto_id)
        check_right(by, "auditar", "responder un pedido")
        if PedidoRespondido.objects.filter(pedido=pedido).exists():
            raise DecisionRefused("El pedido ya tiene respuesta; escriba lo nuevo como comentario.")
        return PedidoRespondido.objects.create(pedido=pedido, texto=text, hecho_el=clock.now(), hecho_por=by)


def reword(hallazgo: Hallazgo, texto: str, by: Usuario) -> Redaccion | Propuesta:
    """Set the words an observación will say of a hallazgo; of one adopted, propose them for another person to confirm.

    Accounts that the text says covered, as pages and workbooks give them, are whole again. Raises DecisionRefused when
    the oficio was already notified, whose words do not change, when a proposal waits, or when a mask is of no account.
    """
    check_right(by, "auditar", "redactar")
    with acting():
        matter = _matters([hallazgo], by, "redactar")[hallazgo.pk]
        text = _text(_uncovered(hallazgo, texto), "El texto")
        observacion = observaciones_by_key([hallazgo]).get(hallazgo.pk)
        if observacion is not None and observacion.oficios.exists():
            raise DecisionRefused(
                f"La observación {observacion.numero} ya se notificó: su texto no cambia. Escriba un comentario."
            )
        if observacion is None:
            return Redaccion.objects.create(asunto=matter, texto=text, hecha_el=clock.now(), hecha_por=by)
        _check_none_waits([matter])
        return Propuesta.objects.create(
            asunto=matter,
            hallazgo=hallazgo,
            decision=Propuesta.Decision.REDACTAR,
            texto=text,
            observacion=observacion,
            propuesta_el=clock.now(),
            propuesta_por=by,
        )


def _uncovered(hallazgo: Hallazgo, texto: str) -> str:
    try:
        return uncovered(texto, words_of([hallazgo]).get(hallazgo.pk, hallazgo.mensaje))
    except Refused as refused:
        raise DecisionRefused(refused.said) from refused


def _check_none_waits(matters: Sequence[Asunto]) -> None:
    rows = Propuesta.objects.filter(asunto__in=matters, resuelta__isnull=True)
    waiting = rows.select_related("asunto", "propuesta_por").first()
    if waiting is not None:
        raise DecisionRefused(
            f"{waiting.asunto.regla} {waiting.asunto.clave} ya tiene una propuesta de "
            f"{waiting.propuesta_por.nombre}: confírmela, devuélvala o pida que la retire."
        )


def _current(observacion_id: int | None) -> Observacion:
    """Return the version in force of the observación of which a version was cited."""
    cited = Observacion.objects.filter(pk=observacion_id or 0).values("identidad")
    return Observacion.objects.select_related("adoptada_por").get(identidad__in=cited, reemplazada_por=None)


def _replace(
    target: Observacion, members: Sequence[Hallazgo], motivo: str, by: Usuario, said: Mapping[int, str] | None = None
) -> Observacion:
    """Write the version that follows: the words of each of its hallazgos, the sum of their amounts, and why.

    said: the words of matters, by number, that this act confirms.
    """
    given = said or {}
    words = words_of(members) | {row.pk: given[row.asunto_id] for row in members if row.asunto_id in given}
    kept = {name: getattr(target, name) for name in _SAME}
    made = Observacion.objects.create(
        **kept,
        reemplaza_a=target,
        motivo=motivo,
        registrada_por=by,
        monto=sum(row.monto for row in members),
        texto="\n".join(words.get(row.pk, row.mensaje) for row in members),
    )
    made.hallazgos.set(members)
    return made


def propose(
    hallazgos: Sequence[Hallazgo], decision: str, motivo: str, by: Usuario, *, observacion: Observacion | None = None
) -> list[Propuesta]:
    """Propose one decision for hallazgos, all or none; another person confirms it. Raises DecisionRefused.

    `decision` is adoptar, desechar or unir; unir names an observación of the same subject not yet notified.
    """
    check_right(by, "auditar", "proponer una decisión")
    if decision not in _DECISIONS:
        raise DecisionRefused(f"«{decision}» no es una decisión. Se puede adoptar, desechar o unir.")
    reason = motivo.strip()[:500]
    if decision == Propuesta.Decision.DESECHAR and not reason:
        raise DecisionRefused("Desechar pide un motivo, que queda con su nombre. Escriba por qué no procede.")
    with acting():
        matters = _matters(hallazgos, by, "proponer una decisión")
        rows = list(
            Hallazgo.objects.filter(pk__in=matters)
            .select_related("contabilidad__sujeto", "corrida__instantanea__etapa")
            .order_by("pk")
        )
        _check_undecided(rows)
        if decision != Propuesta.Decision.DESECHAR:
            check_no_dictamen(rows)
        observacion = None if observacion is None else _current(observacion.pk)
        if decision == Propuesta.Decision.UNIR:
            for row in rows:
                _check_joins(row, observacion)
        _check_none_waits(list(matters.values()))
        return Propuesta.objects.bulk_create(
            Propuesta(
                asunto=matters[row.pk],
                hallazgo=row,
                decision=decision,
                motivo=reason,
                observacion=observacion,
                propuesta_el=clock.now(),
                propuesta_por=by,
            )
            for row in rows
        )


def _check_undecided(rows: Sequence[Hallazgo]) -> None:
    known = standings(rows)
    for row in rows:
        seen, stands = f"El hallazgo {row.regla} {row.clave}", known[row.pk]
        if row.estado != "hallazgo":
            raise DecisionRefused(f"{seen} no se pudo juzgar (sin dato): complete el dato y corra la regla de nuevo.")
        if stands.observacion is not None:
            raise DecisionRefused(f"{seen} ya fue adoptado en una observación; ábrala desde su página.")
        if stands.descarte is not None:
            raise DecisionRefused(f"{seen} fue desechado: {stands.descarte.motivo}")


def _check_joins(row: Hallazgo, observacion: Observacion | None) -> None:
    if observacion is None:
        raise DecisionRefused("Unir pide la observación que lo recibe. Elíjala de la lista.")
    if (observacion.sujeto_id, observacion.etapa_id) != (
        row.contabilidad.sujeto_id,
        row.corrida.instantanea.etapa_id,
    ):
        raise DecisionRefused(
            f"La observación {observacion.numero} es de otro sujeto o etapa. "
            f"Elija una de {row.contabilidad.sujeto.siglas}."
        )
    if hasattr(observacion, "sin_efecto"):
        raise DecisionRefused(
            f"La observación {observacion.numero} quedó sin efecto y no recibe hallazgos. Elija otra."
        )
    if observacion.oficios.exists():
        raise DecisionRefused(
            f"La observación {observacion.numero} ya se notificó y no recibe más hallazgos. Adóptelo aparte."
        )


def _open_proposals(propuestas: Sequence[Propuesta]) -> list[Propuesta]:
    rows = Propuesta.objects.filter(pk__in=[each.pk for each in propuestas])
    lock_sujetos(rows.values_list("asunto__contabilidad__sujeto_id", flat=True))
    held = list(
        rows.select_related("asunto", "propuesta_por", "observacion", "hallazgo__contabilidad", "resuelta").order_by(
            "pk"
        )
    )
    for row in held:
        if hasattr(row, "resuelta"):
            raise DecisionRefused(
                f"La propuesta sobre {row.asunto.regla} {row.asunto.clave} ya se resolvió; no se escribió nada nuevo."
            )
    return held


def _close(
    rows: Sequence[Propuesta],
    sentido: str,
    by: Usuario,
    comentario: str,
    became: Mapping[int, Observacion] | None = None,
) -> None:
    """Write how proposals ended; `became` is the observación that each left, by number of the proposal."""
    moment, left = clock.now(), became or {}
    PropuestaResuelta.objects.bulk_create(
        PropuestaResuelta(
            propuesta=row,
            sentido=sentido,
            comentario=comentario.strip()[:500],
            observacion=left.get(row.pk),
            hecho_el=moment,
            hecho_por=by,
        )
        for row in rows
    )


def _check_other(rows: Sequence[Propuesta], by: Usuario) -> None:
    for row in rows:
        if seen := not_another(row.propuesta_por, by, "la propuso"):
            raise DecisionRefused(
                f"La decisión sobre {row.asunto.regla} {row.asunto.clave} la confirma otra persona. {seen}"
            )


def _check_no_hand(rows: Sequence[Propuesta], by: Usuario) -> None:
    """Refuse who reworded or annotated a matter since its last confirmed decision: that person is a hand in it."""
    matters = {row.asunto_id for row in rows}
    confirmed = PropuestaResuelta.objects.filter(
        propuesta__asunto__in=matters, sentido=PropuestaResuelta.Sentido.CONFIRMADA
    )
    decided = _last(confirmed, "propuesta__asunto", "hecho_el")
    hands = (
        ("redactó", _last(Redaccion.objects.filter(asunto__in=matters, hecha_por=by), "asunto", "hecha_el")),
        ("comentó", _last(Comentario.objects.filter(asunto__in=matters, hecho_por=by), "asunto", "hecho_el")),
    )
    for row in rows:
        for hand, touched in hands:
            moment, before = touched.get(row.asunto_id), decided.get(row.asunto_id)
            if moment is not None and (before is None or moment > before):
                raise DecisionRefused(
                    f"{by.nombre} {hand} el asunto {row.asunto.regla} {row.asunto.clave}: la decisión la confirma una "
                    "persona que no haya puesto mano en él."
                )


def _last(rows: QuerySet[Model], matter: str, moment: str) -> dict[int, datetime]:
    """Return the last moment of some rows, by matter."""
    return dict(rows.order_by().values_list(matter).annotate(Max(moment)))


def confirm(propuestas: Sequence[Propuesta], by: Usuario, comentario: str = "") -> Confirmed:
    """Confirm proposals of other people and carry them out, all or none. Raises DecisionRefused."""
    check_right(by, "revisar", "confirmar decisiones")
    with acting():
        rows = _open_proposals(propuestas)
        check_right(by, "revisar", "confirmar decisiones")  # again: the role may have ended while the lock was awaited
        _check_other(rows, by)
        _check_no_hand(rows, by)
        became = _adopt_proposed([row for row in rows if row.decision == Propuesta.Decision.ADOPTAR], by)
        made = tuple(dict.fromkeys(became.values()))
        joined = [row for row in rows if row.decision == Propuesta.Decision.UNIR]
        became |= {row.pk: _join(row, by) for row in joined}
        worded = [row for row in rows if row.decision == Propuesta.Decision.REDACTAR]
        said = {row.asunto_id: row.texto for row in worded}
        became |= {row.pk: _set_words(row, by, said) for row in worded}
        dropped = [row for row in rows if row.decision == Propuesta.Decision.DESECHAR]
        dismiss_each([(row.hallazgo, row.motivo) for row in dropped], by)
        _close(rows, PropuestaResuelta.Sentido.CONFIRMADA, by, comentario, became)
    return Confirmed(made, len(joined), len(dropped))


def _adopt_proposed(rows: Sequence[Propuesta], by: Usuario) -> dict[int, Observacion]:
    """Adopt by reason, since an observación carries one, with the words that people wrote; by id of the proposal."""
    became: dict[int, Observacion] = {}
    for reason in sorted({row.motivo for row in rows}):
        of_reason = {row.hallazgo_id: row for row in rows if row.motivo == reason}
        for observacion in adopt([row.hallazgo for row in of_reason.values()], by, reason):
            for pk in observacion.hallazgos.values_list("pk", flat=True):
                became[of_reason[pk].pk] = observacion
    return became


def _join(row: Propuesta, by: Usuario) -> Observacion:
    _check_undecided([row.hallazgo])
    check_no_dictamen([row.hallazgo])
    target = _current(row.observacion_id)
    _check_joins(row.hallazgo, target)
    members = [*target.hallazgos.order_by("pk"), row.hallazgo]
    return _replace(target, members, row.motivo or f"Se une {row.hallazgo.regla} {row.hallazgo.clave}.", by)


def _set_words(row: Propuesta, by: Usuario, said: Mapping[int, str]) -> Observacion:
    """Write the version of an adopted observación with the words that this act confirms; the proposal keeps whose."""
    target = _current(row.observacion_id)
    if target.oficios.exists():
        raise DecisionRefused(
            f"La observación {target.numero} ya se notificó: su texto no cambia. Devuelva la propuesta."
        )
    members = list(target.hallazgos.order_by("pk"))
    why = row.motivo or f"Otras palabras de {row.hallazgo.regla} {row.hallazgo.clave}."
    return _replace(target, members, why, by, said)


def send_back(propuestas: Sequence[Propuesta], comentario: str, by: Usuario) -> int:
    """Return proposals of other people with what must be corrected. Raises DecisionRefused."""
    check_right(by, "revisar", "devolver propuestas")
    if not comentario.strip():
        raise DecisionRefused("Devolver pide decir qué corregir. Escríbalo en el motivo.")
    with acting():
        rows = _open_proposals(propuestas)
        check_right(by, "revisar", "devolver propuestas")
        _check_other(rows, by)
        _close(rows, PropuestaResuelta.Sentido.DEVUELTA, by, comentario)
    return len(rows)


def withdraw(propuesta: Propuesta, by: Usuario) -> None:
    """Take back one's own proposal while nobody has confirmed it. Raises DecisionRefused."""
    with acting():
        (row,) = _open_proposals([propuesta])
        if row.propuesta_por_id != by.pk:
            raise DecisionRefused(f"La propuesta es de {row.propuesta_por.nombre}: devuélvala con su motivo.")
        _close([row], PropuestaResuelta.Sentido.RETIRADA, by, "")


def leave_without_effect(observacion: Observacion, motivo: str, by: Usuario) -> ObservacionSinEfecto:
    """Leave without effect an observación that no oficio notified, so that its dictamen can close.

    Raises DecisionRefused for the person who adopted it, without a reason, twice, or once it was notified: its
    subject is told of that one (`proceedings.withdrawing`).
    """
    check_right(by, "revisar", "dejar sin efecto una observación")
    reason = motivo.strip()[:500]
    if not reason:
        raise DecisionRefused("Dejar sin efecto pide un motivo, que queda con su nombre. Escriba por qué.")
    with acting():
        lock_sujeto(observacion.sujeto_id)
        check_right(by, "revisar", "dejar sin efecto una observación")
        row = _current(observacion.pk)
        seen = f"La observación {row.numero}"
        if row.oficios.exists():
            raise DecisionRefused(f"{seen} ya se notificó: déjela sin efecto desde su página, con aviso al sujeto.")
        if ObservacionSinEfecto.objects.filter(observacion=row).exists():
            raise DecisionRefused(f"{seen} ya quedó sin efecto; no se escribió nada nuevo.")
        if same := not_another(row.adoptada_por, by, "la adoptó"):
            raise DecisionRefused(f"{seen} la deja sin efecto otra persona. {same}")
        return ObservacionSinEfecto.objects.create(observacion=row, motivo=reason, hecho_el=clock.now(), hecho_por=by)
