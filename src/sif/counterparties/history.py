"""Query the pólizas, payments and contracts of one supplier, person or bank account."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum

from sif.books.models import Aportacion, Contrato, Evidencia, Movimiento, Pago, Poliza
from sif.books.selectors import reference_of
from sif.registry.models import Persona
from sif.values import Money

MOST = 300


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


def history_of(kind: str, number: int, books: Iterable[int]) -> list[HistoryRow]:
    """Return the last things that happened with an auxiliary in some books, the latest first (MOST at most).

    The amount of a póliza is what its lines charge and credit to the auxiliary: debits less credits, or credits where
    there are no debits.
    """
    wanted = list(books)
    rows = list(_polizas(kind, number, wanted))
    if kind == "proveedor":
        rows = [*_with_payments(rows, list(_payments(number, wanted))), *_contracts(number, wanted)]
    return sorted(rows, key=lambda row: (row.fecha, row.eslabon or 0), reverse=True)[:MOST]


def _with_payments(rows: list[HistoryRow], paid: list[HistoryRow]) -> Iterator[HistoryRow]:
    """Yield each póliza once: marked where it pays; a payment whose póliza names nobody comes by itself."""
    named, paying = ({(row.contabilidad_id, row.eslabon) for row in each} for each in (rows, paid))
    for row in rows:
        yield replace(row, clase="pagada") if (row.contabilidad_id, row.eslabon) in paying else row
    yield from (row for row in paid if (row.contabilidad_id, row.eslabon) not in named)


def _versions(kind: str, number: int) -> list[int]:
    """Return every version of a person, of which lines cite the one of their day; of another kind, its one number."""
    if kind != "persona":
        return [number]
    whose = Persona.objects.filter(pk=number).values("identidad")
    return list(Persona.objects.filter(identidad__in=whose).values_list("pk", flat=True))


def _polizas(kind: str, number: int, books: list[int]) -> Iterator[HistoryRow]:
    sums = {
        poliza: (debit, credit)
        for poliza, debit, credit in Movimiento.objects.filter(
            auxiliar_tipo=kind, auxiliar_id__in=_versions(kind, number), contabilidad__in=books
        )
        .values("poliza_id")
        .annotate(c=Sum("cargo"), a=Sum("abono"))
        .values_list("poliza_id", "c", "a")
    }
    rows = Poliza.objects.filter(pk__in=sums).select_related("periodo").order_by("-fecha_operacion", "-pk")[:MOST]
    for poliza in rows:
        debit, credit = sums[poliza.pk]
        yield HistoryRow(
            poliza.fecha_operacion,
            "poliza",
            poliza.concepto,
            Money(debit if debit else credit),
            poliza.contabilidad_id,
            poliza.eslabon,
            reference_of(poliza),
        )


def _payments(number: int, books: list[int]) -> Iterator[HistoryRow]:
    rows = Pago.objects.filter(proveedor=number, contabilidad__in=books).select_related("poliza__periodo")
    for paid in rows.order_by("-fecha", "-pk")[:MOST]:
        poliza = paid.poliza
        yield HistoryRow(
            paid.fecha,
            "pago",
            paid.medio,
            Money(paid.monto),
            paid.contabilidad_id,
            poliza.eslabon,
            reference_of(poliza),
        )


def _contracts(number: int, books: list[int]) -> Iterator[HistoryRow]:
    for row in Contrato.objects.filter(proveedor=number, contabilidad__in=books).order_by("-suscrito_el")[:MOST]:
        yield HistoryRow(row.suscrito_el, "contrato", row.objeto, Money(row.monto), row.contabilidad_id)


def suppliers_named(books: Iterable[int]) -> set[int]:
    """Return the suppliers that lines or contracts of some books name."""
    wanted = list(books)
    lines = Movimiento.objects.filter(auxiliar_tipo="proveedor", contabilidad__in=wanted)
    agreed = Contrato.objects.filter(contabilidad__in=wanted)
    named = {number for number in lines.values_list("auxiliar_id", flat=True).distinct() if number is not None}
    return named | set(agreed.values_list("proveedor_id", flat=True))


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
