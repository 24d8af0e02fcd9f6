"""The checks of a running installation name the fault and its cure, on the real database."""

from datetime import UTC, datetime, timedelta
from inspect import isfunction, signature
from pathlib import Path
from typing import Any

import boto3
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection, connections
from django.utils import timezone
from moto import mock_aws

from rfcs import new_rfc
from sif.books.services.file_store import almacen_of
from sif.commands import installation
from sif.commands.environment import Check
from sif.filing.authority import DEMO_PASSWORD, authority_key, certificates_folder
from sif.filing.cuts import make_cut
from sif.registry import clock, walls
from sif.registry.invitations import Rol, invite
from sif.registry.invited import Invited
from sif.registry.passwords import build_prefixes
from sif.registry.scope import registering
from sif.registry.services import create_usuario
from sif.signing.minting import encrypt_key, mint_authority, new_key

pytestmark = pytest.mark.django_db


def _failed(checks: list[Check]) -> list[str]:
    return [check.que for check in checks if not check.bien]


def test_each_check_that_is_written_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [
        name
        for name, each in vars(installation).items()
        if isfunction(each) and signature(each).return_annotation == list[Check] and not signature(each).parameters
    ]
    for name in own:
        monkeypatch.setattr(installation, name, lambda name=name: [Check(name, True)])
    assert len(own) > 10
    assert set(own) - {check.que for check in installation.installation_checks({})} == set()
    starts = {check.que for check in installation.installation_checks({}, starts=True)}
    assert set(own) - starts == {"_jobs", "_objects", "_trusted", "_stamps", "_cuts", "_mail"}


def test_the_application_role_owns_nothing_and_the_tables_are_up_to_date() -> None:
    assert _failed(installation._walls()) == []
    assert _failed(installation._migrations()) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_that_owns_the_tables_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "connection", connections["owner"])
    found = installation._walls()
    assert any("dueño de" in check.que and "sif_owner" in check.que for check in found)
    assert all("DATABASE_URL" in check.cura for check in found if "dueño de" in check.que)


def test_a_file_server_that_admits_an_act_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from sif.registry import opening

    assert _failed(installation._files()) == []
    said = [["leer", True, ""], ["red", False, ""]]
    monkeypatch.setattr(opening, "opened", lambda *_given: type("Said", (), {"lines": lambda _self: iter(said)})())
    (check,) = installation._files()
    assert not check.bien
    assert "se admitió: red" in check.cura


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_whose_sessions_read_each_other_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation._unseen().bien
    monkeypatch.setattr(installation, "connection", connections["owner"])
    check = installation._unseen()
    assert not check.bien and "ALTER ROLE sif_owner SET track_activities = off" in check.cura


@pytest.mark.django_db
def test_what_the_role_told_itself_to_begin_with_is_named() -> None:
    assert installation._told().bien
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE sif_app SET enable_indexscan = off")
    check = installation._told()
    assert not check.bien and "enable_indexscan=off" in check.que and "ALTER ROLE sif_app RESET ALL" in check.cura


@pytest.mark.django_db
def test_a_role_that_makes_large_objects_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.bien for each in installation._objects()] == [True]
    monkeypatch.setattr(installation, "_ask", lambda _query: ("sif_app", "sif", "lo_create"))
    (check,) = installation._objects()
    assert not check.bien and "lo_create" in check.que and "REVOKE EXECUTE" in check.cura


def test_an_owner_left_in_the_environment_of_the_pages_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path  # so that the database is not the one of the folder
    assert installation._owner_absent({}).bien
    check = installation._owner_absent({"DATABASE_OWNER_URL": "postgresql://sif_owner@/sif"})
    assert not check.bien and "Quítela" in check.cura


def test_an_absent_data_folder_is_a_failed_check(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path / "no-esta"
    (check,) = installation._folder()
    assert not check.bien
    assert "install -d -m 700" in check.cura


def test_what_production_tells_browsers_is_checked(settings: Any) -> None:
    assert installation._browsers() == []
    safe = {
        "PRODUCTION": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sif",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    }
    wrong = {
        "SECURE_HSTS_SECONDS": 3600,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SESSION_COOKIE_HTTPONLY": False,
        "CSRF_COOKIE_HTTPONLY": False,
        "SESSION_COOKIE_NAME": "sessionid",
        "CSRF_COOKIE_NAME": "csrftoken",
        "SECURE_SSL_REDIRECT": False,
        "SECURE_PROXY_SSL_HEADER": None,
    }
    for name, value in safe.items():
        setattr(settings, name, value)
    assert _failed(installation._browsers()) == []
    for name, value in wrong.items():
        kept = getattr(settings, name)
        setattr(settings, name, value)
        (fault,) = _failed(installation._browsers())
        assert str(value) in fault or name in fault or "TLS" in fault or "sin subdominios" in fault
        setattr(settings, name, kept)


def test_roles_without_second_factor_in_production_are_named(settings: Any) -> None:
    settings.PRODUCTION, settings.MFA_ROLES = True, frozenset({"auditor"})
    check, _key = installation._factors()
    assert not check.bien
    assert "consejero" in check.cura


def test_a_key_that_does_not_open_the_stored_factors_is_named(settings: Any) -> None:
    settings.FACTOR_KEYS = ["antigua"]
    with registering():
        TOTP.activate(create_usuario("dario", "Darío Luna", "gis-trueno-maceta-olmo"), generate_totp_secret())
    assert _failed(installation._factors()) == []
    settings.FACTOR_KEYS = ["nueva"]
    assert _failed(installation._factors()) == ["SIF_LLAVE_MFA no abre 1 segundos factores"]
    settings.FACTOR_KEYS = ["nueva", "antigua"]
    assert _failed(installation._factors()) == []


def test_a_key_of_acuses_that_did_not_seal_what_is_published_is_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATOS = tmp_path
    monkeypatch.setenv("SIF_ACUSES_CONTRASENA", DEMO_PASSWORD)
    key = certificates_folder() / "acuses.key"
    authority_key()
    settings.PRODUCTION = True
    make_cut()
    assert _failed(installation._keys()) == []
    key.write_bytes(encrypt_key(new_key(), DEMO_PASSWORD, "aes256_cbc"))
    key.chmod(0o600)
    (fault,) = _failed(installation._keys())
    assert fault.startswith("acuses.key no es la llave que selló 20")


def test_the_certificate_that_seals_documents_is_of_the_key_and_stands(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    assert not _failed([installation._seal_of_documents(authority_key())])
    brought = certificates_folder() / "sello"
    brought.mkdir()
    (brought / "sello.cer").write_bytes(mint_authority().cer)
    assert _failed([installation._seal_of_documents(authority_key())]) == ["Los documentos salen sin sello"]
    now = clock.now()
    (brought / "sello.cer").write_bytes(mint_authority(now, now + timedelta(1), keys=iter([authority_key()])).cer)
    assert not _failed([installation._seal_of_documents(authority_key())])
    with clock.at(now + timedelta(days=2)):
        (fault,) = _failed([installation._seal_of_documents(authority_key())])
    assert fault.startswith("El certificado que sella documentos vence el ")


def test_a_day_without_a_cut_of_the_roots_is_named_and_does_not_stop_who_starts(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATOS = tmp_path
    monkeypatch.setenv("SIF_ACUSES_CONTRASENA", DEMO_PASSWORD)
    monkeypatch.setattr(installation, "environment_checks", lambda _environ: [])
    now = timezone.now()
    assert _failed(installation._cuts()) == []  # installed today
    with clock.at(now + timedelta(hours=26)):
        (fault,) = installation._cuts()
        assert (fault.que, fault.bien) == ("El último corte de las raíces no se ha hecho", False)
        make_cut()
    with clock.at(now + timedelta(hours=26 + 24)):
        assert _failed(installation._cuts()) == []
    with clock.at(now + timedelta(hours=26 + 26)):
        (fault,) = installation._cuts()
        assert not fault.bien and "sif raices --salida" in fault.cura and "sif trabajar" in fault.cura
        assert fault.que in _failed(installation.installation_checks())
        assert fault.que not in _failed(installation.installation_checks(starts=True))


def test_a_folder_of_evidence_that_is_not_there_or_is_not_ours_is_named(settings: Any, tmp_path: Path) -> None:
    settings.ARCHIVOS = str(tmp_path)
    assert _failed(installation._store()) == []
    assert list(tmp_path.iterdir()) == []
    settings.ARCHIVOS = str(tmp_path / "evidenica")
    assert _failed(installation._store()) == [f"No está la carpeta {tmp_path / 'evidenica'}"]
    settings.ARCHIVOS = "/proc/self"  # a folder where nobody writes, root neither
    (fault,) = _failed(installation._store())
    assert fault.startswith("No se puede escribir en /proc/self")


def test_a_bucket_that_does_not_keep_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        almacen_of.cache_clear()
        boto3.client("s3").create_bucket(Bucket="sif")
        settings.ARCHIVOS = "s3://sif/evidencia"
        assert _failed(installation._store()) == []
        settings.ARCHIVOS = "s3://otra"
        (fault,) = _failed(installation._store())
        assert "NoSuchBucket" in fault
    almacen_of.cache_clear()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No se puede leer"),
        (b"", "Tiene 0 bytes"),
        (b"123456789", "Tiene 9 bytes"),
        (b"hunter22contrase123456789012345678901234567890123456" + b"\n" * 4, "no están en orden"),
    ],
)
def test_a_list_of_passwords_of_another_form_is_named(
    settings: Any, tmp_path: Path, content: bytes | None, said: str
) -> None:
    place = tmp_path / "publicadas.bin"
    settings.BREACHED_PASSWORDS = str(place)
    if content is not None:
        place.write_bytes(content)
    (fault,) = _failed(installation._passwords())
    assert said in fault
    good = tmp_path / "buenas.bin"
    good.write_bytes(build_prefixes(f"contraseña publicada {number}" for number in range(3000)))
    settings.BREACHED_PASSWORDS = str(good)
    assert _failed(installation._passwords()) == []


def test_a_clock_that_differs_from_the_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation._skew().bien
    late = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert not installation._skew().bien


def test_a_data_folder_that_others_read_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    tmp_path.chmod(0o700)
    assert _failed(installation._folder()) == []
    tmp_path.chmod(0o755)
    assert _failed(installation._folder()) == [f"{tmp_path.name}/ tiene permisos 755"]


def test_a_key_that_others_read_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    key = tmp_path / "certificados" / "acuses.key"
    key.parent.mkdir()
    key.write_bytes(b"0")
    key.chmod(0o644)
    assert _failed(installation._keys()) == ["acuses.key tiene permisos 644"]
    key.chmod(0o600)
    assert _failed(installation._keys()) == []


def test_an_installation_without_administrator_says_how_to_make_one_and_serves_their_link() -> None:
    (before, _demo) = installation._people()
    assert not before.bien
    assert "sif administrador --enlace" in before.cura
    invite(Invited(Rol.ADMINISTRADOR, "Hugo Administrador", "hugo.primero", new_rfc()), None)
    assert installation._people()[0].bien


def test_a_remote_database_without_verified_tls_is_named(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    remote = {"HOST": "base.instituto.mx", "OPTIONS": {"sslmode": "require"}}
    monkeypatch.setitem(settings.DATABASES, "default", remote)  # undone: later tests read the real one
    assert not installation._encrypted().bien
    monkeypatch.setitem(settings.DATABASES, "default", {**remote, "OPTIONS": {"sslmode": "verify-full"}})
    assert installation._encrypted().bien


def test_the_certificates_of_the_folder_are_told_with_the_next_to_end_and_those_unread(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    folder, today = certificates_folder(), clock.now()
    none, ends = installation._trusted()
    assert none == Check("certificados/ no agrega autoridades a las del SAT", True)
    assert ends.bien and ends.que.startswith("La próxima autoridad en vencer es «")
    last = datetime.strptime(ends.que[-10:], "%d/%m/%Y").replace(tzinfo=UTC)
    with clock.at(last - timedelta(days=89)):
        late = installation._trusted()[-1]
    assert not late.bien and f"déjelo en {folder}" in late.cura
    with clock.at(last + timedelta(days=2)):
        assert _failed(installation._trusted()) == ["Ninguna autoridad del SAT está vigente"]
    (folder / "nueva.cer").write_bytes(mint_authority(today, last + timedelta(days=900)).cer)
    (folder / "rota.cer").write_bytes(b"no es DER")
    (folder / "otra.pem").write_bytes(b"-----BEGIN CERTIFICATE-----")
    with clock.at(last - timedelta(days=89)):
        checks = installation._trusted()
    assert [each.que.partition(":")[0] for each in checks if not each.bien] == ["otra.pem", "rota.cer"]
    assert "certificados/ agrega a las del SAT: «" in checks[-2].que and checks[-1].bien
    settings.PRODUCTION = True  # the authority of a demonstration is none
    assert installation._trusted()[-2].que == "certificados/ no agrega autoridades a las del SAT"


def test_the_certificate_of_the_service_of_stamps_is_checked_where_there_is_one(settings: Any, tmp_path: Path) -> None:
    settings.DATOS, settings.SELLO_TIEMPO = tmp_path, ""
    assert installation._stamps() == []
    settings.SELLO_TIEMPO = "https://sello.instituto.mx/tsr"
    assert _failed(installation._stamps()) == ["El certificado del sello de tiempo no está"]
    kept = certificates_folder() / "sello-tiempo"
    kept.mkdir()
    (kept / "ac.cer").write_bytes(b"no es DER")
    (fault,) = _failed(installation._stamps())
    assert "no es un certificado X.509" in fault
    now = clock.now()
    (kept / "ac.cer").write_bytes(mint_authority(now - timedelta(days=9), now + timedelta(days=9)).cer)
    assert _failed(installation._stamps()) == []
    with clock.at(now + timedelta(days=10)):
        assert len(_failed(installation._stamps())) == 1
