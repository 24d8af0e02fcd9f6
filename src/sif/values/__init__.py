"""Define the small immutable values that every room uses: amounts, keys, spans, problems."""

from sif.values.cells import Cell, as_said, csv_cell, csv_writer, harmless, iso
from sif.values.keys import Clabe, Curp, InvalidKey, Rfc, Uuid
from sif.values.money import InvalidMoney, Money
from sif.values.problem import Problem
from sif.values.refused import Conflict, Refused, refusal
from sif.values.span import Span

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
    "Uuid",
    "as_said",
    "csv_cell",
    "csv_writer",
    "harmless",
    "iso",
    "refusal",
]
