"""Compute spending caps, contribution limits and overruns by the formulas of law."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from sif.law.parameters import value_on
from sif.values import Money

_WHOLE = 10_000
ROUNDINGS = {
    "centavos_medio": (1, ROUND_HALF_UP),
    "centavos_corte": (1, ROUND_DOWN),
    "pesos_medio": (100, ROUND_HALF_UP),
    "pesos_corte": (100, ROUND_DOWN),
}
"""Ways to round the cap of a local law, by key: the centavos of its unit, and how. No article read says which."""
ROUNDED = (
    "En pesos enteros, medio hacia arriba, como los acuerdos desde 2017 (el de 2015 llevaba centavos); el de apoyo "
    "ciudadano, al centavo: es equivalente al diez por ciento. Ningún artículo dice cómo redondear."
)
"""How the caps of LGIPE are rounded, in words."""


def _pesos(numerator: int, denominator: int, rounding: str) -> Money:
    """centavos numerator/denominator as whole pesos, rounded as told, from the exact quotient."""
    return _rounded(numerator, denominator, 100, rounding)


def _rounded(numerator: int, denominator: int, unit: int, rounding: str) -> Money:
    floor, rest = divmod(numerator, denominator * unit)
    up = rounding == ROUND_HALF_UP and rest * 2 >= denominator * unit
    return Money((floor + (1 if up else 0)) * unit)


def cap_president(public_campaign_funding: Money, fecha: date, jurisdiction: str) -> Money:
    """20 % of the public campaign funding of all parties, in whole pesos (half up) [LGIPE 243.4.a.I]."""
    return _pesos(
        public_campaign_funding.centavos * value_on("tope_presidencia_pb", fecha, jurisdiction), _WHOLE, ROUND_HALF_UP
    )


def cap_deputy(president_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """Return the president's cap divided by 300, in whole pesos [LGIPE 243.4.b.I]: 660,978,723 gives 2,203,262."""
    return _pesos(president_cap.centavos, value_on("tope_diputacion_divisor", fecha, jurisdiction), ROUND_HALF_UP)


def cap_deputy_midterm(previous_cap: Money, uma_then: Money, uma_now: Money) -> Money:
    """Return the previous deputy's cap updated by the UMA when only deputies are elected [LGIPE 243.4.b.I].

    uma_then, uma_now: UMA of the years in which each cap was set; 1,432,111 with 75.49 and 86.88 gives 1,648,189.
    """
    return _pesos(previous_cap.centavos * uma_now.centavos, uma_then.centavos, ROUND_HALF_UP)


def cap_senator(deputy_cap: Money, districts: int, fecha: date, jurisdiction: str) -> Money:
    """Return the deputy's cap times the districts of the state, at most 20 [LGIPE 243.4.b.II]; ValueError under one."""
    if districts < 1:
        raise ValueError(f"Una entidad tiene al menos un distrito; llegaron {districts}.")
    return deputy_cap * min(districts, value_on("tope_senaduria_distritos_maximos", fecha, jurisdiction))


def cap_precampaign(previous_campaign_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """20 % of the cap of the previous campaign, whole pesos half up [LGIPE 229.1]: 1,648,189 gives 329,638."""
    return _pesos(
        previous_campaign_cap.centavos * value_on("tope_precampana_pb", fecha, jurisdiction), _WHOLE, ROUND_HALF_UP
    )


def cap_citizen_support(previous_campaign_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """10 % of the cap of the previous campaign, to the centavo [LGIPE 374.2]: 1,648,189 gives 164,818.90."""
    return previous_campaign_cap.portion(
        value_on("tope_apoyo_ciudadano_pb", fecha, jurisdiction), rounding=ROUND_HALF_UP
    )


def cap_local(
    padron: int, uma: Money, factor_pb: int, minimo_uma: int = 0, redondeo: str = "centavos_medio"
) -> tuple[Money, bool]:
    """The voters of a territory times the UMA of a day times the factor of a local law, and whether its floor ruled.

    factor_pb: basis points; minimo_uma: least cap in UMA, 0 where the law has none; redondeo: one of ROUNDINGS. Whoever
    computes cites the local law that sets them, which was not read. ValueError under 1.
    """
    if padron < 1 or factor_pb < 1 or minimo_uma < 0:
        raise ValueError(f"El padrón y el factor son de uno o más; llegaron {padron} y {factor_pb}.")
    by_voters, floor = padron * factor_pb, minimo_uma * _WHOLE
    unit, rounding = ROUNDINGS[redondeo]
    return _rounded(uma.centavos * max(by_voters, floor), _WHOLE, unit, rounding), floor > by_voters


def cap_local_part(previous_cap: Money, factor_pb: int, redondeo: str) -> Money:
    """The share of an earlier cap that a local law sets for its precampaign or citizen support.

    factor_pb: basis points. redondeo: one of ROUNDINGS.
    """
    unit, rounding = ROUNDINGS[redondeo]
    return _rounded(previous_cap.centavos * factor_pb, _WHOLE, unit, rounding)


def limit_militants(public_ordinary_funding: Money, fecha: date, jurisdiction: str) -> Money:
    """2 % of the ordinary public funding of all parties, to the centavo [LGPP 56.2.a]."""
    return public_ordinary_funding.portion(value_on("limite_militantes_pb", fecha, jurisdiction), rounding=ROUND_DOWN)


def limit_candidates(previous_president_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """10 % of the previous president's cap, to the centavo [LGPP 56.2.b]: 42,963,332.50 in 2024."""
    return previous_president_cap.portion(value_on("limite_candidatos_pb", fecha, jurisdiction), rounding=ROUND_DOWN)


def limit_sympathisers(previous_president_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """10 % of the previous president's cap, to the centavo [LGPP 56.2.b]: 42,963,332.50 in 2024."""
    return previous_president_cap.portion(value_on("limite_simpatizantes_pb", fecha, jurisdiction), rounding=ROUND_DOWN)


def limit_individual(previous_president_cap: Money, fecha: date, jurisdiction: str) -> Money:
    """0.5 % of the previous president's cap, to the centavo [LGPP 56.2.d]: 2,148,166.62 of 2,148,166.625 in 2024."""
    return previous_president_cap.portion(value_on("limite_individual_pb", fecha, jurisdiction), rounding=ROUND_DOWN)


def limit_independent(cap: Money, fecha: date, jurisdiction: str) -> Money:
    """10 % of the cap of the election, to the centavo [LGIPE 399.1]: private money of an independent candidate."""
    return cap.portion(value_on("limite_independientes_pb", fecha, jurisdiction), rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Overrun:
    """The official table of a cap: A reported, B unreported, C = A + B, D cap, E = D − C, F = excess over D.

    umbral_pb: basis points over the cap that may annul the election [CPEUM 41.VI.a].
    """

    a: Money
    b: Money
    d: Money
    umbral_pb: int

    @property
    def c(self) -> Money:
        """Total spent."""
        return self.a + self.b

    @property
    def e(self) -> Money:
        """Return the amount left under the cap; negative when the cap was exceeded."""
        return self.d - self.c

    @property
    def excess(self) -> Money:
        """Return the amount spent over the cap; zero when the cap was not exceeded."""
        return Money(max(0, -self.e.centavos))

    @property
    def exceeds(self) -> bool:
        """Return whether the cap was exceeded by one centavo or more."""
        return self.e.centavos < 0

    @property
    def exceeds_5_percent(self) -> bool:
        """Return whether the excess reaches the share of the cap that may annul the election.

        The comparison multiplies whole numbers and never divides.
        """
        return self.exceeds and self.excess.centavos * _WHOLE >= self.d.centavos * self.umbral_pb

    @property
    def f(self) -> Decimal:
        """The excess in percent of the cap, two decimals, to be shown and never compared; zero when there is none."""
        if not self.exceeds or not self.d:
            return Decimal("0.00")
        return (Decimal(self.excess.centavos) * 100 / self.d.centavos).quantize(Decimal("0.01"), ROUND_HALF_UP)


def overrun(reported: Money, unreported: Money, cap: Money, fecha: date | None = None, *, jurisdiction: str) -> Overrun:
    """The cap table of one campaign; fecha chooses the nullity threshold in force (the latest when not given)."""
    threshold = value_on("rebase_nulidad_pb", fecha if fecha is not None else date.max, jurisdiction)
    return Overrun(reported, unreported, cap, threshold)


@dataclass(frozen=True, slots=True)
class Earmarked:
    """The minimum public money that a party must spend in a year on women's leadership and on specific activities."""

    women: Money
    specific: Money


def earmarked(public_ordinary_funding: Money, specific_pool: Money, fecha: date, jurisdiction: str) -> Earmarked:
    """3 % of the ordinary money, and 2 % of it plus the whole pool, exact to the centavo [LGPP 51.1.a.IV-V, 51.1.c].

    A part of a centavo counts as one: the law says «por lo menos».
    """
    ordinary = public_ordinary_funding.centavos
    women, two = (
        -(-ordinary * value_on(clave, fecha, jurisdiction) // _WHOLE)
        for clave in ("liderazgo_mujeres_pb", "actividades_especificas_pb")
    )
    return Earmarked(Money(women), Money(two + specific_pool.centavos))
