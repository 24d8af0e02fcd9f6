"""Define the tables of the books: chart, invoices, drafts and posted pólizas."""

from sif.books.models.aperturas import (
    Apertura,
    PartidaApertura,
)
from sif.books.models.cargas import (
    Carga,
)
from sif.books.models.comprobantes import (
    Comprobante,
    ConceptoComprobante,
    EstatusComprobante,
    HojaIne,
    NominaComprobante,
    PagoDocumento,
    Recepcion,
    RelacionComprobante,
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
    Entrega,
    Evidencia,
    EvidenciaSinEfecto,
    LadoTransferencia,
    Movimiento,
    Pago,
    Poliza,
    UsoComprobante,
)
from sif.books.models.presupuesto import PartidaPresupuesto
from sif.books.models.registros import (
    AvisoContratacion,
    CancelacionCep,
    CancelacionRepap,
    Cep,
    FirmaCep,
    MovimientoInventario,
    ReciboRepap,
)

__all__ = [
    "Apertura",
    "Aportacion",
    "Archivo",
    "AvisoContratacion",
    "Borrador",
    "CancelacionCep",
    "CancelacionRepap",
    "Carga",
    "Cep",
    "ClaseEvidencia",
    "Comprobante",
    "ConceptoComprobante",
    "Contrato",
    "Cuenta",
    "CuentaEvidencia",
    "Entrega",
    "EstatusComprobante",
    "Evidencia",
    "EvidenciaSinEfecto",
    "FirmaCep",
    "HojaIne",
    "LadoTransferencia",
    "Movimiento",
    "MovimientoInventario",
    "NominaComprobante",
    "Pago",
    "PagoDocumento",
    "PartidaApertura",
    "PartidaPresupuesto",
    "Plantilla",
    "Poliza",
    "Recepcion",
    "ReciboRepap",
    "RelacionComprobante",
    "UsoComprobante",
]
