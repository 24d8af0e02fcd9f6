"""Record suppliers, people, series, accounts and receipts of the demonstration."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from sif.books.models import Aportacion
from sif.catalogs.services import (
    NewCuenta,
    NewPersona,
    NewProveedor,
    NewSerie,
    authorize_serie,
    cancel_cuenta,
    open_cuenta,
    report_cuenta,
    save_persona,
    save_proveedor,
)
from sif.counterparties.folios import folio_control, parse_folio
from sif.counterparties.services import NewContribution, cancel_folio, record_aportacion
from sif.demo.builder import Built
from sif.demo.faults import Planted
from sif.demo.keys import Names
from sif.demo.operations import at
from sif.demo.papers import paper
from sif.demo.world import World
from sif.registry import clock
from sif.registry.models import Contabilidad, CuentaBancaria, Etapa
from sif.registry.selectors import windows_open
from sif.values import Money

SPARE = 50  # folios each series has left
RELATIONS = ("caja", "empleo", "empleo", "honorarios", "repap", "representante")
GIFTS = ((1_500_00, "transferencia"), (4_250_50, "cheque"), (980_00, "efectivo"))
PARTY = "PJ"


def keep_people(world: World, built: Built, seed: int) -> int:
    """Fill the catalogues of every subject and record some contributions with their receipts; returns how many."""
    random = Random(f"{seed}, gente")  # noqa: S311 - a believable campaign, not a secret
    _suppliers(world, random)
    _people(world, built, Names(random))
    _series(world, built)
    _accounts(world, built)
    return _contributions(world, built)


def _suppliers(world: World, random: Random) -> None:
    names = Names(random)
    streets = ("Calle Hidalgo", "Avenida Juárez", "Calle del Río", "Avenida Morelos")
    for siglas in (PARTY, "UB"):
        for supplier in world.suppliers:
            address = f"{random.choice(streets)} {random.randrange(10, 400)}, Valle Hondo"
            new = NewProveedor(
                world.subjects[siglas].pk,
                supplier.row.rfc,
                supplier.row.nombre,
                domicilio=address,
                clabe=names.clabe(),
            )
            save_proveedor(new, world.heads[siglas])


def _people(world: World, built: Built, names: Names) -> None:
    for siglas in (PARTY, "UB"):
        for relation in RELATIONS:
            name, rfc, curp, _sex = names.person()
            new = NewPersona(
                world.subjects[siglas].pk,
                name,
                relation,
                built.terminada.inicia_el,
                curp=curp,
                rfc=rfc,
                clave_elector=names.clave_elector(name),
            )
            save_persona(new, world.heads[siglas])


def _series(world: World, built: Built) -> None:
    """The series that the receipts already given cite, and those the running campaign will need."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    for siglas, folio in Aportacion.objects.values_list("contabilidad__sujeto__siglas", "folio"):
        parsed = parse_folio(folio)
        if parsed:
            last[siglas, parsed[0]] = max(last[siglas, parsed[0]], parsed[1])
    for books in world.books[built.en_curso.pk]:
        for letters in ("RSEF", "RSES", "RMEF"):
            last[books.sujeto.siglas, f"{letters}-{books.pk}"] += 0
    with clock.at(at(built.terminada.inicia_el - timedelta(days=1), 10)):
        for (siglas, clave), number in sorted(last.items()):
            authorize_serie(NewSerie(world.subjects[siglas].pk, clave, 1, number + SPARE), world.heads[siglas])


def _accounts(world: World, built: Built) -> None:
    """Every account was told in time but one; those of the finished campaign were closed but two."""
    rows = CuentaBancaria.objects.select_related("contabilidad__sujeto", "contabilidad__etapa").order_by("pk")
    for place, account in enumerate(rows):
        stage, head = account.contabilidad.etapa, world.heads[account.contabilidad.sujeto.siglas]
        with clock.at(at(stage.inicia_el + timedelta(days=7))):
            days = 6 if place == 2 else 1 + place % 4
            report_cuenta(account, account.apertura_el + timedelta(days=days), head)
        if place == 2:
            why = f"la apertura de la cuenta se avisó {days} días después"
            built.plantadas.append(
                Planted("BA002", f"cuenta_bancaria_id={account.pk}", account.contabilidad_id, 0, why)
            )
        if stage.pk == built.terminada.pk and place > 1:
            with clock.at(at(_closing(stage))):
                cancel_cuenta(account, _closing(stage) - timedelta(days=place % 5), head)
    pool = _pool(world, built.en_curso)
    opened = clock.today() - timedelta(days=3)
    new = NewCuenta(pool.pk, "012180001182080318", opened, "aportaciones", "Valle Hondo", mancomunada=True)
    open_cuenta(new, world.heads[PARTY])


def _closing(stage: Etapa) -> date:
    return stage.termina_el + timedelta(days=14)


def _pool(world: World, stage: Etapa) -> Contabilidad:
    rows = world.books[stage.pk]
    return next(each for each in rows if each.sujeto.siglas == PARTY and each.clase == "concentradora")


def _contributions(world: World, built: Built) -> int:
    """Money received today in the running campaign, each with its receipt, and a folio spoiled in the printer."""
    subject, head, today = world.subjects[PARTY], world.heads[PARTY], clock.today()
    donors, done = iter(world.donors[PARTY]), 0
    for books in world.books[built.en_curso.pk]:
        window = next((w for w in windows_open(books) if w.periodo.desde <= today <= w.periodo.hasta), None)
        if books.sujeto != subject or books.candidatura is None or window is None:
            continue
        account = books.cuentas_bancarias.order_by("pk")[0]
        for amount, way in GIFTS:
            new = NewContribution(
                books.pk,
                window.periodo_id,
                window.tipo,
                next(donors).pk,
                "simpatizante",
                way,
                today,
                Money(amount),
                books.candidatura.territorio.nombre,
                cuenta_bancaria_id=account.pk,
            )
            proof = "ficha_deposito" if way == "efectivo" else way
            says = paper(proof.replace("_", " ").capitalize(), f"{books.pk} {today} {amount}", way)
            record_aportacion(new, head, files=[(proof, f"{proof}.pdf", says)])
            done += 1
    spoiled = next(row for row in folio_control(subject) if row.serie.clave == _running_series(world, built))
    cancel_folio(spoiled.serie, spoiled.siguiente or spoiled.serie.hasta, "Se imprimió con una mancha.", head)
    return done


def _running_series(world: World, built: Built) -> str:
    rows = world.books[built.en_curso.pk]
    return f"RSEF-{next(row.pk for row in rows if row.sujeto.siglas == PARTY and row.candidatura)}"
