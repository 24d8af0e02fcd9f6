"""Draw bank statements from the books, with lines added and lines missing."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.db.models import QuerySet

from sif.banks import selectors
from sif.banks.matching import Entry
from sif.banks.readers import propose_map
from sif.banks.services import accept, accept_all, close_month, explain, link, load_statement
from sif.banks.statement import Statement, StatementLine, total
from sif.banks.write import write_camt, write_csv, write_mt940, write_ofx
from sif.books.models import Aportacion, Movimiento
from sif.demo.builder import Built
from sif.demo.faults import Planted
from sif.demo.operations import at
from sif.demo.world import World
from sif.registry import clock
from sif.registry.models import CuentaBancaria, Etapa, Usuario
from sif.values import Money

LAGS = (0, 0, 0, 1, 1, 2)
WRITERS: dict[str, Callable[[Statement], bytes]] = {
    "ofx": write_ofx,
    "xml": write_camt,
    "sta": write_mt940,
    "csv": write_csv,
}
CLOSED, MATCHED, LOADED = 3, 2, 1
SLIP = 300_000_000
FEE, FEE_VAT, ODD = Money(-31_900), Money(-5_104), Money(1_250_000)
OWN_WORDS = ("COMISION MANEJO DE CUENTA", "IVA COMISION", "INTERESES GANADOS")
ODD_WORDS = "DEPOSITO EN EFECTIVO SUC 0412"


@dataclass
class Truth:
    """A statement drawn, and which movements of the books each of its lines is (none: only the bank knows)."""

    lines: list[StatementLine] = field(default_factory=list)
    movements: list[tuple[int, ...]] = field(default_factory=list)
    ausentes: list[int] = field(default_factory=list)  # the movements of the books that the bank never saw

    def add(self, line: StatementLine, *movements: int) -> None:
        """A line and what it is."""
        self.lines.append(line)
        self.movements.append(movements)


def load_banks(world: World, built: Built, seed: int) -> int:
    """Load and partly reconcile statements of some accounts of both processes; returns how many were loaded."""
    random = Random(f"{seed}-bancos")  # noqa: S311 - of its own, so that nothing else of the demonstration changes
    yesterday = clock.today() - timedelta(days=1)
    loaded = 0
    for etapa, last, depths in (
        (built.terminada, _month_end(built.terminada.termina_el), (CLOSED, MATCHED, LOADED)),
        (built.en_curso, yesterday, (MATCHED, LOADED)),
    ):
        for place, (cuenta, depth) in enumerate(zip(_accounts(world, etapa), depths, strict=False)):
            kinds = ("ofx", "xml", "csv", "sta")[place:] + ("ofx", "xml", "csv", "sta")[:place]
            with clock.at(at(last + timedelta(days=2), 10) if last < yesterday else clock.now()):
                by = world.heads[cuenta.contabilidad.sujeto.siglas]
                count, truth = _load(cuenta, (last, kinds), random, by)
                loaded += count
                _reconcile(cuenta, depth, truth, by)
                built.plantadas += _planted(cuenta, truth.ausentes)
                built.plantadas += _overdrawn(cuenta)
    return loaded


def _month_end(day: date) -> date:
    return selectors.month_end(day)


def _accounts(world: World, etapa: Etapa) -> list[CuentaBancaria]:
    rows = CuentaBancaria.objects.filter(
        contabilidad__etapa=etapa, contabilidad__sujeto=world.subjects["PJ"], contabilidad__candidatura__isnull=False
    )
    return list(rows.select_related("contabilidad__sujeto").order_by("contabilidad"))


def slips(contabilidad: int) -> QuerySet[Aportacion]:
    """Return the contributions to some books that were typed with zeros too many: no bank saw that money."""
    return Aportacion.objects.filter(contabilidad=contabilidad, monto__gt=SLIP)


def _planted(cuenta: CuentaBancaria, unseen: list[int]) -> Iterator[Planted]:
    """Yield the facts that the rulebook must find in the closed months: odd deposits, and money unseen by any bank."""
    books = cuenta.contabilidad_id
    for month in cuenta.conciliaciones.order_by("mes"):
        span = (month.mes, _month_end(month.mes))
        for line in selectors.open_lines(cuenta).filter(fecha__range=span, descripcion=ODD_WORDS):
            yield Planted("BA004", f"linea_id={line.pk}", books, line.monto, "un depósito que nadie registró")
        for row in Movimiento.objects.filter(pk__in=unseen, poliza__fecha_operacion__range=span):
            why = "el banco nunca vio ese dinero"
            yield Planted("BA005", f"movimiento_id={row.pk}", books, abs(row.cargo - row.abono), why)


def _overdrawn(cuenta: CuentaBancaria) -> Iterator[Planted]:
    """Yield the months that a fee, or a deposit that reached the bank in the next one, left in the red."""
    for statement in cuenta.estados.filter(saldo_final__lt=0):
        why = "el mes cerró con saldo en contra"
        yield Planted("BA006", f"estado_id={statement.pk}", cuenta.contabilidad_id, -statement.saldo_final, why)


def _load(cuenta: CuentaBancaria, days: tuple[date, tuple[str, ...]], random: Random, by: Usuario) -> tuple[int, Truth]:
    """Load the statements of an account; return the number of statements and the truth of their lines."""
    last, kinds = days
    opened = selectors.open_movements(cuenta, hasta=last)
    unseen = list(slips(cuenta.contabilidad_id).values_list("poliza_id", flat=True))
    entries = selectors.movement_entries(opened.exclude(poliza__in=unseen))
    if not entries:
        return 0, Truth()
    first = min(each.fecha for each in entries).replace(day=1)
    truth = draw(entries, random, first, last)
    truth.ausentes += opened.filter(poliza__in=unseen).values_list("pk", flat=True)
    balance, count = Money(0), 0
    for place, (since, until) in enumerate(_months(first, last)):
        lines = tuple(line for line in truth.lines if since <= line.fecha <= until)
        closing = balance + total(lines)
        part = Statement("", cuenta.clabe, since, until, balance, closing, lines)
        kind = kinds[place % len(kinds)]
        data = WRITERS[kind](part)
        mapa = propose_map(data)[0] if kind == "csv" and lines else None
        if lines or kind != "csv":
            load_statement(cuenta, (f"estado-{since:%Y-%m}.{kind}", data), by, mapa=mapa)
            count += 1
        balance = closing
    return count, truth


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        until = min(_month_end(first), last)
        yield first, until
        first = until + timedelta(days=1)


def draw(entries: list[Entry], random: Random, first: date, last: date, *, odd: bool = True) -> Truth:
    """The lines of a bank for some movements: late by days, some together, some missing; and what only banks know."""
    truth = Truth()
    pending = sorted(entries, key=lambda each: (each.fecha, each.clave))
    missing = random.choice(pending).clave if len(pending) > 5 else 0
    while pending:
        each = pending.pop(0)
        day = each.fecha + timedelta(days=random.choice(LAGS))
        if each.clave == missing or day > last:
            continue
        together = next(
            (o for o in pending[:4] if o.fecha == each.fecha and o.centavos > 0 < each.centavos and o.clave != missing),
            None,
        )
        if together is not None and random.random() < 0.2:
            pending.remove(together)
            words = "DEPOSITO EN VENTANILLA"
            amount = Money(each.centavos + together.centavos)
            truth.add(_line(day, amount, words, "", len(truth.lines)), each.clave, together.clave)
        else:
            truth.add(_of(each, day, random, len(truth.lines)), each.clave)
    _own_of_bank(truth, random, first, last, odd=odd)
    order = sorted(range(len(truth.lines)), key=lambda n: (truth.lines[n].fecha, n))
    return Truth([truth.lines[n] for n in order], [truth.movements[n] for n in order], [missing])


def _of(each: Entry, day: date, random: Random, place: int) -> StatementLine:
    """Return a line in the bank's words: a transfer with a name and sometimes a key, or a cheque with its number."""
    name = _bare(each.nombres[0]) if each.nombres else ""
    if each.centavos < 0 and random.random() < 0.12:
        return _line(day, Money(each.centavos), "CHEQUE PAGADO", str(random.randrange(100, 999)), place)
    key = each.claves.split(" ")[0] if each.claves and random.random() < 0.6 else str(random.randrange(10**6, 10**7))
    words = f"SPEI {'RECIBIDO' if each.centavos > 0 else 'ENVIADO'} {name if random.random() < 0.85 else ''}".strip()
    return _line(day, Money(each.centavos), words, key, place)


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == " "))[:36].strip()


def _line(day: date, amount: Money, words: str, reference: str, place: int) -> StatementLine:
    return StatementLine(day, amount, reference[:16], words, f"{day:%y%m%d}{place:05d}")


def _own_of_bank(truth: Truth, random: Random, first: date, last: date, *, odd: bool) -> None:
    """Fees with their VAT and interest at each month's end, and once a deposit that nobody recorded."""
    for _since, until in _months(first, last):
        truth.add(_line(until, FEE, "COMISION MANEJO DE CUENTA", "", len(truth.lines)))
        truth.add(_line(until, FEE_VAT, "IVA COMISION", "", len(truth.lines)))
        earned = Money(random.randrange(900, 9000))
        truth.add(_line(until, earned, "INTERESES GANADOS", "", len(truth.lines)))
    if odd:
        day = first + timedelta(days=random.randrange(3, max(4, (last - first).days)))
        truth.add(_line(day, ODD, ODD_WORDS, "", len(truth.lines)))


def _reconcile(cuenta: CuentaBancaria, depth: int, truth: Truth, by: Usuario) -> None:
    """Leave an account as its people would: only loaded, matched with notes, or with its months closed."""
    if depth == LOADED:
        for each in selectors.proposals(cuenta)[:3]:
            accept(cuenta, each.lineas, each.movimientos, by)
        return
    accept_all(cuenta, by)
    for line in selectors.open_lines(cuenta).filter(descripcion__in=OWN_WORDS):
        explain(cuenta, "Es del banco; su póliza se registra con la factura del mes.", by, linea=line.pk)
    if depth == CLOSED:
        _settle(cuenta, truth, by)
        for month in sorted(selectors.months(cuenta))[:1]:
            close_month(cuenta, month, by)


def _settle(cuenta: CuentaBancaria, truth: Truth, by: Usuario) -> None:
    """Match by hand what no proposal was sure of, as equal sums of the same days: whoever made the deposits knows."""
    known: dict[tuple[date, int], list[tuple[int, ...]]] = {}
    for drawn, movements in zip(truth.lines, truth.movements, strict=True):
        known.setdefault((drawn.fecha, drawn.monto.centavos), []).append(movements)
    pending = set(selectors.open_movements(cuenta).values_list("pk", flat=True))
    for line in list(selectors.open_lines(cuenta)):
        for movements in known.get((line.fecha, line.monto), []):
            if movements and pending.issuperset(movements):
                link(cuenta, (line.pk,), movements, by)
                pending.difference_update(movements)
                break
