"""Books recomputed whole, each link and each leaf of them, are not those that a presented report froze."""

from datetime import date

import psycopg
import pytest

from filing.campaign import Campaign
from filing.test_cuts import log, owner
from sif.books.content import CONTENT, LINES, SUPPORT
from sif.filing.models import Informe
from sif.filing.verifying import SETTINGS, verify_rows
from sif.registry.protection import digest_of_row
from sif.signing.chain import link_digest

__all__ = ["log"]
ROW = f"to_jsonb(p.*) || {LINES.format(row='p')} || jsonb_strip_nulls({SUPPORT.format(row='p')})"
DIGEST = digest_of_row("'books_poliza'", "'public.books_poliza'::regclass", f"({ROW})")


def recompute(books: int) -> None:
    """Say another thing in the first póliza of some books, and link and log all anew as who holds the machine could."""
    with psycopg.connect(psycopg.conninfo.make_conninfo(owner(), user="postgres")) as database:
        database.execute(SETTINGS)
        database.execute("SET session_replication_role = replica")
        asked = "SELECT id FROM public.books_poliza WHERE contabilidad_id = %s ORDER BY eslabon"
        rows = [row[0] for row in database.execute(asked, [books]).fetchall()]
        database.execute("UPDATE public.books_poliza SET concepto = 'Otro' WHERE id = %s", [rows[0]])
        previous = None
        for row in rows:
            said = database.execute(f"SELECT {CONTENT} FROM public.books_poliza p WHERE id = %s", [row]).fetchone()
            assert said is not None
            link = [link_digest(previous, bytes(said[0])), previous, row]
            database.execute("UPDATE public.books_poliza SET huella = %s, huella_anterior = %s WHERE id = %s", link)
            previous = link[0]
        leaves = f"SELECT p.id::text AS fila, {DIGEST} AS huella FROM public.books_poliza p WHERE p.id = ANY(%s)"
        database.execute(
            f"UPDATE public.registry_hoja h SET huella = d.huella FROM ({leaves}) d"
            " WHERE h.tabla = 'books_poliza' AND h.fila = d.fila",
            [rows],
        )


def test_books_recomputed_whole_are_not_those_that_a_report_froze(log: Campaign) -> None:
    log.present(log.prepare())
    first = Informe.objects.filter(contabilidad=log.ana).latest("pk")
    log.spend(log.ana, "7.00", date(2024, 5, 2), period=1)
    assert verify_rows(owner())[1] == []
    recompute(log.ana.pk)
    found = {(one.tabla, one.id, one.que) for one in verify_rows(owner())[1]}
    assert found == {
        ("filing_informe", str(first.pk), "los libros ya no son los que este informe congeló"),
        ("filing_informe", str(first.pk), "los documentos de estos libros ya no son los que este informe congeló"),
    }


def test_what_lifts_the_walls_is_asked_with_the_record(log: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the role, `registry/test_left_behind` proves; here, that `sif verificar` asks it."""
    monkeypatch.setattr("sif.filing.verifying.ROLE", "SELECT 'sif_app', 'lo que el rol puede'")
    assert [(one.tabla, one.que) for one in verify_rows(owner())[1]] == [("pg_roles", "lo que el rol puede")]
