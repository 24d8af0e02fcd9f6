"""Contabilidad electrónica: every file validates against SAT's schemas and says the amounts of the books."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.conf import settings as django_settings
from lxml import etree

from sif.books.services import NewPago, Support, post_poliza, reverse_poliza
from sif.law.chart import load_chart
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.sat.codes import load_codes
from sif.statements.sat.package import write_zip
from sif.statements.sat.schema import enumerated, namespace, schema
from sif.statements.sat.sending import KINDS, Sending, sending
from sif.values import Money, Refused
from small_world import BANKS, PAYABLE, World, make_world
from statements.operations import post

RFC = "PAM140101AB1"


@pytest.fixture
def moved(world: World) -> World:
    """Books with a gift in March's last day left out, an expense, its reversal, a payment and odd words."""
    post(world, BANKS, "4-2-02-01-0000", 9_876_543, date(2024, 4, 2))
    wrong = post(world, "5-5-01-03-0000", PAYABLE, 125_075)
    reverse_poliza(wrong, world.clerk, concepto='Se repite <mal> & con "comillas" \u0007')
    paid = world.expense(
        "450.10",
        lineas=tuple(line for line in _payment(world)),
        subtipo="EG",
    )
    pago = NewPago(world.supplier.pk, "transferencia", date(2024, 4, 12), Money(45_010))
    post_poliza(paid, world.clerk, support=Support(pagos=(pago,)))
    return world


def _payment(world: World) -> Any:
    from sif.ledger import NewLine

    yield NewLine(PAYABLE, cargo=Money(45_010), auxiliar_tipo="proveedor", auxiliar_id=world.supplier.pk)
    yield NewLine(BANKS, abono=Money(45_010), auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk)


def opened(sent: Sending, kind: str) -> tuple[str, etree._Element]:
    """The XML inside the ZIP, validated anew, and the name it came with."""
    stream = io.BytesIO()
    name = write_zip(stream, sent, kind)
    with zipfile.ZipFile(stream) as box:
        assert box.namelist() == [name.replace(".zip", ".xml")]
        root = etree.fromstring(box.read(box.namelist()[0]))
    schema(kind).assertValid(root)
    return name, root


def children(root: etree._Element, kind: str, name: str) -> list[etree._Element]:
    return list(root.iter(f"{{{namespace(kind)}}}{name}"))


@pytest.mark.parametrize(("kind", "letters"), KINDS.items())
def test_each_file_validates_under_its_name(moved: World, kind: str, letters: str) -> None:
    name, root = opened(sending([moved.books], 2024, 4), kind)
    assert name == f"{RFC}202404{letters}.zip"
    assert (root.get("RFC"), root.get("Mes"), root.get("Anio"), root.get("Version")) == (RFC, "04", "2024", "1.3")


def test_the_balanza_says_the_amounts_of_the_screen(moved: World) -> None:
    sent = sending([moved.books], 2024, 4)
    _name, root = opened(sent, "balanza")
    written = {row.get("NumCta"): row for row in children(root, "balanza", "Ctas")}
    screen = REPORTS["balanza"].filas(sent.asked)
    for line in screen:
        row = written[str(line.celdas["cuenta"])]
        assert row.get("Debe") == line.celdas["cargos"].plain()  # type: ignore[attr-defined]
        assert row.get("Haber") == line.celdas["abonos"].plain()  # type: ignore[attr-defined]
    leaves = [row for code, row in written.items() if load_chart("mx")[str(code)].capturable]
    for attribute, column in (("Debe", "cargos"), ("Haber", "abonos")):
        assert sum(Money.parse(row.get(attribute, "")).centavos for row in leaves) == (
            screen.totals()[column].centavos  # type: ignore[union-attr]
        )
    assert written["1-1-02-00-0000"].get("SaldoFin") == "98315.33"
    assert written["2-0-00-00-0000"].get("SaldoFin") == written["2-1-01-01-0000"].get("SaldoFin") == "-450.10"


def test_a_balance_opens_with_what_is_earlier(moved: World) -> None:
    moved_may = sending([moved.books], 2024, 5)
    _name, root = opened(moved_may, "balanza")
    banks = next(row for row in children(root, "balanza", "Ctas") if row.get("NumCta") == BANKS)
    assert (banks.get("SaldoIni"), banks.get("Debe"), banks.get("SaldoFin")) == ("98315.33", "0.00", "98315.33")
    with pytest.raises(Refused) as refused:
        write_zip(io.BytesIO(), moved_may, "polizas")
    assert refused.value.problems[0].codigo == "sat_sin_movimientos"


def test_the_polizas_carry_every_line_and_the_payment(moved: World) -> None:
    sent = sending([moved.books], 2024, 4, solicitud="AF", orden="ABC1234567/24")
    _name, root = opened(sent, "polizas")
    assert (root.get("TipoSolicitud"), root.get("NumOrden")) == ("AF", "ABC1234567/24")
    rows = children(root, "polizas", "Transaccion")
    totals = REPORTS["diario"].filas(sent.asked).totals()
    assert sum(Money.parse(row.get("Debe", "")).centavos for row in rows) == totals["cargo"].centavos  # type: ignore[union-attr]
    assert len({each.get("NumUnIdenPol") for each in children(root, "polizas", "Poliza")}) == 4
    pay = children(root, "polizas", "OtrMetodoPago")[0]
    assert (pay.get("MetPagoPol"), pay.get("RFC"), pay.get("Monto")) == ("03", "IPR150312Q47", "450.10")
    assert any("Se repite <mal> & con" in str(each.get("Concepto")) for each in children(root, "polizas", "Poliza"))


def test_the_auxiliary_runs_from_opening_to_closing(moved: World) -> None:
    _name, root = opened(sending([moved.books], 2024, 4), "auxiliar")
    for account in children(root, "auxiliar", "Cuenta"):
        sign = 1 if load_chart("mx")[str(account.get("NumCta"))].naturaleza == "D" else -1
        moves = sum(
            Money.parse(row.get("Debe", "")).centavos - Money.parse(row.get("Haber", "")).centavos for row in account
        )
        opening, closing = (Money.parse(account.get(key, "")).centavos for key in ("SaldoIni", "SaldoFin"))
        assert opening + sign * moves == closing


def test_the_catalogue_gives_every_account_a_known_code(moved: World) -> None:
    _name, root = opened(sending([moved.books], 2024, 4), "catalogo")
    rows = {row.get("NumCta"): row for row in children(root, "catalogo", "Ctas")}
    assert rows.keys() == load_chart("mx").keys()
    assert rows["1-1-02-00-0000"].get("SubCtaDe") == "1-1-00-00-0000"
    assert rows["5-5-01-03-0000"].get("Nivel") == "4"
    assert {code for _beginning, code in load_codes("mx").codigos} <= enumerated("c_CodAgrup")


def test_what_sat_does_not_admit_is_refused_with_its_reason(world: World) -> None:
    for changes, code in (
        ({"books": [world.books, world.foreign]}, "sat_un_sujeto"),
        ({"mes": 13}, "sat_mes"),
        ({"anio": 2014}, "sat_mes"),
        ({"orden": "12"}, "sat_orden"),
        ({"tramite": "12"}, "sat_tramite"),
        ({"solicitud": "ZZ"}, "sat_solicitud"),
    ):
        options: dict[str, Any] = {"books": [world.books], "anio": 2024, "mes": 4, **changes}
        with pytest.raises(Refused) as refused:
            sending(options.pop("books"), options.pop("anio"), options.pop("mes"), **options)
        assert [problem.codigo for problem in refused.value.problems] == [code]
    with pytest.raises(Refused) as refused:
        sending([make_world(rfc="").books], 2024, 4)
    assert refused.value.problems[0].codigo == "sat_rfc"


def test_a_file_that_the_schema_refuses_is_not_given(moved: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from sif.statements.sat import writing

    monkeypatch.setattr(writing, "pesos", lambda centavos: f"{centavos}.123")
    stream = io.BytesIO()
    with pytest.raises(Refused) as refused:
        write_zip(stream, sending([moved.books], 2024, 4), "balanza")
    assert refused.value.problems[0].codigo == "sat_esquema"
    assert stream.getvalue() == b""


def test_the_month_is_that_of_the_operation() -> None:
    asked = Sending(RFC, 2024, 2, (1,)).asked
    assert (asked.desde, asked.hasta) == (date(2024, 2, 1), date(2024, 2, 29))
    assert isinstance(asked, Asked)
    assert django_settings.JURISDICTION == "mx"
