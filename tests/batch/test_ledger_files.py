"""A whole year comes in from a ledger of beancount or from SAT's XML, with its days, and its balanza is the same."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from books.test_openings import BANKS, CLABE, PAYABLE, RENT, net, years
from sif.batch.conta import keep_conta, pending_accounts, put_equivalences, read_conta, set_equivalences
from sif.batch.ledger_files import _texts, keep_ledger, read_ledger
from sif.batch.models import Lote, PolizaCargada
from sif.batch.selectors import bad_rows, counts_of
from sif.batch.services import Recibido, apply_lote
from sif.books.models import Poliza
from sif.catalogs.models import ActivoFijo, Articulo, Credito
from sif.commands.main import main
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.services import open_contabilidad, register_cuenta_bancaria
from sif.statements.export_plain import export
from sif.statements.sat.package import write_zip
from sif.statements.sat.sending import sending
from sif.values import Refused
from small_world import ZONE, World, world

__all__ = ["world", "years"]
Years = tuple[World, Contabilidad, Contabilidad]


@pytest.fixture
def empty(years: Years) -> Iterator[tuple[World, Contabilidad, Contabilidad]]:
    """The books of a whole year, and empty ones of the same year with the same records, while all is open."""
    world, old, _new = years
    with clock.at(datetime(2025, 12, 31, 20, tzinfo=ZONE)):
        fresh = open_contabilidad(old.etapa, world.party, Contabilidad.Clase.ORDINARIA)
        register_cuenta_bancaria(fresh, CLABE, "Banco", old.etapa.inicia_el)
        for model in (Articulo, ActivoFijo, Credito):
            for row in model.objects.filter(contabilidad=old):
                row.pk, row.contabilidad = None, fresh
                row.save(force_insert=True)
    yield world, old, fresh


def ledger(old: Contabilidad) -> bytes:
    return "".join(export(old, "beancount")).encode()


def bring(world: World, books: Contabilidad, data: bytes) -> Lote:
    lote = keep_ledger(books, ("libro.beancount", [data]), world.clerk).lote
    read_ledger(lote, world.clerk)
    return lote


def own(lote: Lote) -> list[tuple[int, str, str]]:
    return [(row.fila, each["columna"], each["codigo"]) for row in bad_rows(lote) for each in row.problemas]


def test_a_ledger_becomes_a_lot_with_its_days_accounts_and_auxiliaries(empty: Any) -> None:
    world, old, fresh = empty
    lote = bring(world, fresh, ledger(old))
    assert counts_of(lote).cosas == old.polizas.count()
    first = lote.filas.get(fila=1).celdas
    assert (first["fecha_operacion"], first["cuenta"], first["auxiliar_id"]) == ("2025-01-01", BANKS, CLABE)
    assert first["poliza_tmp"] == f"{old.pk}-1"
    assert {code for _row, _column, code in own(lote)} <= {"ventana"}  # only closed periods keep it


TEXT = """option "operating_currency" "MXN"
2025-01-01 open Assets:Banco:Uno MXN
  nombre: "Banco uno"
2025-12-28 * "Renta" "Renta de \\"diciembre\\""
  Expenses:Renta   100.00 MXN
    clave: "IPR150312Q47"
  Assets:Banco:Uno
    clave: "002180000000000009"
"""


def test_accounts_of_another_program_are_said_once_and_an_amount_left_out_is_the_rest(empty: Any) -> None:
    world, _old, fresh = empty
    with clock.at(datetime(2025, 12, 29, 12, tzinfo=ZONE)):
        lote = bring(world, fresh, TEXT.encode())
        asked = {each.externa: each.nombre for each in pending_accounts(lote)}
        assert asked == {"Expenses:Renta": "", "Assets:Banco:Uno": "Banco uno"}
        said = set_equivalences(lote, {"Expenses:Renta": RENT, "Assets:Banco:Uno": BANKS}, world.clerk)
        put_equivalences(lote, said, world.clerk)
        assert [row.celdas.get("concepto", "") for row in lote.filas.all()] == ["", ""]
        again = bring(world, fresh, TEXT.encode())
        assert again.pk == lote.pk
        more = bring(world, fresh, TEXT.replace("12-28", "12-27").encode())
        assert [row.celdas["cuenta"] for row in more.filas.order_by("fila")] == [RENT, BANKS]
        for place, key in ((1, "IPR150312Q47"), (2, CLABE)):
            assert more.filas.get(fila=place).celdas["auxiliar_id"] == key
        assert own(more) == []
        assert apply_lote(more, world.clerk).cosas == 1
    posted = Poliza.objects.get(contabilidad=fresh)
    assert (posted.concepto, posted.fecha_operacion.isoformat()) == ('Renta de "diciembre"', "2025-12-27")
    assert PolizaCargada.objects.get(poliza=posted).lote.origen == "diario"
    assert net(fresh) == {RENT: 10_000, BANKS: -10_000}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("  Assets:Banco 1.00 USD\n  Expenses:Renta\n", "línea 2"),
        ("  Assets:Banco 1.00 MXN @ 2.00 USD\n  Expenses:Renta\n", "línea 2"),
        ("  Assets:Banco 1.001 MXN\n  Expenses:Renta\n", "línea 2"),
        ("  Assets:Banco\n  Expenses:Renta\n", "línea 3"),
        ("  =1+1\n", "línea 2"),
        (f"  Assets:Banco {'9' * 5000} MXN\n", "línea 2"),
        ('  Assets:Banco 1.00 MXN\n  Expenses:Renta\n\ninclude "/etc/passwd"\n', "línea 5"),
        ("  Assets:Banco 1.00 MXN\n  Expenses:Renta\n\n2025-12-28 pad Assets:Banco Equity:X\n", "línea 5"),
    ],
)
def test_what_the_file_does_not_say_is_refused_at_its_line(empty: Any, body: str, place: str) -> None:
    world, _old, fresh = empty
    with pytest.raises(Refused) as refused:
        bring(world, fresh, f'2025-12-28 * "x"\n{body}'.encode())
    assert [each.donde for each in refused.value.problems] == [place]


def test_an_unbalanced_ledger_and_days_of_another_year_are_told_in_their_rows(empty: Any) -> None:
    world, _old, fresh = empty
    text = (
        f'2025-12-28 * "x"\n  Assets:{BANKS} 1.00 MXN\n    clave: "{CLABE}"\n  Equity:3-1-01-01-0000 -1.01 MXN\n\n'
        f'2024-12-28 * "y"\n  Assets:{BANKS} 1.00 MXN\n    clave: "{CLABE}"\n  Equity:3-1-01-01-0000\n'
    )
    with clock.at(datetime(2025, 12, 29, 12, tzinfo=ZONE)):
        lote = bring(world, fresh, text.encode())
        told = own(lote)
        assert {(row, code) for row, _column, code in told} >= {(2, "no_cuadra"), (3, "fecha_fuera")}, told
        with pytest.raises(Refused):
            apply_lote(lote, world.clerk)
    assert not fresh.polizas.exists()


def test_a_stranger_and_what_is_no_ledger_bring_nothing(empty: Any) -> None:
    world, old, fresh = empty
    with pytest.raises(PermissionError):
        keep_ledger(fresh, ("x", [ledger(old)]), world.stranger)
    for data in (b"cuenta,cargo\n1,2\n", b"<a/>", b"MZ", b""):
        with pytest.raises(Refused):
            keep_ledger(fresh, ("x", [data]), world.clerk)


def test_a_year_goes_out_and_comes_in_with_the_same_balanza(empty: Any) -> None:
    """Each account to the centavo, each póliza on its day."""
    world, old, fresh = empty
    days = sorted({row.fecha_operacion for row in old.polizas.all()})
    data = ledger(old)
    for day in days:  # what another program kept is brought in while its period is open
        with clock.at(datetime(day.year, day.month, day.day, 22, tzinfo=ZONE)):
            part = _only(data, day.isoformat())
            lote = bring(world, fresh, part)
            assert own(lote) == []
            apply_lote(lote, world.clerk)
    assert net(fresh) == net(old)
    assert [each.fecha_operacion for each in fresh.polizas.order_by("eslabon")] == [
        each.fecha_operacion for each in old.polizas.order_by("eslabon")
    ]


def _only(data: bytes, day: str) -> bytes:
    head, *entries = data.decode().split("\n\n")
    return "\n\n".join([head, *(each for each in entries if each.startswith(day))]).encode()


def test_the_xml_of_sat_of_a_month_comes_in_with_the_same_balanza(empty: Any) -> None:
    world, old, fresh = empty
    stream = io.BytesIO()
    write_zip(stream, sending([old], 2025, 6), "polizas")
    [name] = ZipFile(stream).namelist()
    with clock.at(datetime(2025, 6, 1, 22, tzinfo=ZONE)):
        got = keep_conta(fresh, (name, [ZipFile(stream).read(name)]), world.clerk)
        assert isinstance(got, Recibido)
        read_conta(got.lote, world.clerk)
        missing = {(column, code) for _row, column, code in own(got.lote)}
        assert missing <= {("auxiliar_id", "auxiliar")}
    assert {row.celdas["cuenta"] for row in got.lote.filas.all()} == {PAYABLE, BANKS}


def test_the_command_brings_a_year_in_once_with_its_accounts_said(
    empty: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, _old, fresh = empty
    file, said = tmp_path / "libro.beancount", tmp_path / "cuentas.csv"
    file.write_text(TEXT, encoding="utf-8")
    said.write_text(f"Expenses:Renta,{RENT}\nAssets:Banco:Uno,{BANKS}\n", encoding="utf-8")
    ask = ["libros", "traer", str(file), "--contabilidad", str(fresh.pk), "--usuario"]
    with clock.at(datetime(2025, 12, 29, 12, tzinfo=ZONE)):
        assert main([*ask, world.clerk.username, "--aplicar"]) == 1
        assert "falta decir qué cuenta de aquí es «Expenses:Renta»" in capsys.readouterr().out
        for _time in range(2):
            assert main([*ask, world.clerk.username, "--aplicar", "--cuentas", str(said)]) == 0
        assert "1 ya registradas" in capsys.readouterr().out
        assert main([*ask, world.stranger.username]) == 1
        assert main([*ask, "nadie"]) == 2
        assert main([*ask[:2], str(tmp_path / "no"), *ask[3:], world.clerk.username]) == 2
    assert net(fresh) == {RENT: 10_000, BANKS: -10_000} and fresh.polizas.count() == 1


@pytest.mark.parametrize(
    ("rest", "texts"),
    [
        (' "A-1" "Renta"', ["A-1", "Renta"]),
        (' "con \\"comillas\\"" ; nota', ['con "comillas"']),
        (' "cerrado" "sin cerrar', ["cerrado"]),
        (" " + '\\"' * 1_990, []),
        ("", []),
    ],
)
def test_the_texts_of_a_line_end_at_one_that_does_not_close(rest: str, texts: list[str]) -> None:
    assert _texts(rest) == texts
