"""Every two rules that can fall on one peso have one consequence declared; what their own cases find is planted."""

import pytest

from rulebook.meeting import TABLE, found, meetings, planted, reached
from sif.law.concurrence import Charge, Pair
from sif.law.sanctions import load_criteria
from sif.rulebook import load_rules


def test_every_rule_that_sanctions_is_found_by_its_own_cases() -> None:
    wanted = {(r.id, o.sanction) for r in load_rules("mx") for o in r.outcomes if o.state == "hallazgo" and o.sanction}
    assert {(rule.id, conduct) for rule, conduct, _ in found()} == wanted


def test_each_pair_that_can_meet_has_one_consequence_declared() -> None:
    undeclared = [(one, other) for one, other, *_ in meetings() if TABLE.settle(one, other) is None]
    assert undeclared == []
    assert sum(1 for _ in meetings()) > 1000


def test_planted_on_one_fact_they_meet_and_on_another_part_they_do_not() -> None:
    for one, other, row, row2 in meetings():
        assert TABLE.same_fact(row, row2), (one, other)
        for name in TABLE.comunes:
            if name in row and name in row2:
                row2 = {**row2, name: -1}
        assert not TABLE.same_fact(row, row2), (one, other)


def _decides_elsewhere(pair: Pair) -> bool:
    """A consequence is between the books and what was added to them: they share no row."""
    return pair.modo == "consecuencia"


def test_no_declared_pair_is_dead_and_each_names_what_exists() -> None:
    lines = reached()
    assert [pair.numero for pair in TABLE.pares if pair.numero not in lines and not _decides_elsewhere(pair)] == []
    known = {rule.id for rule in load_rules("mx")} | set(load_criteria("mx")) | set(TABLE.grupos) | {"misma", "todas"}
    assert {name for pair in TABLE.pares for name in (*pair.primera, *pair.segunda)} <= known


def test_every_identifier_that_a_sanctioned_row_names_is_said_to_be_a_fact_a_part_or_neither() -> None:
    """A rule that names something new meets nobody until somebody says what it is."""
    named = {name for _, _, row in found() for name in row if name.endswith("_id")}
    assert named == {*TABLE.comunes, *TABLE.partes, *TABLE.apartes}


def test_what_no_invoice_covers_and_what_one_covers_are_different_pesos() -> None:
    rows = [(rule.id, row) for rule, _, row in found() if row.get("cfdi_id")]
    beyond = next(row for rule, _, row in found() if rule.id == "CF006")
    without = next(row for rule, _, row in found() if rule.id == "CF001" and row["cfdi_id"] == 0)
    assert [rule for rule, row in rows if planted(beyond, row) or planted(without, row)] == []
    assert planted(beyond, without)


def test_one_photograph_is_not_worth_the_sanction_of_a_spend_that_nothing_proves() -> None:
    """A file that is no invoice leaves the spend as unproven as no file at all: one conduct, sanctioned once."""
    rules = {rule.id: rule for rule in load_rules("mx")}
    bare, pictured = rules["EV001"].outcome("gasto_sin_evidencia"), rules["CF001"].outcome("sin_comprobante")
    assert pictured.sanction == bare.sanction
    assert rules["CF001"].outcome("sin_xml").sanction == "sin_xml", "a known invoice lacks only its file"
    settled = TABLE.settle(Charge("EV001", bare.sanction or ""), Charge("CF001", pictured.sanction or ""))
    assert settled is not None
    assert settled.par.modo == "absorbe"


def test_what_a_price_hides_is_not_what_the_books_owe() -> None:
    """A price too low is outside the books: the debt of the same póliza is in them."""
    settled = TABLE.settle(Charge("VA001", "ingreso_no_reportado"), Charge("SA002", "ingreso_no_reportado"))
    assert settled is not None
    assert settled.par.modo == "suma"
    again = TABLE.settle(Charge("SA002", "ingreso_no_reportado"), Charge("SA002", "ingreso_no_reportado"))
    assert again is not None
    assert again.par.modo == "absorbe"


@pytest.mark.parametrize("shared", ["PO001", "PO003", "PO004"])
def test_what_was_ill_shared_does_not_pay_for_a_cancelled_invoice(shared: str) -> None:
    """The expense is in the books: its invoice is asked for whole, however it was shared."""
    settled = TABLE.settle(Charge(shared, "distribucion_incorrecta"), Charge("CF003", "egreso_no_comprobado"))
    assert settled is not None
    assert settled.par.modo == "suma"


@pytest.mark.parametrize("name", ["poliza_id", "contrato_id", "evento_id", "prorrateo_id", "cep_id", "aportacion_id"])
def test_facts_of_each_kind_are_named_by_two_rules_at_least(name: str) -> None:
    assert len({rule.id for rule, _, row in found() if name in row}) > 1


def test_the_row_of_a_contribution_a_payment_or_a_transfer_names_the_poliza_that_moved_it() -> None:
    parts = {"aportacion_id", "pago_id", "lado_id", "prorrateo_id", "evidencia_id", "movimiento_id"}
    lacking = [rule.id for rule, _, row in found() if parts & set(row) and "poliza_id" not in row]
    assert lacking == []
