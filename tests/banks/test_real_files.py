"""Files as banks write them: several accounts in one, days outside of their span, the dialect of ASN, workbooks."""

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from banks.samples import APRIL, CLABE, bare, line, statement
from sif.banks.models import EstadoDeCuenta, LineaBancaria
from sif.banks.readers import ColumnMap, format_of, propose_map, read, read_all
from sif.banks.selectors import bank_balance, conciliacion
from sif.banks.services import load_statement
from sif.banks.statement import Reading, choose
from sif.banks.write import CSV_HEAD, write_camt, write_mt940, write_ofx
from sif.values import Money, Refused
from small_world import World

OTHER = "012180015123456787"
ASN = """{1:F01ASNBNL21XXXX0000000000}{2:O940ASNBNL21XXXXN}{3:}{4:
:20:0000000000
:25:NL81ASNB9999999999
:28C:1/1
:60F:C200101EUR444,29
:61:2001010101D65,00NOVBNL47INGB9999999999
hr gjlm paulissen
:86:NL47INGB9999999999 hr gjlm paulissen

Betaling sieraden

:62F:C200101EUR379,29
-}{5:}
{1:F01ASNBNL21XXXX0000000000}{2:O940ASNBNL21XXXXN}{3:}{4:
:20:0000000000
:25:NL81ASNB9999999999
:28C:2/1
:60F:C200102EUR379,29
:62F:C200102EUR379,29
-}{5:}
{1:F01ASNBNL21XXXX0000000000}{2:O940ASNBNL21XXXXN}{3:}{4:
:20:0000000000
:25:NL81ASNB9999999999
:28C:5/1
:60F:C200105EUR379,29
:61:2001050105C1000,00NIOBNL56ASNB9999999999
paulissen g j l m
:86:NL56ASNB9999999999 paulissen g j l m

INTERNE OVERBOEKING VIA MOBIEL
:61:200105    D801,55NIDBNL08ABNA9999999999
international card services
:86:NL08ABNA9999999999 international card services
:61:2001050105D1,65NDIV
:86:
Kosten gebruik betaalrekening
:62F:C200105EUR576,09
-}{5:}
"""


def both(write: object) -> bytes:
    """A file of two accounts: April of ours, and another."""
    other = replace(statement((line(3, "7.00", "OTRA"),)), cuenta=OTHER)
    ours, theirs = write(statement()), write(other)  # type: ignore[operator]
    if write is write_mt940:
        return ours + theirs  # type: ignore[no-any-return]
    opening, closing = (b"<Stmt>", b"</Stmt>") if write is write_camt else (b"<STMTTRNRS>", b"</STMTTRNRS>")
    part = theirs[theirs.index(opening) : theirs.index(closing) + len(closing)]
    return ours.replace(closing, closing + part)  # type: ignore[no-any-return]


@pytest.mark.parametrize("write", [write_ofx, write_camt, write_mt940])
def test_each_account_of_a_file_is_read(write: object, world: World) -> None:
    data = both(write)
    reading = read_all(data)
    assert [(each.cuenta, len(each.lines), each.saldo_final.plain()) for each in reading.cuentas] == [
        (CLABE, 4, "2622.00"),
        (OTHER, 1, "7.00"),
    ]
    assert (reading.problemas, reading.avisos) == ((), ())
    with pytest.raises(Refused, match="trae las cuentas"):
        read(data)
    assert bare(replace(choose(reading, elegida=f"{OTHER} MXN"), cuenta="")).lines == (line(3, "7.00", "OTRA"),)
    loaded = load_statement(world.bank, ("varias", data), world.clerk)  # the one of its CLABE
    assert (loaded.nuevas, loaded.estado.saldo_final) == (4, 262_200)
    with pytest.raises(Refused, match="es de la cuenta 012180015123456787"):
        load_statement(world.bank, ("varias", data), world.clerk, elegida=f"{OTHER} MXN")


def test_an_account_that_cannot_be_read_does_not_keep_out_another(world: World) -> None:
    data = both(write_mt940).replace(b":61:2404030403C7", b":61:24043X0403C7")
    reading = read_all(data)
    assert [each.cuenta for each in reading.cuentas] == [CLABE]
    assert [(each.cuenta, each.problemas[0].codigo) for each in reading.danados] == [(OTHER, "mt940_danado")]
    assert load_statement(world.bank, ("varias", data), world.clerk).nuevas == 4
    spoilt = both(write_mt940).replace(b":61:2404300430D58", b":61:24043X0430D58")
    with pytest.raises(Refused):
        load_statement(world.bank, ("varias", spoilt), world.clerk)


def test_currencies_are_told_and_only_pesos_are_kept() -> None:
    reading = read_all(
        both(write_camt).replace(b'Ccy="MXN">7.00', b'Ccy="EUR">7.00').replace(b'"MXN">0.00', b'"EUR">0.00')
    )
    assert [(each.cuenta, each.problemas[0].codigo) for each in reading.danados] == [(CLABE, "moneda")]  # two in one
    assert [(each.clave, each.problemas[0].codigo) for each in reading.cuentas] == [(f"{OTHER} EUR", "moneda")]
    whole = read_all(write_camt(statement()).replace(b"MXN", b"EUR"))
    assert [(each.moneda, each.problemas[0].codigo) for each in whole.cuentas] == [("EUR", "moneda")]
    assert whole.as_dict("a.xml") == {
        "archivo": "a.xml",
        "formato": "camt",
        "cuentas": [
            {
                "cuenta": CLABE,
                "moneda": "EUR",
                "movimientos": 4,
                "saldo_inicial": "0.00",
                "saldo_final": "2622.00",
            }
        ],
        "problemas": [
            {
                "codigo": "moneda",
                "donde": f"cuenta {CLABE}",
                "mensaje": "La cuenta está en «EUR»; los libros se llevan en MXN.",
            }
        ],
    }


def test_the_dialect_of_asn_is_read_whole() -> None:
    reading = read_all(ASN.encode())
    (found,) = reading.cuentas
    assert (found.cuenta, found.moneda, found.desde, found.hasta) == (
        "NL81ASNB9999999999",
        "EUR",
        date(2020, 1, 1),
        date(2020, 1, 5),
    )
    assert [(each.monto.plain(), each.referencia) for each in found.lines] == [
        ("-65.00", "NL47INGB9999999999"),
        ("1000.00", "NL56ASNB9999999999"),
        ("-801.55", "NL08ABNA9999999999"),
        ("-1.65", ""),
    ]
    assert (found.saldo_inicial.plain(), found.saldo_final.plain()) == ("444.29", "576.09")
    assert [each.codigo for each in found.problemas] == ["moneda"]
    pesos = read(ASN.replace("EUR", "MXN").encode())
    assert pesos.lines[0].descripcion.startswith("NL47INGB9999999999 hr gjlm paulissen Betaling sieraden")


def test_a_gap_between_statements_of_one_account_is_told_at_the_second() -> None:
    data = ASN.replace("C200102EUR379,29", "C200102EUR400,00").encode()
    reading = read_all(data)
    assert [(each.saldo_inicial.plain(), each.saldo_final.plain()) for each in reading.cuentas] == [
        ("444.29", "379.29"),
        ("400.00", "400.00"),
        ("379.29", "576.09"),
    ]
    assert [(each.codigo, each.donde) for each in reading.problemas if each.codigo == "saldo"] == [
        ("saldo", "estado 2"),
        ("saldo", "estado 3"),
    ]


LATE = replace(statement(), hasta=date(2024, 4, 29))
MAY = statement((line(2, "100.00", "MAYO"),), 2, 3, "2622.00")


def test_a_day_outside_of_the_span_is_warned_and_counts_as_the_balances_say(world: World) -> None:
    data = write_ofx(LATE)
    (warned,) = read_all(data).avisos
    assert (warned.codigo, warned.donde) == ("fuera_de_fechas", "STMTTRN 4")
    loaded = load_statement(world.bank, ("a.ofx", data), world.clerk)
    assert [each.codigo for each in loaded.avisos] == ["fuera_de_fechas"]
    assert bank_balance(world.bank, date(2024, 4, 29)) == Money(262_200)
    assert LineaBancaria.objects.order_by("fecha").last().fecha == date(2024, 4, 30)  # type: ignore[union-attr]
    # the next statement begins where this one ended: what is dated after it is not counted twice
    following = replace(statement((line(30, "100.00", "OTRO", "", "K9"),), 30, 30, "2622.00"), desde=date(2024, 4, 30))
    assert load_statement(world.bank, ("b.ofx", write_ofx(following)), world.clerk).nuevas == 1
    assert bank_balance(world.bank, date(2024, 4, 30)) == Money(272_200)
    assert EstadoDeCuenta.objects.count() == 2


def test_the_reconciliation_counts_it_where_the_bank_does(world: World) -> None:
    early = replace(statement(APRIL, 1, 30), desde=date(2024, 4, 3))  # its first line is of the second
    load_statement(world.bank, ("a.camt", write_camt(early)), world.clerk)
    found = conciliacion(world.bank, date(2024, 4, 1))
    assert (found.saldo_banco, found.diferencia, found.saldo_previo) == (Money(262_200), Money(0), Money(0))
    assert [each.fecha.day for each in found.banco_no_libros] == [2, 10, 10, 30]


def book(rows: list[list[object]], *more: list[list[object]]) -> bytes:
    made = Workbook()
    for number, sheet in enumerate((rows, *more)):
        place = made.active if number == 0 else made.create_sheet(f"hoja {number}")
        for row in sheet:
            place.append(row)
        if number == 0 and len(rows) > 3:
            place.merge_cells("A1:C1")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def typed() -> list[list[object]]:
    """April as a workbook of a bank: a merged heading, days and numbers with their own types."""
    rows: list[list[object]] = [["Banco del Valle"], ["Cuenta", CLABE], [], list(CSV_HEAD)]
    balance = 0
    for each in APRIL:
        balance += each.monto.centavos
        out, into = (-each.monto.centavos / 100, None) if each.monto.centavos < 0 else (None, each.monto.centavos / 100)
        day = datetime(each.fecha.year, each.fecha.month, each.fecha.day)  # noqa: DTZ001 - a day
        rows.append([day, each.descripcion, each.referencia, out, into, balance / 100])
    return rows


def test_a_workbook_is_read_by_its_columns(world: World) -> None:
    data = book(typed())
    assert format_of(data) == "xlsx"
    mapa, titles, sample = propose_map(data)
    assert (titles, mapa.cargo, mapa.abono, sample[0][0]) == (list(CSV_HEAD), "Retiros", "Depósitos", "2024-04-02")
    expected = replace(statement(tuple(replace(each, id_banco="") for each in APRIL), 2, 30), cuenta="")
    for decimal in (".", ","):  # the mark is of texts: a number of the sheet is what it is
        for form in (mapa.formato_fecha, "%d/%m/%Y"):
            assert bare(read(data, replace(mapa, decimal=decimal, formato_fecha=form))) == expected
    loaded = load_statement(world.bank, ("abril.xlsx", data), world.clerk, mapa=mapa)
    assert (loaded.nuevas, loaded.estado.formato) == (4, "xlsx")
    rows = typed()
    assert bare(read(book([["Resumen"]], rows), mapa)) == expected  # its titles are in the second sheet
    rows[5][3] = "=A1"
    with pytest.raises(Refused) as refused:
        read(book(rows), mapa)
    assert (refused.value.problems[0].codigo, refused.value.problems[0].donde) == ("importe", "fila 6, Retiros")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04" + b"\0" * 60, "no_es_estado"),
        (book(typed())[:-700], "no_es_estado"),
        (book([["nada"]]), "sin_titulos"),
        (book([["a", "b", "c"], [1, 2, 3]]), "sin_titulos"),
    ],
)
def test_what_is_no_statement_in_a_workbook_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert refused.value.problems[0].codigo == code


def test_a_sheet_without_its_columns_names_its_row() -> None:
    with pytest.raises(Refused) as refused:
        read(book(typed()), ColumnMap(fecha="Fecha", monto="Importe"))
    assert refused.value.problems[0].donde == "fila 4"


def test_a_reading_crosses_from_its_process_whole() -> None:
    from sif.banks.reading import read_all as opened

    for data in (both(write_ofx), ASN.encode(), write_ofx(LATE), book(typed())):
        found = opened(data)
        assert isinstance(found, Reading)
        assert found == read_all(data)
