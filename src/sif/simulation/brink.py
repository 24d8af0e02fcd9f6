"""Plant in the books of three parties a unit at each side of every limit of a year: one less, the limit and one more.

Each of them gives, buys, pays and tells the same things, a centavo or a day apart.
"""

from datetime import date, timedelta

from sif.simulation.year import SPENDING, Year, party_rfc

BRINK = 3
PRICE, MARGIN = 10_000, 2_000
ROUNDING = 100
SIDES = ("uno_menos", "en_el_limite", "uno_mas")


def plant_brink(year: Year, party: int, more: int, ordinary: int) -> None:
    """Plant what stands that many units from each limit: -1, 0 or 1; `ordinary`: public money of all the parties."""
    _gifts(year, party, more, ordinary)
    _bought(year, party, more)
    _told(year, party, more)


def _side(year: Year, rule: str, key: str, party: int, more: int, fault: int, at: int = 1) -> None:
    """Write down a fault of that amount from `at` units on (1: over the limit; 0: at it), and a look-alike before."""
    year.judge(rule, key, party, fault if more >= at else None, SIDES[more + 1])


def _gifts(year: Year, party: int, more: int, ordinary: int) -> None:
    limits = year.limits
    cash, _ = year.give(party, date(2024, 2, 6), limits["efectivo"] + more, medio="efectivo")
    _side(year, "AP001", f"aportacion_id={cash}", party, more, 1)
    lacks = "contrato" if more == 1 else ""
    kind, poliza = year.give(party, date(2024, 2, 7), limits["especie"] + more, medio="especie", lacks=lacks)
    _side(year, "EV002", f"poliza_id={poliza};clase=contrato", party, more, limits["especie"] + 1)
    _side(year, "AP002", f"aportacion_id={kind}", party, more, limits["especie"] + 1)
    alone, _ = year.give(party, date(2024, 2, 8), limits["individual"] + more)
    _side(year, "AP003", f"aportacion_id={alone}", party, more, 1)
    left = limits["simpatizantes"] + more - limits["efectivo"] - limits["especie"] - limits["individual"] - 3 * more
    while left > limits["individual"]:
        year.give(party, date(2024, 2, 9), limits["individual"])
        left -= limits["individual"]
    last, _ = year.give(party, date(2024, 2, 12), left)
    _side(year, "AP004", f"aportacion_id={last};partido_id={party}", party, more, 1)
    member, _ = year.give(party, date(2024, 2, 14), ordinary * limits["militantes"] // 10_000 + more, "militante")
    _side(year, "AP008", f"aportacion_id={member};partido_id={party}", party, more, 1)


def _bought(year: Year, party: int, more: int) -> None:
    limits = year.limits
    cash = year.spend(party, date(2024, 7, 9), SPENDING, limits["pago"] + more, medio="efectivo")
    _side(year, "PA001", f"pago_id={cash}", party, more, 1)
    short = year.spend(party, date(2024, 7, 10), SPENDING, 50_000, invoiced=50_000 - ROUNDING - more)
    _side(year, "CF006", f"poliza_id={short}", party, more, ROUNDING + 1)
    supplier, rfc = party * 10, f"SP{chr(65 + party % 26)}000101AB{party % 10}"
    for number, code in ((supplier, rfc), (supplier + 1, f"SQ{rfc[2:]}")):
        year.add("proveedores", proveedor_id=number, rfc=code, nombre=f"Proveedora {number}", tipo_persona="moral")
    bought = year.spend(party, date(2024, 7, 11), SPENDING, limits["registro"] + more, emisor=rfc, proveedor=supplier)
    _side(year, "PR002", f"cfdi_id={bought};poliza_id={bought}", party, more, limits["registro"] + more, at=0)
    year.add(
        "contratos",
        contrato_id=party,
        contabilidad_id=party,
        sujeto_id=party,
        proceso_id=1,
        proveedor_id=supplier + 1,
        suscrito_el=date(2024, 7, 12),
        monto=limits["registro"] + more,
    )
    _side(year, "PR001", f"contrato_id={party}", party, more, limits["registro"] + more, at=0)
    _priced(year, party, more)


def _priced(year: Year, party: int, more: int) -> None:
    """Buy two things whose prices stand at the margin above and below those of the matrix."""
    over, under = PRICE * (10_000 + MARGIN) // 10_000 + more, PRICE * (10_000 - MARGIN) // 10_000 - more
    poliza = year.spend(party, date(2024, 7, 15), SPENDING, over + under)
    for line, price in ((1, over), (2, under)):
        year.add(
            "cfdi_conceptos",
            cfdi_id=poliza,
            linea=line,
            articulo=f"articulo_{line}",
            unidad="H87",
            cantidad_milesimas=1_000,
            valor_unitario=price,
            importe=price,
        )
        key = f"cfdi_id={poliza};linea={line};poliza_id={poliza}"
        _side(year, "VA001", key, party, more, PRICE * MARGIN // 10_000 + 1)


def _told(year: Year, party: int, more: int) -> None:
    opened = date(2024, 1, 8)
    year.add(
        "cuentas_bancarias",
        cuenta_bancaria_id=party * 10,
        contabilidad_id=party,
        clabe=f"{party * 10:018d}",
        titular_rfc=party_rfc(party),
        apertura_el=opened,
        avisada_el=opened + timedelta(days=year.limits["aviso_cuenta"] + more),
    )
    _side(year, "BA002", f"cuenta_bancaria_id={party * 10}", party, more, 0)
    amount = year.limits["repap"] + more
    poliza = year.spend(party, date(2024, 7, 16), SPENDING, amount)
    year.add(
        "repap",
        recibo_id=party,
        contabilidad_id=party,
        sujeto_id=party,
        persona_id=party,
        folio=f"R-{party}",
        desde=date(2024, 7, 1),
        hasta=date(2024, 7, 15),
        anio=2024,
        fin_de_anio=date(2024, 12, 31),
        monto=amount,
        medio="cheque",
        pagado_el=date(2024, 7, 16),
        poliza_id=poliza,
        cancelado=False,
    )
    _side(year, "RP001", f"recibo_id={party}", party, more, 1)
