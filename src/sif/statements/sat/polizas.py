"""Write the pólizas of a month with their invoices and payments for SAT."""

from collections.abc import Iterator
from itertools import batched
from typing import IO

from sif.books.accounts import cash_beginnings
from sif.books.models import Movimiento, Pago, Poliza, UsoComprobante
from sif.books.selectors import reference_of
from sif.catalogs.models import FichaProveedor
from sif.registry.history import current
from sif.registry.models import CuentaBancaria
from sif.statements.sat.schema import enumerated
from sif.statements.sat.sending import Sending
from sif.statements.sat.writing import Pen, clean, document, pesos

_CHUNK = 500
_METHODS = {"efectivo": "01", "cheque": "02", "transferencia": "03"}
"""SAT's key of each means of payment."""


def write_polizas(stream: IO[bytes], sent: Sending) -> None:
    """Every póliza of the month in order of operation."""
    found = Poliza.objects.filter(sent.asked.of_polizas() & sent.asked.within(""))
    ordered = (
        found.select_related("periodo")
        .prefetch_related("movimientos__cuenta", "comprobantes__comprobante", "pagos__proveedor")
        .order_by("fecha_operacion", "contabilidad_id", "eslabon")
    )
    with document(stream, "polizas", sent, sent.request()) as pen:
        for some in batched(ordered.iterator(chunk_size=_CHUNK), _CHUNK):
            accounts = _Accounts(some)
            for poliza in some:
                _write(pen, poliza, accounts)


class _Accounts:
    """The bank accounts that some pólizas name: ours by line, and those of suppliers."""

    def __init__(self, polizas: tuple[Poliza, ...]) -> None:
        lines = [line for poliza in polizas for line in poliza.movimientos.all()]
        own = {line.auxiliar_id or 0 for line in lines if line.auxiliar_tipo == "cuenta_bancaria"}
        self.own = dict(CuentaBancaria.objects.filter(pk__in=own).values_list("pk", "clabe"))
        suppliers = {pago.proveedor_id or 0 for poliza in polizas for pago in poliza.pagos.all()}
        books = {poliza.contabilidad_id for poliza in polizas}
        cards = FichaProveedor.objects.filter(proveedor__in=suppliers, sujeto__contabilidades__in=books)
        cards = current(cards).exclude(clabe="")
        self.theirs = dict(cards.values_list("proveedor_id", "clabe"))

    def pair(self, line: Movimiento, pago: Pago) -> tuple[str, str] | None:
        """CLABE of origin and of destination, when both are known and of banks that SAT lists."""
        origin = self.own.get(line.auxiliar_id or 0, "") if line.auxiliar_tipo == "cuenta_bancaria" else ""
        target = self.theirs.get(pago.proveedor_id or 0, "")
        banks = enumerated("c_Banco")
        return (origin, target) if origin[:3] in banks and target[:3] in banks else None


def _write(pen: Pen, poliza: Poliza, accounts: _Accounts) -> None:
    lines = sorted(poliza.movimientos.all(), key=lambda line: line.linea)
    head = {
        "NumUnIdenPol": reference_of(poliza)[:50],
        "Fecha": poliza.fecha_operacion.isoformat(),
        "Concepto": clean(poliza.concepto, 300),
    }
    in_hand = cash_beginnings()
    paying = next((line for line in lines if line.cuenta_id.startswith(in_hand)), lines[0])
    with pen.element("Poliza", head):
        for line in lines:
            row = {
                "NumCta": line.cuenta_id,
                "DesCta": clean(line.cuenta.nombre, 100),
                "Concepto": clean(line.concepto or poliza.concepto, 200),
                "Debe": pesos(line.cargo),
                "Haber": pesos(line.abono),
            }
            with pen.element("Transaccion", row):
                if line is lines[0]:
                    for use in _uses(poliza):
                        _invoice(pen, use)
                if line is paying:
                    _payments(pen, poliza, line, accounts)


def _uses(poliza: Poliza) -> Iterator[UsoComprobante]:
    yield from sorted(poliza.comprobantes.all(), key=lambda use: use.pk)


def _invoice(pen: Pen, use: UsoComprobante) -> None:
    invoice = use.comprobante
    pen.leaf("CompNal", {"UUID_CFDI": invoice.uuid, "RFC": invoice.emisor_rfc, "MontoTotal": pesos(use.monto)})


def _payments(pen: Pen, poliza: Poliza, line: Movimiento, accounts: _Accounts) -> None:
    """First the transfers between known accounts, then the other means: the schema wants them in that order."""
    pagos = [pago for pago in sorted(poliza.pagos.all(), key=lambda row: row.pk) if pago.proveedor is not None]
    pairs = {pago.pk: accounts.pair(line, pago) if pago.medio == "transferencia" else None for pago in pagos}
    for pago in pagos:
        if pair := pairs[pago.pk]:
            origin, target = pair
            ends = {"CtaOri": origin, "BancoOriNal": origin[:3], "CtaDest": target, "BancoDestNal": target[:3]}
            pen.leaf("Transferencia", {**ends, **_paid(pago)})
    for pago in pagos:
        if not pairs[pago.pk]:
            pen.leaf("OtrMetodoPago", {"MetPagoPol": _METHODS[pago.medio], **_paid(pago)})


def _paid(pago: Pago) -> dict[str, str]:
    assert pago.proveedor is not None
    return {
        "Fecha": pago.fecha.isoformat(),
        "Benef": clean(pago.proveedor.nombre, 300),
        "RFC": pago.proveedor.rfc,
        "Monto": pesos(pago.monto),
    }
