"""Live what is reported beside a campaign: a precampaña, an apoyo ciudadano, and observers of federal elections."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sif.books.services import NewPago, Support
from sif.catalogs.services.accounts import report_cuenta
from sif.demo.builder import CAP_DISTRICT, CAP_TOWN, DISTRICTS, TOWNS
from sif.demo.campaign import Books, classes, gift, own_donor
from sif.demo.keys import Names
from sif.demo.operations import Invoice, Operation, at, post_all
from sif.demo.reports import file_all
from sif.demo.world import (
    World,
    add_donor,
    add_head,
    add_subject,
    add_supplier,
    nominate,
    open_pac,
    open_pool,
    races,
)
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Persona, Proceso, Usuario
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.values import Money

SHARE, SUPPORT_SHARE = 5, 10
"""Parts of the cap of the previous campaign: a fifth for a precampaña [LGIPE 229.1], a tenth for an apoyo ciudadano
[LGIPE 374.2]."""
BOUGHT = (
    ("Volante a color", "82121500", "01", "8400.00", 4),
    ("Bolsa de tela impresa", "53121600", "02", "6150.00", 9),
    ("Renta de equipo de sonido", "81141600", "03", "12300.00", 15),
    ("Pauta en redes sociales", "82101603", "05", "9800.00", 22),
)
"""What is bought before a campaign: words of the invoice, SAT's key, kind of expense, before VAT, and the day."""
GIVEN = ("18000.00", "24500.00", "9200.00")
OBSERVERS = ("observadores", "9", "OCA", "Observatorio Ciudadano de Anáhuac, A.C.")
LODGING = ("Hospedaje de observadores", "90111800", "5-1-06-00-0000", "14800.00")
TRAINING = ("Material de capacitación de observadores", "82121500", "5-1-05-00-0000", "6200.00")
TRAVEL = ("Traslado de observadores a las casillas", "78111800", "5-1-06-00-0000", "9350.00")
OBSERVED, OBSERVED_BEFORE = 2027, 2024
OBSERVERS_ACCORD, OBSERVERS_SPAN = "INE/CG/ANA-1", (date(2023, 8, 1), date(2027, 8, 1))
"""How the accord of each observation is called before its year, and the days of the e.firma of who answers for it."""
INDEPENDENT = "4-2-04-01-0000"
REPORTED = 6  # days after each of these stages ends


def live_beforehand(world: World, proceso: Proceso, seed: int) -> int:
    """Record and report both stages before a campaign and an observation, and begin another; returns how many reports.

    It draws from a chance of its own: what the rest of the demonstration invents stays as it was.
    """
    own = Random(seed + proceso.anio)  # noqa: S311 - a believable stage, not a secret
    apart = replace(world, random=own, names=Names(own))
    observed = _observe(apart, seed)
    before, support = (proceso.etapas.get(tipo=tipo) for tipo in ("precampana", "apoyo_ciudadano"))
    districts = races("DIP", DISTRICTS, CAP_DISTRICT // SHARE)
    town = races("MUN", TOWNS, CAP_TOWN // SUPPORT_SHARE)[0]
    made = [nominate(apart, before, siglas, race) for siglas in ("PJ", "UB") for race in districts[:2]]
    independent = Persona.objects.filter(
        candidaturas__etapa__proceso=proceso, candidaturas__sujeto__siglas="CI"
    ).first()
    made.append(nominate(apart, support, "CI", town, name="Iker Saldívar Mora", person=independent))
    return observed + sum(_report(apart, books) for books in made)


def _report(world: World, contabilidad: Contabilidad) -> int:
    """Record what somebody gives and spends of their own before a campaign, and present its report."""
    books, head = Books(world, contabilidad), world.heads[contabilidad.sujeto.siglas]
    _tell(books, head)
    post_all(world, [*_given(books), *_bought(books)], {contabilidad.pk: head})
    return file_all(contabilidad, (head,), REPORTED, REPORTED)


def _tell(books: Books, head: Usuario) -> None:
    """Give notice of the bank account some days after it was opened."""
    day = books.first + timedelta(days=3)
    with clock.at(at(day)):
        report_cuenta(books.bank, day, head)


def _given(books: Books) -> Iterator[Operation]:
    """Yield the transfers of whoever seeks the candidacy, each with its receipt."""
    donor = own_donor(books)
    for place, amount in enumerate(GIVEN):
        given = gift(books, "candidatura", Money.parse(amount), donor, day=books.first + timedelta(days=2 + 5 * place))
        if books.contabilidad.etapa.tipo == Etapa.Tipo.APOYO_CIUDADANO:
            bank, income = given.poliza_nueva.lineas
            given.poliza_nueva = replace(given.poliza_nueva, lineas=(bank, replace(income, cuenta=INDEPENDENT)))
        yield given


def _bought(books: Books) -> Iterator[Operation]:
    """Yield the purchases of a stage, in the accounts of its expenses, paid at once."""
    group = "5-2" if books.contabilidad.etapa.tipo == Etapa.Tipo.PRECAMPANA else "5-3"
    for what, key, kind, before_vat, day in BOUGHT:
        account = f"{group}-{kind}-00-0000"
        yield _purchase(books, (what, key, account, before_vat), books.first + timedelta(days=day), "Precampaña")


def _purchase(books: Books, goods: tuple[str, str, str, str], day: date, process: str) -> Operation:
    what, key, account, before_vat = goods
    seller = books.random.choice(books.world.suppliers[:12])
    own = () if process == "Ordinario" else (books.contabilidad.pk,)
    invoice = Invoice(seller, what, key, Money.parse(before_vat), own, process)
    line = NewLine(account, invoice.total, concepto=what, auxiliar_tipo="proveedor", auxiliar_id=seller.row.pk)
    poliza = books.new("EG", day, f"{what}, {seller.row.nombre}", line, books.bank_line(abono=invoice.total))
    payment = NewPago(seller.row.pk, "transferencia", day, invoice.total)
    return Operation(books.contabilidad, day, poliza, Support(pagos=(payment,)), invoice, classes(poliza))


def _observe(world: World, seed: int) -> int:
    """Live the last observation of an organisation, whose report is filed, and the first month of the next one."""
    subject = add_subject(world, *OBSERVERS)
    add_head(world, subject.siglas, "observadores", world.names.person()[0], OBSERVERS_SPAN)
    head = world.heads[subject.siglas]
    filed = _observed_before(world, head, seed)
    books = _observation(world, OBSERVED, head)
    donor = add_donor(world, subject)
    operations = [
        gift(books, "simpatizante", Money.parse("15000.00"), donor, day=books.first + timedelta(days=9)),
        _purchase(books, LODGING, books.first + timedelta(days=20), "Ordinario"),
    ]
    post_all(world, operations, {books.contabilidad.pk: head})
    return filed


def _observed_before(world: World, head: Usuario, seed: int) -> int:
    """Record what the organisation was given and spent to observe the last election, and present its report.

    Its suppliers are of those years, as are the seals of their invoices.
    """
    own = Random(seed + OBSERVED_BEFORE)  # noqa: S311 - a believable observation, not a secret
    apart = replace(world, random=own, names=Names(own), suppliers=[], pac=open_pac(world.authority, OBSERVERS_SPAN))
    add_supplier(apart, OBSERVERS_SPAN)
    books = _observation(apart, OBSERVED_BEFORE, head)
    last, donors = books.contabilidad.etapa.termina_el, [add_donor(apart, books.contabilidad.sujeto) for _ in range(2)]
    operations = [
        gift(books, "simpatizante", Money.parse("22000.00"), donors[0], day=last - timedelta(days=75)),
        gift(books, "simpatizante", Money.parse("18500.00"), donors[1], day=last - timedelta(days=48)),
        _purchase(books, TRAINING, last - timedelta(days=40), "Ordinario"),
        _purchase(books, TRAVEL, last - timedelta(days=4), "Ordinario"),
        _purchase(books, LODGING, last - timedelta(days=3), "Ordinario"),
    ]
    post_all(apart, operations, {books.contabilidad.pk: head})
    return file_all(books.contabilidad, (head,), REPORTED, REPORTED)


def _observation(world: World, year: int, head: Usuario) -> Books:
    """Open the observation of the federal election of a year, and the books of the organisation in it."""
    new = draft("observacion", "", year)
    [stage] = new.etapas
    with clock.at(at(stage.inicia_el - timedelta(days=20), 9)):
        dated = replace(new, etapas=(replace(stage, acuerdo=f"{OBSERVERS_ACCORD}/{year - 1}"),))
        proceso = open_proceso(propose_proceso(dated, world.people["hugo"]), world.people["marta"])
    etapa = proceso.etapas.get()
    world.books[etapa.pk] = []
    books = Books(world, open_pool(world, etapa, OBSERVERS[2], Contabilidad.Clase.ORDINARIA))
    _tell(books, head)
    return books
