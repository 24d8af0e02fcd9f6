"""Query the kárdex: derived stock and value of each article, and its book with running balance."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, F, Model, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from sif.books.models import MovimientoInventario
from sif.catalogs.models import Articulo
from sif.values import Money


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of an article: thousandths of its unit, and its cost."""

    cantidad_milesimas: int
    valor: Money

    @property
    def unitario(self) -> Money:
        """The average cost of a unit, to the centavo, to be shown; costs are derived from the whole value."""
        return unit_cost(self.cantidad_milesimas, self.valor.centavos)


@dataclass(frozen=True, slots=True)
class KardexLine:
    """A movement with what remained after it; signs as they move the stock."""

    movimiento: MovimientoInventario
    cantidad_milesimas: int
    costo: Money
    existencia: Stock


_SIGNED_QUANTITY = Case(When(tipo="entrada", then=F("cantidad_milesimas")), default=-F("cantidad_milesimas"))
_SIGNED_COST = Case(When(tipo="entrada", then=F("costo")), default=-F("costo"))


def unit_cost(held: int, value: int) -> Money:
    """Return the average cost of a unit, to the centavo, of thousandths held at a value in centavos."""
    return Money((2000 * value + held) // (2 * held)) if held > 0 else Money(0)


def stocked(articulos: QuerySet[Articulo]) -> QuerySet[Model]:
    """Add to articles their stock: `cantidad` in thousandths and `valor` in centavos."""
    moved = MovimientoInventario.objects.filter(articulo=OuterRef("pk")).order_by().values("articulo")
    sums = {"cantidad": _SIGNED_QUANTITY, "valor": _SIGNED_COST}
    return articulos.annotate(
        **{
            name: Coalesce(Subquery(moved.annotate(suma=Sum(signed)).values("suma")), 0, output_field=BigIntegerField())
            for name, signed in sums.items()
        }
    )


def stock_of(articulo: Articulo) -> Stock:
    """Stock of one article."""
    quantity, value = stocked(Articulo.objects.filter(pk=articulo.pk)).values_list("cantidad", "valor").get()
    return Stock(quantity, Money(value))


def movements(contabilidades: Iterable[int]) -> QuerySet[MovimientoInventario]:
    """Movements of some books in the order in which they were recorded."""
    found = MovimientoInventario.objects.filter(contabilidad__in=list(contabilidades))
    return found.select_related("articulo", "evento", "registrado_por", "poliza__periodo").order_by("pk")


def kardex(articulo: Articulo) -> list[KardexLine]:
    """Return the book of an article, in the order recorded, which is the order in which averages were taken."""
    lines, quantity, value = [], 0, 0
    for row in movements([articulo.contabilidad_id]).filter(articulo=articulo):
        sign = 1 if row.tipo == "entrada" else -1
        quantity, value = quantity + sign * row.cantidad_milesimas, value + sign * row.costo
        after = Stock(quantity, Money(value))
        lines.append(KardexLine(row, sign * row.cantidad_milesimas, Money(sign * row.costo), after))
    return lines


def note(contabilidad_id: int, tipo: str, documento: str) -> list[MovimientoInventario]:
    """Return the movements of one note of entry or exit; empty if there is none."""
    return list(movements([contabilidad_id]).filter(tipo=tipo, documento=documento))
