"""Write the trail of access: one log line and one row for each event."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, ip_address, ip_network

from django.db.models import QuerySet

from sif.registry import clock, events
from sif.registry.models import Suceso, Usuario
from sif.registry.scope import everything

Clase = Suceso.Clase
_LINES = {Clase.ENTRADA: "entrada", Clase.RECHAZO: "rechazo", Clase.EXPORTACION: "acceso"}


@dataclass(frozen=True, slots=True)
class AskedTrail:
    """Filters over the trail. usuario: exact user name; antes: number of the event below which a page begins."""

    clase: str = ""
    usuario: str = ""
    desde: date | None = None
    hasta: date | None = None
    antes: int | None = None


def network_of(address: str) -> str:
    """Return the network that an address stands in: enough to tell places apart, too little to name a subscriber."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 24 if isinstance(parsed, IPv4Address) else 48), strict=False))


def write(
    clase: Clase,
    verbo: str,
    by: Usuario | int | None,
    *,
    via: str = "",
    factor: bool | None = None,
    tipo: str = "",
    objeto: int | None = None,
) -> None:
    """Write an event in the log and in the trail, in the transaction of the act if there is one; numbers alone.

    The address and the identifier of the request come from the context of the log.
    """
    person = by.pk if isinstance(by, Usuario) else by
    line: dict[str, object] = {"codigo": verbo} if clase in _LINES else {"verbo": verbo}
    events.log(
        _LINES.get(clase, "acto"), **line, persona=person, via=via or None, factor=factor, tipo=tipo or None, id=objeto
    )
    if clase not in _LINES:
        events.bind(acto_escrito=True)
    with everything(person or 0, acts=True):
        Suceso.objects.create(
            ocurrido_el=clock.now(),
            clase=clase,
            verbo=verbo[:60],
            persona_id=person,
            tipo=tipo,
            objeto=objeto,
            direccion=str(events.bound("direccion") or ""),
            via=via[:20],
            factor=factor,
            pedido=str(events.bound("pedido") or ""),
        )


def act(verbo: str, by: Usuario | None, thing: object) -> None:
    """Write that a person did an act of law on a row: presenting, notifying, voting, publishing."""
    write(Clase.ACTO, verbo, by, tipo=type(thing).__name__, objeto=getattr(thing, "pk", None))


def trail_of(asked: AskedTrail) -> QuerySet[Suceso]:
    """List the events of the installation, the last first; who asks administers it."""
    rows = Suceso.objects.select_related("persona").order_by("-pk")
    rows = rows.filter(clase=asked.clase) if asked.clase else rows
    rows = rows.filter(persona__username=asked.usuario) if asked.usuario else rows
    rows = rows.filter(ocurrido_el__date__gte=asked.desde) if asked.desde else rows
    rows = rows.filter(ocurrido_el__date__lte=asked.hasta) if asked.hasta else rows
    return rows.filter(pk__lt=asked.antes) if asked.antes else rows
