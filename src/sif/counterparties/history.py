"""Query the pólizas, payments and contracts of one supplier, person or bank account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from sif.books.checks import is_believed
from sif.books.models import Aportacion, Contrato, Evidencia, Movimiento, Pago, Poliza, Recepcion
from sif.books.selectors import reference_of
from sif.registry.folding import fold
from sif.registry.models import Persona, Proveedor
from sif.values import Money

LOOKED = 20
"""Invoices of a supplier in which its name is looked for, from the latest."""
FIELDS = ("fecha", "que", "concepto", "monto", "contabilidad_id", "eslabon", "poliza_id")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened. clase: poliza, pagada (one that pays), pago, contrato; eslabon: None if no póliza."""

    fecha: date
    clase: str
    concepto: str
    monto: Money
    contabilidad_id: int
    eslabon: int | None = None
    referencia: str = ""


def history_of(kind: str, number: int, books: Iterable[int]) -> QuerySet[Any, tuple[object, ...]]:
    """Select what happened with an auxiliary in some books, the latest first; `named` makes rows of what is read.

    The amount of a póliza is what its lines charge and credit to the auxiliary: debits less credits, or credits where
    there are no debits. A póliza comes once, marked where it pays; a payment whose póliza names nobody, by itself.
    """
    wanted = list(books)
    found = [_polizas(kind, _versions(kind, number), wanted)]
    if kind == "proveedor":
        found += [_payments(number, wanted), _contracts(number, wanted)]
    return found[0].union(*found[1:], all=True).order_by("-fecha", F("eslabon").desc(nulls_last=True), "-poliza_id")


def named(rows: Iterable[tuple[Any, ...]]) -> list[HistoryRow]:
    """Return the rows of a history with the reference of the póliza of each, read at once."""
    read = [dict(zip(FIELDS, row, strict=True)) for row in rows]
    polizas = Poliza.objects.select_related("periodo").in_bulk([row["poliza_id"] for row in read if row["poliza_id"]])
    return [
        HistoryRow(
            row["fecha"],
            row["que"],
            row["concepto"],
            monto=Money(row["monto"]),
            contabilidad_id=row["contabilidad_id"],
            eslabon=row["eslabon"],
            referencia=reference_of(polizas[row["poliza_id"]]) if row["poliza_id"] else "",
        )
        for row in read
    ]


def _versions(kind: str, number: int) -> list[int]:
    """Return every version of a person, of which lines cite the one of their day; of another kind, its one number."""
    if kind != "persona":
        return [number]
    whose = Persona.objects.filter(pk=number).values("identidad")
    return list(Persona.objects.filter(identidad__in=whose).values_list("pk", flat=True))


def _polizas(kind: str, numbers: list[int], books: list[int]) -> QuerySet[Any, tuple[object, ...]]:
    """Select the pólizas whose lines name an auxiliary, with what those lines move; a supplier's payments mark them."""
    lines = {"tipo": kind, "id__in": numbers}
    rows = Poliza.objects.filter(
        contabilidad__in=books,
        movimientos__contabilidad__in=books,
        **{f"movimientos__auxiliar_{name}": value for name, value in lines.items()},
    )
    paid = Exists(Pago.objects.filter(poliza=OuterRef("pk"), proveedor__in=numbers))
    named = Case(When(paid, then=_text("pagada")), default=_text("poliza"))
    return rows.annotate(
        debe=Sum("movimientos__cargo"),
        haber=Sum("movimientos__abono"),
        fecha=F("fecha_operacion"),
        que=named if kind == "proveedor" else _text("poliza"),
        monto=Case(When(debe=0, then=F("haber")), default=F("debe"), output_field=BigIntegerField()),
        poliza_id=F("pk"),
    ).values_list(*FIELDS)


def _payments(number: int, books: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """Select the payments of a supplier whose póliza has no line of it."""
    lines = Movimiento.objects.filter(auxiliar_tipo="proveedor", auxiliar_id=number, contabilidad__in=books)
    found = Pago.objects.filter(~Exists(lines.filter(poliza=OuterRef("poliza_id"))), proveedor=number)
    rows = found.filter(contabilidad__in=books).annotate(
        que=_text("pago"), concepto=F("medio"), eslabon=F("poliza__eslabon")
    )
    return rows.values_list(*FIELDS)


def _contracts(number: int, books: list[int]) -> QuerySet[Any, tuple[object, ...]]:
    rows = Contrato.objects.filter(proveedor=number, contabilidad__in=books).annotate(
        fecha=F("suscrito_el"), que=_text("contrato"), concepto=F("objeto"), eslabon=_none(), poliza_id=_none()
    )
    return rows.values_list(*FIELDS)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _none() -> Value:
    return Value(None, output_field=BigIntegerField())


def suppliers_named(books: Iterable[int]) -> set[int]:
    """Return the suppliers that lines or contracts of some books name."""
    wanted = list(books)
    lines = Movimiento.objects.filter(auxiliar_tipo="proveedor", contabilidad__in=wanted)
    agreed = Contrato.objects.filter(contabilidad__in=wanted)
    named = {number for number in lines.values_list("auxiliar_id", flat=True).distinct() if number is not None}
    return named | set(agreed.values_list("proveedor_id", flat=True))


def name_said(supplier: Proveedor, books: Iterable[int]) -> str:
    """Return the name that the latest believed invoice of a supplier in some books says, where it is another than ours.

    A supplier is one for every subject and has the name that whoever registered it first wrote.
    """
    rows = Recepcion.objects.filter(
        contabilidad__in=list(books), comprobante__emisor_rfc=supplier.rfc, comprobante__sello="valido"
    )
    latest = rows.select_related("comprobante").order_by("-comprobante__fecha", "-pk")[:LOOKED]
    said = next((row.comprobante.emisor_nombre for row in latest if is_believed(row)), "")
    return said if is_another(said, supplier) else ""


def is_another(nombre: str, supplier: Proveedor) -> bool:
    """Return whether a name, where there is one, is another than that of a supplier, whatever its accents."""
    return bool(nombre.strip()) and fold(" ".join(nombre[:200].split())) != fold(" ".join(supplier.nombre.split()))


def contributions(books: Iterable[int], *, donors: Iterable[int] | None = None) -> QuerySet[Aportacion]:
    """Select the contributions of some books, reversals apart; revertida: its póliza was; recibo: its receipt is kept.

    donors: identities of donors, to select theirs alone.
    """
    reversals = Poliza.objects.filter(revierte_a__isnull=False)  # few: both marks are of one short list each
    rows = Aportacion.objects.exclude(poliza__in=reversals.values("pk")).filter(contabilidad__in=list(books))
    if donors is not None:
        rows = rows.filter(aportante__identidad__in=list(donors))
    receipt = Evidencia.objects.filter(poliza=OuterRef("poliza"), clase="recibo_aportacion", sin_efecto__isnull=True)
    reverted = ExpressionWrapper(Q(poliza__in=reversals.values("revierte_a")), BooleanField())
    return rows.annotate(revertida=reverted, recibo=Exists(receipt))
