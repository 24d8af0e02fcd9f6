"""Whole books as text: what beancount and hledger read of it adds up, account by account, to the centavo."""

import csv
import io
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from sif.books.selectors import balanza
from sif.books.services import Support, post_many, post_poliza
from sif.ledger import NewLine, reversal_of
from sif.registry.models import Contabilidad
from sif.statements.export_plain import FORMATS, export, name_of
from sif.values import Money
from small_world import BANKS, LEAFLETS, PAYABLE, World

PEERS = Path(__file__).resolve().parents[2] / ".venv-bench" / "bin" / "python"
SUMS = """
import collections, json, sys
from beancount import loader
entries, errors, _ = loader.load_file(sys.argv[1])
sums = collections.Counter()
for entry in entries:
    for posting in getattr(entry, "postings", ()):
        sums[posting.account] += int(posting.units.number * 100)
print(json.dumps({"sums": sums, "errors": [str(e) for e in errors],
                  "transactions": sum(hasattr(e, "postings") for e in entries)}))
"""


@pytest.fixture
def books(world: World) -> Contabilidad:
    """Books with what breaks writers: quotes, semicolons, brackets, line breaks, formulas, no lines, a reversal."""
    words = ('Volantes "rojos"; (1|2): \\ mil', "=cmd|' /C calc'!A0", "Uno\n  dos\t\ttres", "Ñandú — año 2024")
    post_many([(world.expense(f"{n}.03", concepto=text), Support()) for n, text in enumerate(words, 1)], world.clerk)
    post_poliza(world.expense(lineas=()), world.clerk)
    amount, own = Money.parse("1234567.89"), {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    paid = world.expense(
        subtipo="EG",
        fecha_operacion=date(2024, 4, 2),
        lineas=(
            NewLine(PAYABLE, cargo=amount, concepto="-Pago; «1»", **own),  # type: ignore[arg-type]
            NewLine(BANKS, abono=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
        ),
    )
    posted = post_poliza(paid, world.clerk)
    post_poliza(reversal_of(paid, posted.pk, posted.periodo_id, "normal", "Reversión"), world.clerk)
    post_poliza(paid, world.clerk)
    post_poliza(world.expense("9.99", contabilidad_id=world.other_books.pk), world.clerk)
    return world.books


def expected(books: Contabilidad) -> dict[str, int]:
    """By account, debits less credits in centavos."""
    return {row.cuenta: row.cargos.centavos - row.abonos.centavos for row in balanza(books.pk)}


def test_beancount_reads_the_same_sums(books: Contabilidad, tmp_path: Path) -> None:
    python = PEERS if PEERS.exists() else None
    if python is None:
        pytest.skip("no está instalado beancount (requirements/bench.txt)")
    ledger = tmp_path / "libros.beancount"
    ledger.write_text("".join(export(books, "beancount")), encoding="utf-8")
    said = subprocess.run([python, "-c", SUMS, ledger], check=True, capture_output=True, text=True).stdout
    read = json.loads(said)
    assert read["errors"] == [] and read["transactions"] == 8
    assert read["sums"] == {name_of(code): total for code, total in expected(books).items()}


def test_hledger_reads_the_same_sums(books: Contabilidad, tmp_path: Path) -> None:
    program = shutil.which("hledger")
    if program is None:
        pytest.skip("no está instalado hledger")
    journal = tmp_path / "libros.journal"
    journal.write_text("".join(export(books, "hledger")), encoding="utf-8")

    def ask(*words: str) -> list[list[str]]:
        run = subprocess.run([program, "-f", journal, *words], check=True, capture_output=True, text=True)
        return list(csv.reader(io.StringIO(run.stdout)))

    assert subprocess.run([program, "-f", journal, "check", "--strict"], check=False).returncode == 0
    rows = ask("balance", "--empty", "--flat", "--output-format=csv")[1:]
    sums = {name: Money.parse(amount.removesuffix(" MXN")).centavos for name, amount in rows if name != "Total:"}
    sums = {name: total for name, total in sums.items() if total}
    assert sums == {name_of(code): total for code, total in expected(books).items() if total}
    assert len({row[0] for row in ask("print", "--output-format=csv")[1:]}) >= 7


def test_csv_has_every_line_and_no_formula(books: Contabilidad) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(export(books, "csv")))))
    assert len(rows) == books.movimientos.count() == 14
    assert [row["asiento"] for row in rows[:4]] == ["1", "1", "2", "2"]
    sums: dict[str, int] = {}
    for row in rows:
        both = Money.parse(row["cargo"]).centavos - Money.parse(row["abono"]).centavos
        sums[row["cuenta"]] = sums.get(row["cuenta"], 0) + both
    assert sums == expected(books)
    assert rows[2]["descripcion"] == "'=cmd|' /C calc'!A0" and rows[8]["concepto"] == "'-Pago; «1»"
    assert rows[0]["nombre"] and rows[0]["poliza"].startswith("PN1/DR-1/ABR-2024; ID ")


def test_every_format_says_whose_books_these_are_and_nothing_of_others(books: Contabilidad, world: World) -> None:
    for formato in FORMATS:
        text = "".join(export(books, formato))
        assert str(books.pk) in text
        assert str(world.other_books.pk) not in text and "9.99" not in text
        assert LEAFLETS in text


def test_books_with_no_entry_are_written_too(world: World) -> None:
    for formato in FORMATS:
        assert "".join(export(world.foreign, formato))
