"""A process killed while it loads or applies leaves nothing half written, and the same file begins again."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from batch.lots import csv_of, poliza_rows
from sif.batch.direct_load import load_direct
from sif.batch.models import FilaLote, Lote, PolizaCargada
from sif.batch.services import apply_lote, receive_lote
from sif.books.models import Poliza
from small_world import LEAFLETS, PAYABLE, World

CHILD = """
import os, sys
sys.path[:0] = sys.argv[1].split(os.pathsep)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from pathlib import Path
from django.conf import settings
from sif.batch import direct_load, posting, services
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import WHOEVER_SIGNS, everything
from small_world import MOMENT
settings.DATOS = Path(sys.argv[2])
die = lambda *rest: os._exit(9)
with everything(WHOEVER_SIGNS), clock.at(MOMENT):
    books, by = Contabilidad.objects.get(pk=int(sys.argv[4])), Usuario.objects.get(pk=int(sys.argv[5]))
    if sys.argv[3] == "cargar":
        services.mark_repeated = die  # the rows are written, the lot is not yet reviewed
    data = (Path(sys.argv[2]) / "polizas.csv").read_bytes()
    if sys.argv[3] == "directo":
        direct_load.mark_applied = die  # everything is written, nothing is committed
        direct_load.load_direct(books, ("polizas.csv", [data]), by)
    lote = services.receive_lote(books, "polizas", ("polizas.csv", [data]), by).lote
    post = posting.post_stream
    # the pólizas are in, their identifiers are not
    posting.post_stream = lambda items, by, **rest: die(post(items, by))
    services.apply_lote(lote, by)
"""


def killed(act: str, world: World, folder: Path) -> int:
    """Run the child until it kills itself there."""
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, "-c", CHILD, paths, str(folder), act, str(world.books.pk), str(world.clerk.pk)],
        env={**os.environ, "DATABASE_URL": url},
        check=False,
    ).returncode


@pytest.mark.parametrize(("act", "state"), [("cargar", "recibido"), ("aplicar", "revisado")])
def test_a_killed_process_leaves_nothing_half_written(committed: World, tmp_path: Path, act: str, state: str) -> None:
    rows = [row for n in range(1, 41) for row in poliza_rows(n, "10.00", LEAFLETS, PAYABLE)]
    data = csv_of(*rows)
    (tmp_path / "polizas.csv").write_bytes(data)
    assert killed(act, committed, tmp_path) == 9
    [left] = Lote.objects.filter(contabilidad=committed.books)
    assert left.estado == state
    assert FilaLote.objects.filter(lote=left).count() == (0 if act == "cargar" else 80)
    assert not Poliza.objects.filter(contabilidad=committed.books).exists()
    assert not PolizaCargada.objects.exists()
    again = receive_lote(committed.books, "polizas", ("polizas.csv", [data]), committed.clerk).lote
    assert again.pk == left.pk
    assert apply_lote(again, committed.clerk).cosas == 40
    assert Poliza.objects.filter(contabilidad=committed.books).count() == 40


def test_a_killed_direct_load_leaves_nothing(committed: World, tmp_path: Path) -> None:
    data = csv_of(*(row for n in range(1, 41) for row in poliza_rows(n, "10.00", LEAFLETS, PAYABLE)))
    (tmp_path / "polizas.csv").write_bytes(data)
    assert killed("directo", committed, tmp_path) == 9
    assert not Lote.objects.filter(contabilidad=committed.books).exists()
    assert not Poliza.objects.filter(contabilidad=committed.books).exists()
    done = load_direct(committed.books, ("polizas.csv", [data]), committed.clerk)
    assert (done.polizas, done.nuevo) == (40, True)
    assert PolizaCargada.objects.filter(contabilidad=committed.books).count() == 40
