"""Post planned operations day by day: receive invoices, store files, post pólizas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from time import monotonic
from uuid import UUID

from django.db import transaction

from sif.books import services as books_services
from sif.books.models import Comprobante, Poliza
from sif.books.services import NewEvidencia, Support
from sif.books.services.registros import NewContrato, sign_contrato
from sif.cfdi.document import ComplementoIne, EntidadIne
from sif.cfdi.write import Contribuyente, Factura, Linea, build_cfdi
from sif.demo.papers import paper, picture
from sif.demo.world import STATE, Supplier, World
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.values import Money

CAMPAIGN = "Campaña"
NOTHING = Support()
BETWEEN_WORDS = 5
"""Seconds of posting between two words of progress."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Invoice:
    """The invoice of an operation: issuer, goods, amount before VAT, the books it names (None: no complement)."""

    supplier: Supplier
    descripcion: str
    clave: str
    subtotal: Money
    nombra: tuple[int, ...] | None
    proceso: str = CAMPAIGN
    forma_pago: str = "03"

    @property
    def linea(self) -> Linea:
        """Its only line."""
        return Linea(self.descripcion, 1000, self.subtotal, self.clave)

    @property
    def total(self) -> Money:
        """Subtotal and VAT."""
        return self.linea.importe + self.linea.iva


@dataclass
class Operation:
    """A póliza to be posted on a day, with its invoice and the classes of files that go with it.

    `planted` names the rules it is meant to break and how, `amounts` the centavos of each; once posted, `poliza` and
    `comprobante` say what it became.
    """

    contabilidad: Contabilidad
    registro: date
    poliza_nueva: NewPoliza
    soporte: Support = NOTHING
    factura: Invoice | None = None
    clases: tuple[str, ...] = ()
    contratado: Money | None = None
    """What its contract says, where it is not what the póliza charges."""
    reusa: "Operation | None" = None
    muestra_de: "Operation | None" = None
    planted: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    serial: int = 0
    poliza: Poliza | None = None
    comprobante: Comprobante | None = None
    archivos: dict[str, str] = field(default_factory=dict)
    is_slip: bool = False
    """Whether its money never came: it was typed with zeros too many."""


def at(day: date, hour: int = 18) -> datetime:
    """Return an instant of a day in the legal zone."""
    return datetime.combine(day, time(hour), clock.legal_zone())


def post_all(world: World, operations: Sequence[Operation], by: dict[int, Usuario], say: Say | None = None) -> None:
    """Post everything in order of registration, by day and who captures; say every few seconds how much is posted."""
    batches: dict[tuple[date, int], list[Operation]] = {}
    for serial, operation in enumerate(operations, 1):
        operation.serial = serial  # no two papers say the same
        batches.setdefault((operation.registro, by[operation.contabilidad.pk].pk), []).append(operation)
    posted, last = 0, monotonic()
    for (day, _), batch in sorted(batches.items()):
        batch.sort(key=lambda operation: operation.contabilidad.pk)
        with clock.at(at(day)), transaction.atomic():
            _post_batch(world, batch, by[batch[0].contabilidad.pk])
        posted += len(batch)
        if say is not None and monotonic() - last > BETWEEN_WORDS:
            say(f"{posted} de {len(operations)} pólizas")
            last = monotonic()


def _post_batch(world: World, batch: Sequence[Operation], by: Usuario) -> None:
    invoiced = [operation for operation in batch if operation.factura]
    for _, theirs in groupby(invoiced, key=lambda operation: operation.contabilidad.pk):
        _receive(world, list(theirs), by)
    _keep_files(batch)
    items = [(operation.poliza_nueva, _support(operation)) for operation in batch]
    for operation, posted in zip(batch, books_services.post_many(items, by), strict=True):
        operation.poliza = posted
        _sign_contract(operation, by)


def _sign_contract(operation: Operation, by: Usuario) -> None:
    """Register the contract of a purchase whose account asks for one."""
    invoice, new = operation.factura, operation.poliza_nueva
    if invoice is None or "contrato" not in operation.clases:
        return
    agreed = operation.contratado or (new.cargos if invoice.supplier.in_rnp else None)
    if agreed is not None:
        contract = NewContrato(invoice.supplier.row.pk, invoice.descripcion, new.fecha_operacion, agreed)
        sign_contrato(operation.contabilidad, contract, by)


def _receive(world: World, batch: Sequence[Operation], by: Usuario) -> None:
    """Receive the invoices of operations of one contabilidad."""
    files = [(f"factura-{place}.xml", _xml(world, operation)) for place, operation in enumerate(batch, 1)]
    for operation, answer in zip(batch, books_services.receive_many(files, batch[0].contabilidad, by), strict=True):
        if answer.comprobante is None:
            raise RuntimeError(f"La factura de la demostración no se leyó: {answer.problemas}")
        operation.comprobante = answer.comprobante


def _xml(world: World, operation: Operation) -> bytes:
    return invoice_xml(world, operation, operation.poliza_nueva.fecha_operacion)


def invoice_xml(world: World, operation: Operation, day: date) -> bytes:
    """Return the sealed and stamped XML of the invoice of an operation, issued at noon of a day, never after now."""
    invoice = operation.factura
    assert invoice is not None
    subject = operation.contabilidad.sujeto
    factura = Factura(
        uuid=str(UUID(int=world.random.getrandbits(128), version=4)).upper(),
        serie="A",
        folio=str(world.random.randrange(1, 99999)),
        fecha=min(at(day, 12), clock.now() - timedelta(minutes=2)),
        emisor=Contribuyente(invoice.supplier.row.rfc, invoice.supplier.row.nombre),
        receptor=Contribuyente(subject.rfc, subject.nombre, "603"),
        lineas=(invoice.linea,),
        ine=_complement(invoice),
        forma_pago=invoice.forma_pago,
    )
    return build_cfdi(factura, invoice.supplier.sealer, world.pac)


def _complement(invoice: Invoice) -> ComplementoIne | None:
    if invoice.nombra is None:
        return None
    if invoice.proceso == "Ordinario":
        return ComplementoIne("1.1", "Ordinario", "Ejecutivo Estatal", None, (EntidadIne(STATE, ""),))
    return ComplementoIne("1.1", invoice.proceso, "", None, (EntidadIne(STATE, "Local", invoice.nombra),))


def _keep_files(batch: Sequence[Operation]) -> None:
    """Keep the files of a day at once, but for the one that a fault wants used again."""
    papers: list[tuple[Operation, str, bytes]] = []
    for operation in batch:
        new = operation.poliza_nueva
        for clase in operation.clases:
            if clase == "xml":
                continue
            if operation.muestra_de is not None and clase == "muestra":
                operation.archivos[clase] = operation.muestra_de.archivos["muestra"]
                continue
            says = f"{new.contabilidad_id} {new.fecha_operacion} {operation.serial}"
            papers.append((operation, clase, _file(clase, new.concepto, says)))
    for (operation, clase, _), kept in zip(papers, books_services.store_files([p[2] for p in papers]), strict=True):
        operation.archivos[clase] = kept.sha256


def _file(clase: str, concepto: str, says: str) -> bytes:
    return picture(says) if clase == "muestra" else paper(clase.replace("_", " ").title(), concepto, says)


def _support(operation: Operation) -> Support:
    used = operation.reusa.comprobante if operation.reusa else operation.comprobante
    evidence = [
        NewEvidencia(clase, f"{clase}.{'png' if clase == 'muestra' else 'pdf'}", operation.archivos[clase])
        for clase in operation.clases
        if clase != "xml"
    ]
    if used is not None and "xml" in operation.clases:
        evidence.append(NewEvidencia("xml", f"{used.uuid}.xml", used.xml_sha256))
    given = operation.soporte
    amount = operation.poliza_nueva.cargos
    return Support(
        comprobantes=((used.pk, amount),) if used is not None else (),
        pagos=given.pagos,
        aportaciones=given.aportaciones,
        evidencias=tuple(evidence),
        lados=given.lados,
    )
