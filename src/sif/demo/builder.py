"""Build both processes of the demonstration day by day through the real services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sif.books.models import Poliza
from sif.books.services import receive_many
from sif.demo.apportionment import central_running, share_finished, share_running
from sif.demo.campaign import (
    Books,
    central_purchases,
    correct,
    expense,
    fund,
    ordinary_life,
    own_money,
    public_money,
    share_goods,
)
from sif.demo.faults import (
    Planted,
    keys_of,
    plant,
    plant_contracts,
    plant_one_sided,
    plant_paid_over,
    plant_running,
    plant_voided,
)
from sif.demo.operations import Operation, Say, invoice_xml, post_all
from sif.demo.truth import demo_folder
from sif.demo.world import PASSWORD, World, build_process, nominate, open_pool, races
from sif.registry import clock, services
from sif.registry.models import Contabilidad, Etapa, Nombramiento, Usuario
from sif.values import Money

OPENED, BEGINS = date(2026, 1, 8), date(2026, 4, 1)
BEFORE = date(2026, 1, 26), date(2026, 2, 24)
"""The days of the precampaña and of the apoyo ciudadano."""
DAYS, RUNNING_DAYS = 60, 60
DISTRICTS = ("Distrito 01", "Distrito 02", "Distrito 03", "Distrito 04")
TOWNS = ("San Jacinto", "El Rosal", "Ocotal")
CAP_STATE, CAP_DISTRICT, CAP_TOWN = 1_200_000_000, 184_235_000, 73_180_000
OWN_MONEY = Money(500_000)
UNUSED, TO_DROP = 5, 8
By = dict[int, Usuario]


@dataclass
class Built:
    """The result of a build: the audited stage, the stage in course, the number of pólizas and the planted faults."""

    terminada: Etapa
    en_curso: Etapa
    polizas: int = 0
    plantadas: list[Planted] = field(default_factory=list)


@dataclass
class Plans:
    """The books of a process while they are planned: concentradoras and candidacies by subject, and who captures."""

    pools: dict[str, Books]
    candidates: dict[str, list[Books]]
    by: By

    @property
    def every(self) -> list[Books]:
        """The books of every candidacy."""
        return [books for many in self.candidates.values() for books in many]


def build_election(world: World, say: Say) -> Built:
    """Return both processes, recorded in their books. The second one is running today."""
    spans = {
        "precampana": BEFORE,
        "apoyo_ciudadano": BEFORE,
        "campana": (BEGINS, BEGINS + timedelta(days=DAYS - 1)),
    }
    named = "PELO-ANA-2026", "Elección local 2025-2026, Anáhuac"
    etapa = build_process(world, "local", named, OPENED, spans).etapas.get(tipo="campana")
    plans = _nominate_all(world, etapa)
    built = Built(etapa, etapa)
    say(f"{len(world.books[etapa.pk])} contabilidades de «{etapa.proceso.nombre}»")
    _live(world, plans, built, say)
    say(f"{Poliza.objects.count()} pólizas registradas, {len(built.plantadas)} faltas plantadas")
    built.en_curso = _running(world, built, say)
    built.polizas = Poliza.objects.count()
    say(f"campaña en curso «{built.en_curso.proceso.nombre}»; {built.polizas} pólizas en total")
    return built


def _nominate_all(world: World, etapa: Etapa) -> Plans:
    pools = {siglas: open_pool(world, etapa, siglas) for siglas in ("PJ", "UB", "CVS")}
    state = races("GOB", ("Anáhuac",), CAP_STATE)
    districts = races("DIP", DISTRICTS, CAP_DISTRICT)
    towns = races("MUN", TOWNS, CAP_TOWN)
    candidates: dict[str, list[Contabilidad]] = {}
    for siglas, contests in (
        ("PJ", state + districts + towns),
        ("UB", state + districts + towns),
        ("CVS", state + districts[:2] + towns),
    ):
        candidates[siglas] = [nominate(world, etapa, siglas, race) for race in contests]
    candidates["CI"] = [nominate(world, etapa, "CI", towns[0], name="Iker Saldívar Mora")]
    bruno = _capturista(world, "bruno", "Bruno Cervantes Mora")
    plans = _plans(world, pools, candidates)
    _assign(world, bruno, candidates["PJ"][:4], etapa, plans.by)
    late_starter = plans.candidates["UB"][7]  # it moves nothing in its first period: its report is nil
    late_starter.first = late_starter.periods[1].desde
    return plans


def _plans(world: World, pools: dict[str, Contabilidad], candidates: dict[str, list[Contabilidad]]) -> Plans:
    yesterday = clock.today() - timedelta(days=1)
    rows = [*pools.values(), *(row for many in candidates.values() for row in many)]
    by = {row.pk: world.heads[row.sujeto.siglas] for row in rows}
    return Plans(
        {siglas: Books(world, row, yesterday) for siglas, row in pools.items()},
        {siglas: [Books(world, row, yesterday) for row in rows] for siglas, rows in candidates.items()},
        by,
    )


def _capturista(world: World, username: str, name: str) -> Usuario:
    user = services.create_usuario(username, name, PASSWORD, password_hash=world.password_hash)
    world.people[username] = user
    world.personas.append(
        {
            "usuario": username,
            "nombre": name,
            "rol": "Capturista",
            "sujeto": world.subjects["PJ"].nombre,
            "puede": "captura en algunas contabilidades de su partido",
        }
    )
    return user


def _assign(world: World, user: Usuario, books: Sequence[Contabilidad], etapa: Etapa, by: By) -> None:
    """Appoint a capturista over some books of a stage, from some days before it begins."""
    since = etapa.inicia_el - timedelta(days=5)
    services.appoint(user, Nombramiento.Rol.CAPTURISTA, world.subjects["PJ"], books, desde=since)
    by.update(dict.fromkeys((row.pk for row in books), user))


def _live(world: World, plans: Plans, built: Built, say: Say) -> None:
    operations: list[Operation] = []
    for books in plans.every:
        operations += ordinary_life(books, _spend_of(books), _count(world, 48, 72))
    party, other = plans.candidates["PJ"], plans.candidates["UB"]
    operations += plant(party, other, plans.candidates["CI"][0])
    operations += [*plant_one_sided(plans.pools["PJ"], party), *plant_paid_over(party[2], other[2])]
    over = [*plans.candidates["CVS"][1:3], party[7]]
    built.plantadas += _set_caps(world, over, operations)
    for pool in plans.pools.values():
        operations += [public_money(pool, Money(3_000_000_000)), *central_purchases(pool)]
    _fund_all(world, plans, operations)
    built.plantadas += plant_contracts(world, other, plans.by)
    post_all(world, operations, plans.by, say)
    built.plantadas += [key for operation in operations for key in keys_of(operation)]
    untouched = {books.contabilidad.pk for books in over}
    built.plantadas += _afterwards(operations, plans.by, untouched)
    for siglas, pool in plans.pools.items():
        for books in plans.candidates[siglas][3:6]:
            share_goods(pool, books, world.heads[siglas])
    share_finished(world, plans.pools, plans.candidates, operations)


def _count(world: World, least: int, most: int) -> int:
    """Return the number of ordinary operations of some books."""
    return max(6, world.random.randrange(least, most) * world.percent // 100)


def _spend_of(books: Books) -> Money:
    """Return a random spending for a candidacy: few candidacies come near their cap, as in life."""
    cap = books.contabilidad.tope or 0
    percent = min(88, int(20 + 30 * books.random.paretovariate(2.2)))
    # nobody in an invented state spends twelve million pesos in a hundred invoices
    return Money(cap * percent // (400 if cap > 500_000_000 else 130))


def _set_caps(world: World, over: Sequence[Books], operations: Sequence[Operation]) -> list[Planted]:
    """Lower three caps under what will be spent: one by little, one under and one over five per cent."""
    planted = []
    for books, basis_points in zip(over, (150, 420, 900), strict=True):
        spent = _moved(books, operations, "5-5-")
        cap = spent * 10_000 // (10_000 + basis_points)
        number = books.contabilidad.pk
        services.set_tope(books.contabilidad, cap, "Acuerdo que modifica topes", world.people["hugo"])
        planted.append(Planted("TO001", f"contabilidad_id={number}", number, spent - cap, "gastó más que su tope"))
    return planted


def _moved(books: Books, operations: Sequence[Operation], prefix: str) -> int:
    """Debits less credits, in centavos, of the accounts that begin so."""
    return sum(
        line.cargo.centavos - line.abono.centavos
        for operation in operations
        if operation.contabilidad.pk == books.contabilidad.pk
        for line in operation.poliza_nueva.lineas
        if line.cuenta.startswith(prefix)
    )


def _fund_all(world: World, plans: Plans, operations: list[Operation]) -> None:
    """Cover what each bank will lack: from the concentradora, or from an independent's own public money and purse."""
    # money that came only by a slip of the fingers, and will be taken back, funds nobody
    counted = [operation for operation in operations if not operation.is_slip]
    for siglas, many in plans.candidates.items():
        for books in many:
            lacking = -_moved(books, counted, "1-1-02-")
            if lacking <= 0:
                continue
            enough = Money(lacking * 11 // 10)
            if siglas not in plans.pools:
                operations += [own_money(books, OWN_MONEY) for _ in range(2)] + [public_money(books, enough)]
                continue
            fund(plans.pools[siglas], books, enough, books.first + timedelta(days=1), world.heads[siglas])


def _afterwards(operations: Sequence[Operation], by: By, untouched: set[int]) -> list[Planted]:
    """A dozen clean purchases are reversed the same day, as people do, and one is left without its evidence."""
    shared = {id(o.reusa) for o in operations} | {id(o.muestra_de) for o in operations}
    clean = [
        operation
        for operation in operations
        if operation.factura
        and operation.soporte.pagos
        and not operation.planted
        and operation.factura.forma_pago == "03"
        and id(operation) not in shared
        and operation.contabilidad.pk not in untouched
    ]
    chosen = clean[:: max(1, len(clean) // 13)]
    for operation in chosen[1:13]:
        correct(operation, by[operation.contabilidad.pk])
    return [plant_voided(chosen[0], by[chosen[0].contabilidad.pk])]


def _running(world: World, built: Built, say: Say) -> Etapa:
    """A campaign whose first period ended yesterday: its reports are due in two days and its second period is open."""
    begins = clock.today() - timedelta(days=30)
    spans = {"campana": (begins, begins + timedelta(days=RUNNING_DAYS - 1))}
    named = "PELE-VHO", "Elección extraordinaria, Valle Hondo"
    opened = build_process(world, "extraordinario", named, begins - timedelta(days=20), spans)
    etapa = opened.etapas.get()
    pools = {siglas: open_pool(world, etapa, siglas) for siglas in ("PJ", "UB")}
    town = races("MUN", ("Valle Hondo",), CAP_TOWN)[0]
    district = races("DIP", ("Distrito 11",), CAP_DISTRICT)[0]
    candidates = {
        "PJ": [nominate(world, etapa, "PJ", race) for race in (town, district)],
        "UB": [nominate(world, etapa, "UB", town)],
    }
    plans = _plans(world, pools, candidates)
    _assign(world, world.people["bruno"], candidates["PJ"], etapa, plans.by)
    operations = [public_money(pool, Money(400_000_000)) for pool in plans.pools.values()]
    for books, share in zip(plans.every, (62, 41, 93), strict=True):
        cap = books.contabilidad.tope or 0
        operations += ordinary_life(books, Money(cap * share // 130), _count(world, 40, 52))
    purchases = central_running(plans.pools["PJ"])
    operations += [*purchases, *plant_running(plans.every)]
    _fund_all(world, plans, operations)
    post_all(world, operations, plans.by, say)
    share_running(world, plans.pools["PJ"], plans.candidates["PJ"], purchases)
    built.plantadas += [key for operation in operations for key in keys_of(operation)]
    _leave_invoices(world, plans)
    return etapa


def _leave_invoices(world: World, plans: Plans) -> None:
    """Invoices for people to work with: some wait in the inbox of each candidacy, others are files to drop in it."""
    today = clock.today()
    for books in plans.every:
        unused = [expense(books, Money(world.random.randrange(200_000, 4_000_000)), day=today) for _ in range(UNUSED)]
        files = [(f"factura-{n}.xml", invoice_xml(world, one, today)) for n, one in enumerate(unused, 1)]
        receive_many(files, books.contabilidad, plans.by[books.contabilidad.pk])
    folder = demo_folder() / "facturas"
    folder.mkdir(exist_ok=True)
    books = plans.candidates["PJ"][0]
    for number in range(1, TO_DROP + 1):
        one = expense(books, Money(world.random.randrange(150_000, 3_000_000)), day=today)
        (folder / f"{books.contabilidad.pk}-{number}.xml").write_bytes(invoice_xml(world, one, today))
