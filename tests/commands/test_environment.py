"""An unsafe or misspelt environment is refused before anything is served, with the cure of each fault."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sif.commands.environment import DEMONSTRATION_SECRET, JURISDICTIONS, ROLES, VARIABLES, environment_checks, unsafe

SAFE = {
    "SIF_ENTORNO": "produccion",
    "SIF_SECRETO": "x" * 60,
    "SIF_DOMINIOS": "sif.instituto.mx",
    "SIF_PROXYS": "127.0.0.1/32",
    "SIF_ACUSES_CONTRASENA": "una frase larga",
    "SIF_LLAVE_ALCANCE": "00" * 32,
    "SIF_LLAVE_MFA": "m" * 32,
    "SIF_DATOS": "/srv/sif/datos",
}
POSTED = {"SIF_SMTP_SERVIDOR": "correo.mx", "SIF_SMTP_REMITENTE": "SIF <sif@correo.mx>"}
SRC = Path(__file__).resolve().parents[2] / "src"


def test_a_safe_production_environment_has_no_fault() -> None:
    assert unsafe(SAFE) == ""
    assert len(environment_checks(SAFE)) == 22


def test_the_roles_known_before_the_registry_loads_are_its_roles() -> None:
    from sif.registry.models import Nombramiento

    assert sorted(ROLES) == sorted(Nombramiento.Rol.values)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SIF_ENTORNO": "producción"}, "sin acento"),
        ({"SIF_SECRETO": ""}, "0 caracteres"),
        ({"SIF_SECRETO": "corto"}, "5 caracteres"),
        ({"SIF_SECRETO": DEMONSTRATION_SECRET}, "el de la demostración"),
        ({"SIF_DOMINIOS": ""}, "SIF_DOMINIOS está vacía"),
        ({"SIF_DOMINIOS": "*"}, "SIF_DOMINIOS dice «*»"),
        ({"SIF_DOMINIOS": "sif.mx,localhost"}, "dice «localhost»"),
        ({"SIF_DOMINIOS": ".instituto.mx"}, "dice «.instituto.mx»"),
        ({"SIF_DOMINIOS": "https://sif.instituto.mx"}, "sin https:// ni puerto"),
        ({"SIF_DOMINIOS": "sif.instituto.mx:8443"}, "sin https:// ni puerto"),
        ({"SIF_DOMINIOS": "sif.instituto.mx,10.0.0.7"}, "dice «10.0.0.7»"),
        ({"SIF_PRECARGA_HSTS": "sí"}, "Escriba si o no"),
        ({"SIF_SAT_ESTATUS": "consulta.sat.gob.mx"}, "SIF_SAT_ESTATUS dice"),
        ({"SIF_SELLO_TIEMPO": "https://"}, "SIF_SELLO_TIEMPO dice"),
        ({"SIF_SMTP_REMITENTE": "sif@instituto.mx"}, "SIF_SMTP_SERVIDOR está vacía"),
        ({"SIF_SMTP_SERVIDOR": "correo.mx"}, "SIF_SMTP_REMITENTE dice «»"),
        ({**POSTED, "SIF_SMTP_TLS": "si"}, "Escriba starttls, tls o no"),
        ({**POSTED, "SIF_SMTP_TLS": "no"}, "sin cifrar"),
        ({**POSTED, "SIF_SMTP_PUERTO": "0"}, "SIF_SMTP_PUERTO dice"),
        ({**POSTED, "SIF_SMTP_USUARIO": "sif"}, "hay una sola"),
        ({**POSTED, "SIF_SMTP_USUARIO": "sif", "SIF_SMTP_CONTRASENA_ARCHIVO": "clave"}, "con su ruta completa"),
        ({"SIF_JURISDICCION": "atlantida"}, "Escriba una que exista: mx"),
        ({"SIF_PROXYS": ""}, "SIF_PROXYS está vacía"),
        ({"SIF_LLAVE_MFA": ""}, "SIF_LLAVE_MFA tiene 0 caracteres"),
        ({"SIF_LLAVE_MFA": f"{'n' * 40},corta"}, "SIF_LLAVE_MFA tiene 5 caracteres"),
        (
            {"SIF_OIDC_SERVIDOR": "http://entrada.instituto.mx", "SIF_OIDC_CLIENTE": "c", "SIF_OIDC_SECRETO": "s"},
            "https",
        ),
        ({"SIF_OIDC_SERVIDOR": "https://entrada.instituto.mx", "SIF_OIDC_CLIENTE": "c"}, "sin SIF_OIDC_SECRETO"),
        ({"SIF_MFA_ROLES": "auditor,consejera"}, "¿Quiso decir consejero"),
        ({"SIF_INACTIVIDAD_MINUTOS": "media hora"}, "minutos enteros"),
        ({"SIF_INACTIVIDAD_MINUTOS": "0"}, "minutos enteros"),
        ({"SIF_TRABAJOS_GIB": "mucho"}, "gibibytes enteros"),
        ({"SIF_TRABAJOS_GIB": "0"}, "gibibytes enteros"),
        ({"SIF_ABRE_OTRA_PERSONA": "sí"}, "Escriba si o no"),
        ({"SIF_ASIGNA_OTRA_PERSONA": "nadie"}, "Escriba si o no"),
        ({"SIF_PROXYS": "0.0.0.0/0"}, "cualquier dirección"),
        ({"SIF_PROXYS": "::/0"}, "cualquier dirección"),
        ({"SIF_PROXYS": "el proxy"}, "no es una red"),
        ({"SIF_ACUSES_CONTRASENA": ""}, "SIF_ACUSES_CONTRASENA está vacía"),
        ({"SIF_LLAVE_ALCANCE": "corta"}, "SIF_LLAVE_ALCANCE tiene 5"),
        ({"SIF_LLAVE_ALCANCE": "z" * 64}, "64 hexadecimales"),
        ({"SIF_DOMINIO": "sif.mx"}, "¿Quiso decir SIF_DOMINIOS?"),
        ({"SIF_DATOS": ""}, "SIF_DATOS está vacía"),
        ({"SIF_DATOS": "datos"}, "ruta completa"),
        ({"SIF_ARCHIVOS": "evidencia"}, "SIF_ARCHIVOS dice «evidencia»"),
        ({"SIF_ARCHIVOS": "s3:///prefijo"}, "s3://cubeta/prefijo"),
        ({"SIF_CONTRASENAS": "lista.bin"}, "SIF_CONTRASENAS dice «lista.bin»"),
        ({"SIF_SAT_ESTATUS": "https://[roto"}, "SIF_SAT_ESTATUS dice"),
        ({"DATABASE_URL": "postgres:sif"}, "DATABASE_URL no se entiende"),
        ({"SIF_RESPALDO_URL": ""}, "SIF_RESPALDO_URL no se entiende"),
    ],
)
def test_each_fault_of_production_is_named_with_its_cure(changes: dict[str, str], said: str) -> None:
    assert said in unsafe({**SAFE, **changes})
    assert len(unsafe({**SAFE, **changes}).splitlines()) == 1


def test_a_connection_is_never_shown() -> None:
    assert "secreta" not in unsafe({"DATABASE_URL": "postgresql://sif_app:secreta@[::1/sif"})


@pytest.mark.parametrize("place", ["/srv/sif/archivos", "s3://cubeta", "s3://cubeta/sif/archivos"])
def test_a_folder_and_a_bucket_may_keep_the_evidence(place: str) -> None:
    assert unsafe({**SAFE, "SIF_ARCHIVOS": place}) == ""


def test_the_jurisdictions_known_before_the_law_loads_are_its_folders() -> None:
    names = {path.name for path in (SRC / "sif" / "jurisdictions").iterdir() if path.is_dir()}
    assert names - {"__pycache__"} == set(JURISDICTIONS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DATABASE_URL": "postgresql://sif_app@127.0.0.1:1/sif"}, "La base de datos no responde"),
        ({"SIF_DATOS": "/dev/null/datos"}, "Revise que exista y sus permisos"),
    ],
)
def test_an_installation_that_fails_is_said_with_its_cure_and_no_traceback(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SIF_", "DATABASE_"))}
    environment |= {"DATABASE_OWNER_URL": changes.get("DATABASE_URL", ""), "PYTHONPATH": str(SRC)}
    environment |= {"SIF_DATOS": str(tmp_path), **changes}
    command = [sys.executable, "-m", "sif.commands.main", "verificar"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert said in done.stderr


def test_an_owner_that_was_not_given_is_asked_for() -> None:
    from sif.commands.main import _cure_of

    assert "DATABASE_OWNER_URL" in _cure_of(KeyError("DATABASE_OWNER_URL"))
    assert _cure_of(KeyError("otra")) == ""


def test_a_demonstration_needs_nothing() -> None:
    assert unsafe({}) == ""
    assert unsafe({"SIF_ENTORNO": "demostracion"}) == ""


def test_the_variables_that_the_program_reads_are_those_known_and_in_the_guide() -> None:
    read = set()
    for path in SRC.rglob("*.py"):
        if path.name != "environment.py":
            read |= set(re.findall(r"[\"'](SIF_[A-Z0-9_]+)[\"']", path.read_text(encoding="utf-8")))
    assert read == VARIABLES
    guide = (SRC.parent / "docs" / "instalacion.md").read_text(encoding="utf-8")
    assert [name for name in sorted(read) if f"`{name}`" not in guide] == []


@pytest.mark.parametrize("mode", ["producción", "Produccion", "produccion"])
def test_the_pages_do_not_load_in_an_unsafe_environment(mode: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIF_")}
    environment |= {"SIF_ENTORNO": mode, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "El entorno no es seguro y SIF no arranca" in done.stderr


@pytest.mark.parametrize(
    ("given", "port"), [({}, 465), ({"SIF_SMTP_PUERTO": ""}, 465), ({"SIF_SMTP_PUERTO": "2525"}, 2525)]
)
def test_an_empty_port_of_mail_is_the_usual_one(given: dict[str, str], port: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIF_")}
    environment |= {"PYTHONPATH": str(SRC), "SIF_SMTP_TLS": "tls", **given}
    command = [sys.executable, "-c", "from config import settings; print(settings.SMTP_PUERTO)"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (str(port), 0)


def test_the_command_prints_what_fails_as_json() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SIF_", "DATABASE_"))}
    environment |= {"SIF_ENTORNO": "producción", "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "sif.commands.main", "revisar-instalacion", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (check,) = json.loads(done.stdout)
    assert set(check) == {"que", "bien", "cura"}
    assert check["bien"] is False


def test_a_command_in_an_unsafe_environment_prints_the_cure_and_no_traceback() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIF_")}
    environment |= SAFE | {"SIF_SECRETO": "corto", "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "sif.commands.main", "migrar"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "SIF_SECRETO tiene 5 caracteres" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({}, "http://localhost:8000"),
        ({"SIF_PUERTO": ""}, "http://localhost:8000"),
        ({"SIF_PUERTO": "8123"}, "http://localhost:8123"),
    ],
)
def test_what_is_printed_leads_to_the_port_that_serves(given: dict[str, str], site: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in ("SIF_PUERTO", "SIF_ENTORNO")}
    command = [sys.executable, "-c", "from config.settings import SITIO; print(SITIO)"]
    assert subprocess.run(command, env=kept | given, capture_output=True, text=True, check=True).stdout.strip() == site
