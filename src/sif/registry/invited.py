"""Say what an invitation is asked for with, and refuse books in which nobody works and spans that are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sif.registry import clock
from sif.registry.closed import closed_among
from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.selectors import ACTS


class InvitationRefused(ValueError):
    """An invitation that cannot be made or used, with what to do."""


class HasAccount(InvitationRefused):
    """The person of that RFC has an account already: the role is given to it, and no other is made."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The account to make: role, name, user name, and for a subject's people the subject and their books.

    desde: first day of the role, that on which it is given unless told. hasta: first day without it, if it has a term.
    """

    rol: str
    nombre: str
    username: str
    rfc: str = ""
    sujeto: SujetoObligado | None = None
    contabilidades: Sequence[Contabilidad] = field(default_factory=tuple)
    desde: date | None = None
    hasta: date | None = None


def refuse_ended(invited: Invited) -> None:
    """Refuse books in which nobody works any more: cancelled, or of a stage that closed for who would record."""
    records = ACTS[invited.rol] != {"consultar"}
    closed = closed_among(each.etapa_id for each in invited.contabilidades) if records else set()
    for each in invited.contabilidades:
        if each.etapa_id in closed:
            raise InvitationRefused(
                f"La contabilidad {each.pk} es de una etapa que se cerró: ya no se registra en ella. Quítela, o pida a "
                "quien administra que la reabra si un acuerdo lo ordena."
            )
        if each.cancelada_el is not None:
            raise InvitationRefused(f"La contabilidad {each.pk} está cancelada. Quítela.")


def first_day(said: date | None) -> date | None:
    """Return the first day that was said of a role earlier; None where it passed, and it begins when it is given."""
    return said if said is not None and said >= clock.today() else None


def refuse_span(invited: Invited) -> None:
    """Refuse a role that begins on a day that passed, or whose last day is before its first.

    What was said earlier is asked again with its `first_day`: no approval nor second link is refused for coming late.
    """
    today = clock.today()
    if invited.desde is not None and invited.desde < today:
        raise InvitationRefused(f"El {invited.desde:%d/%m/%Y} ya pasó. La función empieza hoy o un día que venga.")
    first = invited.desde or today
    if invited.hasta is not None and invited.hasta <= first:
        last = invited.hasta - timedelta(days=1)
        raise InvitationRefused(
            f"El último día, {last:%d/%m/%Y}, es antes del primero, {first:%d/%m/%Y}. Revise los dos."
        )
