"""Invent a year of ordinary books of some parties, with the faults that only such books can hide.

Each party is a handful of rows, so they are made in Python; its faults are told from its place in the list: a centavo
less than the law wants, that amount and a centavo more, each alone and with the others; a Saturday, the day before it
and the Monday after it. `brink` adds three parties that stand beside every limit that such books have.
"""

from datetime import date, timedelta
from pathlib import Path

from sif.law.days import is_business_day
from sif.simulation.brink import BRINK, PRICE, plant_brink
from sif.simulation.fixed_tables import accounts, limits, parameters
from sif.simulation.plan import MEXICO, days
from sif.simulation.writing import SnapshotWriter
from sif.simulation.year import GIVEN, RAISED, SPECIFIC, SPENDING, WOMEN, YIELDS, Year, party_rfc

FIRST_DAY, LAST_DAY, CUT = date(2024, 1, 1), date(2024, 12, 31), date(2025, 4, 30)
SATURDAY = date(2024, 8, 10)
GIFT = 10_000


def write_year(folder: Path, semilla: int, parties: int) -> tuple[str, dict[str, int], dict[str, int]]:
    """Write the snapshot of such a year to an empty folder, with its key; returns digest, rows and faults by rule."""
    year = Year(semilla, CUT, limits(LAST_DAY))
    _common(year)
    granted = {party: _granted(year, party, parties) for party in range(1, parties + BRINK + 1)}
    for party, money in granted.items():
        _books(year, party, money)
        _destined(year, party, money)
        if party <= parties:
            _private(year, party, sum(money.values()))
            _dated(year, party)
    whole = sum(money["ordinario"] for money in granted.values())
    for place in range(BRINK):
        plant_brink(year, parties + 1 + place, place - 1, whole)
    for party in granted:
        _reported(year, party)
    writer = SnapshotWriter(folder)
    try:
        for name, columns, rows in (*accounts(), parameters()):
            writer.append_rows(name, columns, rows)
        for name, made in year.rows.items():
            writer.append_rows(name, list(made[0]), [tuple(row.values()) for row in made])
        writer.append_aside("clave", sorted(year.key))
        writer.append_aside("parecidos", sorted(year.sound))
        for name in ("clave", "parecidos"):
            writer.flush(name)
        manifest = writer.close(
            CUT, {"semilla": semilla, "contabilidades": len(granted), "polizas_pedidas": year.polizas}
        )
    except BaseException:
        writer.abandon()
        raise
    planted: dict[str, int] = {}
    for rule, *_ in sorted(year.key):
        planted[rule] = planted.get(rule, 0) + 1
    return manifest["digest"], dict(writer.rows), planted


def _common(year: Year) -> None:
    year.add(
        "procesos",
        proceso_id=1,
        clave="ORD-2024",
        ambito="federal",
        entidad=None,
        etapa="ordinario",
        anio=2024,
        inicia_el=FIRST_DAY,
        termina_el=LAST_DAY,
        jornada_el=None,
    )
    year.add("proveedores", proveedor_id=1, rfc="SOR000101AB1", nombre="Proveedora Simulada", tipo_persona="moral")
    year.add("rnp", proveedor_id=1, folio="RNP1", desde=date(2023, 1, 1), hasta=date(9999, 12, 31))
    year.add("fuentes", fuente="militantes", al=CUT, renglones=3)
    for line in (1, 2):
        year.add(
            "matriz_precios",
            renglon_id=line,
            zona="NAC",
            articulo=f"articulo_{line}",
            unidad="H87",
            valor_unitario=PRICE,
            desde=FIRST_DAY,
            hasta=date(9999, 12, 31),
        )
    working = 0
    for ordinal, day in enumerate(days(FIRST_DAY - timedelta(days=400), CUT + timedelta(days=120)), 1):
        habil = is_business_day(day, jurisdiction=MEXICO)
        working += habil
        year.add("calendario", fecha=day, habil=habil, ordinal=ordinal, ordinal_habil=working)


def _books(year: Year, party: int, granted: dict[str, int]) -> None:
    """Add a party with its ordinary books, their year, their bank account and its public money."""
    name = f"Partido Simulado {party}"
    year.add("sujetos", sujeto_id=party, tipo="partido", siglas=f"S{party}", nombre=name, rfc=party_rfc(party))
    year.add(
        "contabilidades",
        contabilidad_id=party,
        proceso_id=1,
        sujeto_id=party,
        clase="ordinaria",
        independiente=False,
        ambito="federal",
        zona="NAC",
        estatus="activa",
        habilitada_el=FIRST_DAY,
    )
    year.add(
        "periodos",
        periodo_id=party,
        contabilidad_id=party,
        tipo="normal",
        numero=1,
        desde=FIRST_DAY,
        hasta=LAST_DAY + timedelta(days=1),
        cierra_el=date(2025, 4, 1),
    )
    year.add(
        "cuentas_bancarias",
        cuenta_bancaria_id=party,
        contabilidad_id=party,
        clabe=f"{party:018d}",
        titular_rfc=party_rfc(party),
        apertura_el=date(2024, 1, 2),
        avisada_el=date(2024, 1, 3),
    )
    for place, (concept, amount) in enumerate(granted.items()):
        year.add(
            "financiamiento",
            financiamiento_id=party * 4 + place,
            sujeto_id=party,
            anio=2024,
            concepto=concept,
            monto=amount,
            ambito="federal",
        )


def _granted(year: Year, party: int, parties: int) -> dict[str, int]:
    """Return what the party receives in the year, in centavos: of no round share, so that cutting it is seen.

    Whoever stands at the brink receives more than all that it may be given.
    """
    if party > parties:
        return {"ordinario": 100_000_000_049, "especificas": 100_033}
    return {"ordinario": 10_000_049 + party * 100 + year.semilla % 50 * 100, "especificas": 100_033}


def _destined(year: Year, party: int, granted: dict[str, int]) -> None:
    """Spend on what the law destines a centavo less than it wants, that amount, or a centavo more."""
    wanted = {
        "DE001": (SPECIFIC, granted["ordinario"] * year.limits["especificas"] // 10_000 + granted["especificas"]),
        "DE002": (WOMEN, granted["ordinario"] * year.limits["liderazgo"] // 10_000),
    }
    for place, (rule, (account, amount)) in enumerate(wanted.items()):
        more = party // 3**place % 3 - 1
        year.spend(party, date(2024, 3, 5), account, amount + more - 1_000)
        year.spend(party, date(2024, 10, 8), account, 1_000)
        kind = ("un_centavo_menos", "justo_lo_debido", "un_centavo_mas")[more + 1]
        year.judge(rule, f"financiamiento_id={party * 4}", party, 1 if more < 0 else None, kind)
        year.judge(rule, f"financiamiento_id={party * 4 + 1}", party, None, "otro_financiamiento")


def _private(year: Year, party: int, public: int) -> None:
    """Raise privately a centavo less than the public money, as much, or a centavo more; and give a gift back."""
    more = (-1, -1, 0, 1)[party // 9 % 4]
    year.post(party, date(2024, 4, 9), RAISED, public - GIFT - 5_000 + more)
    year.post(party, date(2024, 4, 30), YIELDS, 5_000)
    year.give(party, date(2024, 5, 7), GIFT)
    _, poliza = year.give(party, date(2024, 6, 4), GIFT * 3)
    year.post(party, date(2024, 6, 5), GIVEN, -GIFT * 3, undoes=poliza)
    kind = ("un_centavo_menos", "tanto_como_lo_publico", "un_centavo_mas")[more + 1]
    year.judge("AP009", f"contabilidad_id={party}", party, more + 1 if more >= 0 else None, kind)


def _dated(year: Year, party: int) -> None:
    """Date an expense on a Saturday, on the day before or on the Monday after; or on that Saturday, and undo it."""
    what = party % 4
    day = (SATURDAY, SATURDAY - timedelta(days=1), SATURDAY + timedelta(days=2), SATURDAY)[what]
    poliza = year.spend(party, day, SPENDING, 50_000)
    kind = ("en_sabado", "el_viernes", "el_lunes", "en_sabado_y_revertida")[what]
    year.judge("RE005", f"poliza_id={poliza}", party, 50_000 if what == 0 else None, kind)
    if what == 3:
        undone = year.post(party, day + timedelta(days=2), SPENDING, -50_000, undoes=poliza)
        year.used(party, poliza, undone, -50_000)
        year.judge("RE005", f"poliza_id={undone}", party, None, "la_reversion")


def _reported(year: Year, party: int) -> None:
    """Present the annual report on its last day; of every ten parties one omits it, and another is a day late."""
    due = date(2025, 3, 31)
    kind = {2: "omitido", 3: "un_dia_tarde"}.get(party % 10, "el_ultimo_dia")
    came = {"omitido": None, "un_dia_tarde": due + timedelta(days=1)}.get(kind, due)
    spent = year.spent(party)
    year.add(
        "informes",
        informe_id=party,
        contabilidad_id=party,
        periodo_id=party,
        tipo="IA",
        vence_el=due,
        presentado_el=came,
        firmado=came is not None,
        ingresos=None,
        egresos=spent if came else None,
    )
    fault = {"omitido": spent, "un_dia_tarde": 0}.get(kind)
    year.judge("IN002", f"contabilidad_id={party};periodo_id={party};tipo=IA", party, fault, kind)
