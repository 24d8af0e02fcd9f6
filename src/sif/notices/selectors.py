"""What is read of the mailbox: what was delivered to the subjects of a person, what is unread and what is running."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from sif.notices.models import LecturaNotificacion, Notificacion
from sif.registry import clock
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.selectors import is_authority, sujetos_of


@dataclass(frozen=True, slots=True)
class Mail:
    """A notification as a person finds it. `leida_el`: their own first reading; `leida`: that of anyone of the subject.

    `vencida`: its term ended.
    """

    notificacion: Notificacion
    leida_el: datetime | None
    leida: bool
    vencida: bool

    @property
    def estado(self) -> str:
        """notificada or leida, the two states of the mailbox."""
        return "leida" if self.leida else "notificada"


def mailbox(user: Usuario | AnonymousUser, sujeto: SujetoObligado | None = None) -> list[Mail]:
    """What was delivered to the subjects of a person (all of them for the authority), the last first; two queries."""
    rows = Notificacion.objects.select_related("sujeto").order_by("-depositada_el", "-folio")
    if not is_authority(user):
        rows = rows.filter(sujeto__in=sujetos_of(user))
    if sujeto is not None:
        rows = rows.filter(sujeto=sujeto)
    return _mails(list(rows), user)


def _mails(rows: list[Notificacion], user: Usuario | AnonymousUser) -> list[Mail]:
    readings = LecturaNotificacion.objects.filter(notificacion__in=rows)
    own: dict[int, datetime] = {}
    opened: set[int] = set()
    for reading in readings:
        opened.add(reading.notificacion_id)
        if reading.usuario_id == user.pk:
            own[reading.notificacion_id] = reading.leida_el
    moment = clock.now()
    return [
        Mail(row, own.get(row.pk), row.pk in opened, row.vence_el is not None and row.vence_el <= moment)
        for row in rows
    ]  # fmt: skip


def unread_count(user: Usuario | AnonymousUser) -> int:
    """How many notifications of their subjects a person has not opened."""
    rows = Notificacion.objects.filter(sujeto__in=sujetos_of(user))
    return rows.exclude(lecturas__usuario=user.pk).count()
