"""Hypothesis invents small books in which few persons, days and amounts meet often, at the edge of each figure."""

from datetime import date, timedelta

from hypothesis import strategies as st

from .answers import due
from .books import Books, Row

DAYS = st.sampled_from(
    [
        date(2014, 12, 18),
        date(2016, 1, 28),
        date(2023, 12, 30),
        date(2024, 1, 31),
        date(2024, 2, 1),
        date(2024, 2, 2),
        date(2024, 2, 29),
    ]
)
KINDS = st.sampled_from(["ordinaria"] * 9 + ["transferencia", "reclasificacion", "prorrateo"])
BOOKS = st.sampled_from([7, 8, 9, 10])
SUBJECT_OF = {7: 1, 8: 1, 9: 2, 10: 3}
OPEN, START = date(9999, 12, 31), date(2010, 1, 1)


def near(*edges: int) -> st.SearchStrategy[int]:
    """Amounts at those edges, one centavo to each side, their halves, and a centavo or two."""
    around = {max(1, edge + step) for edge in edges for step in (-1, 0, 0, 1)}
    return st.sampled_from(
        sorted(around | {edge // 2 for edge in edges} | {edge - edge // 2 for edge in edges} | {1, 2})
    )


def contabilidades() -> list[Row]:
    """Four federal accountings of three subjects, the last one of an independent candidate."""
    zones = {7: "Norte", 8: "Norte", 9: "Sur", 10: None}
    return [
        {"contabilidad_id": n, "sujeto_id": s, "ambito": "federal", "independiente": n == 10, "zona": zones[n]}
        for n, s in SUBJECT_OF.items()
    ]


@st.composite
def vouchers(draw: st.DrawFn, most: int = 8) -> list[Row]:
    """Pólizas, some undone by another, whole or in part."""
    told: list[Row] = []
    drawn = st.lists(
        st.tuples(DAYS, st.integers(0, 6), KINDS, near(1000), BOOKS, st.integers(0, 9)),
        min_size=most // 2,
        max_size=most,
    )
    for day, delay, kind, total, books, undone in draw(drawn):
        number = len(told) + 1
        row: Row = {
            "poliza_id": number,
            "contabilidad_id": books,
            "clase": kind,
            "fecha_operacion": day,
            "fecha_registro": day + timedelta(days=delay),
            "revierte_a": None,
            "total": total,
            "referencia": "R",
        }
        told.append(row)
        if undone in (8, 9):
            part = total if undone == 9 else max(1, total // 2)
            told.append({**row, "poliza_id": number + 1, "revierte_a": number, "total": -part})
    return told


@st.composite
def late(draw: st.DrawFn) -> Books:
    told = draw(vouchers())
    for place, delay in draw(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 9)), max_size=4)):
        row = picked(told, place)
        recorded = row["fecha_operacion"] + timedelta(days=delay)
        told.append({**row, "poliza_id": len(told) + 1, "fecha_registro": recorded, "revierte_a": None})
    return {"polizas": told}


def numbered(rows: list[Row], column: str) -> list[Row]:
    return [{column: number, **row} for number, row in enumerate(rows, start=1)]


def picked(rows: list[Row], place: int) -> Row:
    return rows[place % len(rows)]


CAPS = st.sampled_from([0, 1, 3, 7, 7, 11, 660_978_723_00, 44_065_240_11, 1_842_350_01])


@st.composite
def shared_out(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(3))
    books: Books = {
        "polizas": polizas,
        "contabilidades": [{"contabilidad_id": number} for number in range(6, 11)],
        "prorrateos": [],
        "prorrateo_beneficiarios": [],
    }
    days = st.sampled_from([date(2014, 5, 23), date(2014, 5, 24), date(2024, 5, 1), date(2024, 5, 1)])
    columns = st.lists(
        st.tuples(st.sampled_from("PSSDDDLLLX"), CAPS, st.sampled_from([-1, 0, 0, 1])), min_size=1, max_size=5
    )
    many = st.lists(st.tuples(st.integers(0, 5), days, st.integers(1, 10**13), columns), min_size=3, max_size=6)
    for number, (place, day, total, parts) in enumerate(draw(many), start=1):
        poliza = picked(polizas, place)["poliza_id"]
        whole = {"prorrateo_id": number, "contabilidad_id": 6, "poliza_id": poliza, "fecha": day, "total": total}
        books["prorrateos"].append(whole)
        shares: list[Row] = [
            {"prorrateo_id": number, "contabilidad_id": books_of, "columna": column, "tope": cap, "monto": off}
            for books_of, (column, cap, off) in enumerate(parts, start=7)
        ]
        books["prorrateo_beneficiarios"] += shares
        for part in shares:
            part["monto"] += due(books, whole, part) or total
    return books


KINDS_OF_ACCOUNT = ("es_gasto", "es_ingreso", "es_por_cobrar", "es_por_pagar")
ACCOUNTS: list[Row] = [
    {"cuenta": code, "naturaleza": side, **{name: name == kind for name in KINDS_OF_ACCOUNT}}
    for code, side, kind in (("1-1", "D", "es_por_cobrar"), ("5-5", "D", "es_gasto"), ("4-1", "A", "es_ingreso"))
]


@st.composite
def lines(draw: st.DrawFn, polizas: list[Row]) -> list[Row]:
    """Lines of those pólizas; whatever undoes one repeats its lines with the sign changed, whole or in part."""
    told: list[Row] = []
    one = st.tuples(
        st.sampled_from(["1-1", "1-1", "5-5", "4-1"]), st.booleans(), st.integers(1, 90), st.sampled_from([None, 1, 2])
    )
    for poliza in polizas:
        if poliza["revierte_a"] is None:
            for account, debit, amount, who in draw(st.lists(one, min_size=1, max_size=3)):
                told.append(
                    {
                        "poliza_id": poliza["poliza_id"],
                        "contabilidad_id": poliza["contabilidad_id"],
                        "cuenta": account,
                        "fecha_operacion": poliza["fecha_operacion"],
                        "cargo": amount if debit else 0,
                        "abono": 0 if debit else amount,
                        "auxiliar_tipo": who and "persona",
                        "auxiliar_id": who,
                    }
                )
            continue
        for line in [row for row in told if row["poliza_id"] == poliza["revierte_a"]]:
            part = draw(st.integers(1, 2))
            undone = {name: -(line[name] // part) for name in ("cargo", "abono")}
            told.append({**line, **undone, "poliza_id": poliza["poliza_id"]})
    return numbered(told, "movimiento_id")


@st.composite
def owed_to_it(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(10))
    cuts = [
        date(2024, 12, 30),
        date(2024, 12, 31),
        date(2025, 1, 31),
        date(2025, 2, 1),
        date(2025, 2, 28),
        date(2025, 3, 1),
    ]
    cut = draw(st.sampled_from(cuts))
    return {
        "polizas": polizas,
        "cuentas": ACCOUNTS,
        "movimientos": draw(lines(polizas)),
        "corte": [{"fecha": cut, "digest": "x"}],
        "procesos": [{"proceso_id": 1, "termina_el": date(2024, 12, 31)}, {"proceso_id": 2, "termina_el": OPEN}],
        "contabilidades": [{"contabilidad_id": n, "proceso_id": 1 + n % 2} for n in SUBJECT_OF],
    }


@st.composite
def cap(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(6))
    stage = st.sampled_from(["campana", "campana", "precampana"])
    kind = st.sampled_from(["candidatura"] * 4 + ["concentradora"])
    edges = st.tuples(kind, stage, st.sampled_from([None, 21, 20, 20, 20]), st.integers(-1, 1))
    found = st.tuples(BOOKS, st.integers(1, 120), st.booleans())
    books: Books = {
        "polizas": polizas,
        "cuentas": ACCOUNTS,
        "movimientos": draw(lines(polizas)),
        "procesos": [
            {"proceso_id": 1, "etapa": "campana", "termina_el": date(2024, 5, 29)},
            {"proceso_id": 2, "etapa": "precampana", "termina_el": date(2024, 1, 18)},
        ],
        "contabilidades": [],
        "topes": [],
        "determinados": [
            {"determinado_id": number, "contabilidad_id": n, "monto": amount, "firme": firm}
            for number, (n, amount, firm) in enumerate(draw(st.lists(found, max_size=6)))
        ],
        "observados": [
            {"observado_id": number, "contabilidad_id": n, "monto": amount}
            for number, (n, amount) in enumerate(draw(st.lists(st.tuples(BOOKS, st.integers(1, 9)), max_size=3)))
        ],
    }
    for accounting, (kind, stage, part, off) in zip(SUBJECT_OF, draw(st.tuples(*[edges] * 4)), strict=True):
        process = 1 if stage == "campana" else 2
        books["contabilidades"].append({"contabilidad_id": accounting, "proceso_id": process, "clase": kind})
        if part is not None:
            _put_cap(books, accounting, part, off)
    return books


def _put_cap(books: Books, accounting: int, part: int, off: int) -> None:
    """A cap of that many twenty-firsts of what was spent (20 is an excess of five per cent), and a centavo or none."""
    spent = sum(
        row["cargo"] - row["abono"]
        for row in books["movimientos"]
        if row["contabilidad_id"] == accounting and row["cuenta"] == "5-5"
    )
    spent += sum(row["monto"] for row in books["determinados"] if row["contabilidad_id"] == accounting and row["firme"])
    whole = max(21, -(-spent // 21) * 21)
    books["determinados"].append(
        {"determinado_id": 100 + accounting, "contabilidad_id": accounting, "monto": whole - spent, "firme": True}
    )
    books["topes"].append({"contabilidad_id": accounting, "tope": whole * part // 21 + off})


@st.composite
def mirrored(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(8))
    side = st.tuples(
        st.integers(0, 15),
        st.sampled_from(["T1", "T2"]),
        st.booleans(),
        st.sampled_from([(7, 8), (7, 8), (7, 9), (9, 8)]),
        st.sampled_from([100, 100, 101]),
    )
    rows = [
        {
            "folio": folio,
            "lado": "salida" if out else "entrada",
            "contabilidad_id": ends[0 if out else 1],
            "contraparte_id": ends[1 if out else 0],
            "poliza_id": picked(polizas, place)["poliza_id"],
            "fecha": date(2024, 5, 1),
            "monto": amount,
        }
        for place, folio, out, ends, amount in draw(st.lists(side, min_size=8, max_size=16))
    ]
    line = st.tuples(st.sampled_from([7, 7, 8, 8, 9]), st.sampled_from([100, 100, 101, 200, -100, -100]), st.booleans())
    statement = [
        {"cuenta_bancaria_id": books, "contabilidad_id": books, "monto": amount, "conciliada": known}
        for books, amount, known in draw(st.lists(line, max_size=8))
    ]
    return {
        "polizas": polizas,
        "contabilidades": contabilidades(),
        "transferencias": numbered(rows, "lado_id"),
        "lineas_bancarias": numbered(statement, "linea_id"),
    }


@st.composite
def evidence_due(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(6))
    kinds = st.sampled_from(["contrato", "recibo", "xml", "cheque"])
    needs = st.tuples(st.sampled_from(["1-1", "5-5", "4-1"]), kinds)
    spans = st.tuples(
        st.booleans(), st.sampled_from([START, date(2024, 2, 1)]), st.sampled_from([date(2024, 2, 1), OPEN])
    )
    asked = draw(st.dictionaries(needs, spans, min_size=4, max_size=9))
    files = st.tuples(st.integers(0, 15), kinds, st.sampled_from(["activa", "activa", "sin_efecto"]))
    payments = st.tuples(st.integers(0, 15), st.sampled_from([7, 7, 8]), st.sampled_from([60, 60, 61, None]))
    return {
        "polizas": polizas,
        "cuentas": ACCOUNTS,
        "movimientos": draw(lines(polizas)),
        "cuenta_evidencias": [
            {"cuenta": account, "clase": kind, "obligatoria": due, "desde": start, "hasta": end}
            for (account, kind), (due, start, end) in asked.items()
        ],
        "evidencias": numbered(
            [
                {"poliza_id": picked(polizas, place)["poliza_id"], "contabilidad_id": 7, "clase": kind, "estado": state}
                for place, kind, state in draw(st.lists(files, min_size=4, max_size=12))
            ],
            "evidencia_id",
        ),
        "contratos": numbered([{"contabilidad_id": 7, "proveedor_id": 60}], "contrato_id"),
        "pagos": numbered(
            [
                {"poliza_id": picked(polizas, place)["poliza_id"], "contabilidad_id": books, "proveedor_id": supplier}
                for place, books, supplier in draw(st.lists(payments, max_size=6))
            ],
            "pago_id",
        ),
    }
