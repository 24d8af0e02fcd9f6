"""Split an amount among campaigns by kind and spending cap, to the centavo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sif.values import Money

WHOLE = 10_000


class CannotShare(ValueError):
    """The amount cannot be shared so; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A campaign that benefits from a shared expense.

    clave: the number of its books. columna: its kind of campaign. tope: its spending cap, the weight of its share.
    """

    clave: int
    columna: str
    tope: Money


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one beneficiary.

    columna_pb: the share of its column, in basis points. tope_columna: the sum of the caps of its column.
    """

    clave: int
    columna: str
    columna_pb: int
    tope: Money
    tope_columna: Money
    monto: Money

    @property
    def millionths(self) -> int:
        """Its part of the whole in millionths, toward zero, to be shown."""
        return self.columna_pb * self.tope.centavos * 100 // self.tope_columna.centavos


@dataclass(frozen=True, slots=True)
class Sharing:
    """An amount shared: parts in the order asked, and the difference of rounding, never negative nor given to anybody.

    The sum of the parts and `diferencia` is `total` exactly, and `diferencia` is less than one centavo per part.
    """

    total: Money
    partes: tuple[Share, ...]
    diferencia: Money

    @property
    def repartido(self) -> Money:
        """Return the total amount of the shares."""
        return Money(sum(part.monto.centavos for part in self.partes))


def share(total: Money, beneficiaries: Sequence[Beneficiary], percentages: Mapping[str, int]) -> Sharing:
    """Share `total`: part = total x percentage of the column x cap / sum of the caps of the column, toward zero.

    percentages: basis points by column, which add to 10,000 [LGPP 83.2]; within a column, caps [RF 218.2, por
    confirmar]. One division per part, of whole numbers: nothing is rounded twice. Raises CannotShare.
    """
    _check(total, beneficiaries, percentages)
    sums = dict.fromkeys(percentages, 0)
    for each in beneficiaries:
        sums[each.columna] += each.tope.centavos
    parts = tuple(
        Share(
            each.clave,
            each.columna,
            percentages[each.columna],
            each.tope,
            Money(sums[each.columna]),
            Money(total.centavos * percentages[each.columna] * each.tope.centavos // (WHOLE * sums[each.columna])),
        )
        for each in beneficiaries
    )
    return Sharing(total, parts, total - Money(sum(part.monto.centavos for part in parts)))


def _check(total: Money, beneficiaries: Sequence[Beneficiary], percentages: Mapping[str, int]) -> None:
    if total.centavos <= 0:
        raise CannotShare(f"El importe es {total}. Para repartirlo debe ser mayor a cero.")
    if sum(percentages.values()) != WHOLE:
        raise CannotShare(f"Los porcentajes suman {sum(percentages.values())} puntos base y deben sumar {WHOLE}.")
    seen = {each.columna for each in beneficiaries}
    if seen != set(percentages):
        raise CannotShare(
            f"Hay beneficiarios en las columnas {sorted(seen)} y porcentajes para {sorted(percentages)}. "
            "Deben ser las mismas."
        )
    if len({each.clave for each in beneficiaries}) < len(beneficiaries):
        raise CannotShare("El mismo beneficiario está dos veces. Déjelo una vez.")
    if without := [each.clave for each in beneficiaries if each.tope.centavos <= 0]:
        raise CannotShare(f"No tienen tope de gastos: {without}. Sin tope no hay con qué repartir.")
