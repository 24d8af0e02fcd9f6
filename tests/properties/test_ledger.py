"""Properties of double entry: what is built balanced passes, reversals net to zero, references come back the same."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sif.law.chart import load_chart
from sif.ledger import NewLine, NewPoliza, check_poliza, parse_reference, reference, reversal_of
from sif.values import Money

CHART = load_chart("mx")
FREE = [code for code, account in CHART.items() if account.capturable]
AMOUNTS = st.integers(1, 10**12)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def _line(code: str, cargo: int, abono: int) -> NewLine:
    kind = CHART[code].auxiliar
    return NewLine(code, Money(cargo), Money(abono), auxiliar_tipo=kind, auxiliar_id=1 if kind else None)


@st.composite
def balanced(draw: st.DrawFn) -> NewPoliza:
    debits = draw(st.lists(st.tuples(st.sampled_from(FREE), AMOUNTS), min_size=1, max_size=8))
    lines = [_line(code, amount, 0) for code, amount in debits]
    left = sum(amount for _, amount in debits)
    while left:
        amount = draw(st.integers(1, left)) if len(lines) < 16 else left
        lines.append(_line(draw(st.sampled_from(FREE)), 0, amount))
        left -= amount
    return NewPoliza(8802, 1, "normal", draw(st.sampled_from(["IG", "EG", "DR"])), draw(DAYS), "x", tuple(lines))


@given(balanced())
def test_what_balances_is_sound(poliza: NewPoliza) -> None:
    assert check_poliza(poliza, CHART) == []


@given(balanced(), st.integers(1, 10**6))
def test_one_centavo_more_is_told(poliza: NewPoliza, extra: int) -> None:
    lines = (*poliza.lineas, _line(FREE[0], extra, 0))
    broken = NewPoliza(8802, 1, "normal", "DR", poliza.fecha_operacion, "x", lines)
    assert "no_cuadra" in [problem.codigo for problem in check_poliza(broken, CHART)]


@given(balanced())
def test_a_reversal_nets_every_account_and_side_to_zero(poliza: NewPoliza) -> None:
    reversal = reversal_of(poliza, 1, 1, "normal", "Reversión")
    assert check_poliza(reversal, CHART) == []
    net: Counter[tuple[str, str]] = Counter()
    for line in (*poliza.lineas, *reversal.lineas):
        net[line.cuenta, "cargo"] += line.cargo.centavos
        net[line.cuenta, "abono"] += line.abono.centavos
    assert set(net.values()) == {0}


@given(
    st.sampled_from(["normal", "correccion", "ajuste", "jornada"]),
    st.integers(1, 99),
    st.sampled_from(["IG", "EG", "DR"]),
    st.integers(1, 10**9 - 1),
    DAYS,
    st.integers(1, 999_999),
)
def test_references_round_trip(tipo: str, periodo: int, subtipo: str, numero: int, dia: date, books: int) -> None:
    read = parse_reference(reference(tipo, periodo, subtipo, numero, dia, books))
    assert (read.tipo, read.periodo, read.subtipo, read.numero, read.anio, read.mes, read.contabilidad_id) == (
        tipo,
        periodo,
        subtipo,
        numero,
        dia.year,
        dia.month,
        books,
    )


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_references(text: str) -> None:
    try:
        parse_reference(text)
    except ValueError as error:
        assert "PN1/DR-2251" in str(error)
