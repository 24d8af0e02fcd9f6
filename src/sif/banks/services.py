"""Load statements, link and unlink lines with the books, explain the rest, and close months."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError

from sif.banks import selectors
from sif.banks.matching import Proposal, weights
from sif.banks.models import (
    ConciliacionMensual,
    Enlace,
    EnlaceDeshecho,
    EstadoDeCuenta,
    ExplicacionPendiente,
    LadoBanco,
    LadoLibros,
    LineaBancaria,
    MapaColumnas,
    counted,
)
from sif.banks.overlap import Covered, Kept, check_together, new_lines
from sif.banks.readers import ColumnMap, SheetHint
from sif.banks.reading import read_all
from sif.banks.statement import Statement, StatementLine, choose, same_account, within
from sif.books.models import Movimiento
from sif.books.services import Handed, store_file
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import CuentaBancaria, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Money, Problem, Refused, refusal


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of loading a file: its statement, the counts of new and known lines, and whether it was repeated.

    avisos: the oddities of the statement.
    """

    estado: EstadoDeCuenta
    nuevas: int
    conocidas: int
    repetido: bool
    avisos: tuple[Problem, ...] = ()


def must_capture(cuenta: CuentaBancaria, by: Usuario) -> None:
    """Raise PermissionError for who does not record in the books of the account."""
    if not may(by, "capturar", contabilidad=cuenta.contabilidad):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )


def _locked(cuenta: CuentaBancaria) -> CuentaBancaria:
    """Return the account, held until the transaction ends: two people who load or link it wait for each other."""
    lock_contabilidades([cuenta.contabilidad_id])
    return cuenta


def load_statement(
    cuenta: CuentaBancaria,
    archivo: tuple[str, bytes],
    by: Usuario,
    *,
    mapa: ColumnMap | None = None,
    hint: SheetHint | None = None,
    elegida: str = "",
) -> Loaded:
    """Read a statement (name, bytes), keep its file and the lines the account did not have; all or nothing.

    elegida: the key of its account in a file of several; without it, the one whose number is of this account. The same
    file again changes nothing. Raises Refused (unreadable, of another account, contradicts another statement,
    reaches a closed month) and PermissionError.
    """
    must_capture(cuenta, by)
    nombre, data = archivo
    statement = choose(read_all(data, mapa, hint), cuenta.clabe, elegida)
    if statement.cuenta and not same_account(cuenta.clabe, statement.cuenta):
        raise refusal(
            "otra_cuenta",
            "cuenta",
            f"El archivo es de la cuenta {statement.cuenta} y usted eligió la {cuenta.clabe}.",
            "Elija la cuenta del archivo, o el archivo de la cuenta.",
        )
    with acting():
        _locked(cuenta)
        kept = store_file(data, Handed(cuenta.contabilidad, by))
        before = EstadoDeCuenta.objects.filter(cuenta=cuenta, archivo=kept.sha256).first()
        if before:
            return Loaded(before, 0, before.lineas_leidas, True, statement.avisos)
        fresh = new_lines(statement.lines, statement.formato, _kept(cuenta, statement))
        _refuse_closed(cuenta, statement, fresh)
        row = _created(cuenta, kept.sha256, nombre, statement, len(fresh), by)
        LineaBancaria.objects.bulk_create([_row(row, place, line) for place, line in fresh])
        problems = _together(cuenta)
        if problems:
            raise Refused(*problems)
        if mapa is not None:
            remember_map(cuenta, mapa, by)
        return Loaded(row, len(fresh), len(statement.lines) - len(fresh), False, statement.avisos)


def _created(
    cuenta: CuentaBancaria, sha256: str, nombre: str, statement: Statement, fresh: int, by: Usuario
) -> EstadoDeCuenta:
    return EstadoDeCuenta.objects.create(
        contabilidad_id=cuenta.contabilidad_id,
        cuenta=cuenta,
        archivo_id=sha256,
        nombre=nombre[:255],
        formato=statement.formato,
        desde=statement.desde,
        hasta=statement.hasta,
        saldo_inicial=statement.saldo_inicial.centavos,
        saldo_final=statement.saldo_final.centavos,
        lineas_leidas=len(statement.lines),
        lineas_nuevas=fresh,
        cargado_el=clock.now(),
        cargado_por=by,
    )


def _kept(cuenta: CuentaBancaria, statement: Statement) -> list[Kept]:
    days = [statement.desde, statement.hasta, *(line.fecha for line in statement.lines)]
    rows = LineaBancaria.objects.filter(cuenta=cuenta, fecha__range=(min(days), max(days))).select_related("estado")
    return [
        Kept(
            row.fecha,
            row.monto,
            row.id_banco,
            " ".join(f"{row.referencia} {row.descripcion}".lower().split()),
            row.estado.formato,
        )
        for row in rows
    ]


def _refuse_closed(cuenta: CuentaBancaria, told: Statement, fresh: Sequence[tuple[int, StatementLine]]) -> None:
    """A closed month does not receive lines it was not closed with."""
    closed = set(ConciliacionMensual.objects.filter(cuenta=cuenta).values_list("mes", flat=True))
    for _place, line in fresh:
        day = within(line.fecha, told.desde, told.hasta)
        if day.replace(day=1) in closed:
            raise refusal(
                "mes_cerrado",
                line.donde,
                f"La conciliación de {day:%m/%Y} ya se cerró sin este movimiento.",
                "Compruebe que el archivo es de esta cuenta; el estado con que se cerró no lo traía.",
            )


def _row(estado: EstadoDeCuenta, place: int, line: StatementLine) -> LineaBancaria:
    return LineaBancaria(
        contabilidad_id=estado.contabilidad_id,
        cuenta_id=estado.cuenta_id,
        estado=estado,
        lugar=place,
        fecha=line.fecha,
        monto=line.monto.centavos,
        referencia=line.referencia[:120],
        descripcion=line.descripcion[:500],
        id_banco=line.id_banco[:120],
    )


def _together(cuenta: CuentaBancaria) -> list[Problem]:
    statements = EstadoDeCuenta.objects.filter(cuenta=cuenta)
    covered = [Covered(s.desde, s.hasta, s.saldo_inicial, s.saldo_final, s.nombre) for s in statements]
    lines = counted(LineaBancaria.objects.filter(cuenta=cuenta)).values_list("dia", "monto")
    return check_together(covered, lines)


def remember_map(cuenta: CuentaBancaria, mapa: ColumnMap, by: Usuario) -> None:
    """Keep which column is which in the CSV of this account's bank, for the next file."""
    must_capture(cuenta, by)
    with acting():
        MapaColumnas.objects.update_or_create(
            sujeto_id=cuenta.contabilidad.sujeto_id,
            banco=cuenta.banco,
            defaults={"mapa": mapa.as_dict(), "guardado_el": clock.now(), "guardado_por": by},
        )


def link(
    cuenta: CuentaBancaria,
    lineas: Sequence[int],
    movimientos: Sequence[int],
    by: Usuario,
    *,
    proposal: Proposal | None = None,
) -> Enlace:
    """Say that these bank lines and these movements are the same money. Raises Refused, PermissionError."""
    must_capture(cuenta, by)
    with acting():
        _locked(cuenta)
        banks = list(selectors.open_lines(cuenta).filter(pk__in=lineas))
        books = list(selectors.open_movements(cuenta).filter(pk__in=movimientos))
        _check_link(lineas, movimientos, banks, books)
        return _link(cuenta, [(banks, books, proposal)], by)[0]


def _check_link(
    lineas: Sequence[int], movimientos: Sequence[int], banks: Sequence[LineaBancaria], books: Sequence[Movimiento]
) -> None:
    if not lineas or not movimientos:
        raise refusal("vacio", "selección", "Elija al menos una línea del banco y un movimiento de los libros.", "")
    if len(banks) != len(set(lineas)) or len(books) != len(set(movimientos)):
        raise refusal(
            "ya_conciliado",
            "selección",
            "Alguna ya está conciliada o no es de esta cuenta.",
            "Actualice la página y elija de nuevo.",
        )
    bank, book = sum(each.monto for each in banks), sum(each.cargo - each.abono for each in books)
    if bank != book:
        raise refusal(
            "suma",
            "selección",
            f"El banco suma {Money(bank)} y los libros {Money(book)}: difieren en {Money(bank - book)}.",
            "Elija las que sumen lo mismo, o registre la póliza de la diferencia.",
        )


Group = tuple[Sequence[LineaBancaria], Sequence[Movimiento], Proposal | None]
"""Lines and movements that are the same money, and the proposal that said so, if one did."""


def _link(cuenta: CuentaBancaria, groups: Sequence[Group], by: Usuario) -> list[Enlace]:
    """Link each group, all or none, in as many statements whatever their number."""
    own = {"contabilidad_id": cuenta.contabilidad_id}
    made = Enlace.objects.bulk_create(
        Enlace(
            **own,
            cuenta=cuenta,
            nivel=proposal.nivel if proposal else None,
            razones=[asdict(each) for each in proposal.razones] if proposal else [],
            hecho_el=clock.now(),
            hecho_por=by,
        )
        for _banks, _books, proposal in groups
    )
    linked = list(zip(made, groups, strict=True))
    try:
        LadoBanco.objects.bulk_create(
            LadoBanco(**own, enlace=enlace, linea=each) for enlace, (banks, _, _) in linked for each in banks
        )
        LadoLibros.objects.bulk_create(
            LadoLibros(**own, enlace=enlace, movimiento=each) for enlace, (_, books, _) in linked for each in books
        )
    except IntegrityError as error:  # the database holds that nothing is claimed twice, whoever forgot the lock
        raise refusal(
            "ya_conciliado", "selección", "Otra persona la concilió mientras tanto.", "Actualice la página."
        ) from error
    return made


def accept(
    cuenta: CuentaBancaria,
    lineas: Sequence[int],
    movimientos: Sequence[int],
    by: Usuario,
    *,
    desde: date | None = None,
) -> Enlace:
    """Accept the proposal of exactly these, with its reasons of now. Raises Refused if it is no longer made.

    desde: as `selectors.proposals` took it when it was shown.
    """
    wanted = (tuple(sorted(lineas)), tuple(sorted(movimientos)))
    found = [each for each in selectors.proposals(cuenta, desde) if (each.lineas, each.movimientos) == wanted]
    if not found:
        raise refusal("sin_propuesta", "propuesta", "Esa propuesta ya no está: algo cambió.", "Actualice la página.")
    return link(cuenta, lineas, movimientos, by, proposal=found[0])


def accept_all(
    cuenta: CuentaBancaria, by: Usuario, *, nivel: int | None = None, desde: date | None = None
) -> list[Enlace]:
    """Accept every proposal of that level or more (the one of matching.yaml unless told), all or none.

    desde: as `selectors.proposals` took it when they were shown.
    """
    must_capture(cuenta, by)
    least = max(weights().bloque if nivel is None else nivel, weights().proponer)
    with acting():
        _locked(cuenta)
        chosen = [each for each in selectors.proposals(cuenta, desde) if each.nivel >= least]
        lines = LineaBancaria.objects.in_bulk([n for each in chosen for n in each.lineas])
        movements = Movimiento.objects.in_bulk([n for each in chosen for n in each.movimientos])
        groups = [([lines[n] for n in each.lineas], [movements[n] for n in each.movimientos], each) for each in chosen]
        return _link(cuenta, groups, by)


def undo(enlace: Enlace, by: Usuario) -> None:
    """Take a link back while its month is open; it stays as history. Raises Refused, PermissionError."""
    must_capture(enlace.cuenta, by)
    with acting():
        _locked(enlace.cuenta)
        row = Enlace.objects.get(pk=enlace.pk)
        if EnlaceDeshecho.objects.filter(enlace=row).exists():
            raise refusal("deshecho", "enlace", "Ya se había deshecho.", "Actualice la página.")
        month = _month_of(row)
        closed = ConciliacionMensual.objects.filter(cuenta=row.cuenta_id, mes__gte=month, cerrada_el__gte=row.hecho_el)
        if closed.exists():
            raise refusal(
                "mes_cerrado",
                "enlace",
                f"La conciliación de {month:%m/%Y} ya se cerró con este enlace.",
                "Lo cerrado no cambia; corrija con una póliza y concíliela en su mes.",
            )
        EnlaceDeshecho.objects.create(
            enlace=row, contabilidad_id=row.contabilidad_id, hecho_el=clock.now(), hecho_por=by
        )


def _month_of(enlace: Enlace) -> date:
    """Return the month in which both sides had met: that of its last day."""
    days = [
        *enlace.lados_banco.values_list("linea__fecha", flat=True),
        *enlace.lados_libros.values_list("movimiento__poliza__fecha_operacion", flat=True),
    ]
    return max(days).replace(day=1)


def explain(
    cuenta: CuentaBancaria, texto: str, by: Usuario, *, linea: int | None = None, movimiento: int | None = None
) -> ExplicacionPendiente:
    """Write why a line or a movement (exactly one) has no counterpart. Raises Refused, PermissionError."""
    must_capture(cuenta, by)
    if not texto.strip():
        raise refusal("texto", "explicación", "Falta la explicación.", "Escriba por qué sigue pendiente.")
    known = (linea is None) != (movimiento is None) and (
        LineaBancaria.objects.filter(cuenta=cuenta, pk__in=[linea or 0]).exists()
        or selectors.bank_movements(cuenta).filter(pk__in=[movimiento or 0]).exists()
    )
    if not known:
        raise refusal("ajena", "partida", "Esa partida no es de esta cuenta.", "Actualice la página.")
    with acting():
        return ExplicacionPendiente.objects.create(
            contabilidad_id=cuenta.contabilidad_id,
            cuenta=cuenta,
            linea_id=linea,
            movimiento_id=movimiento,
            texto=texto.strip()[:300],
            escrita_el=clock.now(),
            escrita_por=by,
        )


def close_month(cuenta: CuentaBancaria, mes: date, by: Usuario) -> ConciliacionMensual:
    """Close the reconciliation of a month: its figures and open items are kept as they stand.

    Raises Refused while the month runs, while a former one with movements is open, or while it is not exact.
    """
    must_capture(cuenta, by)
    first = mes.replace(day=1)
    with acting():
        _locked(cuenta)
        found = selectors.conciliacion(cuenta, first)
        problems = _why_not(cuenta, first, found)
        if problems:
            raise Refused(*problems)
        assert found.saldo_banco is not None
        items = [
            {**asdict(each), "fecha": each.fecha.isoformat(), "monto": each.monto.centavos}
            for each in (*found.libros_no_banco, *found.banco_no_libros)
        ]
        return ConciliacionMensual.objects.create(
            contabilidad_id=cuenta.contabilidad_id,
            cuenta=cuenta,
            mes=first,
            saldo_libros=found.saldo_libros.centavos,
            saldo_banco=found.saldo_banco.centavos,
            partidas=items,
            cerrada_el=clock.now(),
            cerrada_por=by,
        )


def _why_not(cuenta: CuentaBancaria, mes: date, found: selectors.MonthReconciliation) -> list[Problem]:
    where = f"{mes:%m/%Y}"
    if found.cerrada_el:
        return [Problem("cerrada", where, "Ya está cerrada.", "Lo cerrado no cambia.")]
    if clock.today() <= selectors.month_end(mes):
        return [Problem("en_curso", where, "El mes no ha terminado.", "Ciérrela desde el día primero.")]
    closed = set(ConciliacionMensual.objects.filter(cuenta=cuenta).values_list("mes", flat=True))
    open_before = [month for month in selectors.months(cuenta) if month < mes and month not in closed]
    if open_before:
        return [Problem("anterior", where, f"Falta cerrar {min(open_before):%m/%Y}.", "Cierre los meses en orden.")]
    if found.saldo_banco is None:
        return [
            Problem(
                "sin_estado", where, "Ningún estado de cuenta llega al fin del mes.", "Cargue el estado que lo cubra."
            )
        ]
    if found.saldo_previo:
        return [
            Problem(
                "saldo_previo",
                where,
                f"El primer estado empieza con {found.saldo_previo}, que nada documenta.",
                "Cargue los estados anteriores, desde la apertura de la cuenta.",
            )
        ]
    if found.diferencia:
        return [
            Problem(
                "diferencia",
                where,
                f"Faltan por explicar {found.diferencia}: hay días sin estado de cuenta.",
                "Cargue los estados de los días que faltan.",
            )
        ]
    return []
