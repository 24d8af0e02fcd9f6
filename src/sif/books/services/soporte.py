"""Resolve the support of a póliza as it is posted: invoices, payments, contributions, files."""

from dataclasses import dataclass
from datetime import date

from sif.ledger import NewLine
from sif.values import Money


@dataclass(frozen=True, slots=True)
class NewPago:
    """A payment; `medio` efectivo, cheque or transferencia."""

    proveedor_id: int | None
    medio: str
    fecha: date
    monto: Money


@dataclass(frozen=True, slots=True)
class NewAportacion:
    """A contribution with the folio of its receipt; `medio` may also be especie."""

    aportante_id: int
    calidad: str
    medio: str
    fecha: date
    folio: str
    monto: Money


@dataclass(frozen=True, slots=True)
class NewEvidencia:
    """A stored file (by its SHA-256) attached under a class of evidence."""

    clase: str
    nombre: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NewLado:
    """This póliza's side of a transfer with another contabilidad."""

    folio: str
    lado: str
    contraparte_id: int
    forma: str
    fecha: date
    monto: Money


@dataclass(frozen=True, slots=True)
class Support:
    """The records posted together with a póliza, all or none.

    comprobantes: the number of each invoice and the amount used of that invoice.
    """

    comprobantes: tuple[tuple[int, Money], ...] = ()
    pagos: tuple[NewPago, ...] = ()
    aportaciones: tuple[NewAportacion, ...] = ()
    evidencias: tuple[NewEvidencia, ...] = ()
    lados: tuple[NewLado, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A transfer between two contabilidades of one subject, or from a party to a coalition of it.

    `gasto` is the expense line that moves when in kind.
    """

    origen_id: int
    destino_id: int
    monto: Money
    forma: str
    fecha: date
    gasto: NewLine | None = None
