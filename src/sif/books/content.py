"""What the digest of a póliza covers, in one canonical writing."""

from collections.abc import Sequence
from datetime import date, datetime
from json import JSONEncoder
from typing import Protocol

from sif.ledger import NewLine
from sif.registry import clock

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Covered(Protocol):
    """The header of a póliza as far as its digest covers it: a row of the table, or one about to be written."""

    @property
    def contabilidad_id(self) -> int: ...
    @property
    def periodo_id(self) -> int: ...
    @property
    def tipo(self) -> str: ...
    @property
    def subtipo(self) -> str: ...
    @property
    def numero(self) -> int: ...
    @property
    def clase(self) -> str: ...
    @property
    def fecha_operacion(self) -> date: ...
    @property
    def registrada_el(self) -> datetime: ...
    @property
    def registrada_por_id(self) -> int: ...
    @property
    def concepto(self) -> str: ...
    @property
    def revierte_a_id(self) -> int | None: ...
    @property
    def eslabon(self) -> int: ...


def content_of(poliza: Covered, lines: Sequence[NewLine]) -> bytes:
    """What the digest of a póliza covers: its header and its lines, in one canonical writing.

    It is `signing.chain.canonical_json` of this value, whose keys stand here already in their order.
    """
    return _encode(
        {
            "clase": poliza.clase, "concepto": poliza.concepto, "contabilidad": poliza.contabilidad_id,
            "eslabon": poliza.eslabon, "fecha_operacion": poliza.fecha_operacion.isoformat(),
            "lineas": [
                [line.cuenta, line.cargo.centavos, line.abono.centavos, line.concepto, line.auxiliar_tipo,
                 line.auxiliar_id]
                for line in lines
            ],
            "numero": poliza.numero, "periodo": poliza.periodo_id,
            "registrada_el": poliza.registrada_el.astimezone(clock.legal_zone()).isoformat(),
            "registrada_por": poliza.registrada_por_id, "revierte_a": poliza.revierte_a_id,
            "subtipo": poliza.subtipo, "tipo": poliza.tipo,
        }
    ).encode()  # fmt: skip
