"""A row altered, taken out or put in by who lifts the guards of the database is named, in every table of records."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from sif.books.services import NewPago, Support, attach_evidencia, post_poliza, store_file
from sif.books.services.almacen import almacen
from sif.filing.verifying import SETTINGS, Files, keys_of_records, leaves_question, verify_files, verify_rows
from sif.registry.protection import digest_of_row, record
from sif.values import Money


def _conninfo() -> str:
    import psycopg

    params = connections["owner"].get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo(**{k: params[k] for k in names if params.get(k)})


@pytest.fixture
def books(committed: Any) -> Iterator[Any]:
    paid = Support(pagos=(NewPago(None, "transferencia", committed.expense("5").fecha_operacion, Money(500)),))
    committed.posted = [
        post_poliza(committed.expense("5"), committed.clerk, support=paid),
        post_poliza(committed.expense("7"), committed.clerk),
        post_poliza(committed.expense("9"), committed.clerk),
    ]
    committed.file = store_file(b"%PDF-1.4 prueba")
    attach_evidencia(committed.posted[0], "otra", "a.pdf", committed.file, committed.clerk)
    yield committed


def _tamper(table: str, order: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(order)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connections["owner"].close()


def _named() -> set[tuple[str, str]]:
    return {(one.tabla, one.id) for one in verify_rows(_conninfo())[1]}


def test_books_that_nobody_touched_are_whole(books: Any) -> None:
    count, altered = verify_rows(_conninfo())
    assert altered == []
    assert count >= 5
    assert verify_files(_conninfo()) == Files(1, len(b"%PDF-1.4 prueba"), [])


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("books_poliza", "concepto = 'otro'"),
        ("books_poliza", "total = total + 1"),
        ("books_poliza", "registrada_el = registrada_el + interval '1 second'"),
        ("books_movimiento", "concepto = 'otro'"),
        ("books_movimiento", "auxiliar_tipo = 'x', auxiliar_id = 9"),
        ("books_pago", "monto = monto + 1"),
    ],
)
def test_a_change_inside_a_poliza_is_named(books: Any, table: str, change: str) -> None:
    first = books.posted[0]
    column = "id" if table == "books_poliza" else "poliza_id"
    _tamper(table, f"UPDATE {table} SET {change} WHERE {column} = {first.pk}")
    assert ("books_poliza", str(first.pk)) in _named()


def test_support_taken_out_or_put_in_is_named(books: Any) -> None:
    first, second, _ = books.posted
    _tamper("books_pago", f"DELETE FROM books_pago WHERE poliza_id = {first.pk}")
    _tamper(
        "books_pago",
        "INSERT INTO books_pago (poliza_id, contabilidad_id, medio, fecha, monto)"
        f" VALUES ({second.pk}, {second.contabilidad_id}, 'efectivo', '2024-04-10', 1)",
    )
    assert {("books_poliza", str(first.pk)), ("books_poliza", str(second.pk))} <= _named()


def _exchange(first: int, second: int) -> None:
    """Give each of two lines the number of the other, as an act that cites them would see."""
    _tamper(
        "books_movimiento",
        f"UPDATE books_movimiento SET id = -1 WHERE id = {first};"
        f" UPDATE books_movimiento SET id = {first} WHERE id = {second};"
        f" UPDATE books_movimiento SET id = {second} WHERE id = -1",
    )


def _lines(poliza: Any) -> list[int]:
    return list(poliza.movimientos.order_by("linea").values_list("pk", flat=True))


def test_lines_of_a_poliza_exchanged_are_named(books: Any) -> None:
    first, second, _ = books.posted
    _exchange(*_lines(first)[:2])
    assert _named() == {("books_poliza", str(first.pk))}
    _exchange(*_lines(first)[:2])
    assert _named() == set()
    _exchange(_lines(first)[-1], _lines(second)[0])
    assert _named() == {("books_poliza", str(first.pk)), ("books_poliza", str(second.pk))}


def test_polizas_of_before_are_held_to_a_leaf_of_their_lines(books: Any) -> None:
    before = digest_of_row("'books_poliza'", "'books_poliza'::regclass", "to_jsonb(p.*)")
    _tamper(
        "registry_hoja",
        "SET timezone = 'UTC'; INSERT INTO registry_hoja (tabla, fila, huella) SELECT 'books_poliza/lineas', fila,"
        " huella FROM registry_hoja WHERE tabla = 'books_poliza'; UPDATE registry_hoja h SET huella = "
        f"{before} FROM books_poliza p WHERE h.tabla = 'books_poliza' AND h.fila = p.id::text; RESET timezone",
    )
    assert _named() == set()
    first, second, _ = books.posted
    _exchange(*_lines(first)[:2])
    _tamper("books_poliza", f"UPDATE books_poliza SET concepto = 'otro' WHERE id = {second.pk}")
    assert _named() == {("books_poliza", str(first.pk)), ("books_poliza", str(second.pk))}


def test_evidence_changed_or_gone_is_named(books: Any) -> None:
    piece = books.posted[0].evidencias.get()
    _tamper("books_evidencia", f"UPDATE books_evidencia SET clase_id = 'contrato' WHERE id = {piece.pk}")
    assert _named() == {("books_evidencia", str(piece.pk))}
    _tamper("books_evidencia", f"DELETE FROM books_evidencia WHERE id = {piece.pk}")
    assert _named() == {("books_evidencia", str(piece.pk))}


def test_a_guard_switched_off_is_named(books: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE books_pago DISABLE TRIGGER books_pago_inmutable")
    found = _named()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE books_pago ENABLE TRIGGER books_pago_inmutable")
    connections["owner"].close()
    assert found == {("books_pago", "books_pago_inmutable")}


def test_a_file_that_changed_is_named_and_healed_by_its_own_bytes(books: Any) -> None:
    path = almacen().path_of(books.file.sha256)  # type: ignore[attr-defined]
    path.write_bytes(b"otra cosa")
    assert [(one.id, one.que) for one in verify_files(_conninfo()).alterados] == [
        (books.file.sha256, "los bytes del archivo cambiaron")
    ]
    store_file(b"%PDF-1.4 prueba")
    assert verify_files(_conninfo()).alterados == []
    path.unlink()
    assert [one.que for one in verify_files(_conninfo()).alterados] == ["falta el archivo"]


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(("table", "key"), sorted(keys_of_records().items()))
def test_every_table_of_records_names_what_was_altered_missing_or_added(table: str, key: str) -> None:
    """A row of nulls and defaults in a copy of each table, by its own columns, under the same question."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE prueba_copia (LIKE {table})")
        cursor.execute(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute a"
            " WHERE a.attrelid = 'prueba_copia'::regclass AND a.attnum > 0 ORDER BY a.attnum"
        )
        columns = cursor.fetchall()
        for name, _, _ in columns:
            cursor.execute(f'ALTER TABLE prueba_copia ALTER "{name}" DROP NOT NULL')
        cursor.execute(record("prueba_copia", key=key))
        for value in ("1", "2", "3"):
            cursor.execute(f"INSERT INTO prueba_copia ({key}) VALUES ('{value}')")
        cursor.execute("ALTER TABLE prueba_copia DISABLE TRIGGER USER")
        other = next(name for name, kind, _ in columns if name != key and ("char" in kind or "int" in kind))
        cursor.execute(f"UPDATE prueba_copia SET \"{other}\" = '7' WHERE {key}::text = '1'")
        cursor.execute(f"DELETE FROM prueba_copia WHERE {key}::text = '2'")
        cursor.execute(f"INSERT INTO prueba_copia ({key}) VALUES ('4')")
        cursor.execute(SETTINGS)
        cursor.execute(leaves_question("prueba_copia", key))
        found = dict(cursor.fetchall())
        cursor.execute(
            "RESET search_path; RESET timezone; RESET bytea_output; RESET row_security; RESET work_mem; RESET jit"
        )
    assert found == {"1": "alterado", "2": "falta", "4": "agregado"}
