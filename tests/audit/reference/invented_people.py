"""Books invented for what adds up by person, supplier, invoice or contract."""

from datetime import date

from hypothesis import strategies as st

from .books import Books, Row
from .invented import ACCOUNTS, BOOKS, OPEN, START, SUBJECT_OF, contabilidades, lines, near, numbered, picked, vouchers

NINETY_UMA = near(977_130, 977_130, 933_660)
WEEK = st.sampled_from([date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 1)])
YEARLY = near(214_816_600, 330_489_300)
NOTICE = st.sampled_from(["nuevo", "nuevo", "nuevo", "modificatorio"])
THRESHOLD = near(1500 * 10_857, 1500 * 10_374, 750 * 10_857)


@st.composite
def donors(draw: st.DrawFn) -> Books:
    """Donor records with few keys, so that they chain."""
    rfc = st.sampled_from([None, "PEGA800101AB1", "LOMR750312QX3", "XAXX010101000", "N/A"])
    curp = st.sampled_from([None, "PEGA800101HDFRRL09", "LOMR750312MDFPRS02"])
    clave = st.sampled_from([None, "PRGRAL80010109H100", "LPMRRS75031209M200"])
    keys = draw(st.lists(st.tuples(rfc, curp, clave), min_size=1, max_size=9))
    return {
        "aportantes": [
            {"aportante_id": 50 + n, "rfc": one, "curp": two, "clave_elector": three}
            for n, (one, two, three) in enumerate(keys)
        ]
    }


@st.composite
def _given(draw: st.DrawFn, amounts: st.SearchStrategy[int], days: st.SearchStrategy[date]) -> Books:
    polizas = draw(vouchers(4))
    links = draw(
        st.lists(
            st.tuples(st.integers(50, 53), st.sampled_from(["exacta", "exacta", "probable"])), min_size=4, max_size=4
        )
    )
    receipt = st.tuples(
        st.integers(0, 7),
        BOOKS,
        st.integers(50, 53),
        days,
        amounts,
        st.sampled_from(["efectivo", "efectivo", "efectivo", "especie"]),
        st.sampled_from(["simpatizante", "simpatizante", "simpatizante", "militante"]),
    )
    rows: list[Row] = [
        {
            "poliza_id": picked(polizas, place)["poliza_id"],
            "contabilidad_id": books,
            "sujeto_id": SUBJECT_OF[books],
            "aportante_id": donor,
            "fecha": day,
            "anio": day.year,
            "monto": amount,
            "medio": medium,
            "calidad": quality,
            "folio": "F",
        }
        for place, books, donor, day, amount, medium, quality in draw(st.lists(receipt, min_size=8, max_size=16))
    ]
    return {
        "polizas": polizas,
        "contabilidades": contabilidades(),
        "aportaciones": numbered(rows, "aportacion_id"),
        "personas": [
            {"aportante_id": 50 + n, "persona_id": person, "certeza": sure} for n, (person, sure) in enumerate(links)
        ],
    }


@st.composite
def cash_received(draw: st.DrawFn) -> Books:
    books = draw(_given(NINETY_UMA, WEEK))
    polizas = books["polizas"]
    files = st.tuples(
        st.integers(0, 7), st.sampled_from(["contrato", "contrato", "otra"]), st.sampled_from(["activa", "sin_efecto"])
    )
    rows: list[Row] = [
        {
            "poliza_id": picked(polizas, place)["poliza_id"],
            "contabilidad_id": 7,
            "clase": kind,
            "estado": state,
        }
        for place, kind, state in draw(st.lists(files, max_size=4))
    ]
    return {**books, "evidencias": numbered(rows, "evidencia_id")}


def yearly_limit() -> st.SearchStrategy[Books]:
    return _given(YEARLY, st.sampled_from([date(2018, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]))


@st.composite
def _payments(draw: st.DrawFn, amounts: st.SearchStrategy[int]) -> Books:
    polizas = draw(vouchers(4))
    payment = st.tuples(
        st.integers(0, 7),
        BOOKS,
        st.sampled_from([None, 60, 61]),
        st.sampled_from(["efectivo", "efectivo", "cheque"]),
        WEEK,
        amounts,
    )
    rows: list[Row] = [
        {
            "poliza_id": picked(polizas, place)["poliza_id"],
            "contabilidad_id": books,
            "proveedor_id": supplier,
            "medio": medium,
            "fecha": day,
            "monto": amount,
        }
        for place, books, supplier, medium, day, amount in draw(st.lists(payment, min_size=8, max_size=16))
    ]
    return {"polizas": polizas, "contabilidades": contabilidades(), "pagos": numbered(rows, "pago_id")}


def cash_paid() -> st.SearchStrategy[Books]:
    return _payments(NINETY_UMA)


@st.composite
def paid_over_contract(draw: st.DrawFn) -> Books:
    """Payments of pólizas whose spending asks for a contract, a centavo either side of what they pay, or asks none."""
    books = draw(_payments(near(100, 50)))
    amounts = draw(st.lists(near(100, 200), max_size=4))
    asking = draw(st.lists(st.tuples(st.integers(0, 7), st.sampled_from([-1, 0, 1, 1000])), max_size=6))
    paid = {row["poliza_id"]: 0 for row in books["polizas"]}
    for row in books["pagos"]:
        paid[row["poliza_id"]] += row["monto"]
    lines: dict[int, Row] = {}
    for place, more in asking:
        poliza = picked(books["polizas"], place)["poliza_id"]
        lines[poliza] = {
            "poliza_id": poliza,
            "contabilidad_id": 7,
            "cuenta": "X",
            "fecha_operacion": date(2024, 5, 1),
            "cargo": max(1, paid[poliza] + more),
            "abono": 0,
        }
    return {
        **books,
        "contratos": [
            {
                "contrato_id": n,
                "monto": amount,
                "contabilidad_id": 7,
                "sujeto_id": SUBJECT_OF[7],
                "proveedor_id": 60 + n // 4,
            }
            for n, amount in enumerate(amounts, start=1)
        ],
        "avisos": [{"aviso_id": n, "contrato_id": n, "tipo": draw(NOTICE)} for n in range(1, len(amounts) + 1)],
        "movimientos": numbered([*lines.values()], "movimiento_id"),
        "cuenta_evidencias": [
            {
                "cuenta": "X",
                "clase": "contrato",
                "obligatoria": True,
                "desde": date(2014, 12, 19),
                "hasta": date(9999, 12, 31),
            }
        ],
    }


@st.composite
def unregistered(draw: st.DrawFn) -> Books:
    contract = st.tuples(BOOKS, st.sampled_from([1, 1, 2]), st.sampled_from([60, 60, 61]), WEEK, THRESHOLD)
    edges = [date(2014, 1, 1), date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 2), OPEN]
    span = st.tuples(st.sampled_from([60, 61]), st.integers(0, 3))
    rows: list[Row] = [
        {
            "contabilidad_id": books,
            "sujeto_id": SUBJECT_OF[books],
            "proceso_id": process,
            "proveedor_id": supplier,
            "suscrito_el": day,
            "monto": amount,
        }
        for books, process, supplier, day, amount in draw(st.lists(contract, min_size=6, max_size=14))
    ]
    return {
        "contratos": numbered(rows, "contrato_id"),
        "proveedores": [{"proveedor_id": n, "nombre": "P", "rfc": f"R{n}"} for n in (60, 61)],
        "rnp": [
            {"proveedor_id": supplier, "folio": "R", "desde": edges[n], "hasta": edges[n + 1]}
            for supplier, n in draw(st.lists(span, max_size=3, unique=True))
        ],
    }


@st.composite
def invoice_used_up(draw: st.DrawFn) -> Books:
    polizas = draw(vouchers(8))
    use = st.tuples(st.integers(70, 72), st.integers(0, 15))
    uses = draw(st.dictionaries(use, near(500, 1000), min_size=5, max_size=10))
    rows: dict[tuple[int, int], Row] = {}
    for (invoice, place), amount in uses.items():
        poliza = picked(polizas, place)
        rows[invoice, poliza["poliza_id"]] = {
            "cfdi_id": invoice,
            "poliza_id": poliza["poliza_id"],
            "contabilidad_id": poliza["contabilidad_id"],
            "sujeto_id": SUBJECT_OF[poliza["contabilidad_id"]],
            "monto": amount,
        }
    told = st.tuples(st.sampled_from("UV"), near(1000, 1500), st.sampled_from([True, None, False]))
    invoices = draw(st.lists(told, min_size=1, max_size=3))
    return {
        "polizas": polizas,
        "cuentas": ACCOUNTS,
        "movimientos": draw(lines([row for row in polizas if row["poliza_id"] % 3 == 0])),
        "cfdi_poliza": list(rows.values()),
        "cfdi": [
            {"cfdi_id": n, "uuid": folio, "total": total, "sello_valido": seal}
            for n, (folio, total, seal) in enumerate(invoices, start=70)
        ],
    }


@st.composite
def price(draw: st.DrawFn) -> Books:
    values = st.sampled_from([79, 80, 81, 100, 119, 120, 121, 95])
    things = st.sampled_from(["lona"] * 4 + ["volante"])
    unit = st.sampled_from(["pieza"] * 5 + ["metro"])
    line = st.fixed_dictionaries(
        {
            "cfdi_id": st.integers(70, 72),
            "articulo": things,
            "unidad": unit,
            "valor_unitario": values,
            "cantidad_milesimas": st.sampled_from([1000, 1, 1999, 2500]),
        }
    )
    row = st.fixed_dictionaries(
        {
            "zona": st.sampled_from(["Norte"] * 5 + ["Sur"]),
            "articulo": things,
            "unidad": unit,
            "cfdi_id": st.sampled_from([None, 70, 71]),
            "valor_unitario": st.sampled_from([100, 100, 95, 101]),
            "desde": st.sampled_from([START, date(2024, 2, 1)]),
            "hasta": st.sampled_from([date(2024, 2, 1), OPEN, OPEN]),
        }
    )
    used = st.tuples(st.integers(70, 72), BOOKS, st.integers(0, 2))
    uses = draw(st.lists(used, min_size=3, max_size=8, unique=True))
    return {
        "contabilidades": contabilidades(),
        "cfdi": [
            {"cfdi_id": n, "uuid": "U", "fecha": draw(WEEK), "tipo": draw(st.sampled_from("IIIE"))}
            for n in (70, 71, 72)
        ],
        "polizas": [
            {
                "poliza_id": books * 10 + more,
                "contabilidad_id": books,
                "total": draw(st.sampled_from([1, 1, 1, 0])),
                "clase": draw(st.sampled_from(["ordinaria"] * 4 + ["prorrateo"])),
                "revierte_a": None,
            }
            for books, more in sorted({(books, more) for _, books, more in uses})
        ],
        "cfdi_poliza": [
            {"cfdi_id": n, "poliza_id": books * 10 + more, "contabilidad_id": books} for n, books, more in uses
        ],
        "cfdi_conceptos": numbered(draw(st.lists(line, min_size=5, max_size=9)), "linea"),
        "matriz_precios": numbered(draw(st.lists(row, min_size=4, max_size=9)), "renglon_id"),
    }
