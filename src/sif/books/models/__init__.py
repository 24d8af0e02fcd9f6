"""Tables of the books: chart of accounts, invoices, drafts, and the posted pólizas that nothing changes."""

from sif.books.models.cargas import (
    Carga,
)
from sif.books.models.comprobantes import (
    Comprobante,
    ConceptoComprobante,
    HojaIne,
    Recepcion,
)
from sif.books.models.cuentas import (
    ClaseEvidencia,
    Cuenta,
    CuentaEvidencia,
    Plantilla,
)
from sif.books.models.polizas import (
    Aportacion,
    Archivo,
    Borrador,
    Contrato,
    Evidencia,
    EvidenciaSinEfecto,
    LadoTransferencia,
    Movimiento,
    Pago,
    Poliza,
    UsoComprobante,
)
from sif.books.models.registros import (
    AvisoContratacion,
    Cep,
    MovimientoInventario,
    ReciboRepap,
)

__all__ = [
    "Aportacion",
    "Archivo",
    "AvisoContratacion",
    "Borrador",
    "Carga",
    "Cep",
    "ClaseEvidencia",
    "Comprobante",
    "ConceptoComprobante",
    "Contrato",
    "Cuenta",
    "CuentaEvidencia",
    "Evidencia",
    "EvidenciaSinEfecto",
    "HojaIne",
    "LadoTransferencia",
    "Movimiento",
    "MovimientoInventario",
    "Pago",
    "Plantilla",
    "Poliza",
    "Recepcion",
    "ReciboRepap",
    "UsoComprobante",
]
