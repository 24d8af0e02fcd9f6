"""A small election for tests: one stage of two periods, two parties with books, their people, a supplier, a bank."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kept import keeps
from rfcs import new_rfc
from sif.books.models import Cuenta
from sif.books.services import load_catalogs
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import (
    Ambito,
    Aportante,
    Contabilidad,
    CuentaBancaria,
    Etapa,
    Periodo,
    Proveedor,
    SujetoObligado,
    Usuario,
)
from sif.registry.scope import everything
from sif.registry.services import (
    appoint,
    create_etapa,
    create_proceso,
    create_usuario,
    open_contabilidad,
    open_periods,
    register_aportante,
    register_cuenta_bancaria,
    register_proveedor,
    register_sujeto,
)
from sif.values import Money

ZONE = ZoneInfo("America/Mexico_City")
MOMENT = datetime(2024, 4, 15, 12, tzinfo=ZONE)
BANKS, PAYABLE, LEAFLETS, PETROL = "1-1-02-00-0000", "2-1-01-01-0000", "5-5-01-03-0000", "5-5-03-06-0000"
GIFT = "4-2-02-01-0000"
_serial = count(1)


@dataclass
class World:
    """What tests name; `books` and `other_books` are of one party, `foreign` of another."""

    etapa: Etapa
    periods: list[Periodo]
    party: SujetoObligado
    rival: SujetoObligado
    books: Contabilidad
    other_books: Contabilidad
    foreign: Contabilidad
    clerk: Usuario
    stranger: Usuario
    auditor: Usuario
    supplier: Proveedor
    bank: CuentaBancaria
    other_bank: CuentaBancaria
    donor: Aportante

    def expense(self, pesos: str = "1000.00", **changes: object) -> NewPoliza:
        """A sound expense of leaflets on credit, dated in the first period."""
        amount = Money.parse(pesos)
        fields: dict[str, object] = {
            "contabilidad_id": self.books.pk,
            "periodo_id": self.periods[0].pk,
            "tipo": "normal",
            "subtipo": "DR",
            "fecha_operacion": date(2024, 4, 10),
            "concepto": "Volantes del arranque",
            "lineas": self.lines(amount),
        }
        return NewPoliza(**{**fields, **changes})  # type: ignore[arg-type]

    def lines(self, amount: Money) -> tuple[NewLine, ...]:
        """Leaflets against the supplier."""
        own = {"auxiliar_tipo": "proveedor", "auxiliar_id": self.supplier.pk}
        return (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own))  # type: ignore[arg-type]


def catalogs() -> None:
    """Have the catalogues of law, which the template of the database brings, in one that has lost them."""
    if not Cuenta.objects.exists():
        load_catalogs("mx")


def make_world(year: int = 2024, tipo: str = Etapa.Tipo.CAMPANA, rfc: str = "PAM140101AB1") -> World:
    """Make it in a year, its stage of a kind and its party with an RFC, with names of its own each time."""
    n = next(_serial)
    catalogs()
    with clock.at(datetime(year, 3, 1, 9, tzinfo=ZONE)):
        proceso = create_proceso(clave=f"PEFO-{n}", nombre="Proceso", ambito=Ambito.FEDERAL, anio=year)
        etapa = create_etapa(proceso, tipo, date(year, 4, 1), date(year, 5, 30))
        periods = open_periods(etapa)
        party = register_sujeto("partido", f"P{n}", f"PA{n}", f"Partido Ámbar {n}", rfc)
        rival = register_sujeto("partido", f"R{n}", f"RI{n}", f"Partido Rival {n}", "PRI140101AB1")
        books, other_books, foreign = (
            open_contabilidad(etapa, sujeto, Contabilidad.Clase.CONCENTRADORA) for sujeto in (party, party, rival)
        )
        people = [
            create_usuario(f"{name}{n}", name, "", password_hash="!", rfc=new_rfc() if name == "Irma" else "")
            for name in ("Olga", "Raúl", "Irma")
        ]
        appoint(people[0], "responsable_finanzas", party)
        appoint(people[1], "responsable_finanzas", rival)
        appoint(people[2], "auditor")
        return World(
            etapa,
            periods,
            party,
            rival,
            books,
            other_books,
            foreign,
            *people,
            supplier=register_proveedor("IPR150312Q47", "Impresos del Prado"),
            bank=register_cuenta_bancaria(books, "002180000000000009", "Banco", date(year, 3, 1)),
            other_bank=register_cuenta_bancaria(other_books, "002180000000000009", "Banco", date(year, 3, 1)),
            donor=register_aportante(party, "Donante Uno"),
        )


def seen_whole() -> World:
    """Make it as the authority sees it, at noon of 15 April 2024."""
    with everything(), clock.at(MOMENT):
        return make_world()


@pytest.fixture
@keeps(seen_whole)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """A small election seen whole, at noon of 15 April 2024, in a transaction undone, with files of the test's own."""
    with everything(), clock.at(MOMENT):
        yield world_of(seen_whole)
