"""An election with every column of the table, federal and local campaigns at once, and an expense to share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from kept import keeps
from sif.apportionment.asked import NewExpense, NewProrrateo
from sif.books.models import Poliza
from sif.books.services import post_poliza
from sif.registry import clock, services
from sif.registry.models import Cargo, Contabilidad, Etapa, Persona, SujetoObligado, Territorio
from sif.registry.scope import everything
from sif.values import Money
from small_world import MOMENT, ZONE, World, make_world

CAPS = {"P": "660978723", "S": "44065240", "D": "2203262", "L": "1842350"}
OFFICES = {
    "P": ("Presidencia", "federal"),
    "S": ("Senaduría", "federal"),
    "D": ("Diputación", "federal"),
    "L": ("Diputación local", "local"),
}
LEAFLETS = "5-5-01-03-0000"


@dataclass
class Election:
    """What tests name. `pool` is the concentradora of the party, whose clerk writes everywhere."""

    world: World
    local: Etapa
    serial: int = 0

    @property
    def pool(self) -> Contabilidad:
        """The concentradora of the party."""
        return self.world.books

    def candidate(
        self, column: str, cap: str | None = "", *, subject: SujetoObligado | None = None, etapa: Etapa | None = None
    ) -> Contabilidad:
        """A campaign of that column; cap '' is the usual one and None means it has none."""
        self.serial += 1
        office, scope = OFFICES[column]
        cargo, _ = Cargo.objects.get_or_create(
            clave=f"PRUEBA-{column}", defaults={"nombre": office, "ambito": scope, "columna": column}
        )
        place, _ = Territorio.objects.get_or_create(
            clave=f"PRUEBA-{self.serial}",
            defaults={"nombre": f"Lugar {self.serial}", "tipo": "distrito", "entidad": "MEX"},
        )
        stage = etapa or (self.local if column == "L" else self.world.etapa)
        folio = f"PR-{stage.pk}-{self.serial}"
        new = services.NewCandidatura(
            folio=folio,
            persona=Persona.objects.create(nombre=f"Candidatura {column}{self.serial}"),
            sujeto=subject or self.world.party,
            cargo=cargo,
            territorio=place,
            tope=None if cap is None else Money.parse(cap or CAPS[column]).centavos,
            tope_acuerdo="Acuerdo",
        )
        with clock.at(datetime(2024, 3, 20, 9, tzinfo=ZONE)):
            return services.approve_candidatura(stage, new)

    def expense(self, pesos: str = "100000", **changes: object) -> Poliza:
        """A posted expense of leaflets in the concentradora."""
        return post_poliza(self.world.expense(pesos, **changes), self.world.clerk)

    def ask(self, expense: Poliza | None, *many: Contabilidad, **changes: Any) -> NewProrrateo:
        """A prorrateo of that expense among those campaigns, named in it."""
        fields: dict[str, Any] = {
            "origen_id": self.pool.pk,
            "clase": "personalizado",
            "criterio": "nombre",
            "detalle": "La muestra nombra a todas",
            "beneficiarios": tuple(each.pk for each in many),
            "gasto_id": expense.pk if expense else None,
        }
        return NewProrrateo(**{**fields, **changes})

    def to_write(self, pesos: str = "1000", **changes: Any) -> NewExpense:
        """An expense written together with its prorrateo."""
        fields: dict[str, Any] = {
            "cuenta": LEAFLETS,
            "proveedor_id": self.world.supplier.pk,
            "monto": Money.parse(pesos),
            "concepto": "Espectaculares del cierre",
            "fecha": date(2024, 4, 12),
            "contra": "bancos",
        }
        return NewExpense(**{**fields, **changes})

    def join(self, coalition: SujetoObligado, party: SujetoObligado) -> None:
        """Make the party a member of the coalition."""
        services.register_member(coalition, party, 5000, date(2024, 3, 1))


def make_election() -> Election:
    """Make it in this database."""
    world = make_world()
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        proceso = services.create_proceso(
            clave=f"PELO-{world.etapa.pk}", nombre="Proceso local", ambito="local", entidad="MEX", anio=2024
        )
        local = services.create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2024, 4, 5), date(2024, 5, 30))
        services.open_periods(local)
    return Election(world, local)


def seen_whole() -> Election:
    """Make it as the authority sees it, at noon of 15 April 2024."""
    with everything(), clock.at(MOMENT):
        return make_election()


@pytest.fixture
@keeps(seen_whole)
def election(world_of: Callable[..., Any]) -> Iterator[Election]:
    """An election seen whole, at noon of 15 April 2024, in a transaction undone."""
    with everything(), clock.at(MOMENT):
        yield world_of(seen_whole)
