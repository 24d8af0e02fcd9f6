"""Build the pólizas of a prorrateo: the expense, its exit from the origin, and each campaign's part."""

from datetime import date

from sif.apportionment.asked import NewExpense, Plan, PlannedPart
from sif.books.accounts import account_for_role
from sif.books.models import Poliza
from sif.books.services import NewLado, NewPago, Support
from sif.ledger import NewLine, NewPoliza
from sif.registry.models import Contabilidad

Posting = tuple[NewPoliza, Support]


def expense_posting(plan: Plan, asked: NewExpense) -> Posting:
    """Return the ordinary póliza of an expense: paid by transfer from the bank, or owed to its supplier."""
    supplier, amount, origin = asked.proveedor_id, asked.monto, plan.origen
    spent = NewLine(asked.cuenta, cargo=amount, auxiliar_tipo="proveedor", auxiliar_id=supplier)
    if asked.contra != "bancos":
        owed = NewLine(account_for_role("proveedores"), abono=amount, auxiliar_tipo="proveedor", auxiliar_id=supplier)
        return _dated(
            plan, origin, asked.fecha, (spent, owed), asked.concepto, subtipo="DR", clase="ordinaria"
        ), Support()
    bank = origin.cuentas_bancarias.order_by("pk").first()
    paid = NewLine(
        account_for_role("bancos"), abono=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk if bank else None
    )
    poliza = _dated(plan, origin, asked.fecha, (spent, paid), asked.concepto, subtipo="EG", clase="ordinaria")
    return poliza, Support(pagos=(NewPago(supplier, "transferencia", asked.fecha, amount),))


def origin_posting(plan: Plan, folio: str, fecha: date) -> Posting:
    """The way out: the expense leaves the origin whole; each campaign takes its part and the residue stays in sight."""
    out, residue = account_for_role("salida_especie"), account_for_role("diferencia_prorrateo")
    outs = [
        NewLine(out, cargo=part.monto, auxiliar_tipo="contabilidad", auxiliar_id=part.contabilidad.pk)
        for part in plan.partes
    ]
    rest = [NewLine(residue, cargo=plan.diferencia, concepto="Diferencia por prorrateo")] if plan.diferencia else []
    gone = [
        NewLine(line.cuenta, abono=line.monto, auxiliar_tipo=line.auxiliar_tipo, auxiliar_id=line.auxiliar_id)
        for line in plan.lineas
    ]
    sides = tuple(NewLado(folio, "salida", part.contabilidad.pk, "especie", fecha, part.monto) for part in plan.partes)
    return _dated(plan, plan.origen, fecha, (*outs, *rest, *gone), _words(plan, folio)), Support(lados=sides)


def part_posting(plan: Plan, part: PlannedPart, folio: str, fecha: date) -> Posting:
    """The way in: the campaign records its part under the head the expense had, received in kind from the origin."""
    heads = [
        NewLine(line.cuenta, cargo=amount, auxiliar_tipo=line.auxiliar_tipo, auxiliar_id=line.auxiliar_id)
        for line, amount in zip(plan.lineas, part.por_linea, strict=True)
        if amount
    ]
    into = account_for_role("entrada_especie")
    received = NewLine(into, abono=part.monto, auxiliar_tipo="contabilidad", auxiliar_id=plan.origen.pk)
    side = NewLado(folio, "entrada", plan.origen.pk, "especie", fecha, part.monto)
    return _dated(plan, part.contabilidad, fecha, (*heads, received), _words(plan, folio)), Support(lados=(side,))


def _words(plan: Plan, folio: str) -> str:
    return f"Prorrateo {folio}: {plan.concepto}"


def _dated(
    plan: Plan,
    books: Contabilidad,
    day: date,
    lines: tuple[NewLine, ...],
    words: str,
    *,
    subtipo: str = "DR",
    clase: str = Poliza.Clase.PRORRATEO,
) -> NewPoliza:
    slot = plan.huecos[books.etapa_id, books.sujeto_id]  # a plan without it has a problem that says so
    return NewPoliza(books.pk, slot.periodo_id, slot.tipo, subtipo, day, words[:500], lines, clase=clase)
