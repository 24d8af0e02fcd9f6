"""Stream the pólizas of some books in order of their chain, for exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sif.books.models import Movimiento, Poliza
from sif.ledger import NewLine, reference
from sif.registry import clock
from sif.values import Money

_BLOCK = 5_000  # lines
_HEADER = (
    "eslabon",
    "tipo",
    "periodo__numero",
    "subtipo",
    "numero",
    "clase",
    "fecha_operacion",
    "registrada_el",
    "concepto",
)
_LINE = ("cuenta_id", "cargo", "abono", "concepto", "auxiliar_tipo", "auxiliar_id")


@dataclass(frozen=True, slots=True)
class Asiento:
    """A posted póliza as its chain keeps it: its link, its reference, its days and its lines in order."""

    eslabon: int
    referencia: str
    periodo: int
    tipo: str
    subtipo: str
    clase: str
    fecha_operacion: date
    fecha_registro: date
    concepto: str
    lineas: tuple[NewLine, ...]


def asientos(contabilidad_id: int) -> Iterator[Asiento]:
    """Yield every póliza of some books with its lines, those without lines among them, in constant memory."""
    headers = Poliza.objects.filter(contabilidad=contabilidad_id).order_by("eslabon")
    lines = Movimiento.objects.filter(contabilidad=contabilidad_id).order_by("poliza__eslabon", "linea")
    by_link = groupby(lines.values_list("poliza__eslabon", *_LINE).iterator(chunk_size=_BLOCK), key=itemgetter(0))
    waiting = next(by_link, None)
    for row in headers.values_list(*_HEADER).iterator(chunk_size=_BLOCK):
        own: tuple[NewLine, ...] = ()
        if waiting and waiting[0] == row[0]:
            own = tuple(_line(values[1:]) for values in waiting[1])
            waiting = next(by_link, None)
        yield _asiento(contabilidad_id, row, own)


def _line(values: tuple[Any, ...]) -> NewLine:
    cuenta, cargo, abono, concepto, kind, number = values
    return NewLine(cuenta, Money(cargo), Money(abono), concepto, kind, number)


def _asiento(contabilidad_id: int, row: tuple[Any, ...], lines: tuple[NewLine, ...]) -> Asiento:
    link, tipo, periodo, subtipo, numero, clase, day, moment, concepto = row
    cited = reference(tipo, periodo, subtipo, numero, day, contabilidad_id)
    registered = clock.legal_day(moment)
    return Asiento(link, cited, periodo, tipo, subtipo, clase, day, registered, concepto, lines)
