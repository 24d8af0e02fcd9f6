"""An invented campaign to measure on: 120 sets of books of one party, its people, and books of half a million lines."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

LEAFLETS, PAYABLE, BANKS, PETROL = "5-5-01-03-0000", "2-1-01-01-0000", "1-1-02-00-0000", "5-5-03-06-0000"
BOOKS, PEOPLE = 120, 20
CLABE = "002180000000000009"
PROCESS, RESPONSABLE, SUPPLIERS = "BANCO-1", "responsable1", "IMP150312"
NOBODY = "!"  # a password that no one can type
COLUMNS = (
    "poliza_tmp", "periodo", "tipo", "subtipo", "fecha_operacion", "descripcion", "linea", "cuenta", "auxiliar_tipo",
    "auxiliar_id", "concepto", "cargo", "abono", "uuid_cfdi", "id_evento", "evidencia_ref",
)  # fmt: skip


@dataclass
class Campaign:
    """What the measurements name; `grande` holds 500,000 lines by itself, `libros` as many among all of them."""

    etapa: Any
    partido: Any
    libros: list[Any]
    grande: Any
    alicia: Any
    capturistas: list[Any]
    proveedores: list[Any]
    bancos: dict[int, Any]

    @cached_property
    def first_day(self) -> date:
        """The first day of the period whose window is open."""
        day: date = self.etapa.periodos.get(numero=1).desde
        return day


def connect(folder: Path) -> None:
    """The database of a new installation under a folder, with its tables."""
    os.environ["SIF_DATOS"] = str(folder)
    from sif.commands import database

    database.setup_django(keyed=False)
    database.migrate()


def make_campaign() -> Campaign:
    """Make it with the services of the registry, around today."""
    from sif.books.services import load_catalogs
    from sif.registry import clock, services
    from sif.registry.models import Cargo, Contabilidad, Persona, Territorio

    load_catalogs("mx")
    today = clock.today()
    proceso = services.create_proceso(
        clave=PROCESS, nombre="Campaña de medición", ambito="local", entidad="MEX", anio=today.year
    )
    etapa = services.create_etapa(proceso, "campana", today - timedelta(days=20), today + timedelta(days=30))
    services.open_periods(etapa)
    partido = services.register_sujeto("partido", "81", "PM", "Partido de Medición", "PME140101AB1")
    cargo = Cargo.objects.create(clave="DL", nombre="Diputación local", ambito="local", columna="L")
    libros = []
    for n in range(1, BOOKS + 1):
        place = Territorio.objects.create(clave=f"MEX-{n}", nombre=f"Distrito {n}", tipo="distrito", entidad="MEX")
        new = services.NewCandidatura(
            folio=f"F{n}",
            persona=Persona.objects.create(nombre=f"Candidatura {n}"),
            sujeto=partido,
            cargo=cargo,
            territorio=place,
            tope=184_235_000_00,
            tope_acuerdo="Acuerdo de topes",
        )
        libros.append(services.approve_candidatura(etapa, new))
    other = services.register_sujeto("partido", "82", "PG", "Partido Grande", "PGR140101AB1")
    grande = services.open_contabilidad(etapa, other, Contabilidad.Clase.CONCENTRADORA)
    since = today - timedelta(days=60)
    alicia = services.create_usuario(RESPONSABLE, "Alicia Robles", "", password_hash=NOBODY)
    services.appoint(alicia, "responsable_finanzas", partido, desde=since)
    services.appoint(alicia, "responsable_finanzas", other, desde=since)
    people = [
        services.create_usuario(f"capturista{n}", f"Capturista {n}", "", password_hash=NOBODY) for n in range(PEOPLE)
    ]
    for place, person in enumerate(people):
        services.appoint(person, "capturista", partido, libros[place * 6 : place * 6 + 6], desde=since)
    suppliers = [services.register_proveedor(f"{SUPPLIERS}{n:03d}", f"Impresos {n}") for n in range(200)]
    banks = {books.pk: services.register_cuenta_bancaria(books, CLABE, "Banco", since) for books in (*libros, grande)}
    return Campaign(etapa, partido, libros, grande, alicia, people, suppliers, banks)


def again() -> Campaign:
    """The campaign that another process made."""
    from sif.registry.models import Contabilidad, CuentaBancaria, Etapa, Proveedor, Usuario

    etapa = Etapa.objects.get(proceso__clave=PROCESS)
    books = list(Contabilidad.objects.filter(etapa=etapa).select_related("sujeto", "etapa").order_by("pk"))
    own = [row for row in books if row.clase == "candidatura"]
    banks = {row.contabilidad_id: row for row in CuentaBancaria.objects.filter(contabilidad__etapa=etapa)}
    people = list(Usuario.objects.filter(username__startswith="capturista").order_by("pk"))
    suppliers = list(Proveedor.objects.filter(rfc__startswith=SUPPLIERS).order_by("pk"))
    grande = next(row for row in books if row not in own)
    alicia = Usuario.objects.get(username=RESPONSABLE)
    return Campaign(etapa, own[0].sujeto, own, grande, alicia, people, suppliers, banks)


def rows_of(campaign: Campaign, books: Any, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """The rows of a file to load: pólizas of four lines, an expense and its payment, in the columns of the template."""
    bank = campaign.bancos[books.pk]
    for n in range(first, first + count):
        day = campaign.first_day + timedelta(days=n % 18)
        supplier = campaign.proveedores[n % 200].rfc
        spent, paid = f"{1000 + n % 977}.{n % 100:02d}", f"{500 + n % 313}.{n % 97:02d}"
        head = (f"{books.pk}-{n}", "1", "normal", ("DR", "EG")[n % 2], f"{day:%d/%m/%Y}", f"Compra de volantes {n}")
        spending = (LEAFLETS, PETROL)[n % 3 == 0]
        yield (*head, "1", spending, "proveedor", supplier, f"Tiro {n}", spent, "", "", "", "")
        yield (*head, "2", PAYABLE, "proveedor", supplier, "Por pagar", "", spent, "", "", "")
        yield (*head, "3", PAYABLE, "proveedor", supplier, "Pago", paid, "", "", "", "")
        yield (*head, "4", BANKS, "cuenta_bancaria", bank.clabe, "Transferencia", "", paid, "", "", "")


def write_csv(path: Path, campaign: Campaign, books: Any, first: int, count: int) -> None:
    """That file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows_of(campaign, books, first, count))


def items_of(campaign: Campaign, books: Any, rows: Iterator[tuple[str, ...]]) -> Iterator[Any]:
    """The rows as pólizas to be posted, four by four; the plainest reader there could be."""
    from datetime import datetime

    from sif.books.services import Support
    from sif.ledger import NewLine, NewPoliza
    from sif.values import Money

    suppliers = {row.rfc: row.pk for row in campaign.proveedores}
    bank, period, nothing = campaign.bancos[books.pk].pk, campaign.etapa.periodos.get(numero=1).pk, Support()
    zero = Money(0)
    while four := [row for _, row in zip(range(4), rows, strict=False)]:
        lines = tuple(
            NewLine(
                row[7],
                Money.parse(row[11]) if row[11] else zero,
                Money.parse(row[12]) if row[12] else zero,
                row[10],
                row[8],
                suppliers[row[9]] if row[8] == "proveedor" else bank,
            )
            for row in four
        )
        _, _, tipo, subtipo, day, words, *_ = four[0]
        on = datetime.strptime(day, "%d/%m/%Y").date()  # noqa: DTZ007
        yield NewPoliza(books.pk, period, tipo, subtipo, on, words, lines), nothing


def fill(campaign: Campaign, polizas: int) -> None:
    """So many pólizas among all the books of the party, and 2,000 of them in the first."""
    from itertools import chain

    from sif.books.services import post_stream

    each = (polizas - 2_000) // (BOOKS - 1)
    counts = [2_000, *[each] * (BOOKS - 1)]
    counts[-1] += polizas - sum(counts)
    post_stream(
        chain.from_iterable(
            items_of(campaign, books, rows_of(campaign, books, 0, count))
            for books, count in zip(campaign.libros, counts, strict=True)
        ),
        campaign.alicia,
    )
