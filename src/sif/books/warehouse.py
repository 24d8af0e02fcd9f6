"""Query the kárdex: derived stock and value of each article, and its book with running balance."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, QuerySet, Sum, When

from sif.books.models import MovimientoInventario
from sif.catalogs.models import Articulo
from sif.values import Money


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is of an article: thousandths of its unit, and what it cost."""

    cantidad_milesimas: int
    valor: Money

    @property
    def unitario(self) -> Money:
        """The average cost of a unit, to the centavo, to be shown; costs are derived from the whole value."""
        held = self.cantidad_milesimas
        return Money((2000 * self.valor.centavos + held) // (2 * held)) if held > 0 else Money(0)


@dataclass(frozen=True, slots=True)
class KardexLine:
    """A movement with what remained after it; signs as they move the stock."""

    movimiento: MovimientoInventario
    cantidad_milesimas: int
    costo: Money
    existencia: Stock


NOTHING = Stock(0, Money(0))
_SIGNED_QUANTITY = Case(When(tipo="entrada", then=F("cantidad_milesimas")), default=-F("cantidad_milesimas"))
_SIGNED_COST = Case(When(tipo="entrada", then=F("costo")), default=-F("costo"))


def stock(articulos: Iterable[int]) -> dict[int, Stock]:
    """Stock by article number; one that never moved is not in it."""
    rows = MovimientoInventario.objects.filter(articulo__in=list(articulos)).values("articulo_id")
    sums = rows.annotate(quantity=Sum(_SIGNED_QUANTITY), value=Sum(_SIGNED_COST))
    return {
        number: Stock(int(quantity), Money(int(value)))
        for number, quantity, value in sums.values_list("articulo_id", "quantity", "value")
    }


def stock_of(articulo: Articulo) -> Stock:
    """Stock of one article."""
    return stock([articulo.pk]).get(articulo.pk, NOTHING)


def movements(contabilidades: Iterable[int]) -> QuerySet[MovimientoInventario]:
    """Movements of some books in the order in which they were recorded."""
    found = MovimientoInventario.objects.filter(contabilidad__in=list(contabilidades))
    return found.select_related("articulo", "evento", "registrado_por", "poliza__periodo").order_by("pk")


def kardex(articulo: Articulo) -> list[KardexLine]:
    """The book of an article, in the order recorded, which is the order in which averages were taken."""
    lines, quantity, value = [], 0, 0
    for row in movements([articulo.contabilidad_id]).filter(articulo=articulo):
        sign = 1 if row.tipo == "entrada" else -1
        quantity, value = quantity + sign * row.cantidad_milesimas, value + sign * row.costo
        after = Stock(quantity, Money(value))
        lines.append(KardexLine(row, sign * row.cantidad_milesimas, Money(sign * row.costo), after))
    return lines


def note(contabilidad_id: int, tipo: str, documento: str) -> list[MovimientoInventario]:
    """The movements of one note of entry or exit; empty if there is none."""
    return list(movements([contabilidad_id]).filter(tipo=tipo, documento=documento))
