"""What the database itself refuses, whatever the code does: changing posted books, unbalanced ones, other people's."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from sif.books.models import Poliza
from sif.books.services import (
    NewAportacion,
    NewEvidencia,
    NewPago,
    NewTransfer,
    Support,
    attach_evidencia,
    post_poliza,
    save_borrador,
    store_file,
    transfer,
    void_evidencia,
)
from sif.books.services.registros import NewContrato, sign_contrato
from sif.ledger import NewLine
from sif.registry.scope import only, set_scope
from sif.registry.selectors import scope_of_user
from sif.values import Money
from small_world import BANKS, GIFT, World

IMMUTABLE = [
    "books_poliza",
    "books_movimiento",
    "books_evidencia",
    "books_evidenciasinefecto",
    "books_usocomprobante",
    "books_pago",
    "books_aportacion",
    "books_ladotransferencia",
    "books_archivo",
]
WALLED = [*IMMUTABLE[:3], *IMMUTABLE[4:8], "books_contrato", "books_borrador"]


@pytest.fixture
def full(world: World) -> Poliza:
    """Books with a row in every table that the database guards."""
    day, amount = date(2024, 4, 10), Money.parse("100.00")
    archivo = store_file(b"%PDF-1.7 recibo")
    lines = (
        NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
        NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=world.donor.pk),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO books_comprobante (uuid, version, tipo, emisor_rfc, emisor_nombre, receptor_rfc, fecha,"
            " subtotal, total, moneda, forma_pago, sello, xml_sha256, pdf_sha256, complementos) VALUES"
            " ('U', '4.0', 'I', 'A', '', 'B', now(), 1, 1, 'MXN', '', 'valido', '', '', '[]') RETURNING id"
        )
        (invoice,) = cursor.fetchone()
    posted = post_poliza(
        world.expense(subtipo="IG", lineas=lines),
        world.clerk,
        support=Support(
            comprobantes=((invoice, Money(1)),),
            pagos=(NewPago(world.supplier.pk, "cheque", day, amount),),
            aportaciones=(NewAportacion(world.donor.pk, "simpatizante", "transferencia", day, "RSEF-1", amount),),
            evidencias=(NewEvidencia("recibo_aportacion", "r.pdf", archivo.pk),),
        ),
    )
    void_evidencia(attach_evidencia(posted, "otra", "x.pdf", archivo, world.clerk), "Era de otra.", world.clerk)
    transfer(NewTransfer(world.books.pk, world.other_books.pk, amount, "efectivo", day), world.clerk)
    sign_contrato(world.books, NewContrato(world.supplier.pk, "Volantes", day, amount), world.clerk)
    save_borrador(world.books, {"concepto": "x"}, world.clerk)
    return posted


def counted(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", IMMUTABLE)
def test_what_is_posted_is_neither_changed_nor_erased(full: Poliza, table: str) -> None:
    assert counted(table) > 0
    key = "sha256" if table == "books_archivo" else "id"
    for order in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(order)
    assert counted(table) > 0


@pytest.mark.parametrize("table", IMMUTABLE)
def test_the_trigger_refuses_even_who_may_truncate(full: Poliza, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(tgtype::text, ',') FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgfoid = 'sif_refuse_record'::regproc AND tgenabled = 'O'",
            [table],
        )
        kinds = {int(kind) for kind in cursor.fetchone()[0].split(",")}
    row_update_delete, statement_truncate = 1 | 2 | 8 | 16, 2 | 32
    assert kinds == {row_update_delete, statement_truncate}


@pytest.mark.parametrize("table", WALLED)
def test_another_party_sees_nothing_even_in_raw_sql(full: Poliza, world: World, table: str) -> None:
    with only([world.foreign.pk]):
        assert counted(table) == 0
    set_scope("")
    assert counted(table) == 0
    set_scope(scope_of_user(world.clerk))
    assert counted(table) > 0
    set_scope(scope_of_user(world.auditor))
    assert counted(table) > 0


def test_another_party_writes_nothing_even_in_raw_sql(full: Poliza, world: World) -> None:
    set_scope(scope_of_user(world.stranger))
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO books_pago (poliza_id, contabilidad_id, medio, fecha, monto)"
            " VALUES (%s, %s, 'cheque', now(), 1)",
            [full.pk, world.books.pk],
        )
    set_scope("todo")


def next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('books_poliza', 'id'))")
        return int(cursor.fetchone()[0])


def write_lines(number: int, contabilidad: int, lines: list[tuple[int, int]], first: int = 1) -> None:
    values = ", ".join(
        f"({number}, {contabilidad}, {place}, '{BANKS}', '', {cargo}, {abono}, '')"
        for place, (cargo, abono) in enumerate(lines, first)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO books_movimiento (poliza_id, contabilidad_id, linea, cuenta_id, concepto, cargo, abono,"
            f" auxiliar_tipo) VALUES {values}"
        )


def write_headers(world: World, rows: list[tuple[int, int]], eslabon: int = 1) -> None:
    """Headers of these numbers and totals, each linked to the one before by a digest of one byte."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO books_poliza (id, contabilidad_id, periodo_id, tipo, subtipo, numero, clase, fecha_operacion,"
            " registrada_el, registrada_por_id, concepto, total, eslabon, huella_anterior, huella) VALUES "
            + ", ".join(
                f"({number}, {world.books.pk}, {world.periods[0].pk}, 'normal', 'DR', {place + 1}, 'ordinaria',"
                f" '2024-04-10', now(), {world.clerk.pk}, 'x', {total}, {place},"
                f" {before(place)}, '\\x{place:02x}')"
                for place, (number, total) in enumerate(rows, eslabon)
            )
        )


def before(place: int) -> str:
    return "NULL" if place <= 1 else f"'\\x{place - 1:02x}'"


def test_raw_sql_that_is_whole_is_taken(world: World) -> None:
    numbers = [next_number() for _ in range(3)]
    for number in numbers:
        write_lines(number, world.books.pk, [(10, 0), (0, 10)])
    write_headers(world, [(number, 10) for number in numbers])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit does
    assert Poliza.objects.filter(pk__in=numbers).count() == 3


@pytest.mark.parametrize(
    ("lines", "total", "says"),
    [
        ([(10, 0), (0, 9)], 10, "no cuadra"),
        ([(10, 0), (0, 10)], 11, "no cuadra"),
        ([(10, 0)], 10, "no cuadra"),
        ([(-10, 0), (0, -10)], -10, "signo|negativa"),
        ([(15, 0), (-5, 0), (0, 10)], 10, "signo"),
    ],
)
def test_raw_sql_that_does_not_balance_is_refused(
    world: World, lines: list[tuple[int, int]], total: int, says: str
) -> None:
    number, sound = next_number(), next_number()
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        write_lines(sound, world.books.pk, [(10, 0), (0, 10)])
        write_lines(number, world.books.pk, lines)
        write_headers(world, [(sound, 10), (number, total)])


def test_a_poliza_whose_lines_never_arrive_is_refused(world: World) -> None:
    with pytest.raises(DatabaseError, match="no cuadra"), transaction.atomic():
        write_headers(world, [(next_number(), 10)])


def test_lines_whose_poliza_never_arrives_are_refused_at_commit(world: World) -> None:
    with pytest.raises(DatabaseError, match="de_su_poliza"), transaction.atomic(), connection.cursor() as cursor:
        write_lines(next_number(), world.books.pk, [(10, 0), (0, 10)])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit does


@pytest.mark.parametrize("lines", [[(5, 0), (0, 5)], [(0, 0)], [(5, 0), (-5, 0)]])
def test_no_line_is_added_to_a_posted_poliza(full: Poliza, lines: list[tuple[int, int]]) -> None:
    with pytest.raises(DatabaseError, match="ya está cerrada"), transaction.atomic():
        write_lines(full.pk, full.contabilidad_id, lines, first=7)


@pytest.mark.parametrize(
    "support",
    [
        "books_pago (poliza_id, contabilidad_id, medio, fecha, monto) VALUES ({0}, {1}, 'cheque', '2024-04-10', 1)",
        "books_usocomprobante (poliza_id, contabilidad_id, comprobante_id, monto) VALUES ({0}, {1}, 999999, 1)",
        "books_aportacion (poliza_id, contabilidad_id, aportante_id, calidad, medio, fecha, folio, monto) SELECT {0},"
        " {1}, aportante_id, calidad, medio, fecha, 'RSEF-2', 1 FROM books_aportacion",
        "books_ladotransferencia (poliza_id, contabilidad_id, folio, lado, contraparte_id, forma, fecha, monto) SELECT"
        " {0}, {1}, folio, lado, contraparte_id, forma, fecha, 1 FROM books_ladotransferencia WHERE lado = 'salida'",
    ],
)
def test_no_support_is_added_to_a_posted_poliza(full: Poliza, support: str) -> None:
    with pytest.raises(DatabaseError, match="ya está cerrada"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {support.format(full.pk, full.contabilidad_id)}")


def test_not_even_in_its_own_transaction_once_its_checks_have_passed(world: World) -> None:
    number = next_number()
    write_lines(number, world.books.pk, [(10, 0), (0, 10)])
    write_headers(world, [(number, 10)])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(DatabaseError, match="ya está cerrada"), transaction.atomic():
        write_lines(number, world.books.pk, [(5, 0), (0, 5)], first=3)


def test_a_line_of_one_book_does_not_hang_from_the_poliza_of_another(world: World) -> None:
    number = next_number()
    with pytest.raises(DatabaseError, match="de_su_poliza"), transaction.atomic(), connection.cursor() as cursor:
        write_lines(number, world.foreign.pk, [(10, 0), (0, 10)])
        write_headers(world, [(number, 10)])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_first_link_is_number_one(world: World) -> None:
    with pytest.raises(DatabaseError, match="eslabón"), transaction.atomic():
        write_headers(world, [(next_number(), 0)], eslabon=0)


def test_one_statement_may_not_skip_a_link(world: World) -> None:
    write_headers(world, [(next_number(), 0)])
    with pytest.raises(DatabaseError, match="eslabón"), transaction.atomic():
        write_headers(world, [(next_number(), 0)], eslabon=3)


def test_a_link_that_does_not_follow_is_refused(full: Poliza, world: World) -> None:
    with pytest.raises(DatabaseError, match="eslabón"), transaction.atomic():
        full.pk, full.numero, full.eslabon, full.huella_anterior = None, 9, 9, b"\x01" * 32
        Poliza.objects.bulk_create([full])
