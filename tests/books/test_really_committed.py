"""What only committed rows can show: two people at once, a killed process, a change behind the application's back."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from django.db import connection, connections

from sif.books.models import Archivo, Poliza
from sif.books.selectors import verify_chain
from sif.books.services import PolizaRefused, post_poliza, reverse_poliza
from sif.books.services.evidencias import store_file
from sif.books.services.file_store import read_file
from sif.registry import clock
from sif.registry.scope import everything
from small_world import MOMENT, World

CHILD = """
import os, sys
sys.path[:0] = sys.argv[1].split(os.pathsep)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from datetime import date
from pathlib import Path
from django.conf import settings
from sif.books.models import Poliza
from sif.books.services import file_store, bulk, polizas, store_file
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Contabilidad, Proveedor, Usuario
from sif.registry.scope import everything
from sif.values import Money
from small_world import LEAFLETS, MOMENT, PAYABLE
settings.DATOS = Path(sys.argv[2])
die = lambda *rest: os._exit(9)
with everything(), clock.at(MOMENT):
    if sys.argv[3] == "archivo":
        put = file_store.Carpeta.put
        file_store.Carpeta.put = lambda *of: die(put(*of))  # the file is on disk, its row is not yet
        store_file(b"%PDF-1.7 a medias")
    books = Contabilidad.objects.get(pk=int(sys.argv[4]))
    write = bulk.write_few
    bulk.write_few = lambda database, tables: die(write(database, {"books_movimiento": tables["books_movimiento"]}))
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": Proveedor.objects.first().pk}
    lines = (NewLine(LEAFLETS, cargo=Money(100), **own), NewLine(PAYABLE, abono=Money(100), **own))
    new = NewPoliza(books.pk, books.etapa.periodos.first().pk, "normal", "DR", date(2024, 4, 10), "x", lines)
    polizas.post_poliza(new, Usuario.objects.get(pk=int(sys.argv[5])))
"""


def test_two_people_at_once_take_consecutive_numbers_and_links(committed: World) -> None:
    def post_ten(_: int) -> list[int]:
        try:
            with everything(), clock.at(MOMENT):
                return [post_poliza(committed.expense("1.00"), committed.clerk).numero for _ in range(10)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        numbers = [number for mine in pool.map(post_ten, range(2)) for number in mine]
    assert sorted(numbers) == list(range(1, 21))
    assert verify_chain(committed.books.pk) is None


def test_two_people_reversing_the_same_one_reverse_it_once(committed: World) -> None:
    posted = post_poliza(committed.expense("1.00"), committed.clerk)

    def reverse(_: int) -> str:
        try:
            with everything(), clock.at(MOMENT):
                return str(reverse_poliza(Poliza.objects.get(pk=posted.pk), committed.clerk).total)
        except PolizaRefused as refused:
            return refused.problems[0].codigo
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(reverse, range(2))) == ["-100", "revertida"]


def killed(act: str, world: World, folder: Path) -> int:
    settings = connection.settings_dict
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=settings["NAME"])
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, "-c", CHILD, paths, str(folder), act, str(world.books.pk), str(world.clerk.pk)],
        env={**os.environ, "DATABASE_URL": url},
        check=False,
    ).returncode


def test_a_process_killed_between_file_and_row_leaves_only_the_file(committed: World, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"%PDF-1.7 a medias").hexdigest()
    assert killed("archivo", committed, tmp_path) == 9
    assert read_file(digest) == b"%PDF-1.7 a medias"
    assert not Archivo.objects.filter(pk=digest).exists()
    assert store_file(b"%PDF-1.7 a medias").pk == digest  # and storing it again mends it


def test_a_process_killed_while_posting_leaves_no_half_poliza(committed: World, tmp_path: Path) -> None:
    assert killed("poliza", committed, tmp_path) == 9
    assert not Poliza.objects.filter(contabilidad=committed.books).exists()
    assert post_poliza(committed.expense(), committed.clerk).numero == 1


def test_a_change_by_who_owns_the_tables_is_found_by_the_chain(committed: World) -> None:
    posted = [post_poliza(committed.expense(pesos), committed.clerk) for pesos in ("1.00", "2.00", "3.00")]
    assert verify_chain(committed.books.pk) is None
    with connections["owner"].cursor() as cursor:
        for order in (
            "ALTER TABLE books_poliza DISABLE TRIGGER books_poliza_inmutable",
            f"UPDATE books_poliza SET concepto = 'Otra cosa' WHERE id = {posted[1].pk}",
            "ALTER TABLE books_poliza ENABLE TRIGGER books_poliza_inmutable",
        ):
            cursor.execute(order)
    connections["owner"].close()
    assert verify_chain(committed.books.pk) == 2
