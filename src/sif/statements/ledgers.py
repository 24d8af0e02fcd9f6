"""Compute balanza, diario, mayor and auxiliares from the lines of posted pólizas."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Window

from sif.books.models import Cuenta, Movimiento, UsoComprobante
from sif.ledger import reference
from sif.ledger.poliza import AUXILIARIES
from sif.registry import clock
from sif.registry.folding import fold
from sif.statements.asked import LEVELS, Asked
from sif.statements.names import current_rows, names_of, written
from sif.statements.report import Drill, Line, ListRows, QueryRows, Row
from sif.values import Money

TYPES = {"normal": "Normal", "correccion": "Corrección", "ajuste": "Ajuste", "jornada": "Jornada electoral"}
SUBTYPES = {"IG": "Ingresos", "EG": "Egresos", "DR": "Diario"}
_POLIZA = (
    "tipo",
    "periodo__numero",
    "subtipo",
    "numero",
    "fecha_operacion",
    "eslabon",
    "registrada_el",
    "concepto",
)
_LINE = (
    "contabilidad_id",
    "poliza_id",
    "linea",
    "cuenta_id",
    "cuenta__nombre",
    "cuenta__naturaleza",
    "concepto",
    "cargo",
    "abono",
    "auxiliar_tipo",
    "auxiliar_id",
    *(f"poliza__{name}" for name in _POLIZA),
)


def sums_by_account(asked: Asked) -> dict[str, tuple[int, int, int, int]]:
    """By account, (debits before, credits before, debits within, credits within) in centavos: one grouped query.

    What opened the books stood before whatever days are asked for.
    """
    lines, opened = Movimiento.objects.filter(asked.of_lines()), asked.opening()
    if not asked.has_span and opened is None:
        plain = lines.values("cuenta_id").annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
        return {
            code: (0, 0, debits, credits)
            for code, debits, credits in plain.values_list("cuenta_id", "cargos", "abonos")
        }
    earlier, within, until = _spans(asked, opened)
    found = (
        lines.filter(until)
        .values("cuenta_id")
        .annotate(
            cargos_antes=Sum("cargo", filter=earlier, default=0),
            abonos_antes=Sum("abono", filter=earlier, default=0),
            cargos=Sum("cargo", filter=within, default=0),
            abonos=Sum("abono", filter=within, default=0),
        )
    )
    return {
        code: (before, after, debits, credits)
        for code, before, after, debits, credits in found.values_list(
            "cuenta_id", "cargos_antes", "abonos_antes", "cargos", "abonos"
        )
    }


def _spans(asked: Asked, opened: Q | None) -> tuple[Q, Q, Q]:
    """Return the conditions of the lines of before, of the days asked for, and of both."""
    if opened is None:
        return asked.earlier(), asked.within(), asked.until()
    until = asked.until() | opened if asked.has_span else Q()
    return asked.earlier() | opened, asked.within() & ~opened, until


def accounts() -> dict[str, Cuenta]:
    """Return every account by code, the groups too, those that processes added among them."""
    return Cuenta.objects.order_by("codigo").in_bulk()


def above(codigo: str, nivel: int) -> str:
    """Return the account of a level above: 5-5-01-03-0000 at level 3 is 5-5-01-00-0000."""
    parts = codigo.split("-")
    return "-".join(part if place < nivel else "0" * len(part) for place, part in enumerate(parts))


def balanza(asked: Asked) -> ListRows:
    """Opening balance, debits, credits and closing balance of each account, or of each group of the level asked."""
    grouped: dict[str, list[int]] = {}
    for code, sums in sums_by_account(asked).items():
        row = grouped.setdefault(above(code, asked.nivel), [0, 0, 0, 0])
        for place, amount in enumerate(sums):
            row[place] += amount
    names = accounts()
    lines = [_balance(code, sums, names, asked) for code, sums in sorted(grouped.items())]
    return ListRows(lines, ("inicial_deudor", "inicial_acreedor", "cargos", "abonos", "final_deudor", "final_acreedor"))


def _balance(code: str, sums: Sequence[int], names: dict[str, Cuenta], asked: Asked) -> Line:
    before, opened, debits, credits = sums
    opening = before - opened
    closing = opening + debits - credits
    known = names.get(code)
    mine = {**asked.as_query(), "cuenta": code}
    deeper = Drill("balanza", {**mine, "nivel": str(LEVELS)}) if asked.nivel < LEVELS else Drill("mayor", mine)
    return Line(
        {
            "cuenta": code,
            "nombre": known.nombre if known else "",
            **_sides("inicial", opening),
            "cargos": Money(debits),
            "abonos": Money(credits),
            **_sides("final", closing),
        },
        dict.fromkeys(("cuenta", "cargos", "abonos", "final_deudor", "final_acreedor"), deeper),
    )


def _sides(which: str, net: int) -> dict[str, object]:
    """Return a balance in the column of its side; the other, or both where there is none, stay empty."""
    return {
        f"{which}_deudor": Money(net) if net > 0 else None,
        f"{which}_acreedor": Money(-net) if net < 0 else None,
    }


def lines_of(asked: Asked) -> QuerySet[Movimiento]:
    """Return the lines that the filter asks for, its days included."""
    return Movimiento.objects.filter(asked.of_lines() & asked.within())


def reference_of(row: Row, path: str = "poliza__") -> str:
    """Return the short reference of the póliza of a row of values; path leads to it."""
    return reference(
        row[f"{path}tipo"],
        row[f"{path}periodo__numero"],
        row[f"{path}subtipo"],
        row[f"{path}numero"],
        row[f"{path}fecha_operacion"],
        row["contabilidad_id"],
    )


def to_poliza(row: dict[str, object], path: str = "poliza__") -> Drill:
    """Return the link that opens a póliza."""
    return Drill("poliza", {"contabilidad": str(row["contabilidad_id"]), "asiento": str(row[f"{path}eslabon"])})


def diario(asked: Asked) -> QueryRows:
    """Return every line of every póliza in order of operation."""
    base = lines_of(asked)
    ordered = base.order_by("poliza__fecha_operacion", "contabilidad_id", "poliza__eslabon", "linea").values(*_LINE)
    return QueryRows(ordered, base, _diary_lines, {"cargo": "cargo", "abono": "abono"})


def _diary_lines(rows: Sequence[Row]) -> list[Line]:
    return [
        Line(
            {
                "fecha_operacion": row["poliza__fecha_operacion"],
                "fecha_registro": clock.legal_day(row["poliza__registrada_el"]),
                "poliza": reference_of(row),
                "contabilidad": str(row["contabilidad_id"]),
                "tipo": TYPES[row["poliza__tipo"]],
                "subtipo": SUBTYPES[row["poliza__subtipo"]],
                "periodo": row["poliza__periodo__numero"],
                "cuenta": row["cuenta_id"],
                "nombre": row["cuenta__nombre"],
                "concepto": row["concepto"] or row["poliza__concepto"],
                "cargo": Money(row["cargo"]),
                "abono": Money(row["abono"]),
            },
            {"poliza": to_poliza(row), "cuenta": Drill("mayor", {"cuenta": row["cuenta_id"]})},
        )
        for row in rows
    ]


def mayor(asked: Asked) -> QueryRows:
    """Return the lines of each account with its balance after each, which starts from all that is earlier."""
    earlier, within, _until = _spans(asked, opened := asked.opening())
    base = Movimiento.objects.filter(asked.of_lines() & within)
    order = ("poliza__fecha_operacion", "contabilidad_id", "poliza__eslabon", "linea")
    running = Window(Sum(F("cargo") - F("abono")), partition_by=[F("cuenta_id")], order_by=list(order))
    ordered = base.annotate(corrido=running).order_by("cuenta_id", *order).values(*_LINE, "corrido")
    opening = _opening(asked, earlier) if asked.starts or opened is not None else {}

    def draw(rows: Sequence[Row]) -> list[Line]:
        names = names_of({(row["auxiliar_tipo"], row["auxiliar_id"]) for row in rows})
        invoices = _invoices({row["poliza_id"] for row in rows})
        return [
            _ledger_line(row, opening, written(names, row["auxiliar_tipo"], row["auxiliar_id"]), invoices)
            for row in rows
        ]

    return QueryRows(ordered, base, draw, {"cargo": "cargo", "abono": "abono"})


def _opening(asked: Asked, earlier: Q) -> dict[str, int]:
    lines = Movimiento.objects.filter(asked.of_lines() & earlier)
    return {
        code: debits - credits
        for code, debits, credits in lines.values("cuenta_id")
        .annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
        .values_list("cuenta_id", "cargos", "abonos")
    }


def _invoices(polizas: set[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    uses = UsoComprobante.objects.filter(poliza__in=polizas).order_by("pk")
    for poliza, uuid in uses.values_list("poliza_id", "comprobante__uuid"):
        found.setdefault(poliza, []).append(uuid)
    return {poliza: ", ".join(uuids) for poliza, uuids in found.items()}


def _ledger_line(row: Row, opening: dict[str, int], auxiliary: str, invoices: dict[int, str]) -> Line:
    net = opening.get(row["cuenta_id"], 0) + row["corrido"]
    return Line(
        {
            "cuenta": row["cuenta_id"],
            "nombre": row["cuenta__nombre"],
            "poliza": reference_of(row),
            "fecha_operacion": row["poliza__fecha_operacion"],
            "fecha_registro": clock.legal_day(row["poliza__registrada_el"]),
            "concepto": row["concepto"] or row["poliza__concepto"],
            "cargo": Money(row["cargo"]),
            "abono": Money(row["abono"]),
            "saldo": Money(net if row["cuenta__naturaleza"] == "D" else -net),
            "auxiliar": auxiliary,
            "uuid": invoices.get(row["poliza_id"], ""),
        },
        {"poliza": to_poliza(row)},
    )


def auxiliares(asked: Asked) -> ListRows:
    """Compute debits, credits and balance of each supplier, donor, person, bank account… in each account.

    The words of the filter are searched in the key and the name of the auxiliary.
    """
    lines, opened = asked.but(texto="").of_lines(), asked.opening()
    earlier, within, until = _spans(asked, opened)
    found = (
        Movimiento.objects.filter(lines & ~Q(auxiliar_tipo="") & until)
        .values("auxiliar_tipo", "auxiliar_id", "cuenta_id", "cuenta__nombre", "cuenta__naturaleza")
        .annotate(
            antes=Sum(F("cargo") - F("abono"), filter=earlier, default=0)
            if asked.starts or opened is not None
            else Sum(F("cargo") * 0),
            cargos=Sum("cargo", filter=within, default=0),
            abonos=Sum("abono", filter=within, default=0),
        )
    )
    rows = _of_one([dict(row) for row in found])
    names = names_of({(row["auxiliar_tipo"], row["auxiliar_id"]) for row in rows})
    lines_found = [_auxiliary_line(row, names, asked) for row in rows]
    wanted = fold(asked.texto)
    kept = [line for line in lines_found if wanted in fold(f"{line.celdas['clave']} {line.celdas['nombre']}")]
    return ListRows(sorted(kept, key=_by_name), ("cargos", "abonos"))


def _of_one(rows: list[Row]) -> list[Row]:
    """Add up the rows of one auxiliary that different versions of it were cited for, under the current one."""
    now = current_rows((row["auxiliar_tipo"], row["auxiliar_id"]) for row in rows)
    merged: dict[tuple[str, int, str], dict[str, object]] = {}
    for row in rows:
        row["auxiliar_id"] = now.get((row["auxiliar_tipo"], row["auxiliar_id"]), row["auxiliar_id"])
        kept = merged.setdefault((row["auxiliar_tipo"], row["auxiliar_id"], row["cuenta_id"]), row)
        if kept is not row:
            kept |= {name: kept[name] + row[name] for name in ("antes", "cargos", "abonos")}
    return list(merged.values())


def _by_name(line: Line) -> tuple[str, ...]:
    return tuple(fold(str(line.celdas[key])) for key in ("tipo", "nombre", "clave", "cuenta"))


def _auxiliary_line(row: Row, names: dict[Any, tuple[str, str]], asked: Asked) -> Line:
    sign = 1 if row["cuenta__naturaleza"] == "D" else -1
    kind, number = row["auxiliar_tipo"], row["auxiliar_id"]
    key, name = names[kind, number]
    own = {"cuenta": row["cuenta_id"], "auxiliar_tipo": kind, "auxiliar": str(number)}
    rows = Drill("mayor", {**asked.as_query(), **own})
    return Line(
        {
            "tipo": AUXILIARIES.get(kind, kind),
            "clave": key,
            "nombre": name,
            "cuenta": row["cuenta_id"],
            "nombre_cuenta": row["cuenta__nombre"],
            "inicial": Money(sign * row["antes"]),
            "cargos": Money(row["cargos"]),
            "abonos": Money(row["abonos"]),
            "final": Money(sign * (row["antes"] + row["cargos"] - row["abonos"])),
        },
        {"clave": rows, "cargos": rows, "abonos": rows, "final": rows},
    )
