"""Define the small immutable values that every room uses: amounts, keys, spans, problems."""

from sif.values.cells import Cell, as_said, csv_cell, csv_writer, harmless, iso
from sif.values.keys import Clabe, Curp, InvalidKey, Rfc, Uuid
from sif.values.money import InvalidMoney, Money
from sif.values.problem import Problem
from sif.values.reading import (
    read_amount,
    read_day,
    read_day_as,
    read_exact,
    read_iso_day,
    read_moment_as,
    read_rounded,
    read_thousandths,
)
from sif.values.refused import Conflict, Refused, refusal
from sif.values.span import Span
from sif.values.unread import Unread

__all__ = [
    "Cell",
    "Clabe",
    "Conflict",
    "Curp",
    "InvalidKey",
    "InvalidMoney",
    "Money",
    "Problem",
    "Refused",
    "Rfc",
    "Span",
    "Unread",
    "Uuid",
    "as_said",
    "csv_cell",
    "csv_writer",
    "harmless",
    "iso",
    "read_amount",
    "read_day",
    "read_day_as",
    "read_exact",
    "read_iso_day",
    "read_moment_as",
    "read_rounded",
    "read_thousandths",
    "refusal",
]
