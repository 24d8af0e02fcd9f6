"""Represent exact amounts of pesos as whole centavos."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sif.values.unread import Unread

_TEXT = re.compile(r"^\$?\s*(?P<sign>[-−]?)\$?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)?(?:\.(?P<cents>\d*))?$", re.ASCII)
MOST = 10**13
"""Centavos of the largest amount that anybody writes, ten times what all parties are given in a year."""
_LIMIT = 2**63 - 1  # centavos that the database keeps, which no sum of amounts written reaches

_CHECK = "Revise que esté en pesos y que no le sobren cifras."
_LONGEST = 60  # characters of an amount as it is written


class InvalidMoney(Unread):
    """The text is not an amount in pesos."""

    codigo = "importe"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in centavos of peso (int, may be negative). Sums and integer products are exact."""

    centavos: int

    def __post_init__(self) -> None:
        if not isinstance(self.centavos, int) or isinstance(self.centavos, bool):
            raise InvalidMoney(f"Un importe se guarda en centavos enteros; llegó {self.centavos!r}.")
        if abs(self.centavos) > _LIMIT:
            raise InvalidMoney(f"El importe {self.centavos} centavos excede lo que el sistema guarda.", _CHECK)

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read '1234.5', '1,234.50' or '-$20' (pesos).

        Raises InvalidMoney on a third decimal, on more than `MOST` or on anything else.
        """
        seen = text.strip().replace(" ", "")
        if len(seen) > _LONGEST:
            raise InvalidMoney(f"El importe tiene {len(seen):,} caracteres y no lo registra ningún sistema.", _CHECK)
        if seen[-3:-2] == "." and seen.isascii() and (figures := seen[:-3] + seen[-2:]).isdigit() and len(seen) > 3:
            return cls._written(int(figures))  # as files write it
        match = _TEXT.match(seen)
        if match is None or (match["whole"] is None and not match["cents"]):
            raise InvalidMoney(f"«{text}» no es un importe.", "Escriba pesos y centavos, por ejemplo 1,234.50.")
        cents = match["cents"] or ""
        if len(cents) > 2:
            raise InvalidMoney(
                f"«{text}» tiene {len(cents)} decimales y un importe admite dos.", "Redondee al centavo."
            )
        whole = (match["whole"] or "0").replace(",", "")
        value = int(whole) * 100 + int(cents.ljust(2, "0") or "0")
        return cls._written(-value if match["sign"] else value)

    @classmethod
    def of(cls, pesos: Decimal | int) -> "Money":
        """From pesos as Decimal or int; raises InvalidMoney over `MOST` or where a fraction of a centavo is lost."""
        scaled = Decimal(pesos) * 100
        if scaled != scaled.to_integral_value():
            raise InvalidMoney(f"{pesos} pesos no es un número entero de centavos.", "Redondee al centavo.")
        return cls._written(int(scaled))

    @classmethod
    def _written(cls, centavos: int) -> "Money":
        """Make an amount that somebody wrote; only sums are more than `MOST`. Raises InvalidMoney."""
        made = cls(centavos)
        if excess := made.excess:
            raise excess
        return made

    @property
    def is_writable(self) -> bool:
        """Return whether somebody may write it: no more than `MOST`, either side of zero."""
        return abs(self.centavos) <= MOST

    @property
    def excess(self) -> InvalidMoney | None:
        """Return what is wrong with it as an amount that somebody writes, or None."""
        return (
            None if self.is_writable else InvalidMoney(f"El importe {self} excede lo que el sistema registra.", _CHECK)
        )

    @property
    def pesos(self) -> Decimal:
        """The amount in pesos, two decimals."""
        return Decimal(self.centavos).scaleb(-2)

    def portion(self, basis_points: int, *, rounding: str = ROUND_HALF_UP) -> "Money":
        """This amount times basis_points / 10,000, rounded to the centavo (half up unless told)."""
        exact = Decimal(self.centavos) * basis_points / 10_000
        return Money(int(exact.to_integral_value(rounding=rounding)))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.centavos + other.centavos)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.centavos - other.centavos)

    def __neg__(self) -> "Money":
        return Money(-self.centavos)

    def __mul__(self, times: int) -> "Money":
        return Money(self.centavos * times)

    def __bool__(self) -> bool:
        return self.centavos != 0

    def __str__(self) -> str:
        """As shown on screen and paper: 1,234.50, with the true minus sign."""
        sign = "−" if self.centavos < 0 else ""
        return f"{sign}{abs(self.centavos) // 100:,}.{abs(self.centavos) % 100:02d}"

    def in_pesos(self) -> str:
        """As a sentence writes it: $1,234.50, or −$1,234.50 with the sign before the currency."""
        return f"−${-self}" if self.centavos < 0 else f"${self}"

    def plain(self) -> str:
        """As written in files: 1234.50 or -1234.50, no separators."""
        sign = "-" if self.centavos < 0 else ""
        return f"{sign}{abs(self.centavos) // 100}.{abs(self.centavos) % 100:02d}"
