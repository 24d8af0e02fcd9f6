"""Represent half-open spans of days: in force from `desde`, no longer from `hasta`."""

from dataclasses import dataclass
from datetime import date

OPEN_END = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days d with desde <= d < hasta; `hasta` None means still in force."""

    desde: date
    hasta: date | None = None

    def __post_init__(self) -> None:
        if self.hasta is not None and self.hasta <= self.desde:
            raise ValueError(f"El lapso {self.desde} a {self.hasta} está vacío: `hasta` debe ser posterior a `desde`.")

    def __contains__(self, day: date) -> bool:
        return self.desde <= day and (self.hasta is None or day < self.hasta)

    def overlaps(self, other: "Span") -> bool:
        """Return whether both have a day in common."""
        return self.desde < (other.hasta or OPEN_END) and other.desde < (self.hasta or OPEN_END)
