"""Live the ordinary year of one party: its books month by month, its four quarters and its annual report, filed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from django.conf import settings

from sif.audit.services import freeze, rules_of, run
from sif.catalogs.services.campaign_debts import (
    NewProyecto,
    NewResolucion,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.catalogs.services.campaign_goods import NewActivo, register_activo
from sif.demo.chain import Outcome
from sif.demo.faults import Planted, keys_of
from sif.demo.keys import Names
from sif.demo.operations import Invoice, Operation, at, post_all
from sif.demo.reports import file_all
from sif.demo.world import World, keep_efirma, make_user
from sif.law.days import add_days
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock, services
from sif.registry.models import Contabilidad, Etapa, Nombramiento, Usuario
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.registry.stage_days import calendar_of
from sif.values import Money

SIGLAS, YEAR = "PJ", 2025
AUDITOR = ("berta", "Berta Solís Arce")
BANKS, EQUITY, ORDINARY, SPECIFIC = "1-1-02-00-0000", "3-2-01-01-0000", "4-1-01-01-0000", "4-1-03-01-0000"
OPENING, MONTHLY, FOR_SPECIFIC = Money.parse("420000.00"), Money.parse("1250000.00"), Money.parse("37500.00")
RENT, SERVICES, PROPAGANDA = "5-1-04-00-0000", "5-1-06-00-0000", "5-1-08-00-0000"
EVENTS, WOMEN = "5-1-50-00-0000", "5-1-51-00-0000"
SPENT = (
    (RENT, "Renta de la sede estatal", "80131502", "185000.00", range(1, 13)),
    (SERVICES, "Limpieza, vigilancia y energía de la sede", "76111501", "64250.00", range(1, 13)),
    (PROPAGANDA, "Difusión del emblema en la plaza", "82101500", "210300.00", (3, 9)),
    (WOMEN, "Taller de liderazgo político de las mujeres", "86101700", "118500.00", (2, 5, 8, 11)),
    (EVENTS, "Foro de educación y capacitación política", "86101700", "196400.00", (4, 7, 10)),
)
"""What the party spends in the year: account, what it buys, its key of SAT, before VAT, and the months."""

VAN, WORN, WEAR = "1-2-04-00-0000", "1-2-09-03-0000", "5-1-12-00-0000"
COST, WORN_BEFORE, QUARTER_WORN = Money.parse("600000.00"), Money.parse("150000.00"), Money.parse("37500.00")
FINES, FINES_OWED, FEES = "5-1-11-00-0000", "2-1-05-01-0000", "5-1-13-01-0000"
FINED = f"CG/RES-12/{YEAR - 1}"
FINE, REDUCTION, REDUCED = Money.parse("96000.00"), Money.parse("24000.00"), range(2, 6)
FEE = Money.parse("464.00")
"""A van of four years that wears by quarter, a fine taken from four ministraciones, and the fees of the bank."""

SLIP = ("ficha_deposito", "estado_cuenta")
WITHOUT_SLIP = (3, 8)
"""Months whose public money for specific activities is recorded without the papers of its deposit."""


@dataclass(slots=True)
class Year:
    """An ordinary year that was lived: its stage, how many reports were presented, and the findings to expect."""

    etapa: Etapa
    informes: int
    plantadas: list[Planted] = field(default_factory=list)


def live_ordinary_year(world: World, seed: int) -> Year:
    """Open the year, record it, and file its reports in time.

    It draws from a chance of its own: what the rest of the demonstration invents stays as it was.
    """
    own = Random(seed + YEAR)  # noqa: S311 - a believable year, not a secret
    apart = replace(world, random=own, names=Names(own))
    head = world.heads[SIGLAS]
    books = _open(apart, head)
    operations = [*_income(books), *_spending(apart, books, head)]
    post_all(apart, operations, {books.pk: head})
    account = books.cuentas_bancarias.get()
    unsaid = Planted("BA002", f"cuenta_bancaria_id={account.pk}", books.pk, 0, "de la cuenta no se dio aviso")
    planted = [unsaid, *(key for operation in operations for key in keys_of(operation))]
    return Year(books.etapa, file_all(books, (head, _external_auditor(world, seed)), 20, 50), planted)


def audit_ordinary_year(year: Year) -> Outcome:
    """Freeze and run the year three days after its annual report was due."""
    ready = calendar_of(year.etapa)["informe"].fecha + timedelta(days=3)
    with clock.at(at(ready, 9)):
        return Outcome([run(freeze(year.etapa, ready), rules_of(year.etapa))])


def _external_auditor(world: World, seed: int) -> Usuario:
    """Appoint the external auditor of the party, with an e.firma, who signs its annual report."""
    _name, rfc, curp, _rest = Names(Random(seed + YEAR + 1)).person()  # noqa: S311
    user = make_user(world, *AUDITOR, rfc)
    services.appoint(user, Nombramiento.Rol.AUDITOR_EXTERNO, world.subjects[SIGLAS], desde=date(YEAR, 1, 1))
    keep_efirma(world, rfc, curp, user.nombre)
    told = {"usuario": AUDITOR[0], "nombre": AUDITOR[1], "rol": str(Nombramiento.Rol.AUDITOR_EXTERNO.label)}
    party = world.subjects[SIGLAS].nombre
    world.personas.append({**told, "sujeto": party, "puede": "firma el informe anual, que el partido presenta"})
    return user


def _open(world: World, head: Usuario) -> Contabilidad:
    """The process of the year, which one administrator proposes and another opens, and the books of the party."""
    with clock.at(at(date(YEAR, 1, 1), 9)):
        proceso = open_proceso(
            propose_proceso(draft("ordinario", "", YEAR), world.people["hugo"]), world.people["marta"]
        )
        etapa = proceso.etapas.get()
        books = services.open_contabilidad(etapa, world.subjects[SIGLAS], Contabilidad.Clase.ORDINARIA)
        services.register_cuenta_bancaria(books, world.names.clabe(), "Banco de Anáhuac", etapa.inicia_el)
        for key, rubro in ((EVENTS, "actividades_especificas"), (WOMEN, "liderazgo_mujeres")):
            register_proyecto(world.subjects[SIGLAS], NewProyecto(f"PAT-{key[4:6]}", _named(key), rubro, YEAR), head)
        van = NewActivo("V-1", "Camioneta de reparto", VAN, date(YEAR - 1, 1, 1), COST, 48, "Sede estatal", head.nombre)
        register_activo(books, van, head)
        fine = NewResolucion(FINED, "Multa del ejercicio anterior", date(YEAR - 1, 12, 9), FINE)
        register_resolucion_por_pagar(world.subjects[SIGLAS], fine, head)
    return books


def _named(account: str) -> str:
    return next(what for code, what, *_rest in SPENT if code == account)


def _income(books: Contabilidad) -> list[Operation]:
    """Return the operations of the opening balances, and of the public money of each month."""
    bank = _bank(books)
    found = [_opening(books), *_unpaid(books)]
    for month in range(1, 13):
        day = _business(month, 5)
        ordinary, specific = NewLine(ORDINARY, abono=MONTHLY, **bank), NewLine(SPECIFIC, abono=FOR_SPECIFIC, **bank)
        paid = _taken(books) if month in REDUCED else None
        found.append(_deposit(books, day, f"Ministración ordinaria, mes {month}", ordinary, paid))
        found.append(_deposit(books, day, f"Ministración para actividades específicas, mes {month}", specific))
        if month in WITHOUT_SLIP:
            found[-1].clases = ()
            found[-1].planted["EV001"] = "la ministración se registró sin ficha de depósito ni estado de cuenta"
            found[-1].amounts["EV001"] = FOR_SPECIFIC.centavos
    return found


def _opening(books: Contabilidad) -> Operation:
    """Return the balances with which the year opens: money, the van and what it has worn."""
    van, day = _van(books), _business(1, 1)
    lines = (
        NewLine(BANKS, cargo=OPENING, **_bank(books)),
        NewLine(VAN, cargo=COST, **van),
        NewLine(WORN, abono=WORN_BEFORE, **van),
        NewLine(EQUITY, abono=OPENING + COST - WORN_BEFORE),
    )
    return Operation(books, day, _poliza(books, day, "Saldos con que abre el ejercicio", lines, "IG"), clases=SLIP)


def _unpaid(books: Contabilidad) -> list[Operation]:
    """Return what nobody invoices: the fine that became firm, the fees of the bank, and the wear of the van."""
    van, day = _van(books), _business(1, 20)
    owed = _taken(books, FINE)
    fine = NewLine(FINES, cargo=FINE, auxiliar_tipo=owed.auxiliar_tipo, auxiliar_id=owed.auxiliar_id)
    firm = fine, replace(owed, cargo=Money(0), abono=FINE)
    found = [Operation(books, day, _poliza(books, day, "Multa que quedó firme", firm, "DR"), clases=("papel_trabajo",))]
    for month in range(1, 13):
        day, fee = _business(month, 18), NewLine(FEES, cargo=FEE, **_bank(books))
        paid = fee, NewLine(BANKS, abono=FEE, **_bank(books))
        new = _poliza(books, day, f"Comisiones bancarias, mes {month}", paid, "EG")
        found.append(Operation(books, day, new, clases=("estado_cuenta",)))
        if month % 3 == 0:
            worn = NewLine(WEAR, cargo=QUARTER_WORN), NewLine(WORN, abono=QUARTER_WORN, **van)
            new = _poliza(books, day, f"Depreciación del trimestre {month // 3}", worn, "DR")
            found.append(Operation(books, day, new, clases=("papel_trabajo",)))
    return found


def _taken(books: Contabilidad, amount: Money = REDUCTION) -> NewLine:
    """Return the line of the fine that a ministración pays: what is taken from it before it is deposited."""
    number = books.sujeto.resoluciones_por_pagar.get(clave=FINED).pk
    return NewLine(FINES_OWED, cargo=amount, auxiliar_tipo="resolucion", auxiliar_id=number)


def _deposit(books: Contabilidad, day: date, what: str, line: NewLine, taken: NewLine | None = None) -> Operation:
    """Return a deposit, less what was taken from it before it came."""
    kept = line.abono - taken.cargo if taken else line.abono
    lines = (NewLine(BANKS, cargo=kept, **_bank(books)), *((taken,) if taken else ()), line)
    return Operation(books, day, _poliza(books, day, what, lines, "IG"), clases=SLIP)


def _business(month: int, day: int) -> date:
    """Return a day of the year, or the next business day where it is not one."""
    return add_days(date(YEAR, month, day) - timedelta(days=1), 1, "habiles", jurisdiction=settings.JURISDICTION)


def _spending(world: World, books: Contabilidad, head: Usuario) -> list[Operation]:
    """Return the purchases, each with its invoice, paid by transfer on its day."""
    projects = {row.nombre: row.pk for row in world.subjects[SIGLAS].proyectos.filter(anio=YEAR)}
    bank = _bank(books)
    found: list[Operation] = []
    for account, what, key, before_vat, months in SPENT:
        supplier = world.suppliers[len(found) % 12]
        invoice = Invoice(supplier, what, key, Money.parse(before_vat), (), "Ordinario")
        kind, number = ("proyecto", projects[what]) if what in projects else ("proveedor", supplier.row.pk)
        for month in months:
            day = _business(month, 15)
            lines = (
                NewLine(account, cargo=invoice.total, auxiliar_tipo=kind, auxiliar_id=number),
                NewLine(BANKS, abono=invoice.total, **bank),
            )
            new = _poliza(books, day, f"{what}, mes {month}", lines, "EG")
            found.append(Operation(books, day, new, factura=invoice, clases=("xml", "pdf")))
    return found


def _van(books: Contabilidad) -> dict[str, Any]:
    return {"auxiliar_tipo": "activo_fijo", "auxiliar_id": books.activos.get().pk}


def _bank(books: Contabilidad) -> dict[str, Any]:
    account = books.cuentas_bancarias.get()
    return {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": account.pk}


def _poliza(books: Contabilidad, day: date, what: str, lines: tuple[NewLine, ...], subtipo: str) -> NewPoliza:
    period = books.etapa.periodos.get(desde__lte=day, hasta__gte=day)
    return NewPoliza(books.pk, period.pk, "normal", subtipo, day, what, lines)
