"""Tell by mail who may confirm what another person proposed, and who proposed it that it was resolved, once each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sif.disclosure.models import PublicacionPropuesta, RetiroPropuesto
from sif.mail.letters import Letter, address_of
from sif.mail.models import Mensaje
from sif.mail.outbox import LASTS, is_configured, queue
from sif.mail.recipients import Recipient, recipients_of
from sif.proceedings.closing import waiting_closings
from sif.proceedings.models import OficioPropuesto
from sif.registry import calendars, clock, corrections, moving, proposals
from sif.registry.models import (
    CalendarioPropuesto,
    CierrePropuesto,
    CorreccionPropuesta,
    FechasPropuestas,
    Nombramiento,
    PropuestaCuenta,
    Usuario,
)
from sif.registry.scope import everything
from sif.registry.selectors import ACTS, in_force
from sif.statutes import confirming
from sif.statutes.models import BasePropuesta

RESOLVED = ("resuelta", "hecho_por", "hecho_el")


@dataclass(frozen=True, slots=True)
class ActOfTwo:
    """A kind of act that one person proposes and another confirms.

    esperan: its proposals that wait. autor: the column of who proposed. fines: each relation that resolves one, with
    the columns of who did and when. acto: what who confirms may do. ruta: the page where it waits.
    """

    que: Promise
    esperan: Callable[[], Iterable[Any]]
    modelo: type[Model]
    autor: str
    fines: tuple[tuple[str, str, str], ...]
    acto: str
    ruta: str


def waiting_oficios() -> Iterable[OficioPropuesto]:
    """Return the proposals of oficio that nobody withdrew or issued, the oldest first."""
    return OficioPropuesto.objects.filter(retirado=None, oficio=None).order_by("pk")


def waiting_publications() -> list[PublicacionPropuesta]:
    """Return the last proposal of each stage that nobody published."""
    last = PublicacionPropuesta.objects.order_by("etapa", "-pk").distinct("etapa")
    return list(PublicacionPropuesta.objects.filter(pk__in=last.values("pk"), publicacion=None).order_by("pk"))


def waiting_withdrawals() -> list[RetiroPropuesto]:
    """Return the last proposal to withdraw each publication that stands."""
    rows = RetiroPropuesto.objects.filter(publicacion__retirada=None)
    return list(rows.order_by("publicacion", "-pk").distinct("publicacion"))


ACTS_OF_TWO = (
    ActOfTwo(
        gettext_lazy("Cuentas y funciones de la autoridad"),
        proposals.waiting,
        PropuestaCuenta,
        "propuesta_por",
        (RESOLVED,),
        "administrar",
        "administration:home",
    ),
    ActOfTwo(
        gettext_lazy("Calendarios por abrir"),
        calendars.waiting,
        CalendarioPropuesto,
        "propuesto_por",
        (("apertura", "abierto_por", "abierto_el"), ("cierre", "hecho_por", "hecho_el")),
        "administrar",
        "administration:home",
    ),
    ActOfTwo(
        gettext_lazy("Fechas por mover"),
        moving.waiting,
        FechasPropuestas,
        "propuesto_por",
        (RESOLVED,),
        "administrar",
        "administration:home",
    ),
    ActOfTwo(
        gettext_lazy("Correcciones del padrón"),
        corrections.waiting,
        CorreccionPropuesta,
        "propuesta_por",
        (RESOLVED,),
        "administrar",
        "administration:home",
    ),
    ActOfTwo(
        gettext_lazy("Cierres de etapa"),
        waiting_closings,
        CierrePropuesto,
        "propuesto_por",
        (RESOLVED,),
        "administrar",
        "administration:home",
    ),
    ActOfTwo(
        gettext_lazy("Bases de ley por confirmar"),
        confirming.waiting,
        BasePropuesta,
        "propuesta_por",
        (RESOLVED,),
        "fundamentar",
        "council:leyes_espera",
    ),
    ActOfTwo(
        gettext_lazy("Oficios por emitir"),
        waiting_oficios,
        OficioPropuesto,
        "propuesto_por",
        (("oficio", "emitido_por", "notificado_el"), ("retirado", "retirado_por", "retirado_el")),
        "emitir_oficio",
        "auditor:oficios",
    ),
    ActOfTwo(
        gettext_lazy("Publicaciones por confirmar"),
        waiting_publications,
        PublicacionPropuesta,
        "propuesta_por",
        (("publicacion", "publicada_por", "publicada_el"),),
        "publicar",
        "auditor:publicacion",
    ),
    ActOfTwo(
        gettext_lazy("Retiros de lo publicado por confirmar"),
        waiting_withdrawals,
        RetiroPropuesto,
        "propuesto_por",
        (("retiro", "hecho_por", "hecho_el"),),
        "publicar",
        "auditor:publicacion",
    ),
)


def tell_both() -> int:
    """Queue the letters of what waits and of what was resolved since a letter lasts; return how many.

    What waits of a kind goes together, again once something newer waits. Who proposed it is not told that it waits.
    """
    if not is_configured():
        return 0
    with everything(0):
        return sum(_tell_waiting(kind) + _tell_resolved(kind) for kind in ACTS_OF_TWO)


def _tell_waiting(kind: ActOfTwo) -> int:
    rows = list(kind.esperan())
    if not rows:
        return 0
    told = 0
    for to in _confirmers(kind.acto):
        assert to.persona is not None
        theirs = [row for row in rows if getattr(row, f"{kind.autor}_id") != to.persona.pk]
        if theirs:
            last = max(row.pk for row in theirs)
            clave = f"espera:{kind.modelo.__name__}:{last}:{to.persona.pk}"
            told += _queue(kind, to, last, clave, partial(_waits, kind, len(theirs)))
    return told


def _confirmers(act: str) -> list[Recipient]:
    """Return who may do an act of the authority today and gave an address."""
    roles = [role for role, acts in ACTS.items() if act in acts]
    seats = in_force(Nombramiento.objects.filter(sujeto=None, rol__in=roles)).values("usuario")
    people = Usuario.objects.filter(pk__in=seats, is_active=True).order_by("pk")
    return [each for each in recipients_of(list(people)) if each.correo]


def _tell_resolved(kind: ActOfTwo) -> int:
    told = 0
    for relation, who, when in kind.fines:
        since = {f"{relation}__{when}__gte": clock.now() - LASTS}
        rows = kind.modelo._default_manager.filter(**since).exclude(**{f"{relation}__{who}": F(kind.autor)})
        for row in rows.select_related(kind.autor).order_by("pk"):
            [to] = recipients_of([getattr(row, kind.autor)])
            if to.correo and to.persona is not None and to.persona.is_active:
                clave = f"resuelta:{kind.modelo.__name__}:{row.pk}:{relation}"
                told += _queue(kind, to, row.pk, clave, partial(_resolved, kind))
    return told


def _queue(kind: ActOfTwo, to: Recipient, pk: int, clave: str, write: Callable[[], Letter]) -> bool:
    if Mensaje.objects.filter(clave=clave).exists():
        return False
    about = (kind.modelo.__name__, pk)
    return queue(Mensaje.Clase.DOS_PERSONAS, to, write, about=about, by=None, clave=clave) is not None


def _waits(kind: ActOfTwo, many: int) -> Letter:
    said = ngettext(
        "%(n)d propuesta de otra persona espera que usted la confirme o la rechace.",
        "%(n)d propuestas de otra persona esperan que usted las confirme o las rechace.",
        many,
    )
    subject = _("Espera su confirmación: %(what)s") % {"what": kind.que}
    return Letter(subject, (said % {"n": many},), (), (_("Ver qué espera"), address_of(reverse(kind.ruta))))


def _resolved(kind: ActOfTwo) -> Letter:
    subject = _("Se resolvió lo que propuso: %(what)s") % {"what": kind.que}
    said = _("Otra persona resolvió lo que usted propuso. La página dice cómo y por qué.")
    return Letter(subject, (said,), (), (_("Ver qué se resolvió"), address_of(reverse(kind.ruta))))


def awaited(acts: Sequence[ActOfTwo], by: Usuario) -> list[tuple[ActOfTwo, int]]:
    """Return which of some kinds wait for a person, with how many proposals of others."""
    counted = ((kind, sum(getattr(row, f"{kind.autor}_id") != by.pk for row in kind.esperan())) for kind in acts)
    return [(kind, many) for kind, many in counted if many]
