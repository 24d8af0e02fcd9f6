"""`sif verificar` as an expert runs it: a process of its own over a copy of the database, whole and then tampered."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from acts import committed
from filing.campaign import Campaign, make_campaign, on
from filing.conftest import mint
from registry.test_corrections import GROUND, administrator
from sif.books.services import attach_evidencia, store_file
from sif.filing.cuts import make_cut
from sif.filing.verifying import keys_of_records
from sif.registry.corrections import approve, facts_of_subject, propose_subject
from sif.registry.tables import IN_THEIR_POLIZA
from sif.signing import minting
from tampering import add, alter, disarm

__all__ = ["mint"]
COPY = "sif_prueba_copia_alterada"


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory,
    mint: minting.MintedAuthority,
) -> Iterator[Path]:  # fmt: skip
    """A campaign with a presented report and evidence, cut, in a copy of its database; gives the folder of data."""
    folder = tmp_path_factory.mktemp("datos")

    def build() -> Campaign:
        campaign = make_campaign(mint)
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
        poliza = campaign.ana.polizas.get()
        attach_evidencia(poliza, "pdf", "a.pdf", store_file(b"%PDF-1.7 a"), campaign.world.clerk)
        campaign.present(campaign.prepare())
        one, other = administrator("uno"), administrator("otra")
        for subject, change in ((campaign.world.party, {"siglas": "PAC"}), (campaign.world.rival, {"nombre": "Rival"})):
            asked = replace(facts_of_subject(subject), **change)
            approve(propose_subject(subject, asked, GROUND, one), other)
        return campaign

    with pytest.MonkeyPatch.context() as patch, on("2024-05-02 12:00"):
        from django.conf import settings

        patch.setattr(settings, "DATOS", folder)
        with committed(django_db_blocker, build):
            (folder / "raices.json").write_text(make_cut().raices, encoding="utf-8")
            original = connection.settings_dict["NAME"]
            connections.close_all()
            with psycopg.connect(_admin("postgres"), autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
                # a thread of an earlier test may still hold a session, and a template must have none
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [original])
                admin.execute(f"CREATE DATABASE {COPY} TEMPLATE {original} OWNER sif_owner")
            try:
                yield folder
            finally:
                with psycopg.connect(_admin("postgres"), autocommit=True) as admin:
                    admin.execute(f"DROP DATABASE {COPY} WITH (FORCE)")


def _admin(name: str) -> str:
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name, user="postgres")


def _verify(folder: Path, *more: str, raices: bool = True) -> "subprocess.CompletedProcess[str]":
    urls = {
        name: psycopg.conninfo.make_conninfo(os.environ[name], dbname=COPY)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    roots = ["--raices", str(folder / "raices.json")] if raices else []
    command = [sys.executable, "-m", "sif.commands.main", "verificar", *roots, *more]
    environment = {**os.environ, **urls, "SIF_DATOS": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [("raices", "línea 1, columna 1"), ("[" * 100_000, "anidado sin medida"), ('{"a":1,"a":2}', "repite")],
)
def test_roots_that_cannot_be_read_are_told_and_accuse_nobody(world: Path, text: str, told: str) -> None:
    bad = world / "ilegibles.json"
    bad.write_text(text, encoding="utf-8")
    answer = _verify(world, "--json", "--raices", str(bad), raices=False)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert told in answer.stderr and str(bad) in answer.stderr and "Traceback" not in answer.stderr


def test_a_copy_is_whole_and_then_each_kind_of_record_tampered_in_it_is_named(world: Path) -> None:
    whole = _verify(world, "--json")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    said = json.loads(whole.stdout)
    assert list(said) == ["integro", "registros", "segundos", "alterados"]
    assert (said["integro"], said["alterados"]) == (True, []) and said["registros"] > 20
    assert "Evidencia: 1 archivos" in _verify(world).stdout
    roots = (world / "raices.json").read_bytes()
    key = base64.b64decode(json.loads(roots)["autoridad"])
    for told in (json.loads(roots)["publicado_el"], *(hashlib.sha256(one).hexdigest() for one in (roots, key))):
        assert told in whole.stderr
    alone = _verify(world, "--json", raices=False)
    assert json.loads(alone.stdout)["integro"] is True and "Sin --raices se compara solo" in alone.stderr

    expected, altered = set(), 0
    with psycopg.connect(_admin(COPY), autocommit=True) as admin:
        disarm(admin)
        for table, key in keys_of_records().items():
            changed = alter(admin, table, key)
            altered += changed is not None
            expected |= {(table, row) for row in (changed, add(admin, table, key)) if row is not None}
        expected |= {(table, add(admin, table, "id")) for table in IN_THEIR_POLIZA}
        admin.execute("UPDATE registry_sujetoobligado SET siglas = 'OTRAS' WHERE nombre = 'Rival'")
        corrected = admin.execute("SELECT id::text FROM registry_sujetoobligado WHERE nombre = 'Rival'").fetchone()
        expected.add(("registry_sujetoobligado", *(corrected or ())))  # not what its last correction says
        expected.add(("disclosure_procesopublicado", add(admin, "disclosure_procesopublicado", "clave")))
        expected.add(("audit_instantanea", "x"))  # the digest of the row put in, which names no manifest
        admin.execute("DELETE FROM registry_hoja WHERE tabla = 'books_archivo'")
        expected.add(("books_archivo", "al principio"))
    path = next((world / "archivos").glob("*/*"))
    path.write_bytes(b"otra cosa")
    tampered = _verify(world, "--json")
    assert tampered.returncode == 1, tampered.stderr
    said = json.loads(tampered.stdout)
    assert said["integro"] is False
    assert all(list(one) == ["tabla", "id", "que"] and one["que"] for one in said["alterados"])
    named = {(one["tabla"], one["id"]) for one in said["alterados"]}
    assert expected - named == set()
    assert ("books_archivo", path.parent.name + path.name) in named
    assert len(keys_of_records()) > 60 and altered > 15
