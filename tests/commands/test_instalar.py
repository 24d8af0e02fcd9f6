"""`sif instalar` does once what an institution needs before it serves; again, only what is lacking."""

import hashlib
import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sif.commands import first_files
from sif.commands.environment import environment_checks
from sif.commands.first_files import CannotInstall, Place, complete_configuration, make_folders, read_variables

SERVER = "host=/var/run/postgresql user=postgres dbname=postgres"
BASE = "sif_prueba_instalar"
PEOPLE = ["--administra", "Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "etc", tmp_path / "srv" / "datos", tmp_path / "res", pwd.getpwuid(os.geteuid()))


def test_folders_are_its_users_alone_and_made_once(place: Place) -> None:
    made = make_folders(place)
    assert {path.name for path in made} == {"etc", "srv", "datos", "certificados", "raices", "res"}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o700}
    assert make_folders(place) == []


def test_the_configuration_is_whole_and_what_is_there_is_never_changed(place: Place) -> None:
    make_folders(place)
    services = place.configuracion / "entorno"
    services.write_text("# de la institución\nSIF_SECRETO=" + "s" * 60 + "\nSIF_SMTP_REMITENTE='SIF <a@b.mx>'", "utf-8")
    new, found = complete_configuration(place, SERVER, "sif", "sif.instituto.mx", "127.0.0.1/32")
    assert "SIF_SECRETO" not in new and found["SIF_SECRETO"] == "s" * 60
    assert found["SIF_SMTP_REMITENTE"] == "SIF <a@b.mx>"
    assert "SIF_RESPALDO_URL" in read_variables(place.configuracion / "dueno")
    assert not {"DATABASE_OWNER_URL", "SIF_RESPALDO_URL"} & set(read_variables(services))
    assert conninfo_to_dict(found["DATABASE_URL"])["host"] == "127.0.0.1"
    found.pop("SIF_SMTP_REMITENTE")
    assert [each.que for each in environment_checks(found) if not each.bien] == []
    written = services.read_text("utf-8")
    assert complete_configuration(place, SERVER, "otra", "otro.mx", "10.0.0.0/8")[0] == []
    assert services.read_text("utf-8") == written
    assert services.stat().st_mode & 0o777 == 0o600


def test_a_remote_server_keeps_its_certificate(place: Place) -> None:
    make_folders(place)
    remote = "postgresql://postgres@db.instituto.mx:5433/postgres?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem"
    _new, found = complete_configuration(place, remote, "sif", "sif.instituto.mx", "127.0.0.1/32")
    said = conninfo_to_dict(found["DATABASE_URL"])
    assert (said["host"], said["port"], said["sslmode"], said["sslrootcert"]) == (
        "db.instituto.mx",
        "5433",
        "verify-full",
        "/etc/ssl/db.pem",
    )


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("SIF_SECRETO = x\n", "línea 1: no es NOMBRE=valor"),
        ("SIF_SECRETO='x\n", "línea 1: no es NOMBRE=valor"),
        ("SIF_DOMINIOS=\n", "SIF_DOMINIOS está vacía"),
    ],
)
def test_a_configuration_that_cannot_be_followed_is_refused(place: Place, written: str, says: str) -> None:
    make_folders(place)
    (place.configuracion / "entorno").write_text(written, "utf-8")
    with pytest.raises(CannotInstall, match=says):
        complete_configuration(place, SERVER, "sif", "", "127.0.0.1/32")


def test_a_key_whose_password_was_lost_is_never_given_another(place: Place) -> None:
    make_folders(place)
    place.llave.write_bytes(b"llave")
    with pytest.raises(CannotInstall, match="la que la abre"):
        complete_configuration(place, SERVER, "sif", "sif.instituto.mx", "127.0.0.1/32")
    assert not (place.configuracion / "entorno").exists()


@pytest.fixture
def server(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[str]:
    """The superuser's connection to the server of the tests, with a migrated database that the command will find."""
    from conftest import _template_name
    from sif.commands import database

    admin = str(database.embedded().get_server(database.data_folder() / "pg").get_uri())
    with psycopg.connect(admin, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(BASE))
        connection.execute(drop)
        connection.execute(f'CREATE DATABASE "{BASE}" OWNER sif_owner TEMPLATE "{_template_name()}"')
        yield make_conninfo(admin, password="x")  # with one it asks as who runs it, and not as the user postgres
        connection.execute(drop)
        connection.execute("DROP ROLE IF EXISTS sif_respaldo")


def _install(server: str, place: Place, *more: str) -> tuple[int, dict[str, Any], str]:
    command = [sys.executable, "-m", "sif.commands.main", "instalar", "--json", "--servidor", server, "--base", BASE]
    command += ["--dominio", "sif.instituto.mx", "--configuracion", str(place.configuracion), "--datos"]
    command += [str(place.datos), "--respaldos", str(place.respaldos), "--cuenta", place.dueno.pw_name, *PEOPLE, *more]
    own = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def test_an_institution_installs_by_one_command_that_repeated_makes_nothing(server: str, place: Place) -> None:
    make_folders(place)
    asked = conninfo_to_dict(server)
    for name, role, file in (
        ("DATABASE_URL", "sif_app", "entorno"),
        ("DATABASE_OWNER_URL", "sif_owner", "dueno"),
        ("SIF_RESPALDO_URL", "sif_respaldo", "dueno"),
    ):  # the server of the tests listens on its socket alone
        address = make_conninfo("", host=asked["host"], port=asked.get("port"), user=role, password="x", dbname=BASE)
        with (place.configuracion / file).open("a") as kept:
            kept.write(f"{name}='{address}'\n")
    code, first, told = _install(server, place)
    assert {step["paso"]: step["estado"] for step in first["pasos"]} == {
        "carpetas": "estaba",
        "configuración": "hecho",
        "base de datos": "hecho",
        "llave de acuses": "hecho",
        "tablas": "estaba",
        "administra": "hecho",
    }, told
    assert [check for check in first["revision"] if not check["bien"]] == [] and code == 0
    (link,) = first["enlaces"]
    assert link["usuario"] == "hugo.salas" and link["enlace"].startswith("https://sif.instituto.mx/cuenta/invitacion/")
    assert len(first["huella"]) == 64 and place.llave.stat().st_mode & 0o777 == 0o600
    code, again, _told = _install(server, place, "--enlaces-nuevos")
    assert {step["paso"] for step in again["pasos"] if step["estado"] == "hecho"} == {"administra"}
    assert again["huella"] == first["huella"] and again["enlaces"][0]["enlace"] != link["enlace"]
    more = ("--enlaces-nuevos", "--dominio", "otro.mx", "--administra", "Beto Malo Mal", "beto.malo")
    code, found, told = _install(server, place, *more, "XAXX010101000")
    assert (code, found) == (2, {}) and "A nadie se le dio enlace" in told and "hecho   administra" not in told
    assert "SIF_DOMINIOS sigue en «sif.instituto.mx» y se pidió «otro.mx»" in told
    code, kept, _told = _install(
        server, place
    )  # the link of who was named before the refused one is the one that was told
    assert code == 0 and kept["enlaces"] == [] and _links(place) == 2


def _links(place: Place) -> int:
    """How many invitations the installation holds."""
    owner = read_variables(place.configuracion / "dueno")["DATABASE_OWNER_URL"]
    with psycopg.connect(owner) as connection:
        (count,) = connection.execute("SELECT count(*) FROM registry_invitacion").fetchone() or (0,)
    return int(count)


def test_an_rfc_of_another_form_is_refused_before_anything_is_made(place: Place) -> None:
    code, found, told = _install(SERVER, place, "--administra", "Beto Malo Mal", "beto.malo", "MALB90010")
    assert (code, found) == (2, {}) and "beto.malo" in told and "9 caracteres" in told
    assert not place.configuracion.exists()


def test_a_server_that_does_not_answer_is_told_with_its_cure(place: Place, tmp_path: Path) -> None:
    code, found, told = _install(f"host={tmp_path} user=postgres", place)
    assert (code, found) == (2, {})
    assert "PostgreSQL no recibe a quien lo administra" in told and "--servidor" in told


def test_the_fingerprint_is_that_of_the_public_key(place: Place) -> None:
    make_folders(place)
    assert first_files.make_key(place, "clave") and not first_files.make_key(place, "otra")
    done = subprocess.run(
        ["openssl", "pkey", "-in", place.llave, "-passin", "pass:clave", "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    )
    key: Any = load_der_public_key(done.stdout)
    assert first_files.fingerprint(key) == hashlib.sha256(done.stdout).hexdigest()
