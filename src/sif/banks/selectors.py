"""Query accounts, their open items on both sides, proposals and closed months."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, Max, Min, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from sif.banks.cut import BankCut
from sif.banks.matching import Entry, Proposal, propose, raw_data, weights
from sif.banks.models import (
    ConciliacionMensual,
    Enlace,
    EstadoDeCuenta,
    ExplicacionPendiente,
    LadoBanco,
    LadoLibros,
    LineaBancaria,
    MapaColumnas,
    counted,
)
from sif.banks.readers import ColumnMap
from sif.banks.readers.sheet import plain
from sif.books.models import Aportacion, Movimiento, UsoComprobante
from sif.books.selectors import reference_of
from sif.registry import clock
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Proveedor
from sif.values import Money

NOW = BankCut()
_LINE_CLAIMED, _MOVEMENT_CLAIMED = NOW.line_claimed, NOW.movement_claimed
"""A line and a movement that a standing link claims."""


@dataclass(frozen=True, slots=True)
class Partida:
    """An item that explains the difference between books and bank; `monto` signed as it moves the account.

    lado `libros`: in the books and not in the bank; `banco`: in the bank and not in the books. `dias` since its day.
    """

    lado: str
    fecha: date
    monto: Money
    referencia: str
    concepto: str
    dias: int
    explicacion: str
    linea_id: int | None = None
    movimiento_id: int | None = None
    poliza_id: int | None = None


@dataclass(frozen=True, slots=True)
class MonthReconciliation:
    """Books balance − libros_no_banco + banco_no_libros + saldo_previo + diferencia = bank balance, to the centavo.

    `mes`: its first day, or the day at whose end it is reconciled. `saldo_banco` None while no statement reaches its
    end; `saldo_previo` is what the account held before
    its first statement; `diferencia` is what gaps between statements hide.
    """

    cuenta_id: int
    mes: date
    saldo_libros: Money
    saldo_banco: Money | None
    libros_no_banco: tuple[Partida, ...]
    banco_no_libros: tuple[Partida, ...]
    saldo_previo: Money
    diferencia: Money
    cerrada_el: object = None
    cerrada_por: str = ""

    @property
    def sin_explicar(self) -> int:
        """Return the number of items without an explanation in words."""
        return sum(not each.explicacion for each in (*self.libros_no_banco, *self.banco_no_libros))


def month_end(mes: date) -> date:
    """Return the last day of a month."""
    return (mes.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def bank_movements(cuenta: CuentaBancaria, *, hasta: date | None = None) -> QuerySet[Movimiento]:
    """Return the movements of the books on an account, up to a day of operation."""
    rows = _money_of([cuenta.contabilidad_id]).filter(auxiliar_id=cuenta.pk)
    return rows.filter(poliza__fecha_operacion__lte=hasta) if hasta else rows


def _money_of(contabilidades: Sequence[int]) -> QuerySet[Movimiento]:
    """Return the movements of the books on any bank account of those contabilidades."""
    return _money().filter(contabilidad__in=contabilidades)


def _money() -> QuerySet[Movimiento]:
    money = reduce(or_, (Q(cuenta__codigo__startswith=prefix) for prefix in raw_data()["cuentas"]))
    return Movimiento.objects.filter(money, auxiliar_tipo="cuenta_bancaria")


def bank_account_code() -> str:
    """Return the account of the chart in which money in a bank is recorded."""
    return str(raw_data()["registrar_en"])


def book_balance(cuenta: CuentaBancaria, al: date | None = None) -> Money:
    """Return the balance of an account by its books on a day, or of all its movements without a day."""
    return _balance(bank_movements(cuenta, hasta=al))


def _balance(rows: QuerySet[Movimiento]) -> Money:
    sums = rows.aggregate(c=Sum("cargo", default=0), a=Sum("abono", default=0))
    return Money(sums["c"] - sums["a"])


def bank_balance(cuenta: CuentaBancaria, al: date, cut: BankCut = NOW) -> Money | None:
    """Return the balance of an account by the bank at the end of a day; None while no statement shows the balance."""
    loaded = EstadoDeCuenta.objects.filter(cut.by_then("cargado_el"), cuenta=cuenta)
    statement = loaded.filter(desde__lte=al).order_by("-hasta", "-pk").first()
    if statement is None:
        return None
    if statement.hasta >= al:
        later = _lines(cuenta, cut).filter(dia__gt=al, dia__lte=statement.hasta)
        return Money(statement.saldo_final - later.aggregate(m=Sum("monto", default=0))["m"])
    following = loaded.filter(desde__gt=al).order_by("desde").first()
    # nothing moved in the days between two statements when one begins with what the other ended with
    return Money(statement.saldo_final) if following and following.saldo_inicial == statement.saldo_final else None


def accounts(contabilidades: Iterable[int]) -> QuerySet[CuentaBancaria]:
    """Select the bank accounts of some books with their state.

    `hasta` and `saldo_banco` of the last statement, NULL without one; `saldo_libros`; `lineas_abiertas` and
    `movimientos_abiertos` of each side to that day; and `cerrada`, the last month reconciled, or NULL.
    """
    numbers, own = list(contabilidades), {"cuenta": OuterRef("pk")}
    last = EstadoDeCuenta.objects.filter(**own).order_by("-hasta", "-pk")
    lines = LineaBancaria.objects.filter(~_LINE_CLAIMED, **own).order_by().values("cuenta")
    money = _money_of(numbers).filter(auxiliar_id=OuterRef("pk")).order_by().values("auxiliar_id")
    opened = _open_on(OuterRef("pk"), OuterRef("contabilidad"), OuterRef("hasta")).order_by().values("auxiliar_id")
    closed = ConciliacionMensual.objects.filter(**own).order_by("-mes")
    return CuentaBancaria.objects.filter(contabilidad__in=numbers).annotate(
        hasta=Subquery(last.values("hasta")[:1]),
        saldo_banco=Subquery(last.values("saldo_final")[:1]),
        saldo_libros=_or_zero(money.annotate(n=Sum("cargo") - Sum("abono"))),
        lineas_abiertas=_or_zero(lines.annotate(n=Count("pk"))),
        movimientos_abiertos=_or_zero(opened.annotate(n=Count("pk"))),
        cerrada=Subquery(closed.values("mes")[:1]),
    )


def _or_zero(rows: QuerySet[Model, object]) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0, output_field=BigIntegerField())


def with_anything(books: Contabilidad) -> QuerySet[CuentaBancaria]:
    """Select the bank accounts of some books that a line of a statement or a movement of the books is of, in order."""
    lines = LineaBancaria.objects.filter(cuenta=OuterRef("pk"))
    moved = _money_of([books.pk]).values("auxiliar_id")
    own = CuentaBancaria.objects.filter(Exists(lines) | Q(pk__in=moved), contabilidad=books.pk)
    return own.order_by("pk")


def open_lines(cuenta: CuentaBancaria, *, hasta: date | None = None) -> QuerySet[LineaBancaria]:
    """Bank lines that no standing link claims."""
    rows = LineaBancaria.objects.filter(~_LINE_CLAIMED, cuenta=cuenta).order_by("fecha", "pk")
    return counted(rows).filter(dia__lte=hasta) if hasta else rows


def open_movements(cuenta: CuentaBancaria, *, hasta: date | None = None) -> QuerySet[Movimiento]:
    """Select movements of the books on the account that no standing link claims; those of `_paired` cancel out."""
    rows = _open_on(cuenta.pk, cuenta.contabilidad_id, hasta).select_related("poliza__periodo")
    return rows.order_by("poliza__fecha_operacion", "pk")


def _open_on(cuenta: Any, contabilidad: Any, hasta: Any) -> QuerySet[Movimiento]:
    """Select the open movements of an account to a day, each a value or the OuterRef of one."""
    by_day = {"poliza__fecha_operacion__lte": hasta} if hasta else {}
    own = _money().filter(auxiliar_id=cuenta, contabilidad=contabilidad, **by_day)
    return own.filter(~_MOVEMENT_CLAIMED, ~_paired(OuterRef(hasta) if isinstance(hasta, OuterRef) else hasta))


def _lines(cuenta: CuentaBancaria, cut: BankCut) -> Any:
    """Select the lines of the statements of an account that count, each with the day on which it does."""
    return counted(LineaBancaria.objects.filter(cut.by_then("estado__cargado_el"), cuenta=cuenta))


def _paired(hasta: object, cut: BankCut = NOW) -> Q:
    """Return whether the reversal of a movement, or what it reverses, is unclaimed on its account by a day too.

    It looks only for the other of a póliza that has one: looking for that of each took a minute with 2,000 movements.
    """
    by_day = {"poliza__fecha_operacion__lte": hasta} if hasta else {}
    own = {"auxiliar_id": OuterRef("auxiliar_id"), "contabilidad": OuterRef("contabilidad")}
    free = _money().filter(~cut.movement_claimed, cut.recorded, **own, **by_day)
    reversal = free.filter(poliza__revierte_a=OuterRef("poliza"))
    reversed_by = Q(Exists(reversal), poliza__reversion__isnull=False)
    return reversed_by | Q(Exists(free.filter(poliza=OuterRef("poliza__revierte_a"))), poliza__revierte_a__isnull=False)


MOST_PROPOSED = 2_000
"""How many open lines are compared with the books at once: under two seconds."""


def proposals(cuenta: CuentaBancaria, desde: date | None = None) -> list[Proposal]:
    """Propose matches between the open items of both sides, the surest first, only on days that statements reach.

    desde: the day from which the first MOST_PROPOSED open lines are compared; without it, from the oldest of all.
    """
    lines = [line_entry(each) for each in _from(cuenta, desde)[:MOST_PROPOSED]]
    if not lines:
        return []
    movements = open_movements(cuenta)
    if len(lines) == MOST_PROPOSED:
        apart = timedelta(days=weights().dias[-1][0])
        movements = movements.filter(poliza__fecha_operacion__range=(lines[0].fecha - apart, lines[-1].fecha + apart))
    return propose(lines, movement_entries(movements))


def proposals_go_on(cuenta: CuentaBancaria, desde: date | None = None) -> date | None:
    """Return the day from which the next open lines are compared; None when these are the last."""
    first = _from(cuenta, desde).values_list("fecha", flat=True)
    after: date | None = next(iter(first[MOST_PROPOSED : MOST_PROPOSED + 1]), None)
    if after is None or desde is None or after > desde:
        return after
    return next(iter(first.filter(fecha__gt=desde)[:1]), None)


def _from(cuenta: CuentaBancaria, desde: date | None) -> QuerySet[LineaBancaria]:
    return open_lines(cuenta).filter(fecha__gte=desde) if desde else open_lines(cuenta)


def line_entry(line: LineaBancaria) -> Entry:
    """Return a bank line as the matcher takes it."""
    return Entry(line.pk, line.fecha, line.monto, line.descripcion, line.referencia)


def movement_entries(movements: Iterable[Movimiento]) -> list[Entry]:
    """Movements as the matcher takes them: with the folios of their póliza and the names of its counterparts."""
    rows = list(movements)
    names, keys = _counterparts({row.poliza_id for row in rows})
    return [
        Entry(
            row.pk,
            row.poliza.fecha_operacion,
            row.cargo - row.abono,
            f"{row.poliza.concepto} {row.concepto}",
            " ".join(keys[row.poliza_id]),
            tuple(sorted(names[row.poliza_id])),
        )
        for row in rows
    ]


def _counterparts(polizas: set[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """By póliza: names of the suppliers and donors it cites; folios of receipts and heads of folios fiscales."""
    cited = Movimiento.objects.filter(poliza__in=polizas, auxiliar_tipo__in=("proveedor", "aportante")).values_list(
        "poliza_id", "auxiliar_tipo", "auxiliar_id"
    )
    rows = list(cited)
    known = {
        kind: dict(model.objects.filter(pk__in={r[2] for r in rows if r[1] == kind}).values_list("pk", "nombre"))
        for kind, model in (("proveedor", Proveedor), ("aportante", Aportante))
    }
    names, keys = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for poliza, kind, number in rows:
        names[poliza].add(known[kind].get(number or 0, ""))
    for poliza, folio in Aportacion.objects.filter(poliza__in=polizas).values_list("poliza_id", "folio"):
        keys[poliza].add(folio)
    used = UsoComprobante.objects.filter(poliza__in=polizas).values_list("poliza_id", "comprobante__uuid")
    for poliza, uuid in used:
        keys[poliza].add(str(uuid)[:8])
    return names, keys


def explanations(cuenta: CuentaBancaria, cut: BankCut = NOW) -> tuple[dict[int, str], dict[int, str]]:
    """Return the last words written about each line and about each movement."""
    by_line, by_movement = dict[int, str](), dict[int, str]()
    for line, movement, text in (
        ExplicacionPendiente.objects.filter(cut.by_then("escrita_el"), cuenta=cuenta)
        .order_by("pk")
        .values_list("linea_id", "movimiento_id", "texto")
    ):
        if line is not None:
            by_line[line] = text
        else:
            by_movement[movement] = text
    return by_line, by_movement


def conciliacion(cuenta: CuentaBancaria, mes: date) -> MonthReconciliation:
    """Return the reconciliation of a month: as it was closed, or as it stands now."""
    first = mes.replace(day=1)
    closed = ConciliacionMensual.objects.filter(cuenta=cuenta, mes=first).select_related("cerrada_por").first()
    return _as_closed(closed) if closed else _as_it_stands(cuenta, first)


def _as_closed(row: ConciliacionMensual) -> MonthReconciliation:
    items = [
        Partida(**{**each, "fecha": date.fromisoformat(each["fecha"]), "monto": Money(each["monto"])})
        for each in row.partidas
    ]
    return MonthReconciliation(
        row.cuenta_id,
        row.mes,
        Money(row.saldo_libros),
        Money(row.saldo_banco),
        tuple(each for each in items if each.lado == "libros"),
        tuple(each for each in items if each.lado == "banco"),
        Money(0),
        Money(0),
        row.cerrada_el,
        row.cerrada_por.named_at(row.cerrada_el),
    )


def conciliacion_al(cuenta: CuentaBancaria, dia: date, cut: BankCut) -> MonthReconciliation:
    """Return the reconciliation at the end of a day as a cut leaves it, whichever day it is asked for.

    Closed months are computed again: one may have been closed after the cut.
    """
    return _standing(cuenta, dia, dia, cut)


def _as_it_stands(cuenta: CuentaBancaria, mes: date) -> MonthReconciliation:
    end = month_end(mes)
    return replace(_standing(cuenta, end, min(end, clock.today()), NOW), mes=mes)


def _standing(cuenta: CuentaBancaria, end: date, age: date, cut: BankCut) -> MonthReconciliation:
    """Return what explains the difference at the end of a day, of what counts by a cut."""
    later = _links_reaching_past(cuenta, end, cut)
    lines = _lines(cuenta, cut).filter(dia__lte=end)
    reaching = Exists(LadoBanco.objects.filter(linea=OuterRef("pk"), enlace__in=later))
    lines = lines.filter(~cut.line_claimed | reaching)
    own = bank_movements(cuenta, hasta=end).filter(cut.recorded)
    movements = own.select_related("poliza__periodo").exclude(pk__in=_settled(cuenta, end, later, cut))
    by_line, by_movement = explanations(cuenta, cut)
    in_bank = tuple(_of_bank(each, age, by_line) for each in lines.order_by("fecha", "pk"))
    in_books = tuple(_of_books(each, age, by_movement) for each in movements.order_by("poliza__fecha_operacion", "pk"))
    books, bank = _balance(own), bank_balance(cuenta, end, cut)
    before = _before_first(cuenta, cut)
    reached = books - _sum(in_books) + _sum(in_bank) + before
    gap = bank - reached if bank is not None else Money(0)
    return MonthReconciliation(cuenta.pk, end, books, bank, in_books, in_bank, before, gap)


def _links_reaching_past(cuenta: CuentaBancaria, end: date, cut: BankCut) -> set[int]:
    """Standing links with something after that day, or not recorded: what they hold before it was still open."""
    after = _lines(cuenta, cut).filter(dia__gt=end)
    banks = LadoBanco.objects.filter(cut.linked, enlace__cuenta=cuenta, linea__in=after.values("pk"))
    then = bank_movements(cuenta, hasta=end).filter(cut.recorded)
    books = LadoLibros.objects.filter(cut.linked, enlace__cuenta=cuenta)
    books = books.exclude(movimiento__in=then.values("pk"))
    return {*banks.values_list("enlace_id", flat=True), *books.values_list("enlace_id", flat=True)}


def _settled(cuenta: CuentaBancaria, end: date, later: set[int], cut: BankCut) -> list[int]:
    """Movements that a link by that day settles, and pólizas that their reversal cancelled by then."""
    linked = LadoLibros.objects.filter(cut.linked, enlace__cuenta=cuenta).exclude(enlace__in=later)
    cancelled = bank_movements(cuenta, hasta=end).filter(~cut.movement_claimed).filter(_paired(end, cut))
    return [*linked.values_list("movimiento_id", flat=True), *cancelled.values_list("pk", flat=True)]


def _of_bank(line: LineaBancaria, age: date, words: dict[int, str]) -> Partida:
    return Partida(
        "banco",
        line.fecha,
        Money(line.monto),
        line.referencia,
        line.descripcion,
        (age - line.fecha).days,
        words.get(line.pk, ""),
        linea_id=line.pk,
    )


def _of_books(movement: Movimiento, age: date, words: dict[int, str]) -> Partida:
    poliza = movement.poliza
    return Partida(
        "libros",
        poliza.fecha_operacion,
        Money(movement.cargo - movement.abono),
        reference_of(poliza),
        poliza.concepto,
        (age - poliza.fecha_operacion).days,
        words.get(movement.pk, ""),
        movimiento_id=movement.pk,
        poliza_id=poliza.pk,
    )


def _before_first(cuenta: CuentaBancaria, cut: BankCut) -> Money:
    """Return the balance of an account before its first statement; zero without statements."""
    loaded = EstadoDeCuenta.objects.filter(cut.by_then("cargado_el"), cuenta=cuenta)
    first = loaded.order_by("desde", "pk").first()
    return Money(first.saldo_inicial) if first else Money(0)


def _sum(items: Sequence[Partida]) -> Money:
    return Money(sum(each.monto.centavos for each in items))


def months(cuenta: CuentaBancaria) -> list[date]:
    """Return the months that statements or movements of an account touch, the last first."""
    span = [
        *EstadoDeCuenta.objects.filter(cuenta=cuenta).aggregate(a=Min("desde"), b=Max("hasta")).values(),
        *bank_movements(cuenta).aggregate(a=Min("poliza__fecha_operacion"), b=Max("poliza__fecha_operacion")).values(),
    ]
    return months_of([day for day in span if day])[::-1]


def months_of(days: Collection[date]) -> list[date]:
    """Every month from that of the first of some days to that of the last, by its first day; none without days."""
    if not days:
        return []
    found, month = [], min(days).replace(day=1)
    while month <= max(days):
        found.append(month)
        month = month_end(month) + timedelta(days=1)
    return found


def remembered_map(cuenta: CuentaBancaria) -> ColumnMap | None:
    """Return the map of columns that this subject last gave for this bank's CSV."""
    row = MapaColumnas.objects.filter(sujeto=cuenta.contabilidad.sujeto_id, banco=cuenta.banco).first()
    return ColumnMap(**row.mapa) if row else None


def links(cuenta: CuentaBancaria) -> QuerySet[Enlace]:
    """Return the standing links of an account with both sides, the last made first."""
    rows = Enlace.objects.filter(cuenta=cuenta, deshecho=None).select_related("hecho_por")
    sides = ("lados_banco__linea", "lados_libros__movimiento__poliza__periodo")
    return rows.prefetch_related(*sides).order_by("-hecho_el", "-pk")


def statements(cuenta: CuentaBancaria) -> QuerySet[EstadoDeCuenta]:
    """Return the statements loaded of an account, the last days first."""
    return EstadoDeCuenta.objects.filter(cuenta=cuenta).select_related("cargado_por").order_by("-hasta", "-pk")


def suggestion(line: LineaBancaria) -> dict[str, str]:
    """The account and words with which the draft of an unrecorded line begins; empty when its words suggest none."""
    words = f"{plain(line.descripcion)} "
    side = 1 if line.monto > 0 else -1
    for row in raw_data()["sugeridas"]:
        if row["signo"] == side and any(word in words for word in row["palabras"]):
            return {"cuenta": str(row["cuenta"]), "concepto": str(row["concepto"])}
    return {}
