"""Slow and obvious answers, one row at a time and in exact numbers, to rules of what is spent, shared and owed."""

from datetime import date
from fractions import Fraction
from typing import Any

from sif.law.apportionment import load_combinations

from .books import Answers, Books, Law, Row, by_id, lives, net, reversals, voucher


def shared_out(books: Books, _law: Law) -> Answers:
    """PO001: each part of a prorrateo against the percentage of its column and its cap within the column.

    A part of the campaign of another process is shared and not judged.
    """
    told: Answers = {}
    seen = by_id(books["contabilidades"], "contabilidad_id")
    for part in (row for row in books["prorrateo_beneficiarios"] if row["contabilidad_id"] in seen):
        whole = by_id(books["prorrateos"], "prorrateo_id")[part["prorrateo_id"]]
        owed = due(books, whole, part)
        if reversals(books, whole["poliza_id"]):
            result = "deshecho"
        elif owed is None:
            result = "no_repartible"
        else:
            result = "correcto" if owed == part["monto"] else "de_menos" if part["monto"] < owed else "de_mas"
        away = part["monto"] if owed is None else abs(part["monto"] - owed)
        told[part["prorrateo_id"], part["contabilidad_id"]] = {
            "resultado": result,
            "fecha": whole["fecha"],
            "debido": owed,
            "monto": away,
        }
    return told


def due(books: Books, whole: Row, part: Row) -> int | None:
    """Centavos that the law charges to that part of a prorrateo; None when it does not share that combination."""
    parts = [row for row in books["prorrateo_beneficiarios"] if row["prorrateo_id"] == whole["prorrateo_id"]]
    columns = {row["columna"] for row in parts}
    caps = {column: sum(row["tope"] for row in parts if row["columna"] == column) for column in columns}
    for combination in load_combinations("mx"):
        ends = combination.hasta or date.max
        if set(combination.columnas) == columns and combination.desde <= whole["fecha"] < ends and all(caps.values()):
            share = Fraction(combination.columnas[part["columna"]], 10_000)
            exact: Fraction = whole["total"] * share * Fraction(part["tope"], caps[part["columna"]])
            return exact.numerator // exact.denominator
    return None


def owed_to_it(books: Books, law: Law) -> Answers:
    """SA001: receivables in a queue, each centavo that comes in paying the oldest centavo still owed."""
    told: Answers = {}
    kinds = by_id(books["cuentas"], "cuenta")
    lines = [row for row in books["movimientos"] if kinds[row["cuenta"]]["es_por_cobrar"]]
    debtor = ("contabilidad_id", "cuenta", "auxiliar_tipo", "auxiliar_id")
    for who in {tuple(row[name] for name in debtor) for row in lines}:
        charged: dict[int, int] = {}
        paid = 0
        for row in lines:
            if tuple(row[name] for name in debtor) == who:
                poliza = voucher(books, row["poliza_id"])
                original = poliza["revierte_a"] or poliza["poliza_id"]
                charged[original] = charged.get(original, 0) + row["cargo"]
                paid += row["abono"]
        oldest = sorted(charged, key=lambda each: (voucher(books, each)["fecha_operacion"], each))
        queue = [[each, charged[each]] for each in oldest if charged[each] > 0]
        for _ in range(paid):
            for layer in queue:
                if layer[1]:
                    layer[1] -= 1
                    break
        for each, left in queue:
            day = voucher(books, each)["fecha_operacion"]
            stage = by_id(books["contabilidades"], "contabilidad_id")[who[0]]["proceso_id"]
            ends = by_id(books["procesos"], "proceso_id")[stage]["termina_el"]
            closes = min(books["corte"][0]["fecha"], ends)
            if left == 0:
                result = "saldado"
            elif closes > anniversary(day, law("antiguedad", closes)):
                result = "vencido"
            else:
                result = "movido" if moves(books, each) else "reciente"
            told[(*who, each)] = {
                "resultado": result,
                "fecha": day,
                "al": closes,
                "monto": left,
                "original": charged[each],
            }
    return told


def anniversary(day: date, years: int) -> date:
    """Return the day that completes those years: of the 29th of February, the 28th where there is no other."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def moves(books: Books, poliza_id: int) -> bool:
    """Whether debits and credits to receivables are both left when what its expense and its income explain is off."""
    kinds = by_id(books["cuentas"], "cuenta")
    lines = [row for row in books["movimientos"] if row["poliza_id"] == poliza_id]
    owed = [row for row in lines if kinds[row["cuenta"]]["es_por_cobrar"]]
    up: int = sum(row["cargo"] for row in owed)
    down: int = sum(row["abono"] for row in owed)
    for kind in ("es_gasto", "es_ingreso"):
        spent = sum(row["cargo"] - row["abono"] for row in lines if kinds[row["cuenta"]][kind])
        up, down = up - max(0, -spent), down - max(0, spent)
    return up > 0 and down > 0


def cap(books: Books, law: Law) -> Answers:
    """TO001: what the books say (A), what proceedings found (B), what is noted and not concluded, and the cap (D)."""
    told: Answers = {}
    spends = {row["cuenta"] for row in books["cuentas"] if row["es_gasto"]}
    for accounting in books["contabilidades"]:
        mine = accounting["contabilidad_id"]
        stage = by_id(books["procesos"], "proceso_id")[accounting["proceso_id"]]
        lines = [row for row in books["movimientos"] if row["contabilidad_id"] == mine and row["cuenta"] in spends]
        reported = sum(row["cargo"] - row["abono"] for row in lines)
        found = sum(r["monto"] for r in books["determinados"] if r["contabilidad_id"] == mine and r["firme"])
        limit = next((row["tope"] for row in books["topes"] if row["contabilidad_id"] == mine), None)
        noted = sum(row["monto"] for row in books["observados"] if row["contabilidad_id"] == mine)
        over = 0 if limit is None else max(0, reported + found + noted - limit)
        if accounting["clase"] != "candidatura":
            result = "sin_tope_propio"
        elif limit is None:
            result = "tope_desconocido"
        elif over == 0:
            result = "dentro"
        elif stage["etapa"] == "campana" and reported + found - limit >= limit * Fraction(
            law("nulidad", stage["termina_el"]), 10_000
        ):
            result = "rebase_de_nulidad"
        else:
            result = "rebase_si_se_confirma" if noted else "rebase"
        told[(mine,)] = {
            "resultado": result,
            "termina_el": stage["termina_el"],
            "monto": over,
            "reportado": reported,
            "no_reportado": found,
            "observado": noted,
            "total": reported + found,
        }
    return told


def late(books: Books, law: Law) -> Answers:
    """RE001: days from the operation to its record, for what still stands and was not recorded in time before."""
    told: Answers = {}
    again = recorded_again(books, law)
    for row in books["polizas"]:
        days = (row["fecha_registro"] - row["fecha_operacion"]).days
        if row["clase"] in ("transferencia", "reclasificacion", "prorrateo"):
            result = "no_es_operacion_nueva"
        elif row["revierte_a"] is not None or net(books, row["poliza_id"]) == 0:
            result = "revertida"
        elif days <= law("plazo_registro", row["fecha_operacion"]):
            result = "en_tiempo"
        else:
            result = "ya_registrada" if row["poliza_id"] in again else "extemporanea"
        told[(row["poliza_id"],)] = {
            "resultado": result,
            "fecha_operacion": row["fecha_operacion"],
            "dias": days,
            "monto": net(books, row["poliza_id"]),
        }
    return told


def recorded_again(books: Books, law: Law) -> set[int]:
    """Pólizas that record again, after it was undone, what was recorded in time: one for each that was undone."""
    same = ("contabilidad_id", "clase", "fecha_operacion", "total")
    free = [
        row
        for row in books["polizas"]
        if reversals(books, row["poliza_id"])
        and net(books, row["poliza_id"]) == 0
        and (row["fecha_registro"] - row["fecha_operacion"]).days <= law("plazo_registro", row["fecha_operacion"])
    ]
    found: set[int] = set()
    for kind in {tuple(row[name] for name in same) for row in free}:
        undone = [row for row in free if tuple(row[name] for name in same) == kind]
        since = min(back["fecha_registro"] for row in undone for back in reversals(books, row["poliza_id"]))
        alike = [row for row in books["polizas"] if tuple(row[name] for name in same) == kind]
        later = [row for row in alike if net(books, row["poliza_id"]) != 0 and row["fecha_registro"] >= since]
        later.sort(key=lambda row: (row["fecha_registro"], row["poliza_id"]))
        found |= {row["poliza_id"] for row in later[: len(undone)]}
    return found


def mirrored(books: Books, _law: Law) -> Answers:
    """TR001: what left one accounting against what the other says it received."""

    def ends(side: Row) -> tuple[Any, ...]:
        here, there = side["contabilidad_id"], side["contraparte_id"]
        return (side["folio"], here, there) if side["lado"] == "salida" else (side["folio"], there, here)

    def sums(end: tuple[Any, ...]) -> tuple[int, int]:
        sides = [each for each in standing if ends(each) == end]
        out = sum(each["monto"] for each in sides if each["lado"] == "salida")
        return out, sum(each["monto"] for each in sides) - out

    told: Answers = {}
    owner = {row["contabilidad_id"]: row["sujeto_id"] for row in books["contabilidades"]}
    standing = [side for side in books["transferencias"] if net(books, side["poliza_id"]) != 0]
    lame = sorted({ends(side) for side in standing if 0 in sums(ends(side))})
    lame = [end for end in lame if owner[end[1]] == owner[end[2]]]

    def owes(end: tuple[Any, ...]) -> tuple[int, int]:
        """Return whose bank would show the side that nobody recorded, and of what amount."""
        out, into = sums(end)
        return (end[2], out) if into == 0 else (end[1], -into)

    def seen(end: tuple[Any, ...]) -> bool:
        alike = [each for each in lame if owes(each) == owes(end)]
        return end in lame and alike.index(end) < loose.count(owes(end))

    loose = [(row["contabilidad_id"], row["monto"]) for row in books["lineas_bancarias"] if not row["conciliada"]]
    for side in books["transferencias"]:
        end = ends(side)
        pair = [each for each in standing if ends(each) == end]
        out, into = sums(end)
        first = min(pair, key=lambda each: (each["lado"], each["lado_id"]), default=None)
        accused, amount = side["contabilidad_id"], abs(out - into)
        if side not in standing:
            result = "no_subsiste"
        elif into == 0 and end not in lame:
            result, amount = "de_otros_libros", side["monto"]
        elif into == 0:
            result = "depositada" if seen(end) else "sin_entrada"
            accused, amount = side["contraparte_id"], side["monto"]
        elif out == 0:
            result, amount = "cargada" if seen(end) else "sin_salida", side["monto"]
        elif out == into:
            result = "coincide"
        else:
            result = ("difiere" if out > into else "entra_de_mas") if side is first else "ya_observada"
        told[(side["lado_id"],)] = {
            "resultado": result,
            "fecha": side["fecha"],
            "contabilidad_id": accused,
            "monto": amount,
        }
    return told


def _paid_by_contract(books: Books, poliza_id: int) -> bool:
    signed = {(row["contabilidad_id"], row["proveedor_id"]) for row in books["contratos"]}
    return any(
        row["poliza_id"] == poliza_id and (row["contabilidad_id"], row["proveedor_id"]) in signed
        for row in books["pagos"]
    )


def evidence_due(books: Books, _law: Law) -> Answers:
    """EV002: the classes each account asks for on its day, against the files that stand."""
    told: Answers = {}
    asked: dict[tuple[int, str], int] = {}
    nature = {row["cuenta"]: row["naturaleza"] for row in books["cuentas"]}
    for line in books["movimientos"]:
        for need in books["cuenta_evidencias"]:
            in_force = need["desde"] <= line["fecha_operacion"] < need["hasta"]
            if need["cuenta"] == line["cuenta"] and need["obligatoria"] and in_force:
                key = line["poliza_id"], need["clase"]
                amount = (
                    line["abono"] - line["cargo"] if nature[line["cuenta"]] == "A" else line["cargo"] - line["abono"]
                )
                asked[key] = asked.get(key, 0) + amount
    seen: set[tuple[int, str]] = set()
    for poliza, kind in sorted(asked):
        files = [f for f in books["evidencias"] if f["poliza_id"] == poliza and f["estado"] == "activa"]
        if kind in ("xml", "pdf", "muestra"):
            continue
        if not lives(books, poliza):
            result = "no_subsiste"
        elif any(file["clase"] == kind for file in files):
            result = "presente" if kind == "contrato" and _paid_by_contract(books, poliza) else "en_palabras"
        else:
            result = "falta" if files else "sin_ninguna"
        first = (poliza, result) not in seen
        seen.add((poliza, result))
        told[poliza, kind] = {
            "resultado": result,
            "fecha_operacion": voucher(books, poliza)["fecha_operacion"],
            "gasto": asked[poliza, kind],
            "monto": asked[poliza, kind] if first else 0,
        }
    return told
