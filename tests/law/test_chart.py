"""The chart of accounts, what each account asks for as evidence, and the campaign report made of them."""

from datetime import date

import pytest

from public_data import public
from sif.law import chart as reading
from sif.law.chart import (
    ROLES,
    account_code,
    account_evidence,
    account_of,
    beginning_of,
    evidence_for,
    load_account_evidence,
    load_chart,
    load_evidence_classes,
    load_expense_heads,
    prefix_of,
)
from sif.law.forms import Balances, fill_form, load_form
from sif.law.sources import LawDataError


def test_official_rows_are_the_ones_that_were_read() -> None:
    assert [a.codigo for a in load_chart("mx").values() if a.oficial] == [
        "1-0-00-00-0000",
        "1-1-00-00-0000",
        "1-1-01-00-0000",
        "1-1-02-00-0000",
        "1-1-04-00-0000",
        "1-1-04-01-0000",
        "1-1-04-03-0000",
        "1-1-04-04-0000",
        "1-1-04-05-0000",
        "2-1-04-00-0000",
    ]


def test_only_the_lowest_level_takes_movements() -> None:
    chart = load_chart("mx")
    for account in chart.values():
        below = [code for code in chart if code != account.codigo and code.startswith(account.prefix)]
        assert account.capturable is not bool(below), account.codigo


def test_inheritance_from_the_group_above() -> None:
    chart = load_chart("mx")
    poster, bank, payroll = chart["5-5-04-01-0000"], chart["1-1-02-00-0000"], chart["5-5-03-01-0000"]
    assert (poster.rubro, poster.es_gasto, poster.auxiliar) == ("PROPAGANDA EN VÍA PÚBLICA", True, "proveedor")
    assert (bank.auxiliar, bank.naturaleza, bank.es_por_cobrar) == ("cuenta_bancaria", "D", False)
    assert payroll.auxiliar == "persona"
    assert chart["1-2-09-03-0000"].naturaleza == "A"
    assert chart["1-1-04-01-0000"].es_por_cobrar and chart["2-1-01-01-0000"].es_por_pagar
    assert not chart["2-1-04-00-0000"].es_por_pagar


def test_every_campaign_expense_has_a_public_head_and_every_head_an_account() -> None:
    campaign = [a for a in load_chart("mx").values() if a.codigo.startswith("5-5-") and a.capturable]
    assert {a.rubro for a in campaign} == set(load_expense_heads("mx"))
    assert all(a.es_gasto for a in campaign)


def test_the_public_heads_are_the_columns_of_the_open_data() -> None:
    header = public("ine", "portal-2021", "PEFO_20-21_CAMPAÑA_G_RUBRO_210622.csv").read_text("latin-1").splitlines()[0]
    for head in load_expense_heads("mx"):
        assert f",{head}," in header or f',"{head}",' in header


def test_transfers_are_not_expense() -> None:
    assert not any(a.es_gasto for a in load_chart("mx").values() if a.codigo.startswith("5-4-"))


@pytest.mark.parametrize(
    ("code", "prefix"), [("5-5-01-00-0000", "5-5-01-"), ("1-0-00-00-0000", "1-"), ("1-1-04-01-0000", "1-1-04-01-")]
)
def test_prefixes(code: str, prefix: str) -> None:
    assert prefix_of(code) == prefix


def test_every_campaign_account_says_its_evidence() -> None:
    with_evidence = {row.cuenta for row in load_account_evidence("mx")}
    for account in load_chart("mx").values():
        if account.capturable and account.codigo.startswith(("4-", "5-")):
            assert account.codigo in with_evidence, account.codigo


def test_what_nobody_invoices_is_no_spending_of_the_cap_and_asks_for_no_invoice() -> None:
    chart, day = load_chart("mx"), date(2025, 5, 1)
    for code in ("5-1-11-00-0000", "5-1-12-00-0000", "5-1-16-00-0000"):  # fines, wear, losses
        assert not chart[code].es_gasto, code
    for code in ("5-1-13-01-0000", "5-1-13-02-0000", "5-1-14-00-0000", "5-1-17-00-0000"):
        assert chart[code].es_gasto, code
    asked = {code: evidence_for(frozenset({code}), day, "mx") for code in chart if code.startswith("5-1-")}
    must = {code for code, classes in asked.items() if any(classes.values())}
    assert {code for code in asked if chart[code].capturable} - must == {
        "5-1-11-00-0000",
        "5-1-12-00-0000",
        "5-1-13-01-0000",
        "5-1-13-02-0000",
        "5-1-16-00-0000",
    }
    added = account_evidence("5-1-13-09-0001", "mx"), account_evidence("5-1-20-00-0000", "mx")
    assert [any(each.obligatoria for each in row) for row in added] == [False, True]


def test_no_account_of_before_takes_others_below_it() -> None:
    # Books of past years have lines in each of these: a group takes no movements, and a report adds what it reads.
    chart = load_chart("mx")
    for code in ["2-1-04-00-0000", "5-1-01-00-0000", "5-1-50-00-0000", "5-1-51-00-0000", "4-2-01-01-0000"]:
        assert chart[code].capturable, code


def test_evidence_is_named_once_and_dated() -> None:
    pairs = [(row.cuenta, row.clase, row.desde) for row in load_account_evidence("mx")]
    assert len(pairs) == len(set(pairs))
    assert {row.clase for row in load_account_evidence("mx")} <= set(load_evidence_classes("mx"))


def test_what_an_operation_asks_for_is_the_union_of_its_accounts() -> None:
    wanted = evidence_for(frozenset({"5-5-04-01-0000", "1-1-02-00-0000"}), date(2024, 5, 1), "mx")
    assert {clase for clase, must in wanted.items() if must} == {"xml", "pdf", "contrato", "muestra", "hoja_membretada"}
    assert wanted["estado_cuenta"] is False
    assert evidence_for(frozenset({"5-5-04-01-0000"}), date(2014, 12, 18), "mx") == {}


def test_each_result_account_of_a_campaign_goes_to_exactly_one_line() -> None:
    form = load_form("ic", "mx")
    for account in load_chart("mx").values():
        if account.capturable and account.codigo.startswith(("4-", "5-4-", "5-5-")):
            lines = [line.linea for line in form if line.takes(account.codigo)]
            assert len(lines) == 1, (account.codigo, lines)


def test_every_line_of_the_form_has_an_account_or_lines() -> None:
    chart = load_chart("mx")
    for line in load_form("ic", "mx"):
        assert line.suma_de or any(line.takes(code) for code, a in chart.items() if a.capturable), line.linea


def test_the_form_adds_up() -> None:
    balances = {
        "4-1-02-01-0000": 500_000,
        "4-2-02-01-0000": 120_050,
        "4-2-03-02-0000": 9_950,  # 500,000 + 120,050 + 9,950 = 630,000
        "5-5-01-03-0000": 200_000,
        "5-5-11-00-0000": 1,
        "5-4-01-02-0000": 30_000,  # 200,001 + 30,000 = 230,001
        "1-1-02-00-0000": 999,
    }
    amounts = fill_form(load_form("ic", "mx"), Balances(balances))
    assert amounts["I"] == 630_000
    assert amounts["II.A"] == 200_001
    assert amounts["II"] == 230_001
    assert amounts["III"] == 630_000 - 230_001


def test_every_role_has_one_account() -> None:
    known = load_chart("mx")
    assert {role: account_of(role, "mx") in known for role in ROLES} == dict.fromkeys(ROLES, True)
    assert (account_of("bancos", "mx"), beginning_of("bancos", "mx")) == ("1-1-02-00-0000", "1-1-02-")
    assert beginning_of("ingresos", "mx") == "4-"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "ninguna cuenta tiene el papel anticipos, bancos"),
        ([{"codigo": "1", "papel": "bancos"}, {"codigo": "2", "papel": "bancos"}], "«bancos» de 2"),
        ([{"codigo": "1", "papel": "otro"}], "«otro» de 1"),
    ],
)
def test_a_chart_without_a_role_is_refused(
    rows: list[dict[str, str]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "data_path", lambda *parts: None)
    monkeypatch.setattr(reading, "read_data", lambda path: rows)
    with pytest.raises(LawDataError, match=said):
        reading._roles("otra")


@pytest.mark.parametrize("text", ["1-1-01-02-0001", "1101020001", " 1 1 01 02 0001", "1-1-01-02-0001 Bancos"])
def test_the_code_of_an_account_is_read_with_or_without_dashes(text: str) -> None:
    assert account_code(text) == "1-1-01-02-0001"


@pytest.mark.parametrize("text", ["", "Bancos", "1-1-01-02-001", "11010200011", "١-1-01-02-0001"])
def test_what_is_no_code_of_an_account_is_none(text: str) -> None:
    assert account_code(text) is None
