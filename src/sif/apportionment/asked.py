"""Parse the request of a prorrateo and preview its result before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sif.law.apportionment import Combination
from sif.registry.models import Contabilidad
from sif.values import Money, Problem


@dataclass(frozen=True, slots=True)
class NewExpense:
    """An expense written together with its prorrateo. contra: `bancos` (paid) or `proveedores` (to be paid)."""

    cuenta: str
    proveedor_id: int
    monto: Money
    concepto: str
    fecha: date
    contra: str


@dataclass(frozen=True, slots=True)
class NewProrrateo:
    """A prorrateo asked for: `gasto_id` a posted póliza of the origin, or `nuevo` an expense to be written with it.

    esperados: how many prorrateos the origin had when it was shown; another number means it was sent twice.
    """

    origen_id: int
    clase: str
    criterio: str
    detalle: str
    beneficiarios: tuple[int, ...]
    gasto_id: int | None = None
    nuevo: NewExpense | None = None
    esperados: int | None = None


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """Part of the expense that keeps its head in every campaign: account and auxiliary, and its amount."""

    cuenta: str
    auxiliar_tipo: str
    auxiliar_id: int | None
    monto: Money


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """The planned part of a campaign.

    por_linea: the amount of each expense line; gastado: the earlier spending of the campaign.
    """

    contabilidad: Contabilidad
    columna: str
    columna_pb: int
    tope_columna: Money
    por_linea: tuple[Money, ...]
    gastado: Money

    @property
    def monto(self) -> Money:
        """All its lines."""
        return Money(sum(amount.centavos for amount in self.por_linea))

    @property
    def tope(self) -> Money:
        """The cap of its campaign."""
        return Money(self.contabilidad.tope or 0)

    @property
    def despues(self) -> Money:
        """Its spending with this part."""
        return self.gastado + self.monto

    @property
    def millonesimas(self) -> int:
        """Its part of the whole in millionths, toward zero."""
        return self.columna_pb * self.tope.centavos * 100 // self.tope_columna.centavos


@dataclass(frozen=True, slots=True)
class Slot:
    """The place to record a day now: the number of its period and the kind of póliza that is open."""

    periodo_id: int
    tipo: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a prorrateo: the records to write, or every problem that prevents them.

    combinacion: the percentages of law, None if there are none. huecos: the place to record the day of the expense, by
    stage and subject. hechos: the count of earlier prorrateos of the origin.
    """

    origen: Contabilidad
    fecha: date | None
    concepto: str
    lineas: tuple[ExpenseLine, ...] = ()
    partes: tuple[PlannedPart, ...] = ()
    combinacion: Combination | None = None
    problemas: tuple[Problem, ...] = ()
    hechos: int = 0
    huecos: Mapping[tuple[int, int], Slot] = field(default_factory=dict)

    @property
    def total(self) -> Money:
        """The whole expense."""
        return Money(sum(line.monto.centavos for line in self.lineas))

    @property
    def repartido(self) -> Money:
        """The sum of the parts."""
        return Money(sum(part.monto.centavos for part in self.partes))

    @property
    def diferencia(self) -> Money:
        """The residue of rounding: the whole less the parts."""
        return self.total - self.repartido if self.partes else Money(0)

    def residue_of(self, place: int) -> Money:
        """Return the residue of one expense line."""
        return self.lineas[place].monto - Money(sum(part.por_linea[place].centavos for part in self.partes))
