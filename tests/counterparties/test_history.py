"""The history of a supplier, person or account: what it holds, in order, cut in pages by the database."""

from datetime import date
from typing import Any

from sif.books.services import NewPago, Support, post_poliza
from sif.books.services.registros import NewContrato, sign_contrato
from sif.counterparties.history import HistoryRow, history_of, named
from sif.ledger import NewLine
from sif.registry.services import register_proveedor
from sif.values import Money

DAY = date(2024, 4, 12)


def seen(rows: Any) -> list[tuple[str, str, Money]]:
    return [(row.clase, row.concepto, row.monto) for row in named(rows)]


def test_each_poliza_comes_once_with_what_it_moves_and_payments_without_lines_by_themselves(world: Any) -> None:
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    owed = world.expense(concepto="Volantes", fecha_operacion=date(2024, 4, 10))
    post_poliza(owed, world.clerk)
    amount = Money.parse("400.00")
    bank = NewLine("1-1-02-00-0000", abono=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk)
    paying = Support(pagos=(NewPago(world.supplier.pk, "cheque", date(2024, 4, 11), amount),))
    lines = (NewLine("2-1-01-01-0000", cargo=amount, **own), bank)
    named_by_lines = world.expense(concepto="Pago", lineas=lines, fecha_operacion=date(2024, 4, 11))
    post_poliza(named_by_lines, world.clerk, support=paying)
    other = {"auxiliar_tipo": "proveedor", "auxiliar_id": register_proveedor("OTR150312AB1", "Otra").pk}
    nobody = (NewLine("2-1-01-01-0000", cargo=amount, **other), bank)
    post_poliza(
        world.expense(concepto="Sin nombre", lineas=nobody, fecha_operacion=DAY),
        world.clerk,
        support=Support(pagos=(NewPago(world.supplier.pk, "cheque", DAY, amount),)),
    )
    agreed = NewContrato(world.supplier.pk, "Lonas", date(2024, 4, 9), Money.parse("900.00"), DAY)
    sign_contrato(world.books, agreed, world.clerk)
    rows = history_of("proveedor", world.supplier.pk, [world.books.pk])
    assert seen(rows) == [
        ("pago", "cheque", amount),
        ("pagada", "Pago", amount),
        ("poliza", "Volantes", Money.parse("1,000.00")),
        ("contrato", "Lonas", Money.parse("900.00")),
    ]
    assert rows.count() == 4
    assert [row for at in range(4) for row in seen(rows[at : at + 1])] == seen(rows)
    assert [bool(row.referencia) for row in named(rows)] == [True, True, True, False]
    assert not history_of("proveedor", world.supplier.pk, [world.other_books.pk])
    of_account = named(history_of("cuenta_bancaria", world.bank.pk, [world.books.pk]))
    assert [(row.clase, row.monto) for row in of_account] == [("poliza", amount), ("poliza", amount)]
    assert isinstance(of_account[0], HistoryRow)
