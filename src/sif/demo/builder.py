"""Builds both processes of the demonstration, day by day, through the real services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sif.books.models import Poliza
from sif.demo.campaign import Books, correct, fund, ordinary_life, own_money, public_money
from sif.demo.faults import Planted, keys_of, plant, plant_contracts, plant_one_sided
from sif.demo.operations import Operation, post_all
from sif.demo.world import World, build_process, nominate, open_pool, races
from sif.registry import clock, services
from sif.registry.models import Contabilidad, Etapa, Nombramiento, Usuario
from sif.values import Money

BEGINS = date(2026, 4, 1)
DAYS, RUNNING_DAYS = 60, 60
DISTRICTS = ("Distrito 01", "Distrito 02", "Distrito 03", "Distrito 04")
TOWNS = ("San Jacinto", "El Rosal", "Ocotal")
CAP_STATE, CAP_DISTRICT, CAP_TOWN = 1_200_000_000, 184_235_000, 73_180_000
Say = Callable[[str], None]


@dataclass
class Built:
    """What was built: the stage that was audited, the one in course, how many pólizas, and the faults planted."""

    terminada: Etapa
    en_curso: Etapa
    polizas: int = 0
    plantadas: list[Planted] = field(default_factory=list)


def build_election(world: World, say: Say) -> Built:
    """Both processes, recorded in their books. The second one is running today."""
    etapa = build_process(world, "PELO-ANA-2026", "Elección local 2025-2026, Anáhuac", BEGINS, DAYS)
    pools, candidates = _nominate_all(world, etapa)
    _capturistas(world, candidates, ("bruno", "Bruno Cervantes Mora"))
    built = Built(etapa, etapa)
    say(f"{len(world.books[etapa.pk])} contabilidades de «{etapa.proceso.nombre}»")
    built.polizas += _live(world, pools, candidates, built)
    say(f"{built.polizas} pólizas registradas, {len(built.plantadas)} faltas plantadas")
    built.en_curso = _running(world)
    built.polizas = Poliza.objects.count()
    say(f"campaña en curso «{built.en_curso.proceso.nombre}»; {built.polizas} pólizas en total")
    return built


def _nominate_all(world: World, etapa: Etapa) -> tuple[dict[str, Contabilidad], dict[str, list[Contabilidad]]]:
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
    return pools, candidates


def _capturistas(world: World, candidates: dict[str, list[Contabilidad]], who: tuple[str, str]) -> None:
    from sif.demo.world import PASSWORD

    username, name = who
    user = services.create_usuario(username, name, PASSWORD, password_hash=world.password_hash)
    world.people[username] = user
    services.appoint(
        user, Nombramiento.Rol.CAPTURISTA, world.subjects["PJ"], candidates["PJ"][:4], desde=date(2025, 1, 1)
    )
    world.personas.append(
        {"usuario": username, "nombre": name, "rol": "Capturista", "sujeto": world.subjects["PJ"].nombre,
         "puede": "captura en cuatro contabilidades"}
    )  # fmt: skip


def _live(world: World, pools: dict[str, Contabilidad], candidates: dict[str, list[Contabilidad]], built: Built) -> int:
    planned = {siglas: [Books(world, row) for row in rows] for siglas, rows in candidates.items()}
    pooled = {siglas: Books(world, row) for siglas, row in pools.items()}
    operations: list[Operation] = []
    ratios = _spending(world, planned)
    for books in (one for many in planned.values() for one in many):
        spend = _spend_of(books, ratios)
        operations += ordinary_life(books, spend, world.random.randrange(80, 125))
    operations += plant(world, planned["PJ"], planned["UB"], planned["CI"][0])
    operations += plant_one_sided(pooled["PJ"], planned["PJ"])
    over = [planned["CVS"][1], planned["CVS"][2], planned["PJ"][7]]
    _set_caps(over, operations)
    built.plantadas += [
        Planted("TO001", f"contabilidad_id={books.contabilidad.pk}", "gastó más que su tope") for books in over
    ]
    heads = world.heads
    by = {row.pk: heads[row.sujeto.siglas] for row in world.books[built.terminada.pk]}
    operations += _money_in(pooled, planned)
    _fund_all(pools, planned, by, operations)
    built.plantadas += plant_contracts(world, planned["UB"])
    count = post_all(world, operations, by)
    built.plantadas += [key for operation in operations for key in keys_of(operation)]
    _correct_some(operations, by, {books.contabilidad.pk for books in over})
    return count


def _spending(world: World, planned: dict[str, list[Books]]) -> dict[int, int]:
    """What each candidacy will spend of its cap, in percent: few spend much."""
    return {
        books.contabilidad.pk: min(88, int(20 + 30 * world.random.paretovariate(2.2)))
        for many in planned.values()
        for books in many
    }


def _spend_of(books: Books, ratios: dict[int, int]) -> Money:
    cap = books.contabilidad.tope or 0
    if cap > 500_000_000:  # nobody in an invented state spends twelve million pesos in a hundred invoices
        return Money(cap * ratios[books.contabilidad.pk] // 400)
    return Money(cap * ratios[books.contabilidad.pk] // 130)


def _set_caps(over: Sequence[Books], operations: Sequence[Operation]) -> None:
    """Lower three caps under what will be spent: one by little, one under and one over five per cent."""
    for books, basis_points in zip(over, (150, 420, 900), strict=True):
        spent = _spent(books, operations)
        cap = spent * 10_000 // (10_000 + basis_points)
        Contabilidad.objects.filter(pk=books.contabilidad.pk).update(tope=cap)


def _spent(books: Books, operations: Sequence[Operation]) -> int:
    return sum(
        line.cargo.centavos - line.abono.centavos
        for operation in operations
        if operation.contabilidad.pk == books.contabilidad.pk
        for line in operation.poliza_nueva.lineas
        if line.cuenta.startswith("5-5-")
    )


def _needs(books: Books, operations: Sequence[Operation]) -> int:
    """What the bank of some books will lack, in centavos: the transfers that fund them."""
    return -sum(
        line.cargo.centavos - line.abono.centavos
        for operation in operations
        if operation.contabilidad.pk == books.contabilidad.pk
        for line in operation.poliza_nueva.lineas
        if line.cuenta == "1-1-02-00-0000"
    )


def _money_in(pooled: dict[str, Books], planned: dict[str, list[Books]]) -> list[Operation]:
    return [public_money(books, Money(3_000_000_000)) for books in pooled.values()]


def _fund_all(
    pools: dict[str, Contabilidad], planned: dict[str, list[Books]], by: dict[int, Usuario], operations: list[Operation]
) -> None:
    """Cover what each bank will lack: from the concentradora, or from the independent candidate's own money."""
    for siglas, many in planned.items():
        for books in many:
            lacking = _needs(books, operations)
            if lacking <= 0:
                continue
            if siglas not in pools:
                operations += [own_money(books, Money(lacking * 11 // 20)) for _ in range(2)]
                continue
            for days in (1, 4):
                day = books.first + timedelta(days=days)
                fund(pools[siglas], books.contabilidad, Money(lacking * 11 // 20), day, by[books.contabilidad.pk])


def _correct_some(operations: Sequence[Operation], by: dict[int, Usuario], untouched: set[int]) -> None:
    """A dozen clean purchases are reversed the same day, as people do; none where the cap is the fault."""
    shared = {id(o.reusa) for o in operations} | {id(o.muestra_de) for o in operations}
    clean = [
        operation
        for operation in operations
        if operation.factura and operation.soporte.pagos and not operation.planted
        and operation.factura.forma_pago == "03" and id(operation) not in shared
        and operation.contabilidad.pk not in untouched
    ]  # fmt: skip
    for operation in clean[:: max(1, len(clean) // 12)][:12]:
        correct(operation, by[operation.contabilidad.pk])


def _running(world: World) -> Etapa:
    """A campaign whose first period ended yesterday: its reports are due in two days and its second period is open."""
    today = clock.today()
    begins = today - timedelta(days=30)
    etapa = build_process(world, "PELE-VHO", "Elección extraordinaria, Valle Hondo", begins, RUNNING_DAYS)
    pool = open_pool(world, etapa, "PJ")
    race = races("MUN", ("Valle Hondo",), CAP_TOWN)[0]
    districts = races("DIP", ("Distrito 11",), CAP_DISTRICT)[0]
    rows = [("PJ", race), ("PJ", districts), ("UB", race), ("CVS", race)]
    books = [
        Books(world, nominate(world, etapa, siglas, contest), today - timedelta(days=1)) for siglas, contest in rows
    ]
    by = {row.pk: world.heads[row.sujeto.siglas] for row in world.books[etapa.pk]}
    operations = [public_money(Books(world, pool), Money(400_000_000))]
    for one, share in zip(books, (62, 41, 55, 93), strict=True):
        cap = one.contabilidad.tope or 0
        operations += ordinary_life(one, Money(cap * share // 130), world.random.randrange(45, 70))
    for one in books:
        if one.contabilidad.sujeto.siglas == "PJ":
            fund(
                pool, one.contabilidad, Money(max(1, _needs(one, operations))), begins + timedelta(days=1), by[pool.pk]
            )
    post_all(world, [_by_today(operation, today) for operation in operations], by)
    return etapa


def _by_today(operation: Operation, today: date) -> Operation:
    operation.registro = min(operation.registro, today)
    return operation
