"""Query deliveries to the subjects of a person, unread ones and running terms."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery

from sif.notices.models import LecturaNotificacion, Notificacion
from sif.registry import clock
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.selectors import is_authority, reach_of


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


def mailbox(
    user: Usuario | AnonymousUser,
    sujeto: SujetoObligado | None = None,
    *,
    named: Collection[int] = (),
) -> list[Mail]:
    """Return the notifications of the subjects of a person, or of all subjects for the authority, the last first.

    named: the notifications that name the books of a person who sees a subject in part; others are left out.
    """
    rows = Notificacion.objects.select_related("sujeto").order_by("-depositada_el", "-folio")
    if not is_authority(user):
        rows = rows.filter(_seen(user, named))
    if sujeto is not None:
        rows = rows.filter(sujeto=sujeto)
    return _mails(list(rows), user)


def deposited(user: Usuario, named: Collection[int] = ()) -> QuerySet[Notificacion]:
    """Select what `mailbox` returns, with the hour at which the person first opened each (`leida_el`), or NULL."""
    own = LecturaNotificacion.objects.filter(notificacion=OuterRef("pk"), usuario=user.pk)
    return Notificacion.objects.filter(_seen(user, named)).annotate(leida_el=Subquery(own.values("leida_el")[:1]))


def _mails(rows: list[Notificacion], user: Usuario | AnonymousUser) -> list[Mail]:
    readings = LecturaNotificacion.objects.filter(notificacion__in=rows)
    own: dict[int, datetime] = {}
    opened: set[int] = set()
    for reading in readings:
        opened.add(reading.notificacion_id)
        if reading.usuario_id == user.pk:
            own[reading.notificacion_id] = reading.leida_el
    ended = clock.last_ended()
    return [
        Mail(row, own.get(row.pk), row.pk in opened, row.vence_el is not None and row.vence_el <= ended) for row in rows
    ]


def _seen(user: Usuario | AnonymousUser, named: Collection[int]) -> Q:
    reach = reach_of(user)
    return Q(sujeto__in=reach.enteros) | Q(sujeto__in=reach.parciales, pk__in=named)


def sees(user: Usuario | AnonymousUser, notificacion: Notificacion, named: Collection[int] = ()) -> bool:
    """Return whether a person sees a notification: any of a subject seen whole, or in `named` of one seen in part."""
    return Notificacion.objects.filter(_seen(user, named), pk=notificacion.pk).exists()


def unread_count(user: Usuario | AnonymousUser, named: Callable[[], Collection[int]] = tuple) -> int:
    """Count the notifications of `mailbox` that the person has not opened.

    `named` is called only where something is unread of a subject that the person sees in part: every page counts.
    """
    reach = reach_of(user)
    rows = Notificacion.objects.filter(sujeto__in=reach.enteros | reach.parciales).exclude(lecturas__usuario=user.pk)
    unread = dict(rows.values_list("pk", "sujeto"))
    partly = {number for number, subject in unread.items() if subject in reach.parciales}
    return len(unread) - len(partly - set(named() if partly else ()))
