"""A row altered, taken out or put in by who lifts the guards of the database is named, in every table of records."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from books.invoices import writer
from sif.books import invoices
from sif.books.models import Comprobante
from sif.books.services import (
    NewAccount,
    NewAportacion,
    NewPago,
    NewTransfer,
    Support,
    add_account,
    attach_evidencia,
    load_catalogs,
    post_poliza,
    receive_cfdi,
    store_file,
    transfer,
)
from sif.books.services.file_store import almacen
from sif.catalogs.services import NewPersona, save_persona
from sif.cfdi.write import Sealer
from sif.filing import quick, verifying
from sif.filing.quick import rows_question
from sif.filing.verifying import SETTINGS, Files, keys_of_records, leaves_question, verify_files, verify_rows
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.plain import columns_of
from sif.registry.protection import digest_of_row, record
from sif.registry.services import appoint, create_usuario
from sif.registry.tables import IN_THEIR_POLIZA
from sif.values import Money
from small_world import BANKS, GIFT


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


@pytest.mark.parametrize("with_lines", [True, False])
def test_the_last_poliza_gone_is_named_and_so_are_the_lines_that_it_left(books: Any, with_lines: bool) -> None:
    """Nothing follows the last link of its books: only its leaf says that it was there."""
    last = books.posted[-1]
    lines = {("books_movimiento", str(line.pk), "su póliza no está") for line in last.movimientos.all()}
    with psycopg.connect(psycopg.conninfo.make_conninfo(_conninfo(), user="postgres")) as database:
        database.execute("SET session_replication_role = replica")  # as who puts aside the keys of a copy
        if with_lines:
            database.execute("DELETE FROM books_movimiento WHERE poliza_id = %s", [last.pk])
        database.execute("DELETE FROM books_poliza WHERE id = %s", [last.pk])
    gone = {("books_poliza", str(last.pk), "falta")}
    try:
        assert {(one.tabla, one.id, one.que) for one in verify_rows(_conninfo())[1]} == gone | (
            set() if with_lines else lines
        )
    finally:
        _tamper("books_movimiento", f"DELETE FROM books_movimiento WHERE poliza_id = {last.pk}")


@pytest.mark.parametrize("row", ["999998", "0", "-3", "007", "x", "\u00f1"])
def test_a_leaf_of_no_poliza_is_named_wherever_its_number_would_be(books: Any, row: str) -> None:
    """Ranges of pólizas reach from the first to the last: it is within one, before all, after all, or no number."""
    within = str(books.posted[0].pk)[:-1] + "a"
    _tamper(
        "registry_hoja",
        "INSERT INTO registry_hoja (tabla, fila, huella)"
        f" SELECT 'books_poliza', v, sha256('') FROM (VALUES ('{row}'), ('{within}')) t (v)",
    )
    try:
        assert _named() == {("books_poliza", row), ("books_poliza", within)}
    finally:
        _tamper("registry_hoja", f"DELETE FROM registry_hoja WHERE fila IN ('{row}', '{within}')")


@pytest.mark.parametrize("number", [-5, 2**63 - 1])
def test_a_poliza_put_far_from_the_others_is_named_by_a_few_questions(books: Any, number: int) -> None:
    """Ranges up to a number of no sequence would have no end."""
    last = books.posted[-1]
    with psycopg.connect(psycopg.conninfo.make_conninfo(_conninfo(), user="postgres")) as database:
        database.execute("SET session_replication_role = replica")  # as who puts aside the keys of a copy
        database.execute("UPDATE books_poliza SET id = %s WHERE id = %s", [number, last.pk])
    try:
        named = {(one.tabla, one.id, one.que) for one in verify_rows(_conninfo())[1]}
    finally:
        with psycopg.connect(psycopg.conninfo.make_conninfo(_conninfo(), user="postgres")) as database:
            database.execute("SET session_replication_role = replica")
            database.execute("UPDATE books_poliza SET id = %s WHERE id = %s", [last.pk, number])
    assert {("books_poliza", str(number), "agregado"), ("books_poliza", str(last.pk), "falta")} <= named


def _exchange(first: int, second: int, table: str = "books_movimiento") -> None:
    """Give each of two rows the number of the other, as an act that cites them would see."""
    _tamper(
        table,
        f"UPDATE {table} SET id = -1 WHERE id = {first};"
        f" UPDATE {table} SET id = {first} WHERE id = {second};"
        f" UPDATE {table} SET id = {second} WHERE id = -1",
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


@pytest.fixture
def supported(committed: Any) -> Any:
    """Three pólizas, each with a row of every kind of support."""
    world, day, amount = committed, committed.expense().fecha_operacion, Money(500)
    lines = (
        NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
        NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=world.donor.pk),
    )
    world.posted = []
    for n in range(3):
        invoice = Comprobante.objects.create(
            uuid=f"u{n}", fecha=clock.now(), subtotal=1, total=1, moneda="MXN", sello="x", xml_sha256="x"
        )
        own = Support(
            comprobantes=((invoice.pk, Money(1)),),
            pagos=(NewPago(None, "transferencia", day, amount),) * 2,
            aportaciones=(NewAportacion(world.donor.pk, "militante", "transferencia", day, f"R-{n}", amount),),
        )
        world.posted.append(post_poliza(world.expense(subtipo="IG", lineas=lines), world.clerk, support=own))
    transfer(NewTransfer(world.books.pk, world.other_books.pk, amount, "efectivo", day), world.clerk)
    return world


def _of_before(*, lines: bool) -> None:
    """Leave the leaves of pólizas as they were before they had the numbers of support, or of lines either."""
    whole, kept = "jsonb_build_object('lineas', (SELECT jsonb_agg(m.id ORDER BY m.linea) FROM books_movimiento m", ""
    numbered = f"to_jsonb(p.*) || {whole} WHERE m.poliza_id = p.id))"
    had = digest_of_row("'books_poliza'", "'books_poliza'::regclass", numbered if lines else "to_jsonb(p.*)")
    with_lines = digest_of_row("'books_poliza'", "'books_poliza'::regclass", numbered)
    if not lines:
        kept = (
            "INSERT INTO registry_hoja (tabla, fila, huella) SELECT 'books_poliza/lineas', p.id::text,"
            f" {with_lines} FROM books_poliza p;"
        )
    _tamper(
        "registry_hoja",
        "SET timezone = 'UTC'; INSERT INTO registry_hoja (tabla, fila, huella) SELECT 'books_poliza/soporte', h.fila,"
        " h.huella FROM registry_hoja h WHERE h.tabla = 'books_poliza' AND EXISTS (SELECT FROM books_pago g"
        f" WHERE g.poliza_id::text = h.fila) OR h.tabla = 'books_poliza' AND EXISTS (SELECT FROM"
        f" books_ladotransferencia g WHERE g.poliza_id::text = h.fila); {kept} UPDATE registry_hoja h SET huella ="
        f" {had} FROM books_poliza p WHERE h.tabla = 'books_poliza' AND h.fila = p.id::text; RESET timezone",
    )


SUPPORT = sorted(IN_THEIR_POLIZA - {"books_movimiento"})


@pytest.mark.parametrize("before", ["", "of lines", "of support"])
@pytest.mark.parametrize("table", SUPPORT)
def test_support_of_two_polizas_exchanged_is_named(supported: Any, table: str, before: str) -> None:
    if before:
        _of_before(lines=before == "of support")
    assert _named() == set()
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT min(id), poliza_id FROM {table} GROUP BY poliza_id ORDER BY 2 LIMIT 2")
        (first, one), (second, other) = cursor.fetchall()
    _exchange(first, second, table)
    assert _named() == {("books_poliza", str(one)), ("books_poliza", str(other))}
    _exchange(first, second, table)
    assert _named() == set()


def test_whole_polizas_are_borne_out_by_the_quick_question_alone(
    supported: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever hangs from them: the one that judges them one by one, which would fail here, is not asked."""
    monkeypatch.setattr(verifying, "POLIZAS", "SELECT 1 / 0")
    assert verify_rows(_conninfo())[1] == []
    _tamper("books_pago", f"UPDATE books_pago SET monto = monto + 1 WHERE poliza_id = {supported.posted[0].pk}")
    with pytest.raises(psycopg.errors.DivisionByZero):
        verify_rows(_conninfo())


@pytest.mark.parametrize("step", [1, 2, 3, 20_000])
@pytest.mark.parametrize("change", ["concepto = 'otro'", "huella = sha256('otra')", "huella_anterior = sha256('otra')"])
def test_a_change_at_the_border_of_two_ranges_is_named_once(
    books: Any, monkeypatch: pytest.MonkeyPatch, change: str, step: int
) -> None:
    """Of a póliza in the middle of its chain, wherever its range begins: itself, and what no longer follows it."""
    _, second, third = books.posted
    _tamper("books_poliza", f"UPDATE books_poliza SET {change} WHERE id = {second.pk}")
    monkeypatch.setattr(quick, "STEP", step)
    wanted = [("alterado", second), ("su contenido no es el de su huella", second)]
    if "huella_" in change:
        wanted[1] = ("no sigue al eslabón anterior", second)
    if "huella =" in change:
        wanted.append(("no sigue al eslabón anterior", third))
    asked = verify_rows(_conninfo())[1]
    assert [(one.que, one.id) for one in asked] == [(what, str(poliza.pk)) for what, poliza in wanted]


def test_support_that_takes_a_number_of_nobody_is_named(supported: Any) -> None:
    first = supported.posted[0]
    _tamper("books_aportacion", f"UPDATE books_aportacion SET id = -7 WHERE poliza_id = {first.pk}")
    assert _named() == {("books_poliza", str(first.pk))}


@pytest.mark.parametrize("lines", [False, True])
def test_polizas_of_before_are_held_to_a_leaf_of_their_lines(books: Any, *, lines: bool) -> None:
    _of_before(lines=lines)
    assert _named() == set()
    first, second, _ = books.posted
    _exchange(*_lines(first)[:2])
    _tamper("books_poliza", f"UPDATE books_poliza SET concepto = 'otro' WHERE id = {second.pk}")
    assert _named() == {("books_poliza", str(first.pk)), ("books_poliza", str(second.pk))}


LAW = {
    "books_cuenta": ("codigo = '5-5-01-03-0000'", "es_gasto = NOT es_gasto"),
    "books_claseevidencia": ("clave = 'contrato'", "nombre = 'Otra'"),
    "books_cuentaevidencia": ("cuenta_id = '5-5-01-03-0000' AND clase_id = 'muestra'", "obligatoria = NOT obligatoria"),
}


@pytest.mark.parametrize("table", LAW)
def test_the_chart_is_held_to_the_data_of_the_law(books: Any, table: str) -> None:
    which, change = LAW[table]
    _tamper(table, f"UPDATE {table} SET {change} WHERE {which}")
    [(found, row)] = _named()
    assert (found == table and row in which) or table == "books_cuentaevidencia"
    _tamper(
        table,
        f"UPDATE {table} SET {change.replace(chr(39) + 'Otra' + chr(39), chr(39) + 'Contrato' + chr(39))}"
        f" WHERE {which}",
    )


def test_an_account_asked_for_less_or_for_more_is_named(books: Any) -> None:
    _tamper("books_cuentaevidencia", "DELETE FROM books_cuentaevidencia WHERE cuenta_id = '5-5-01-03-0000'")
    _tamper(
        "books_cuenta",
        "INSERT INTO books_cuenta (codigo, nombre, naturaleza, rubro, es_gasto, es_ingreso, es_por_cobrar,"
        " es_por_pagar, auxiliar, oficial, capturable, base) SELECT '5-5-01-03-0099', nombre, naturaleza, rubro,"
        " es_gasto, es_ingreso, es_por_cobrar, es_por_pagar, auxiliar, oficial, capturable, '' FROM books_cuenta"
        " LIMIT 1",
    )
    named = _named()
    assert ("books_cuenta", "5-5-01-03-0099") in named
    assert {table for table, row in named if row.startswith("5-5-01-03-0000 ")} == {"books_cuentaevidencia"}


def test_an_account_that_a_process_added_is_held_to_its_leaf(committed: Any) -> None:
    administrator = create_usuario("admin-cuentas", "Irene Salas", "una-clave-de-prueba")
    appoint(administrator, "administrador")
    code = "5-5-01-09-0000"
    add_account(NewAccount(committed.etapa.proceso, code, "Cubrebocas con emblema", "CG/17/2024"), administrator)
    load_catalogs("mx")
    assert _named() == set()
    _tamper("books_cuenta", f"UPDATE books_cuenta SET es_gasto = false WHERE codigo = '{code}'")
    assert _named() == {("books_cuenta", code)}
    _tamper("books_cuenta", f"UPDATE books_cuenta SET es_gasto = true, proceso_id = NULL WHERE codigo = '{code}'")
    assert {row for table, row in _named() if table == "books_cuenta"} == {code}
    _tamper(
        "books_cuenta", f"UPDATE books_cuenta SET proceso_id = {committed.etapa.proceso_id} WHERE codigo = '{code}'"
    )
    _tamper("books_cuentaevidencia", f"DELETE FROM books_cuentaevidencia WHERE cuenta_id = '{code}'")
    assert {table for table, _ in _named()} == {"books_cuentaevidencia"}


def test_who_reaches_a_person_is_held_to_their_relation(committed: Any) -> None:
    own = NewPersona(committed.party.pk, "Quien Trabaja", "empleo", committed.expense().fecha_operacion)
    person = save_persona(own, committed.clerk).persona
    assert _named() == set()
    where = f"identidad = {person.identidad} AND sujeto_id ="
    _tamper(
        "registry_alcancepersona",
        f"UPDATE registry_alcancepersona SET sujeto_id = {committed.rival.pk} WHERE {where} {committed.party.pk}",
    )
    assert _named() == {
        ("registry_alcancepersona", f"{person.identidad} {each.pk}") for each in (committed.party, committed.rival)
    }


def test_what_an_invoice_says_is_held_to_its_leaf(
    committed: Any, mint: tuple[Sealer, Sealer, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoices, "_authorities", lambda _folder: tuple(each.der for each in mint[2].authorities))
    received = receive_cfdi(writer(committed, mint)(), "f.xml", committed.books, committed.clerk)
    assert received.comprobante is not None and _named() == set()
    leaf, line = received.comprobante.hojas_ine.get(), received.comprobante.conceptos.get()
    _tamper("books_hojaine", f"UPDATE books_hojaine SET id_contabilidad = 7 WHERE id = {leaf.pk}")
    _tamper("books_conceptocomprobante", f"DELETE FROM books_conceptocomprobante WHERE id = {line.pk}")
    assert _named() == {("books_hojaine", str(leaf.pk)), ("books_conceptocomprobante", str(line.pk))}


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
            if name != key:
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
        quick = rows_question("prueba_copia", key, columns_of(connections["owner"].connection)["prueba_copia"])
        if quick is not None:
            cursor.execute(quick)
            assert cursor.fetchone() == (3,)
        cursor.execute(
            "RESET search_path; RESET timezone; RESET bytea_output; RESET row_security; RESET work_mem; RESET jit;"
            " RESET enable_memoize"
        )
    assert found == {"1": "alterado", "2": "falta", "4": "agregado"}
