"""Every format gives the same statement, and every damage is told at its place."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banks.samples import APRIL, CLABE, bare, line, statement
from sif.banks.readers import ColumnMap, propose_map, read
from sif.banks.readers.sheet import SheetHint
from sif.banks.statement import Statement, amount_of, same_account
from sif.banks.write import write_camt, write_csv, write_mt940, write_ofx
from sif.values import Money, Refused

WORDS = st.text(alphabet="ABCDEFGHIJ 0123456789", min_size=1, max_size=30).map(lambda t: " ".join(t.split()) or "X")
LINES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(-(10**11), 10**11).filter(bool), WORDS), min_size=1, max_size=12
)


def refusal(data: bytes, mapa: ColumnMap | None = None, hint: SheetHint | None = None) -> tuple[str, str]:
    """The code and place of the first problem."""
    with pytest.raises(Refused) as told:
        read(data, mapa, hint)
    assert told.value.problems[0].cura
    return told.value.problems[0].codigo, told.value.problems[0].donde


@pytest.mark.parametrize(
    "data",
    [
        write_ofx(statement(), 1),
        write_ofx(statement(), 2),
        write_camt(statement(), "02"),
        write_camt(statement(), "08"),
        write_camt(statement(), "13"),
        write_mt940(statement()),
    ],
    ids=["ofx1", "ofx2", "camt02", "camt08", "camt13", "mt940"],
)
def test_the_same_statement_in_every_format(data: bytes) -> None:
    assert bare(read(data)) == statement()


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8"), ("|", "utf-16")])
def test_csv_of_any_writing(mark: str, encoding: str) -> None:
    hint = SheetHint(date(2024, 4, 1), date(2024, 4, 30))
    found = bare(read(write_csv(statement(), mark, encoding), hint=hint))
    expected = statement(tuple(replace(each, id_banco="") for each in APRIL))
    assert found == replace(expected, cuenta="")


@settings(deadline=None)
@given(rows=LINES, opening=st.integers(-(10**11), 10**11))
def test_what_is_written_is_read_to_the_centavo(rows: list[tuple[int, int, str]], opening: int) -> None:
    lines = tuple(line(d, "1", w) for d, _m, w in sorted(rows))
    lines = tuple(replace(each, monto=Money(row[1])) for each, row in zip(lines, sorted(rows), strict=True))
    final = Money(opening + sum(each.monto.centavos for each in lines))
    whole = Statement("", CLABE, date(2024, 4, 1), date(2024, 4, 30), Money(opening), final, lines)
    for data in (write_ofx(whole), write_ofx(whole, 2), write_camt(whole), write_mt940(whole)):
        assert bare(read(data)) == whole


def test_a_line_of_zero_is_written_as_a_deposit_and_read_back() -> None:
    whole = statement((line(3, "0.00", "AJUSTE"), line(4, "5.00", "DEPOSITO")))
    assert [each.monto.centavos for each in read(write_csv(whole)).lines] == [0, 500]


def test_days_of_a_bank_are_not_moved_by_its_time_zone() -> None:
    data = write_ofx(statement()).replace(b"20240430120000[-6:CST]", b"20240430233000[-8:PST]")
    assert read(data).lines[-1].fecha == date(2024, 4, 30)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "vacio"),
        (b"MZ\x90\x00" + b"x" * 90, "no_es_estado"),
        (b"%PDF-1.7 estado", "no_es_estado"),
        (b"PK\x03\x04 hoja", "no_es_estado"),
        (b" \r\n\x00\t", "vacio"),
        (write_csv(statement()).replace(b"Fecha", b"Fe\x00cha"), "binario"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_doctype"),
        (b"<?xml version='1.0'?><factura/>", "xml_desconocido"),
        (write_camt(statement()).replace(b"001.08", b"001.01"), "camt_version"),
        (write_ofx(statement())[:900], "ofx_danado"),
        (write_ofx(statement(), 2)[:-60], "ofx_danado"),
        (write_camt(statement())[:1500], "xml_danado"),
        (write_mt940(statement())[:260], "sin_saldo"),
        (write_ofx(statement()).replace(b">MXN", b">USD"), "moneda"),
        (write_camt(statement()).replace(b'Ccy="MXN"', b'Ccy="EUR"'), "moneda"),
        (write_mt940(statement()).replace(b"MXN", b"USD"), "moneda"),
        (write_ofx(statement()).replace(b"-58.00", b"-58.005"), "centavos"),
        (write_ofx(statement()).replace(b">20240430120000", b">20240431120000"), "fecha"),
        (write_camt(statement()).replace(b">58.00<", b">59.00<"), "saldo"),
        (write_mt940(statement()).replace(b"D58,00", b"D59,00"), "saldo"),
        (write_mt940(statement()).replace(b":61:2404300430D58", b":61:24043X0430D58"), "mt940_danado"),
        (write_csv(statement()).replace(b"58.00", b"58.01"), "saldo_corrido"),
        (write_csv(statement()).replace(b"30/04/2024", b"31/02/2024"), "fecha"),
        (write_csv(statement()).replace(b"Fecha", b"Cosa"), "sin_titulos"),
        (write_csv(statement()) + b'"30/04', "csv_danado"),
    ],
)
def test_every_damage_has_its_name(data: bytes, expected: str) -> None:
    assert refusal(data)[0] == expected


def test_problems_name_their_place() -> None:
    assert refusal(write_ofx(statement()).replace(b"-58.00", b"-5x.00")) == ("importe", "STMTTRN 4, TRNAMT")
    assert refusal(write_camt(statement()).replace(b">58.00<", b">5x.00<")) == ("importe", "Stmt 1, Ntry 4, Amt")
    assert refusal(write_csv(statement()).replace(b"58.00", b"58.01"))[1] == "fila 5"
    assert refusal(write_csv(statement()).replace(b"02/04/2024", b"02-04"))[1] == "fila 2, Fecha"


def test_csv_of_a_bank_with_a_heading_signed_amounts_and_commas() -> None:
    data = (
        "Banco del Valle\nCuenta;002180000000000009\n\nFecha operación;Concepto;Importe;Divisa\n"
        "03-abr-2024;DEPOSITO;1.500,00;MXN\n02-abr-2024;COMISION;-11,60;MXN\n"
    ).encode("cp1252")
    mapa, titles, sample = propose_map(data)
    assert (mapa.monto, mapa.decimal, mapa.formato_fecha, len(titles), len(sample)) == (
        "Importe",
        ",",
        "%d-%b-%Y",
        4,
        2,
    )
    assert refusal(data, mapa)[0] == "sin_saldo"
    found = read(data, mapa, SheetHint(saldo_final=Money.parse("1488.40")))
    assert [each.monto for each in found.lines] == [Money(-1160), Money(150_000)]
    assert found.saldo_inicial == Money(0)
    assert refusal(data.replace(b"1.500,00;MXN", b"1.500,00;USD"), mapa) == ("moneda", "fila 5, Divisa")
    assert refusal(data, replace(mapa, monto="Monto"))[0] == "columnas"


def test_a_statement_of_one_day_is_read() -> None:
    day = statement((line(10, "5000.00", "SPEI RECIBIDO DONANTE UNO", "7781204", "K1"),), 10, 10)
    assert bare(read(write_ofx(day))) == day
    assert refusal(write_ofx(replace(statement(()), hasta=date(2024, 3, 31)))) == ("fechas", "periodo")


def test_consecutive_statements_in_one_file_are_one() -> None:
    first, second = statement(APRIL[:1], 1, 9), statement(APRIL[1:], 10, 30, "5000.00")
    assert bare(read(write_mt940(first) + write_mt940(second))) == statement()
    broken = replace(second, saldo_inicial=Money(1), saldo_final=Money(1 - 237_800))
    assert refusal(write_mt940(first) + write_mt940(broken)) == ("saldo", "estado 2")


def test_pending_entries_are_left_for_their_own_statement() -> None:
    data = write_camt(statement()).replace(
        b"</Stmt>", b'<Ntry><Amt Ccy="MXN">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry></Stmt>'
    )
    assert len(read(data).lines) == 4


def test_a_name_of_a_file_of_the_server_is_not_opened(tmp_path: object) -> None:
    assert refusal(b"/etc/hostname")[0] == "sin_titulos"


@pytest.mark.parametrize(
    ("text", "decimal", "centavos"),
    [
        ("$1,234.50", ".", 123_450),
        ("1.234,5", ",", 123_450),
        ("(20.00)", ".", -2000),
        ("7.5000", ".", 750),
        ("3-", ".", -300),
    ],
)
def test_amounts_as_banks_write_them(text: str, decimal: str, centavos: int) -> None:
    assert amount_of(text, "aquí", decimal) == Money(centavos)


def test_an_account_is_known_by_its_clabe_or_its_number() -> None:
    clabe = "012180015123456787"
    assert same_account(clabe, clabe)
    assert same_account(clabe, "01512345678")
    assert same_account(clabe, "1512345678")
    assert not same_account(clabe, "012180015123456790")
    assert not same_account(clabe, "678")


def _ofx(movement: str, before: str = "OFXHEADER:100\nDATA:OFXSGML\n\n") -> bytes:
    return (
        f"{before}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>MXN<BANKACCTFROM><ACCTID>{CLABE}</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20240401<DTEND>20240430<STMTTRN>{movement}</STMTTRN></BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>5.00<DTASOF>20240430</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode("cp1252")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("<NAME>Peña &amp; C&#237;a &lt;norte&gt;<MEMO>", "Peña & Cía <norte>"),
        ("<NAME>\n<MEMO>Pago\n", "Pago"),
        ("<NAME></NAME><MEMO>Pago</MEMO>", "Pago"),
        ("<NAME/><MEMO>Pago", "Pago"),
        ("<NAME><![CDATA[Peña & Cía <norte>]]></NAME>", "Peña & Cía <norte>"),
        ("<name>Pago</name>", "Pago"),
        ("<PAYEE><NAME>Pago<CITY>Toluca</PAYEE>", "Pago"),
        ("<NAME>menos < que", "menos < que"),
    ],
)
def test_an_ofx_is_read_with_its_leaves_closed_open_or_empty(name: str, expected: str) -> None:
    movement = f"<TRNTYPE>CREDIT<DTPOSTED>20240402<TRNAMT>5.00<FITID>1{name}"
    for before in ("OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n", ""):
        [found] = read(_ofx(movement, before)).lines
        assert (found.descripcion, found.monto, found.id_banco) == (expected, Money(500), "1")


def test_an_ofx_goes_as_deep_as_its_bound_and_no_deeper() -> None:
    movement = "<DTPOSTED>20240402<TRNAMT>5.00"
    within = movement + "<A>" * 26 + "</A>" * 26  # below the sixth level
    assert len(read(_ofx(within)).lines) == 1
    assert refusal(_ofx(movement + "<A>" * 27 + "</A>" * 27)) == ("ofx_danado", "línea 4")


@pytest.mark.parametrize(
    ("spoilt", "where"),
    [
        (_ofx("<TRNAMT>5.00").replace(b"</STMTTRN>", b""), "línea 4"),
        (_ofx("<TRNAMT>5.00</TRNTYPE>"), "línea 4"),
        (_ofx("<TRNAMT>5.00</TRNAMT>perdido"), "línea 4"),
        (_ofx("\n" + "<A>" * 40), "línea 5"),
        (_ofx("<TRNAMT>5.00") + b"<OFX></OFX>", "línea 5"),
        (_ofx("<TRNAMT>5.00") + b"</OFX>", "línea 5"),
        (_ofx("<TRNAMT>5.00").replace(b"</BANKMSGSRSV1></OFX>", b""), "fin del archivo"),
        (b"OFXHEADER:100\n\n<A>", "archivo"),
    ],
    ids=["open", "other closing", "loose text", "deep", "two", "closed twice", "cut", "none"],
)
def test_an_ofx_that_is_not_well_formed_is_refused_at_its_line(spoilt: bytes, where: str) -> None:
    assert refusal(spoilt) == ("ofx_danado", where)
