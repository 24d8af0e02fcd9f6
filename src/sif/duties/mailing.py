"""Remind by mail whoever sees a subject whole of what falls due, at each step before its last day, once."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.duties.selectors import drafts_of
from sif.duties.urgency import Reminder, reminders
from sif.law.duties import load_duties
from sif.mail.letters import Letter, address_of, moment_words
from sif.mail.models import Mensaje
from sif.mail.outbox import is_configured, queue
from sif.mail.recipients import Recipient, recipients_of
from sif.registry import clock
from sif.registry.models import Nombramiento, SujetoObligado, Usuario
from sif.registry.scope import everything
from sif.registry.selectors import WHOLE_SUBJECT, in_force

TYPE = "SujetoObligado"


def remind() -> int:
    """Queue the reminders of today of every subject whose people gave an address; return how many.

    What falls due on one day at one step goes together. A step that no worker saw is told with the next one that comes.
    """
    if not is_configured():
        return 0
    told, today = 0, clock.today()
    with everything(0):
        for sujeto, people in _people():
            found: dict[tuple[date, int], list[Reminder]] = {}
            for each in reminders(drafts_of([sujeto.pk], today), today):
                found.setdefault((each.vence_el, each.paso), []).append(each)
            told += sum(_tell(sujeto, to, rows) for rows in found.values() for to in people)
    return told


def _people() -> Iterator[tuple[SujetoObligado, list[Recipient]]]:
    """Yield the subjects whose people are written to, each with them."""
    seats = in_force(Nombramiento.objects.filter(rol__in=WHOLE_SUBJECT, sujeto__isnull=False))
    people: dict[int, set[int]] = {}
    for whose, person in seats.values_list("sujeto", "usuario"):
        people.setdefault(whose or 0, set()).add(person)
    for sujeto in SujetoObligado.objects.filter(pk__in=people).order_by("pk"):
        active = Usuario.objects.filter(pk__in=people[sujeto.pk], is_active=True).order_by("pk")
        if known := [each for each in recipients_of(list(active)) if each.correo]:
            yield sujeto, known


def _tell(sujeto: SujetoObligado, to: Recipient, rows: list[Reminder]) -> bool:
    first, person = rows[0], to.persona.pk if to.persona else 0
    clave = f"recordatorio:{sujeto.pk}:{person}:{first.vence_el:%Y%m%d}:{first.paso}"
    if Mensaje.objects.filter(clave=clave).exists():
        return False
    made = queue(
        Mensaje.Clase.RECORDATORIO,
        to,
        lambda: _letter(sujeto, rows),
        about=(TYPE, sujeto.pk),
        by=None,
        until=clock.midnight(first.vence_el + timedelta(days=1)),
        clave=clave,
    )
    return made is not None


def _letter(sujeto: SujetoObligado, rows: list[Reminder]) -> Letter:
    day, law = rows[0].vence_el, load_duties(settings.JURISDICTION)
    facts = [(_(law[each.tipo].que), _("%(n)d por cumplir") % {"n": each.cuantas}) for each in rows]
    return Letter(
        _("Vence pronto: %(short)s") % {"short": sujeto.siglas or sujeto.nombre},
        (
            _("Falta cumplir lo que sigue, y su plazo termina al acabar el día: %(when)s.")
            % {"when": moment_words(clock.midnight(day + timedelta(days=1)) - timedelta(minutes=1))},
        ),
        facts,
        (_("Ver las obligaciones"), address_of(reverse("party:obligaciones"))),
    )
