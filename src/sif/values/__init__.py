"""The small words everybody speaks: amounts, keys, spans of days, problems with their place."""

from sif.values.keys import Clabe, Curp, InvalidKey, Rfc, Uuid
from sif.values.money import InvalidMoney, Money
from sif.values.problem import Problem
from sif.values.span import Span

__all__ = ["Clabe", "Curp", "InvalidKey", "InvalidMoney", "Money", "Problem", "Rfc", "Span", "Uuid"]
