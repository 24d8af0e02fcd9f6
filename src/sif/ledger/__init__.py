"""Compute double entry over plain frozen objects: balance and reversal of pólizas."""

from sif.ledger.poliza import NewLine, NewPoliza, check_poliza, reversal_of
from sif.ledger.reference import InvalidReference, PolizaReference, parse_reference, reference
from sif.ledger.trial_balance import Balance, trial_balance

__all__ = [
    "Balance",
    "InvalidReference",
    "NewLine",
    "NewPoliza",
    "PolizaReference",
    "check_poliza",
    "parse_reference",
    "reference",
    "reversal_of",
    "trial_balance",
]
