"""Parse the filter of a book and turn it into query conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from sif.books.accounts import beginning_for_role, cash_beginnings
from sif.books.models import Apertura, Movimiento
from sif.law.chart import prefix_of
from sif.statements.names import versions_of

_BEGINNING = re.compile(r"^[1-9](-\d{0,4}){0,4}$")
LEVELS = 5


class NotAnAccount(ValueError):
    """The text is not the beginning of an account code; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter of a book. Empty values ask for everything.

    contabilidades: numbers, always said. periodo: number of the period the póliza belongs to. desde, hasta: days of
    operation, both included. cuentas: beginnings of account codes. nivel: levels of the code that are shown, 1 to 5.
    efectivo: only pólizas that touch caja or bancos. operaciones: none that opens the books or closes their results.
    eslabon: the last link that is read, of one set of books; al: the hour until which its bank is read.
    """

    contabilidades: tuple[int, ...]
    periodo: int | None = None
    desde: date | None = None
    hasta: date | None = None
    cuentas: tuple[str, ...] = ()
    tipo: str = ""
    subtipo: str = ""
    auxiliar_tipo: str = ""
    auxiliar_id: int | None = None
    texto: str = ""
    nivel: int = LEVELS
    efectivo: bool = False
    operaciones: bool = False
    eslabon: int | None = None
    al: datetime | None = None

    def but(self, **changes: object) -> "Asked":
        """Return the same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def starts(self) -> bool:
        """Return whether the filter has a start; the movements before the start give the opening balances."""
        return self.periodo is not None or self.desde is not None

    @property
    def has_span(self) -> bool:
        """Return whether the filter is limited by days or by a period."""
        return self.starts or self.hasta is not None

    def within(self, path: str = "poliza__") -> Q:
        """Return the condition of the days and period of the filter; path leads to the póliza."""
        found = Q()
        if self.periodo is not None:
            found &= Q(**{f"{path}periodo__numero": self.periodo})
        if self.desde:
            found &= Q(**{f"{path}fecha_operacion__gte": self.desde})
        if self.hasta:
            found &= Q(**{f"{path}fecha_operacion__lte": self.hasta})
        return found

    def earlier(self, path: str = "poliza__") -> Q:
        """Return the condition of the pólizas before the start of the filter; no póliza matches without a start."""
        if self.periodo is not None:
            found = Q(**{f"{path}periodo__numero__lt": self.periodo})
            if self.desde:
                same = {f"{path}periodo__numero": self.periodo, f"{path}fecha_operacion__lt": self.desde}
                found |= Q(**same)
            return found
        return Q(**{f"{path}fecha_operacion__lt": self.desde}) if self.desde else Q(pk__in=[])

    def until(self, path: str = "poliza__") -> Q:
        """Return the condition of the pólizas of a closing balance: before the span, and within the span."""
        return self.earlier(path) | self.within(path) if self.starts else self.within(path)

    def opening(self, path: str = "poliza__") -> Q | None:
        """Return the condition of the pólizas that open these books, whatever their days; None where nothing did.

        What they bring stood before the first day, and is no movement of any.
        """
        found = Apertura.objects.filter(contabilidad__in=self.contabilidades).values_list("poliza_id", flat=True)
        numbers = list(found)
        return Q(**{f"{path}pk__in": numbers}) if numbers else None

    def of_polizas(self, path: str = "") -> Q:
        """Return the condition of the pólizas by books, kind and words; path leads to the póliza."""
        found = Q(**{f"{path}contabilidad__in": self.contabilidades})
        if self.eslabon is not None:
            found &= Q(**{f"{path}eslabon__lte": self.eslabon})
        if self.tipo:
            found &= Q(**{f"{path}tipo": self.tipo})
        if self.subtipo:
            found &= Q(**{f"{path}subtipo": self.subtipo})
        if self.texto:
            found &= Q(**{f"{path}concepto__icontains": self.texto})
        return found

    def of_lines(self) -> Q:
        """Return the condition of the lines by books, accounts, auxiliary and póliza; the days are left to `within`."""
        found = Q(contabilidad__in=self.contabilidades) & begins("cuenta__codigo", self.cuentas)
        if self.eslabon is not None:
            found &= Q(poliza__eslabon__lte=self.eslabon)
        if self.tipo:
            found &= Q(poliza__tipo=self.tipo)
        if self.subtipo:
            found &= Q(poliza__subtipo=self.subtipo)
        if self.texto:
            found &= Q(concepto__icontains=self.texto) | Q(poliza__concepto__icontains=self.texto)
        if self.auxiliar_tipo:
            found &= Q(auxiliar_tipo=self.auxiliar_tipo)
        if self.auxiliar_id is not None:
            found &= Q(auxiliar_id__in=versions_of(self.auxiliar_tipo, self.auxiliar_id))
        if self.efectivo:
            found &= Q(poliza__in=self.cash_polizas())
        if self.operaciones:
            found &= ~Q(poliza__in=self.closing_polizas())
            if (opened := self.opening()) is not None:
                found &= ~opened
        return found

    def closing_polizas(self) -> QuerySet[Movimiento, int]:
        """Return the pólizas of these books with a line of patrimonio: they open or close, as reports count them."""
        equity = begins("cuenta__codigo", (beginning_for_role("patrimonio"),))
        return Movimiento.objects.filter(equity, contabilidad__in=self.contabilidades).values_list(
            "poliza_id", flat=True
        )

    def cash_polizas(self) -> QuerySet[Movimiento, int]:
        """Return the pólizas of these books with a line of caja or bancos, whatever else is asked."""
        lines = Movimiento.objects.filter(cash_lines(), contabilidad__in=self.contabilidades)
        return lines.values_list("poliza_id", flat=True)

    def as_query(self) -> Mapping[str, str]:
        """Return the filter as the parameters of an address, without the contabilidades."""
        pairs = {
            "periodo": self.periodo,
            "desde": self.desde,
            "hasta": self.hasta,
            "cuenta": ",".join(self.cuentas),
            "tipo": self.tipo,
            "subtipo": self.subtipo,
            "auxiliar_tipo": self.auxiliar_tipo,
            "auxiliar": self.auxiliar_id,
            "q": self.texto,
            "efectivo": "1" if self.efectivo else "",
            "operaciones": "1" if self.operaciones else "",
        }
        return {key: str(value) for key, value in pairs.items() if value not in (None, "")}


def begins(field: str, beginnings: tuple[str, ...]) -> Q:
    """That a code begins with one of these; anything where none is said."""
    found = Q()
    for beginning in beginnings:
        found |= Q(**{f"{field}__startswith": beginning})
    return found


def cash_lines(field: str = "cuenta__codigo") -> Q:
    """Lines of caja and bancos."""
    return begins(field, cash_beginnings())


def account_beginnings(text: str) -> tuple[str, ...]:
    """From `5-5-01, 1-1-02-00-0000` the beginnings of the codes meant; a group means all below it.

    Raises NotAnAccount.
    """
    return tuple(_beginning(part) for part in text.replace(" ", "").split(",") if part)


def _beginning(text: str) -> str:
    if not _BEGINNING.match(text):
        raise NotAnAccount(
            f"«{text}» no es una cuenta. Escriba su código o el principio, por ejemplo 5-5-01 o 1-1-02-00-0000."
        )
    return prefix_of(text) if text.count("-") == LEVELS - 1 and len(text) == len("1-1-02-00-0000") else text
