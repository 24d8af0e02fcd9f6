"""Send what waits in the outbox, note what became of each message, and try again those that may be."""

from collections import Counter
from datetime import datetime, timedelta
from smtplib import SMTP

from sif.mail.models import Carta, Intento, Mensaje
from sif.mail.outbox import is_configured
from sif.mail.sealing import Unreadable, unseal
from sif.mail.smtp import Cut, Outcome, Unreachable, compose, conversation, deliver
from sif.registry import clock, events, trail
from sif.registry.models import Usuario
from sif.registry.scope import MAIL, acting, registering
from sif.registry.selectors import may

MOST = 50
"""Messages that one run sends: the next begins within a minute."""
LEASE = timedelta(minutes=15)
"""How long a letter is of the process that took it: more than a conversation with its waits lasts."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 960))
"""How long is waited after each attempt that failed; after the last, nobody tries by itself."""
MOST_CUT = 2
"""Attempts that ended without a word after which a message is not sent again."""
Resultado = Intento.Resultado


def send_due(most: int = MOST) -> Counter[str]:
    """Send the messages whose turn has come, in one conversation; return how many ended how.

    A letter is taken in a transaction of its own, sent outside any, and noted in another: no lock is held while the
    server thinks. Where the server does not answer, the message that found it so says it, and the others wait.
    """
    ended = Counter[str]()
    if not is_configured():
        return ended
    with registering(MAIL):
        _expire()
        taken = _take()
        if taken is None:
            return ended
        try:
            with conversation() as server:
                while taken is not None:
                    ended[_send(server, taken)] += 1
                    taken = _take() if ended.total() < most else None
        except Unreachable as failed:
            if taken is not None:
                how = Resultado.CORTADO if isinstance(failed, Cut) else Resultado.POSPUESTO
                ended[_note(taken, Outcome(how, None, str(failed)))] += 1
    events.log("trabajo", codigo="correo", hechas=ended[Resultado.ENVIADO], total=ended.total())
    return ended


def _take() -> Carta | None:
    """Take the next letter for this process, or None; one that another left half way is taken once more, and told."""
    while True:
        with acting():
            now = clock.now()
            due = Carta.objects.select_for_update(skip_locked=True, of=("self",)).select_related("mensaje")
            found = due.filter(proximo_el__lte=now, mensaje__caduca_el__gt=now).order_by("proximo_el", "pk").first()
            if found is None:
                return None
            if found.tomada_el is not None and not _may_again(found):
                continue
            found.tomada_el, found.proximo_el = now, now + LEASE
            found.save(update_fields=["tomada_el", "proximo_el"])
            return found


def _may_again(carta: Carta) -> bool:
    """Keep that an attempt ended without a word, and whether one more may be made: it may arrive twice, never more."""
    _keep(carta.mensaje, Outcome(Resultado.CORTADO, None, "El proceso que lo mandaba terminó sin decir si salió."))
    if _cuts(carta) < MOST_CUT:
        return True
    Carta.objects.filter(pk=carta.pk).update(tomada_el=None, proximo_el=None)
    return False


def _cuts(carta: Carta) -> int:
    """Count the attempts of a letter that were cut, without a known result."""
    return Intento.objects.filter(mensaje=carta.mensaje, resultado=Resultado.CORTADO).count()


def _send(server: SMTP, carta: Carta) -> str:
    found = carta.mensaje
    try:
        bodies = unseal(carta.cuerpo, found.identificador)
        data = compose(
            found.para,
            found.asunto,
            bodies,
            identificador=found.identificador,
            idioma=found.idioma,
            at=found.encolado_el,
        )
    except (Unreadable, ValueError) as wrong:
        return _note(carta, Outcome(Resultado.ABANDONADO, None, str(wrong)))
    return _note(carta, deliver(server, found.para, data, found.identificador))


def _note(carta: Carta, outcome: Outcome) -> str:
    """Keep how an attempt ended, and when the next one is; the letter goes with the message that left."""
    with acting():
        cut = outcome.resultado == Resultado.CORTADO
        goes_on = outcome.resultado == Resultado.POSPUESTO or (cut and _cuts(carta) + 1 < MOST_CUT)
        mine = Carta.objects.filter(pk=carta.pk, tomada_el=carta.tomada_el)
        if outcome.resultado == Resultado.ENVIADO:
            Carta.objects.filter(pk=carta.pk).delete()
        elif not goes_on:
            mine.update(tomada_el=None, proximo_el=None)
        elif carta.intentos < len(WAITS):
            again = clock.now() + WAITS[carta.intentos]
            mine.update(tomada_el=None, proximo_el=again, intentos=carta.intentos + 1)
        else:
            mine.update(tomada_el=None, proximo_el=None)
            if not cut:
                outcome = outcome._replace(resultado=Resultado.ABANDONADO)
        _keep(carta.mensaje, outcome)
    return outcome.resultado


def _keep(mensaje: Mensaje, outcome: Outcome) -> None:
    Intento.objects.create(
        mensaje=mensaje,
        resultado=outcome.resultado,
        codigo=outcome.codigo,
        dicho=outcome.dicho[:300],
        hecho_el=clock.now(),
    )


def _expire() -> None:
    """Throw away the letters whose hour passed; what was still being tried says that it is not any more."""
    now = clock.now()
    with acting():
        gone = Carta.objects.select_for_update(skip_locked=True, of=("self",)).select_related("mensaje")
        for each in gone.filter(mensaje__caduca_el__lte=now).order_by("pk")[:MOST]:
            if each.proximo_el is not None:
                _keep(each.mensaje, Outcome(Resultado.ABANDONADO, None, "Pasó su hora antes de que saliera."))
            each.delete()


def waiting_since() -> datetime | None:
    """Return since when the oldest letter waits whose turn has come; None where none does."""
    with registering(MAIL):
        due = Carta.objects.filter(proximo_el__lte=clock.now()).order_by("proximo_el")
        return due.values_list("proximo_el", flat=True).first()


def can_retry(numbers: list[int]) -> set[int]:
    """Return which of these messages still have a letter that nobody is sending."""
    with registering(MAIL):
        return set(Carta.objects.filter(pk__in=numbers, tomada_el=None).values_list("pk", flat=True))


def retry(mensaje: Mensaje, by: Usuario) -> bool:
    """Put a message that was not sent in turn again at once; False where its letter is gone. Raises PermissionError."""
    if not may(by, "administrar"):
        raise PermissionError("El correo lo maneja quien administra el sistema.")
    with acting():
        with registering(MAIL):
            held = Carta.objects.filter(pk=mensaje.pk, tomada_el=None)
            done = held.update(proximo_el=clock.now(), intentos=0)
        if done:
            trail.write(trail.Clase.ACTO, "reintentar_correo", by, tipo="Mensaje", objeto=mensaje.pk)
    return bool(done)
