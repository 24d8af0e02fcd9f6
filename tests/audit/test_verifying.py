"""A file of a snapshot that is not as it was frozen, or that is not there, is named by `sif verificar`."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from acts import committed
from sif.audit import services
from sif.audit.models import Instantanea
from sif.audit.verifying import verify_snapshots
from sif.books.services import post_poliza
from sif.registry import clock
from small_world import MOMENT, make_world


@pytest.fixture
def frozen(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Instantanea]:
    settings.DATOS = tmp_path

    def build() -> Instantanea:
        with clock.at(MOMENT):
            world = make_world()
            post_poliza(world.expense("1000.00"), world.clerk)
            return services.freeze(world.books.etapa, date(2024, 6, 10))

    with committed(django_db_blocker, build) as made:
        yield made


def _found() -> Any:
    owner = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])
    return verify_snapshots(owner)


def _rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def test_bytes_that_are_not_those_frozen_are_named(frozen: Instantanea) -> None:
    folder = services.folder_of(frozen)
    whole = _found()
    assert whole.alterados == [] and whole.archivos == len(frozen.manifiesto["tables"]) and whole.bytes > 1_000
    polizas, cuentas, manifest = folder / "polizas.parquet", folder / "cuentas.parquet", folder / "manifest.json"
    content = bytearray(polizas.read_bytes())
    content[50] ^= 1
    _rewrite(polizas, bytes(content))
    cuentas.unlink()
    _rewrite(manifest, json.dumps({**frozen.manifiesto, "corte": "2024-06-11"}).encode())
    assert [(one.tabla, one.id, one.que) for one in _found().alterados] == [
        ("audit_instantanea", frozen.digest, what)
        for what in ("cambió manifest.json", "falta cuentas.parquet", "los bytes de polizas.parquet cambiaron")
    ]
    manifest.write_bytes(b"{")
    assert _found().alterados[0].que == "no se lee manifest.json"
    manifest.unlink()
    assert _found().alterados[0].que == "falta manifest.json"
