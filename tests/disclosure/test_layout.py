"""The public file against the real one of the federal campaign of 2021: 2,203 rows read and written back."""

import io
from dataclasses import replace

import pytest

from public_data import public
from sif.disclosure.layout import ExpenseRow, LayoutRefused, columns, read_expenses, write_expenses
from sif.values import Money

NAME = "PEFO_20-21_CAMPAÑA_G_RUBRO_210622.csv"
HEADS = {
    "FINANCIEROS": "540,524.30",
    "OPERATIVOS DE LA CAMPAÑA": "393,223,064.58",
    "PRODUCCIÓN DE LOS MENSAJES PARA RADIO Y T.V.": "17,764,014.67",
    "PROPAGANDA": "225,315,424.65",
    "PROPAGANDA EN DIARIOS, REVISTAS Y OTROS MEDIOS IMPRESOS": "5,016,952.82",
    "PROPAGANDA EN VÍA PÚBLICA": "102,159,075.87",
    "PROPAGANDA EXHIBIDA EN PÁGINAS DE INTERNET": "103,602,585.29",
    "PROPAGANDA EXHIBIDA EN SALAS DE CINE": "0.00",
    "PROPAGANDA UTILITARIA": "433,635,483.50",
    "DIFERENCIA POR PRORRATEO": "238.82",
}


def _text() -> str:
    return public("ine", "portal-2021", NAME).read_bytes().decode("latin-1")


def _rows() -> list[ExpenseRow]:
    return list(read_expenses(_text(), "mx"))


def test_the_layout_has_the_26_columns_of_the_open_data() -> None:
    assert len(columns("mx")) == 26
    assert columns("mx")[0].titulo == "PROCESO"
    assert columns("mx")[-1].titulo == "TOTAL GASTOS"


def test_the_real_file_is_written_back_line_by_line() -> None:
    text = _text()
    written = io.StringIO()
    write_expenses(written, read_expenses(text, "mx"), "mx")
    assert written.getvalue().splitlines() == text.splitlines()


def test_a_text_that_a_spreadsheet_would_run_is_quoted_and_read_as_it_was_said() -> None:
    said = [replace(row, nombre='=HYPERLINK("http://x")', siglas="-1+1") for row in _rows()[:1]]
    written = io.StringIO()
    write_expenses(written, said, "mx")
    assert '"\'=HYPERLINK(""http://x"")"' in written.getvalue() and ",'-1+1," in written.getvalue()
    assert list(read_expenses(written.getvalue(), "mx")) == said


def test_headings_and_difference_add_up_to_the_total_in_every_real_row() -> None:
    rows = _rows()
    assert len(rows) == 2203
    assert all(row.balances for row in rows)


def test_the_real_totals_are_reproduced() -> None:
    rows = _rows()
    assert str(Money(sum(row.total.centavos for row in rows))) == "1,281,257,364.50"
    assert str(Money(sum(row.tope.centavos for row in rows if row.tope))) == "3,630,960,367.00"
    for head, total in HEADS.items():
        assert str(Money(sum(row.rubros[head].centavos for row in rows if head in row.rubros))) == total, head


def test_the_real_counts_are_reproduced() -> None:
    rows = _rows()
    kinds = [row.tipo_asociacion for row in rows]
    assert [kinds.count(kind) for kind in ("C", "COA", "CI")] == [1797, 403, 3]
    assert sum(row.cancelada_el is not None for row in rows) == 4
    assert sum(row.tope is not None and row.total > row.tope for row in rows) == 0
    assert str(max(row.total for row in rows)) == "1,647,160.92"


def test_a_cell_that_is_not_what_its_column_says_is_named() -> None:
    header = ",".join(f'"{column.titulo}"' for column in columns("mx"))
    cells = ["P", "FEDERAL", "", "", "", "C", "", "", "", "01/02/2021", "31/02/2021", *[""] * 15]
    with pytest.raises(LayoutRefused, match=r"Renglón 2, columna FECHA FIN PROCESO: «31/02/2021»"):
        list(read_expenses(f"{header}\r\n{','.join(cells)}\r\n", "mx"))
    with pytest.raises(LayoutRefused, match="3 columnas"):
        list(read_expenses("A,B,C\r\n", "mx"))


def test_a_row_with_a_cell_too_few_or_too_many_is_named() -> None:
    header = ",".join(f'"{column.titulo}"' for column in columns("mx"))
    for count in (25, 27):
        with pytest.raises(LayoutRefused, match=f"Renglón 2: trae {count} celdas de 26"):
            list(read_expenses(f"{header}\r\n{',' * (count - 1)}\r\n", "mx"))
