"""Slow and obvious answers to rules that add up by person, supplier, invoice or contract."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .books import Answers, Books, Law, Row, by_id, lives, net, voucher


def clusters(donors: list[Row]) -> dict[int, int]:
    """aportante_id → least donor record reached from it by shared keys, walking from one to the next."""
    found: dict[int, int] = {}
    for donor in sorted(donors, key=lambda each: each["aportante_id"]):
        reached, pending = set[int](), [donor]
        while pending:
            one = pending.pop()
            if one["aportante_id"] not in reached:
                reached.add(one["aportante_id"])
                pending += [other for other in donors if _share_a_key(one, other)]
        found[donor["aportante_id"]] = min(reached)
    return found


def _share_a_key(one: Row, other: Row) -> bool:
    return any(
        one[key] and one[key] == other[key] and one[key] not in ("N/A", "XAXX010101000")
        for key in ("rfc", "curp", "clave_elector")
    )


def yearly_limit(books: Books, law: Law) -> Answers:
    """AP003: what each person gave in the year before and with each receipt, in every book of every party."""
    told: Answers = {}
    person, given, unsure = dict[int, int](), dict[int, int](), dict[int, int]()
    for row in books["aportaciones"]:
        link = by_id(books["personas"], "aportante_id")[row["aportante_id"]]
        books_of = by_id(books["contabilidades"], "contabilidad_id")[row["contabilidad_id"]]
        stands = net(books, row["poliza_id"]) and not books_of["independiente"]
        given[row["aportacion_id"]] = row["monto"] if stands and row["calidad"] == "simpatizante" else 0
        # No list is loaded in these books: nobody who says member can be checked.
        unsure[row["aportacion_id"]] = row["monto"] if stands and row["calidad"] == "militante" else 0
        person[row["aportacion_id"]] = link["persona_id"] if link["certeza"] == "exacta" else row["aportante_id"]
    for row in books["aportaciones"]:
        this, limit = row["aportacion_id"], law("limite", row["fecha"])
        before = [
            other["aportacion_id"]
            for other in books["aportaciones"]
            if other["anio"] == row["anio"] and (other["fecha"], other["aportacion_id"]) <= (row["fecha"], this)
        ]
        sure = sum(given[other] for other in before if person[other] == person[this])
        doubtful = sum(given[other] + unsure[other] for other in before if person[other] == person[this])
        if given[this] == 0 and unsure[this] == 0:
            result = "no_cuenta"
        elif given[this] and sure > limit:
            result = "excede"
        else:
            result = "excede_si_no_milita" if doubtful > limit else "dentro"
        told[(this,)] = {
            "resultado": result,
            "fecha": row["fecha"],
            "acumulado": sure,
            "dudoso": doubtful,
            "monto": min(given[this], max(0, sure - limit)),
        }
    return told


def cash_received(books: Books, law: Law) -> Answers:
    """AP001: cash of one person to one subject in one day, receipt after receipt."""
    people = {row["aportante_id"]: row for row in books["personas"]}
    items = []
    for row in books["aportaciones"]:
        link = people[row["aportante_id"]]
        who = link["persona_id"] if link["certeza"] == "exacta" else row["aportante_id"]
        items.append({**row, "id": row["aportacion_id"], "quien": who, "suma_de": row["sujeto_id"]})
    return _cash(books, items, law, "no_es_efectivo")


def cash_paid(books: Books, law: Law) -> Answers:
    """PA001: cash paid by one subject to one supplier in one day, payment after payment."""
    subject = {row["contabilidad_id"]: row["sujeto_id"] for row in books["contabilidades"]}
    items = []
    for row in books["pagos"]:
        who = row["proveedor_id"] or ("nobody", row["pago_id"])
        items.append({**row, "id": row["pago_id"], "quien": who, "suma_de": subject[row["contabilidad_id"]]})
    told = _cash(books, items, law, "por_banco")
    for row in items:
        if row["medio"] != "efectivo":
            told[(row["id"],)]["acumulado"] = None
    return told


def _has_contract(books: Books, poliza_id: int) -> bool:
    return any(
        file["poliza_id"] == poliza_id and file["clase"] == "contrato" and file["estado"] == "activa"
        for file in books["evidencias"]
    )


def _cash(books: Books, items: list[Row], law: Law, not_cash: str) -> Answers:
    told: Answers = {}
    alone = {row["contabilidad_id"]: row["independiente"] for row in books["contabilidades"]}
    for row in items:
        limit = law("limite", row["fecha"]) * law("uma", row["fecha"])
        stands = row["medio"] == "efectivo" and net(books, row["poliza_id"]) != 0
        same = [
            other
            for other in items
            if all(other[name] == row[name] for name in ("quien", "suma_de", "fecha"))
            and other["id"] <= row["id"]
            and other["medio"] == "efectivo"
            and net(books, other["poliza_id"]) != 0
        ]
        total = sum(other["monto"] for other in same)
        if row["medio"] != "efectivo":  # invented pólizas move no bank account
            unproved = "sin_contrato" if row["medio"] == "especie" else "sin_banco"
            proved = row["medio"] == "especie" and _has_contract(books, row["poliza_id"])
            result = not_cash if proved or net(books, row["poliza_id"]) == 0 else unproved
        elif alone[row["contabilidad_id"]]:
            result = "sin_efectivo_alguno"
        elif not stands or row["monto"] == 0:
            result = "no_subsiste"
        else:
            result = "excede" if total > limit else "dentro"
        told[(row["id"],)] = {
            "resultado": result,
            "fecha": row["fecha"],
            "acumulado": total,
            "limite": limit,
            "monto": min(row["monto"] if stands else 0, max(0, total - limit)),
        }
    return told


def _spends(books: Books, poliza_id: int) -> bool:
    """Whether a póliza charges an expense; one whose lines nobody knows is taken for one that does."""
    lines = [row for row in books["movimientos"] if row["poliza_id"] == poliza_id]
    kinds = by_id(books["cuentas"], "cuenta")
    return not lines or sum(row["cargo"] - row["abono"] for row in lines if kinds[row["cuenta"]]["es_gasto"]) > 0


def invoice_used_up(books: Books, _law: Law) -> Answers:
    """CF011: how much of a fiscal document each use takes, whatever its bytes, in order, until there is no more."""
    told: Answers = {}
    papers = {
        row["cfdi_id"]: ("sin sello", row["cfdi_id"]) if row["sello_valido"] is False else (row["uuid"], row["total"])
        for row in books["cfdi"]
    }
    for paper in {papers.get(use["cfdi_id"], use["cfdi_id"]) for use in books["cfdi_poliza"]}:
        total = next((row["total"] for row in books["cfdi"] if papers[row["cfdi_id"]] == paper), None)
        uses = [use for use in books["cfdi_poliza"] if papers.get(use["cfdi_id"], use["cfdi_id"]) == paper]
        uses.sort(
            key=lambda use: (voucher(books, use["poliza_id"])["fecha_registro"], use["poliza_id"], use["cfdi_id"])
        )
        fresh = [use for use in uses if lives(books, use["poliza_id"]) and _spends(books, use["poliza_id"])]
        subjects = {use["sujeto_id"] for use in fresh}
        taken = 0
        for use in uses:
            over, result = 0, "no_es_uso_nuevo"
            if use in fresh:
                amount = min(use["monto"], net(books, use["poliza_id"]))
                taken += amount
                result = "sin_total" if total is None else "dentro_del_total"
                if total is not None and taken > total:
                    over = min(amount, taken - total)
                    result = "excede_entre_sujetos" if len(subjects) > 1 else "excede"
            day = voucher(books, use["poliza_id"])["fecha_operacion"]
            told[use["cfdi_id"], use["poliza_id"]] = {"resultado": result, "fecha_operacion": day, "monto": over}
    return told


def unregistered(books: Books, law: Law) -> Answers:
    """PR001: contracts of one supplier with one subject in one process, added up to the end of each day."""
    told: Answers = {}
    same = ("proceso_id", "sujeto_id", "proveedor_id")
    for row in books["contratos"]:
        day = row["suscrito_el"]
        threshold = law("umbral", day) * law("uma", day)
        before = [other for other in books["contratos"] if all(other[name] == row[name] for name in same)]
        total = sum(other["monto"] for other in before if other["suscrito_el"] <= day)
        spans = [each for each in books["rnp"] if each["proveedor_id"] == row["proveedor_id"]]
        if total < threshold:
            result = "bajo_el_umbral"
        else:
            active = any(each["desde"] <= day < each["hasta"] for each in spans)
            result = "inscrito" if active else "sin_registro"
        told[(row["contrato_id"],)] = {
            "resultado": result,
            "suscrito_el": day,
            "acumulado": total,
            "umbral": threshold,
            "monto": row["monto"],
        }
    return told


def paid_over_contract(books: Books, _law: Law) -> Answers:
    """PA003: payments to a supplier, one after another, against its least contract, and against all of them."""
    told: Answers = {}
    amended = {row["contrato_id"] for row in books["avisos"] if row["tipo"] == "modificatorio"}
    subject = {row["contabilidad_id"]: row["sujeto_id"] for row in books["contabilidades"]}

    def run(row: Row, counted: Callable[[Row], int]) -> int:
        return sum(
            counted(other)
            for other in books["pagos"]
            if (subject[other["contabilidad_id"]], other["proveedor_id"])
            == (subject[row["contabilidad_id"]], row["proveedor_id"])
            and (other["fecha"], other["pago_id"]) <= (row["fecha"], row["pago_id"])
        )

    def lives(row: Row) -> int:
        return int(row["monto"]) if net(books, row["poliza_id"]) != 0 else 0

    def asks(row: Row) -> int:
        spent = [
            line["cargo"] - line["abono"] for line in books["movimientos"] if line["poliza_id"] == row["poliza_id"]
        ]
        paid = sum(other["monto"] for other in books["pagos"] if other["poliza_id"] == row["poliza_id"])
        return lives(row) if spent and sum(spent) >= paid else 0

    for row in books["pagos"]:
        owner = subject[row["contabilidad_id"]]
        mine = [
            each
            for each in books["contratos"]
            if row["proveedor_id"] and (each["sujeto_id"], each["proveedor_id"]) == (owner, row["proveedor_id"])
        ]
        terms = [each["monto"] for each in mine]
        asked = run(row, asks)
        if net(books, row["poliza_id"]) == 0:
            result = "no_subsiste"
        elif not terms:
            result = "sin_contrato"
        elif amended & {each["contrato_id"] for each in mine}:
            result = "modificado"
        elif run(row, lives) <= min(terms):
            result = "cabe"
        else:
            result = "de_mas" if asks(row) and asked > sum(terms) else "sin_decir"
        told[(row["pago_id"],)] = {
            "resultado": result,
            "fecha": row["fecha"],
            "monto": min(asks(row), max(0, asked - sum(terms))),
            "acumulado": asked if terms else None,
        }
    return told


def price(books: Books, law: Law) -> Answers:
    """VA001: each line of an invoice against every comparable of its zone that is not itself.

    What is away is told in the first póliza that bought it, and in no other.
    """
    told: Answers = {}
    away: set[tuple[int, int]] = set()
    for use in sorted(books["cfdi_poliza"], key=lambda row: row["poliza_id"]):
        invoice = by_id(books["cfdi"], "cfdi_id")[use["cfdi_id"]]
        zone = by_id(books["contabilidades"], "contabilidad_id")[use["contabilidad_id"]]["zona"]
        matrix = [row for row in books["matriz_precios"] if row["zona"] == zone]
        for line in books["cfdi_conceptos"]:
            if line["cfdi_id"] == use["cfdi_id"]:
                same = [row["valor_unitario"] for row in matrix if _comparable(row, line, invoice)]
                found = _priced(line, same, bool(matrix), law("margen", invoice["fecha"]))
                if not _bought(books, use, invoice):
                    found["resultado"] = "no_subsiste"
                elif (use["cfdi_id"], line["linea"]) in away:
                    found["resultado"] = "ya_comparado"
                elif found["resultado"] in ("subvaluado", "sobrevaluado"):
                    away.add((use["cfdi_id"], line["linea"]))
                told[use["cfdi_id"], line["linea"], use["poliza_id"]] = {"fecha": invoice["fecha"], **found}
    return told


def _bought(books: Books, use: Row, invoice: Row) -> bool:
    poliza = by_id(books["polizas"], "poliza_id")[use["poliza_id"]]
    stands = poliza["clase"] == "ordinaria" and poliza["revierte_a"] is None and poliza["total"] != 0
    return stands and invoice["tipo"] != "E"


def _comparable(row: Row, line: Row, invoice: Row) -> bool:
    alike: bool = row["articulo"] == line["articulo"] and row["unidad"] == line["unidad"]
    return alike and row["cfdi_id"] != line["cfdi_id"] and row["desde"] <= invoice["fecha"] < row["hasta"]


def _priced(line: Row, same: list[int], any_in_zone: bool, margin: int) -> dict[str, Any]:
    value, part = line["valor_unitario"], Fraction(margin, 10_000)
    if not same:
        return {"resultado": "sin_comparable" if any_in_zone else "sin_matriz"}
    away = max(min(same) - value, value - max(same), 0)
    result = "en_precio"
    if value < min(same) * (1 - part):
        result = "subvaluado"
    elif value > max(same) * (1 + part):
        result = "sobrevaluado"
    exact = away * Fraction(line["cantidad_milesimas"], 1000)
    return {"resultado": result, "monto": exact.numerator // exact.denominator}
