"""An invoice is read by who received it or uses it, however many others hold the same one."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from books.invoices import RFC
from sif.books.models import Comprobante, NominaComprobante
from sif.books.services import post_poliza, propose_poliza, receive_cfdi
from sif.registry.scope import acting, set_scope
from sif.registry.selectors import scope_of_user
from small_world import World

pytestmark = pytest.mark.django_db
SAID = ("conceptocomprobante", "hojaine", "nominacomprobante")


def seen(scope: str, person: int) -> list[int]:
    """How many rows SQL reads of invoices, and of what they say, under a pass that reads."""
    set_scope(scope, person)
    with connection.cursor() as cursor:
        found = []
        for table in ("comprobante", *SAID):
            cursor.execute(f"SELECT count(*) FROM books_{table}")
            found.append(cursor.fetchone()[0])
    return found


@pytest.fixture
def paid(world: World, invoice: Any) -> Comprobante:
    """An invoice received in the books of the party, with a payroll as those of type N carry it."""
    answer = receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    with acting():
        kept = Comprobante.objects.get(pk=answer.comprobante.pk)
        NominaComprobante.objects.create(comprobante=kept, curp="ROZA800101MMCBPL09", percepciones=1, deducciones=0)
    return kept


def test_an_invoice_is_read_by_who_received_it_and_by_nobody_else(world: World, paid: Comprobante) -> None:
    for scope, count in (
        ("", 0),
        (f"s{world.rival.pk}", 0),
        (str(world.foreign.pk), 0),
        (str(world.other_books.pk), 0),
        (f"s{world.party.pk}", 1),
        (str(world.books.pk), 1),
        ("todo", 1),
    ):
        assert seen(scope, world.clerk.pk if scope else 0) == [count] * 4, scope


def test_who_uses_it_in_a_poliza_reads_it_and_who_receives_it_too(
    world: World, paid: Comprobante, invoice: Any
) -> None:
    again = receive_cfdi(invoice(), "la misma.xml", world.other_books, world.clerk)
    assert again.comprobante.pk == paid.pk
    assert seen(str(world.other_books.pk), world.clerk.pk)[0] == 1
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    proposal = propose_poliza(paid.recepciones.get(contabilidad=world.books))
    post_poliza(proposal.poliza, world.clerk, support=proposal.soporte)
    with acting(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM books_recepcion")
    assert seen(str(world.books.pk), world.clerk.pk)[0] == 1
    assert seen(str(world.other_books.pk), world.clerk.pk)[0] == 0


def test_no_use_that_a_page_writes_opens_the_invoice_of_another(world: World, paid: Comprobante) -> None:
    """The póliza of a use is asked for at commit: a page that goes back would have read it by then."""
    set_scope(f"s{world.rival.pk}", world.stranger.pk)
    use = f"({world.foreign.pk}, 987654321, {paid.pk}, 1)"
    write = f"INSERT INTO books_usocomprobante (contabilidad_id, poliza_id, comprobante_id, monto) VALUES {use}"
    refused = pytest.raises(DatabaseError, match="books_usocomprobante_acto")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(write)
    assert seen(f"s{world.rival.pk}", world.stranger.pk) == [0] * 4


def test_the_same_invoice_of_two_subjects_stays_one_row(world: World, paid: Comprobante, invoice: Any) -> None:
    set_scope(f"s{world.rival.pk}", world.stranger.pk)
    theirs = receive_cfdi(invoice(), "suya.xml", world.foreign, world.stranger)
    assert theirs.comprobante.pk == paid.pk and theirs.comprobante.emisor_rfc == RFC
    assert seen(f"s{world.rival.pk}", world.stranger.pk)[0] == seen("todo", world.auditor.pk)[0] == 1
