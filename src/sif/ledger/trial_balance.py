"""Compute the trial balance: debits, credits and balance by nature of each account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sif.law.chart import Account
from sif.values import Money


@dataclass(frozen=True, slots=True)
class Balance:
    """An account of the trial balance; `saldo` is positive when it agrees with the nature of the account."""

    cuenta: str
    nombre: str
    cargos: Money
    abonos: Money
    saldo: Money

    @property
    def is_contrary(self) -> bool:
        """Return whether the balance is contrary to the nature of the account."""
        return self.saldo.centavos < 0


def trial_balance(sums: Iterable[tuple[str, int, int]], accounts: Mapping[str, Account]) -> list[Balance]:
    """From (account, debits, credits) in centavos, repeated or not, the balance of each account in order of code."""
    totals: dict[str, tuple[int, int]] = {}
    for cuenta, cargos, abonos in sums:
        before = totals.get(cuenta, (0, 0))
        totals[cuenta] = (before[0] + cargos, before[1] + abonos)
    return [
        Balance(
            cuenta,
            accounts[cuenta].nombre,
            Money(cargos),
            Money(abonos),
            Money(cargos - abonos if accounts[cuenta].naturaleza == "D" else abonos - cargos),
        )
        for cuenta, (cargos, abonos) in sorted(totals.items())
    ]
