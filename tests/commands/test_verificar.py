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
from sif.books.models import Comprobante
from sif.books.services import (
    NewAportacion,
    NewPago,
    NewTransfer,
    Support,
    attach_evidencia,
    post_poliza,
    store_file,
    transfer,
)
from sif.filing.cuts import make_cut
from sif.filing.verifying import keys_of_records, unfiled, verify_rows
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.corrections import approve, facts_of_subject, propose_subject
from sif.registry.tables import CORRECTED, IN_THEIR_POLIZA
from sif.signing import minting
from sif.values import Money
from small_world import BANKS, GIFT, World
from tampering import STRANGE, add, alter, disarm, forge, remove

__all__ = ["mint"]
COPY = "sif_prueba_copia_alterada"
EVIDENCE = b"%PDF-1.7 f"  # whose digest comes before the names of what is forged
OF_LEAVES = {"alterado", "falta", "agregado"}
"""What is said of a row that its leaf does not bear out."""


def post_of_every_kind(world: World) -> None:
    """Post twice, each in a póliza of its own, what hangs from pólizas: one is altered and another erased."""
    day, amount = date(2024, 4, 10), Money.parse("100.00")
    gift = (
        NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
        NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=world.donor.pk),
    )
    with on("2024-04-10 18:00"):
        post_poliza(world.expense(), world.clerk)
        for n in range(2):
            invoice = Comprobante.objects.create(
                uuid=f"U{n}",
                version="4.0",
                tipo="I",
                emisor_rfc="A",
                receptor_rfc="B",
                fecha=clock.now(),
                subtotal=1,
                total=1,
                moneda="MXN",
                sello="valido",
            )
            given = NewAportacion(world.donor.pk, "simpatizante", "transferencia", day, f"RSEF-{n}", amount)
            for support in (
                Support(comprobantes=((invoice.pk, Money(1)),)),
                Support(pagos=(NewPago(world.supplier.pk, "cheque", day, amount),)),
                Support(aportaciones=(given,)),
            ):
                post_poliza(world.expense(subtipo="IG", lineas=gift), world.clerk, support=support)
            transfer(NewTransfer(world.books.pk, world.other_books.pk, amount, "efectivo", day), world.clerk)
        post_poliza(world.expense(), world.clerk)
        post_poliza(world.expense(), world.clerk)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    mint: minting.MintedAuthority,
) -> Iterator[Path]:
    """A campaign with a presented report and evidence, cut, in a copy of its database; gives the folder of data."""
    folder = tmp_path_factory.mktemp("datos")

    def build() -> Campaign:
        campaign = make_campaign(mint)
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
        poliza = campaign.ana.polizas.get()
        attach_evidencia(poliza, "pdf", "a.pdf", store_file(EVIDENCE), campaign.world.clerk)
        campaign.present(campaign.prepare())
        post_of_every_kind(campaign.world)
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


@pytest.mark.parametrize(
    ("change", "back", "named"),
    [
        (
            "ALTER TABLE filing_compromiso FORCE ROW LEVEL SECURITY",
            "ALTER TABLE filing_compromiso NO FORCE ROW LEVEL SECURITY",
            "filing_compromiso",
        ),
        (
            "ALTER TABLE notices_notificacion FORCE ROW LEVEL SECURITY",
            "ALTER TABLE notices_notificacion NO FORCE ROW LEVEL SECURITY",
            "notices_notificacion",
        ),
        ("ALTER TABLE registry_hoja SET UNLOGGED", "ALTER TABLE registry_hoja SET LOGGED", "registry_hoja"),
    ],
)
def test_a_table_that_its_owner_no_longer_reads_or_that_a_crash_would_empty_is_named(
    world: Path, change: str, back: str, named: str
) -> None:
    with psycopg.connect(_admin(COPY), autocommit=True) as admin:
        admin.execute(change)
        try:
            told, words = _verify(world, "--json"), _verify(world)
        finally:
            admin.execute(back)
    said = {"tabla": named, "id": "", "que": "tabla que no es como la hacen las migraciones"}
    altered = json.loads(told.stdout)["alterados"]
    assert (told.returncode, altered[0]) == (1, said), told.stderr
    assert {one["tabla"] for one in altered} <= {named, f"{named}_id_seq"}
    assert f"{named} : tabla que no es como la hacen las migraciones" in words.stdout and "NO íntegro" in words.stdout
    assert "sif migrar" not in words.stderr


def test_a_database_of_before_commitments_has_none_to_count() -> None:
    assert unfiled(_admin("postgres")) == (0, 0)


def test_a_copy_is_whole_and_then_each_kind_of_record_tampered_in_it_is_named(world: Path) -> None:
    whole = _verify(world, "--json")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    said = json.loads(whole.stdout)
    assert list(said) == ["integro", "registros", "segundos", "alterados"]
    assert (said["integro"], said["alterados"]) == (True, []) and said["registros"] > 20
    assert "Evidencia: 9 archivos" in _verify(world).stdout
    roots = (world / "raices.json").read_bytes()
    key = base64.b64decode(json.loads(roots)["autoridad"])
    for told in (json.loads(roots)["publicado_el"], *(hashlib.sha256(one).hexdigest() for one in (roots, key))):
        assert told in whole.stderr
    alone = _verify(world, "--json", raices=False)
    assert json.loads(alone.stdout)["integro"] is True and "Sin --raices se compara solo" in alone.stderr

    owner, keys = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=COPY), keys_of_records()
    expected, done = set(), dict[str, set[str]]()
    with psycopg.connect(_admin(COPY), autocommit=True) as admin:
        disarm(admin)
        forged = {table for table, key in keys.items() if forge(admin, table, key)}
        borne_out = {one.tabla for one in verify_rows(owner)[1] if one.que in OF_LEAVES}
        assert forged and not borne_out & forged, "what is forged is not as its act would have recorded it"
        done["en su póliza"], rows = _tamper_with_lines(admin)
        expected |= rows
        for table, key in keys.items():
            for what, act in (("falta", remove), ("alterado", alter), ("agregado", add)):
                if (row := act(admin, table, key)) is not None:
                    done.setdefault(what, set()).add(table)
                    expected.add((table, row, what if table not in CORRECTED else ""))
        admin.execute("UPDATE registry_sujetoobligado SET siglas = 'OTRAS' WHERE nombre = 'Rival'")
        corrected = admin.execute("SELECT id::text FROM registry_sujetoobligado WHERE nombre = 'Rival'").fetchone()
        expected.add(("registry_sujetoobligado", *(corrected or ()), ""))  # not what its last correction says
        expected.add(("disclosure_procesopublicado", add(admin, "disclosure_procesopublicado", "clave"), ""))
        [(put_in,)] = admin.execute("SELECT digest FROM audit_instantanea WHERE id = %s", [STRANGE]).fetchall()
        expected.add(("audit_instantanea", put_in, ""))  # which names no manifest
    assert done == {"en su póliza": set(IN_THEIR_POLIZA), **{what: set(keys) for what in OF_LEAVES}}
    path = next((world / "archivos").glob("*/*"))
    path.write_bytes(b"otra cosa")
    tampered = _verify(world, "--json")
    assert tampered.returncode == 1, tampered.stderr
    said = json.loads(tampered.stdout)
    assert said["integro"] is False
    assert all(list(one) == ["tabla", "id", "que"] and one["que"] for one in said["alterados"])
    named = {(one["tabla"], one["id"], one["que"]) for one in said["alterados"]}
    named |= {(table, row, "") for table, row, _what in named}
    assert expected - named == set()
    assert ("books_archivo", path.parent.name + path.name, "") in named
    with psycopg.connect(_admin(COPY), autocommit=True) as admin:
        disarm(admin)
        admin.execute("DELETE FROM registry_hoja WHERE tabla = 'books_archivo'")
    assert ("books_archivo", "al principio") in {(one.tabla, one.id) for one in verify_rows(owner)[1]}


def _ends(admin: Any) -> Any:
    return admin.execute("SELECT min(id), max(id), count(*) FROM books_poliza").fetchone()


def _tamper_with_lines(admin: Any) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Change, erase and add what hangs from pólizas; returns of which tables, and what must be named.

    The first póliza and the last are left: they are changed and erased themselves.
    """
    expected, done = set(), set()
    which = "poliza_id NOT IN (SELECT min(id) FROM books_poliza UNION SELECT max(id) FROM books_poliza)"
    for table in sorted(IN_THEIR_POLIZA):
        of = dict(admin.execute(f"SELECT id::text, poliza_id::text FROM {table}").fetchall())
        changed, gone = alter(admin, table, "id", which), remove(admin, table, "id", which)
        assert changed and gone and of[changed] != of[gone], f"{table}, {changed}, {gone}: {of}; {_ends(admin)}"
        done.add(table)
        expected |= {("books_poliza", of[changed], ""), ("books_poliza", of[gone], "")}
        expected.add((table, add(admin, table, "id"), "su póliza no está"))
    return done, expected
