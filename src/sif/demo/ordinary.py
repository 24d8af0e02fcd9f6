"""Live the ordinary year of one party: its books month by month, its four quarters and its annual report, filed."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from sif.catalogs.services.campaign_debts import NewProyecto, register_proyecto
from sif.demo.keys import Names
from sif.demo.operations import Invoice, Operation, at, post_all
from sif.demo.reports import open_efirma
from sif.demo.world import World
from sif.filing.owed import ReportOwed, reports_of
from sif.filing.services import cadena_of, prepare_informe, present, publish_head
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock, services
from sif.registry.models import Contabilidad, Usuario
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.signing.efirma import sign
from sif.values import Money

SIGLAS, YEAR = "PJ", 2025
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


def live_ordinary_year(world: World, seed: int) -> int:
    """Open the year, record it, and file its reports in time; returns how many were presented.

    It draws from a chance of its own: what the rest of the demonstration invents stays as it was.
    """
    own = Random(seed + YEAR)  # noqa: S311 - a believable year, not a secret
    apart = replace(world, random=own, names=Names(own))
    head = world.heads[SIGLAS]
    books = _open(apart, head)
    post_all(apart, [*_income(books), *_spending(apart, books, head)], {books.pk: head})
    return _file_all(books, head)


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
    return books


def _named(account: str) -> str:
    return next(what for code, what, *_rest in SPENT if code == account)


def _income(books: Contabilidad) -> list[Operation]:
    """Return the operations of the opening balances, and of the public money of each month."""
    rows = [(date(YEAR, 1, 1), "Saldos con que abre el ejercicio", OPENING, NewLine(EQUITY, abono=OPENING))]
    bank = _bank(books)
    for month in range(1, 13):
        day = date(YEAR, month, 5)
        for what, account, amount in (
            ("Ministración ordinaria", ORDINARY, MONTHLY),
            ("Ministración para actividades específicas", SPECIFIC, FOR_SPECIFIC),
        ):
            rows.append((day, f"{what}, mes {month}", amount, NewLine(account, abono=amount, **bank)))
    return [
        Operation(books, day, _poliza(books, day, what, (NewLine(BANKS, cargo=amount, **bank), line), "IG"))
        for day, what, amount, line in rows
    ]


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
            day = date(YEAR, month, 20)
            lines = (
                NewLine(account, cargo=invoice.total, auxiliar_tipo=kind, auxiliar_id=number),
                NewLine(BANKS, abono=invoice.total, **bank),
            )
            new = _poliza(books, day, f"{what}, mes {month}", lines, "EG")
            found.append(Operation(books, day, new, factura=invoice, clases=("xml", "pdf")))
    return found


def _bank(books: Contabilidad) -> dict[str, Any]:
    account = books.cuentas_bancarias.get()
    return {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": account.pk}


def _poliza(books: Contabilidad, day: date, what: str, lines: tuple[NewLine, ...], subtipo: str) -> NewPoliza:
    period = books.etapa.periodos.get(desde__lte=day, hasta__gte=day)
    return NewPoliza(books.pk, period.pk, "normal", subtipo, day, what, lines)


def _file_all(books: Contabilidad, head: Usuario) -> int:
    """Sign and present each report of the year twenty days after the last day it covers."""
    efirma = open_efirma(head.rfc)
    reports = reports_of(books)
    for report in reports:
        with clock.at(at(_day_of(report), 11)):
            informe = prepare_informe(books, report.periodo, head, tipo=report.tipo)
            present(informe, efirma.cer, sign(cadena_of(informe, efirma.cer), efirma.key), head)
    publish_head()
    return len(reports)


def _day_of(report: ReportOwed) -> date:
    return report.hasta + timedelta(days=50 if report.is_whole else 20)
