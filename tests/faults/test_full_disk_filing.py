"""A disk that fills while a report is presented: what arrived signed is received or refused whole, and filed once.

The disk is that of the tables of the database, or that of the files of the installation. Only the administrator of a
machine may mount them: elsewhere the tests are not run, and say so.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from django.test import RequestFactory

from acts import committed
from faults.test_full_database import SPACE, disk, fill, mount, move
from faults.test_killed import unsound
from filing.campaign import Campaign, make_campaign, on
from filing.test_committing import commit, sealed
from filing.test_sealing import _drawn
from lent import owner
from sif.books.models import Archivo
from sif.books.services import read_file, store_file
from sif.filing import presenting, sealing
from sif.filing.authority import authority_key
from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.selectors import is_late, waiting
from sif.registry.scope import everything
from sif.signing import minting
from sif.web.outage import failed

__all__ = ["disk"]
TABLES = ("filing_compromiso", "filing_presentacion")
NOON, LATE = "2024-05-03 12:00", "2024-05-04 00:20"
Filed = tuple[Campaign, Informe]


def filed() -> Filed:
    """A campaign with a report prepared in the last day of its term."""
    with on(NOON):
        campaign = make_campaign(minting.mint_authority())
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
        return campaign, campaign.prepare()


@pytest.fixture
def report(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Filed]:
    """A report to be presented, really committed, at noon of the last day of its term."""
    settings.DATOS = tmp_path
    with committed(django_db_blocker, filed) as made, everything(), on(NOON):
        yield made


@pytest.fixture
def on_disk(report: Filed, disk: Path) -> Iterator[Path]:
    """The disk where what is signed and what is presented are kept."""
    connections.close_all()
    move(SPACE, TABLES)
    with psycopg.connect(owner(), autocommit=True) as database:
        for table in TABLES:  # no page of another test has room
            database.execute(f"VACUUM FULL {table}")
    with everything(), on(NOON):  # of a session of its own: the one before ended
        yield disk
    connections.close_all()
    (disk / "relleno").unlink(missing_ok=True)
    move("pg_default", TABLES)


def page_of(refused: Exception) -> str:
    """The page that a person is given for a failure."""
    try:
        raise refused
    except Exception:
        assert sys.exc_info()[1] is refused
        answer = failed(RequestFactory().get("/"))
    assert answer.status_code == 503
    return answer.content.decode()


def test_a_signature_without_room_is_refused_whole_and_is_received_once_there_is(report: Filed, on_disk: Path) -> None:
    campaign, informe = report
    sello = sealed(campaign, informe)
    filler = fill(on_disk)
    with pytest.raises(OperationalError, match="No space left on device") as refused:
        commit(campaign, informe, sello)
    assert isinstance(refused.value.__cause__, psycopg.errors.DiskFull)
    assert "El disco del servicio está lleno" in page_of(refused.value)
    assert not Compromiso.objects.exists() and unsound() == []
    filler.unlink()
    made = presenting.complete(commit(campaign, informe, sello))
    assert [made] == list(Presentacion.objects.all()) and unsound() == []


def test_an_acuse_without_room_waits_and_bears_the_hour_at_which_its_report_arrived(
    report: Filed, on_disk: Path
) -> None:
    campaign, informe = report
    one = commit(campaign, informe, sealed(campaign, informe))
    filler = fill(on_disk)
    assert presenting.present_kept(one) == one
    assert presenting.complete_waiting() == 0
    assert list(waiting()) == [one] and not Presentacion.objects.exists() and unsound() == []
    filler.unlink()
    with on(LATE):
        assert [presenting.complete_waiting() for _ in range(2)] == [1, 0]
    made = Presentacion.objects.get()
    assert made.recibida_el == one.recibido_el and not is_late(made) and unsound() == []


def test_a_report_is_presented_while_the_disk_of_files_refuses_evidence(
    report: Filed, settings: Any, tmp_path: Path
) -> None:
    campaign, informe = report
    annexes = [read_file(row.pk) for row in Archivo.objects.all()]
    settings.DATOS = tmp_path / "lleno"
    settings.DATOS.mkdir()
    mount(settings.DATOS, "size=512k,mode=700")
    try:
        before, *_annexes = [store_file(data) for data in (b"%PDF-1.7 antes", *annexes)]
        key = authority_key()
        kept, filler = set(Archivo.objects.values_list("pk", flat=True)), fill(settings.DATOS)
        with pytest.raises(OSError, match="No space left on device") as refused:
            store_file(bytes(9_000))
        assert "El disco del servicio está lleno" in page_of(refused.value)
        made = campaign.present(informe)
        assert list(Presentacion.objects.all()) == [made] and authority_key() == key
        assert before.pk in kept and set(Archivo.objects.values_list("pk", flat=True)) == kept and unsound() == []
        paper = _drawn("Acuse")
        assert sealing.sealed(paper) == paper  # a document is given without its seal rather than not given
        filler.unlink()
        assert read_file(store_file(bytes(9_000)).sha256) == bytes(9_000)
        assert len(sealing.sealed(paper)) > len(paper) and unsound() == []
    finally:
        subprocess.run(["umount", settings.DATOS], check=True)
