"""Two XML of one folio fiscal in the books of two parties: rules read each as its own, and say that one is false."""

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection

from books.invoices import RFC, authority, invoice, mint
from sif.audit import services
from sif.audit.freeze import SOURCES
from sif.audit.models import Hallazgo, Instantanea
from sif.books.models import Poliza
from sif.books.services import post_poliza, propose_poliza, receive_cfdi
from sif.cfdi.document import DocumentoPagado, PagoCfdi
from sif.cfdi.write import payment_of
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.registry.services import register_proveedor
from sif.rulebook.reading import load_rules
from sif.values import Money
from small_world import World

__all__ = ["authority", "invoice", "mint"]
CUT = date(2024, 6, 10)
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"
CREDIT: dict[str, Any] = {"forma_pago": "99", "metodo_pago": "PPD"}


def _post(data: bytes, books: Contabilidad, by: Usuario) -> Poliza:
    row = receive_cfdi(data, "f.xml", books, by).recepcion
    assert row is not None
    plan = propose_poliza(row)
    return post_poliza(plan.poliza, by, support=plan.soporte)


def _told(world: World, *rules: str) -> tuple[Instantanea, dict[tuple[str, int], str]]:
    """The snapshot of the stage, and each result of those rules by rule and póliza."""
    frozen = services.freeze(world.etapa, CUT)
    run = services.run(frozen, [rule for rule in load_rules("mx") if rule.id in rules])
    rows = Hallazgo.objects.filter(corrida=run, estado="hallazgo")
    return frozen, {(row.regla, row.fila["poliza_id"]): row.resultado for row in rows}


def _rows(frozen: Instantanea, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(services.folder_of(frozen) / f"{table}.parquet").to_pylist()
    return rows


@pytest.mark.parametrize("first", ["forged", "true"])
def test_the_forged_one_is_found_and_the_true_one_keeps_its_figures(world: World, invoice: Any, first: str) -> None:
    data = invoice(**CREDIT)
    handed = {
        "true": (data, world.books, world.clerk),
        "forged": (data.replace(b'Total="1160.00"', b'Total="9160.00"'), world.foreign, world.stranger),
    }
    register_proveedor(RFC, "Imprenta Pública")
    order = sorted(handed, key=lambda each: each != first)
    posted = {each: _post(*handed[each]) for each in order}
    document = DocumentoPagado(FOLIO, 1, Money(116_000), Money(116_000), Money(0))
    paid = [PagoCfdi(date(2024, 4, 14), "03", "MXN", Money(116_000), (document,))]
    payment = invoice(make=lambda base: payment_of(replace(base, uuid=FOLIO.replace("ABCD", "ABCE")), paid))
    settled = _post(payment, world.books, world.clerk)
    frozen, told = _told(world, "CF008", "CF009", "CF011", "CF013")
    kept = {row["total"]: row for row in _rows(frozen, "cfdi") if row["uuid"] == FOLIO}
    assert {total: row["sello_valido"] for total, row in kept.items()} == {116_000: True, 916_000: False}
    uses = {row["poliza_id"]: row["cfdi_id"] for row in _rows(frozen, "cfdi_poliza")}
    assert uses[posted["true"].pk] == kept[116_000]["cfdi_id"]
    assert uses[posted["forged"].pk] == kept[916_000]["cfdi_id"]
    (line,) = _rows(frozen, "cfdi_pagos")  # two invoices bear the folio, and the payment is one all the same
    assert (line["cfdi_id"], line["pagado"]) == (uses[settled.pk], 116_000)
    forged = posted["forged"].pk
    assert told == {
        ("CF009", forged): "invalido",
        ("CF013", forged): "otro",
        ("CF008", forged): "sin_pago",
    }


def test_the_same_document_in_other_bytes_is_deducted_once(world: World, invoice: Any) -> None:
    data = invoice(**CREDIT)
    end = data.rindex(b"</cfdi:Comprobante>")
    _post(data, world.books, world.clerk)
    again = _post(data[:end] + b"<cfdi:Addenda/>" + data[end:], world.other_books, world.clerk)
    _, told = _told(world, "CF011", "CF013")
    assert told == {("CF011", again.pk): "excede"}


MANY = """INSERT INTO books_comprobante SELECT (jsonb_populate_record(c, jsonb_build_object(
    'id', 9000000 + n, 'uuid', gen_random_uuid()))).* FROM books_comprobante c, generate_series(1, 400) n
    WHERE c.id = %s"""


def test_the_invoice_that_a_payment_names_is_looked_up_by_index(world: World, invoice: Any) -> None:
    """Among many, and with pages for nothing: a table that the last count found empty is thought to have none."""
    asked = {"etapa": world.etapa.pk, "zona": "America/Mexico_City", "corte": CUT}
    kept = receive_cfdi(invoice(), "f.xml", world.books, world.clerk).comprobante
    with acting(), connection.cursor() as cursor:
        cursor.execute(MANY, [kept.pk])
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 0")
        cursor.execute(f"EXPLAIN {SOURCES['cfdi_pagos']}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "comprobante_folio_y_archivo" in plan, plan
