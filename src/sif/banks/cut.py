"""Limit a bank account to a cut: its pólizas up to a link, and the acts on its bank until an hour."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from sif.banks.models import LadoBanco, LadoLibros


@dataclass(frozen=True, slots=True)
class BankCut:
    """Limit an account to its pólizas up to a link and to the acts on its bank until an hour; None for all."""

    eslabon: int | None = None
    al: datetime | None = None

    @property
    def recorded(self) -> Q:
        """Return the condition of the movements of the books that count."""
        return Q() if self.eslabon is None else Q(poliza__eslabon__lte=self.eslabon)

    @property
    def linked(self) -> Q:
        """Return the condition that the link of a side stands: made by the hour of the cut, and not undone by then."""
        if self.al is None:
            return Q(enlace__deshecho=None)
        undone = Q(enlace__deshecho=None) | Q(enlace__deshecho__hecho_el__gt=self.al)
        return Q(enlace__hecho_el__lte=self.al) & undone

    def by_then(self, moment: str) -> Q:
        """Return the condition that the hour of a row, by its path, is not after the cut."""
        return Q() if self.al is None else Q(**{f"{moment}__lte": self.al})

    @property
    def line_claimed(self) -> Exists:
        """Return the condition that a standing link claims a line of the bank."""
        return Exists(LadoBanco.objects.filter(self.linked, linea=OuterRef("pk")))

    @property
    def movement_claimed(self) -> Exists:
        """Return the condition that a standing link claims a movement of the books."""
        return Exists(LadoLibros.objects.filter(self.linked, movimiento=OuterRef("pk")))
