"""Record the SAT status of invoices, from a file or from SAT's public service where configured."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.error import URLError
from urllib.request import Request
from xml.sax.saxutils import escape

from django.conf import settings
from django.db import transaction
from lxml import etree

from sif.books.folios import document_of
from sif.books.models import Comprobante, EstatusComprobante
from sif.registry import clock, outside
from sif.registry.models import Usuario
from sif.registry.opening import table_rows
from sif.registry.scope import registering
from sif.registry.selectors import roles_of
from sif.values import InvalidMoney, Money, Problem, Refused, Unread, Uuid, read_iso_day

STATES = {"vigente": "vigente", "cancelado": "cancelado", "no encontrado": "no_encontrado"}
SECONDS = 10
MOST_SILENT = 10  # in a row without an answer: the service is down, or the network lets nothing out
LONGEST = 64 * 1024  # bytes of an answer
_ACTION = "http://tempuri.org/IConsultaCFDIService/Consulta"
_ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<Consulta xmlns="http://tempuri.org/"><expresionImpresa>{}</expresionImpresa></Consulta></s:Body></s:Envelope>'
)


@dataclass(frozen=True, slots=True)
class StatusLoad:
    """The result of a load of statuses: invoices annotated, folios unknown to every inbox, and ambiguous folios.

    sin_distinguir: folios of a valid status that several documents bear, where the file does not identify the document.
    """

    anotados: int
    desconocidos: int
    sin_distinguir: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """A row of the file; issuer, receiver and total (centavos) where it tells the document apart, None where not."""

    uuid: str
    estatus: str
    al: date
    emisor_rfc: str | None
    receptor_rfc: str | None
    total: int | None

    def is_of(self, invoice: Comprobante) -> bool:
        """Return whether it may speak of this invoice."""
        told = (
            (self.emisor_rfc, invoice.emisor_rfc),
            (self.receptor_rfc, invoice.receptor_rfc),
            (self.total, invoice.total),
        )
        return all(said is None or said == kept for said, kept in told)


def load_status(data: bytes, by: Usuario) -> StatusLoad:
    """Write down the statuses of a CSV with columns uuid, estatus, al (aaaa-mm-dd); all or nothing.

    Columns emisor, receptor and total, where it has them, tell which of several XML that bear one folio it speaks of.
    Without them a folio that is cancelled or not found is so for all that bear it, and one that is good is written
    down only where all are the same document: a forged one never takes it for itself.
    Raises Refused with row and column of what is wrong; PermissionError for whoever has no role.
    """
    if not roles_of(by):
        raise PermissionError("Nadie le ha nombrado para cargar estatus.")
    problems: list[Problem] = []
    rows = list(_rows(data, problems))
    if problems:
        raise Refused(*problems[:50])
    known: dict[str, list[Comprobante]] = defaultdict(list)
    for invoice in Comprobante.objects.filter(uuid__in={row.uuid for row in rows}).order_by("pk"):
        known[invoice.uuid].append(invoice)
    noted, unknown, unsaid = 0, 0, []
    with transaction.atomic(), registering(by.pk):
        for row in rows:
            meant = [each for each in known[row.uuid] if row.is_of(each)]
            unknown += not meant
            if row.estatus == "vigente" and len({document_of(each) for each in meant}) > 1:
                unsaid.append(row.uuid)
                continue
            for each in meant:
                _note(each, row.estatus, row.al, "archivo", by)
            noted += len(meant)
    return StatusLoad(noted, unknown, tuple(dict.fromkeys(unsaid)))


def _rows(data: bytes, problems: list[Problem]) -> Iterable[_Said]:
    lines = (cells for _line, cells in table_rows(data, ",", other="latin-1", strict=False) if cells)
    places = {name.strip().casefold(): place for place, name in enumerate(next(lines, ()))}
    missing = [name for name in ("uuid", "estatus", "al") if name not in places]
    if missing:
        problems.append(
            Problem("columna", "fila 1", f"Faltan columnas: {', '.join(missing)}.", "Use uuid, estatus y al.")
        )
        return
    for number, cells in enumerate(lines, 2):
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        uuid = Uuid.maybe(row["uuid"])
        status = STATES.get(row["estatus"].casefold().replace("_", " "))
        try:
            day = read_iso_day(row["al"])
        except Unread:
            day = None
        for name, value in (("uuid", uuid), ("estatus", status), ("al", day)):
            if value is None:
                problems.append(
                    Problem(
                        "dato",
                        f"fila {number}, {name}",
                        f"«{row[name][:40]}» no se entiende.",
                        "Folio fiscal; vigente, cancelado o no encontrado; fecha aaaa-mm-dd.",
                    )
                )
        try:
            total = Money.parse(row["total"]) if row.get("total") else None
        except InvalidMoney as wrong:
            problems.append(Problem("dato", f"fila {number}, total", wrong.seen, "Escriba el total en pesos: 1160.00."))
            continue
        if uuid and status and day:
            yield _Said(
                uuid.text,
                status,
                day,
                row.get("emisor", "").upper() or None,
                row.get("receptor", "").upper() or None,
                total.centavos if total is not None else None,
            )


def _note(comprobante: Comprobante, status: str, day: date, source: str, by: Usuario | None) -> None:
    EstatusComprobante.objects.create(
        comprobante=comprobante, estatus=status, fuente=source, al=day, anotado_el=clock.now(), anotado_por=by
    )


def require_service() -> None:
    """Raise Refused where the installation names no service to ask."""
    if not settings.SAT_ESTATUS:
        raise Refused(
            Problem(
                "apagado",
                "servicio del SAT",
                "La consulta al SAT está apagada: esta instalación no dice la dirección de su servicio.",
                "Quien opera la máquina la escribe en SIF_SAT_ESTATUS. Mientras, cargue un archivo de estatus.",
            )
        )


def ask_sat(
    comprobantes: Iterable[Comprobante], by: Usuario | None = None, tell: Callable[[int], None] = lambda _asked: None
) -> StatusLoad:
    """Ask SAT's service of each invoice and write down what it says, each by itself; off without SIF_SAT_ESTATUS.

    An answer that does not come, or cannot be read, writes nothing: the status stays unknown. Raises Refused when the
    service is off, and after MOST_SILENT in a row without an answer; what was written down stays. `tell` hears how
    many were asked.
    """
    require_service()
    noted = silent = in_a_row = 0
    for asked, comprobante in enumerate(comprobantes, 1):
        status = consult(settings.SAT_ESTATUS, comprobante)
        if status is None:
            silent, in_a_row = silent + 1, in_a_row + 1
            if in_a_row == MOST_SILENT:
                raise Refused(_silence(noted))
        else:
            with transaction.atomic(), registering(by.pk if by else 0):
                _note(comprobante, status, clock.today(), "servicio", by)
            noted, in_a_row = noted + 1, 0
        tell(asked)
    return StatusLoad(noted, silent)


def _silence(noted: int) -> Problem:
    return Problem(
        "sin_respuesta",
        "servicio del SAT",
        f"No contestó {MOST_SILENT} veces seguidas, y se dejó de preguntar. Antes quedaron {noted:,} anotados.",
        "Vea que la red deje salir a la dirección de SIF_SAT_ESTATUS y que el servicio esté en pie; pida otra vez.",
    )


def consult(address: str, comprobante: Comprobante, send: Callable[..., object] = outside.send) -> str | None:
    """Query the service at an address for the status of an invoice: vigente, cancelado or no_encontrado.

    None when the service gives no answer.
    """
    asked = (
        f"?re={comprobante.emisor_rfc}&rr={comprobante.receptor_rfc}&tt={Money(comprobante.total).plain()}"
        f"&id={comprobante.uuid}"
    )
    request = Request(  # noqa: S310 - the address is the institution's own setting
        address,
        _ENVELOPE.format(escape(asked)).encode(),
        {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": _ACTION},
    )
    try:
        with send(request, timeout=SECONDS) as answer:  # type: ignore[attr-defined]
            data: bytes = answer.read(LONGEST)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data, parser)
    except (URLError, OSError, etree.XMLSyntaxError):
        return None
    state = root.find(".//{*}Estado")
    return STATES.get((state.text or "").strip().casefold()) if state is not None else None
