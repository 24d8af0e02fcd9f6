"""The acuse proves itself, the log of acuses only grows, and a changed byte is named."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from django.db import Error, transaction

from filing.campaign import Campaign, on
from sif.filing import authority, log, services
from sif.filing.models import CabezaArbol
from sif.filing.presenting import CONTENT_NAME
from sif.registry import scope
from sif.signing.acuse import acuse_bytes, verify_acuse
from sif.signing.authorities import read_authorities
from sif.signing.chain import canonical_json
from sif.signing.heads import verify_heads
from sif.signing.problems import SigningError


def test_an_acuse_is_valid_under_the_published_head_and_not_before(campaign: Campaign, tmp_path: Path) -> None:
    informe = campaign.prepare(nil=True)
    act = campaign.present(informe)
    assert services.acuse_of(act)["prueba"] is None
    head = services.publish_head()
    assert head is not None and head.tamano == 1
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / CONTENT_NAME).write_bytes(canonical_json(informe.contenido))
    raices = services.raices()
    assert verify_heads(raices) == []
    verdict = verify_acuse(json.loads(acuse_bytes(services.acuse_of(act))), raices, tmp_path / "a")
    assert (verdict.veredicto, verdict.cambios) == ("VÁLIDO", [])


def test_a_changed_figure_is_named(campaign: Campaign) -> None:
    act = campaign.present(campaign.prepare(nil=True))
    services.publish_head()
    acuse = services.acuse_of(act)
    acuse["informe"] = {**acuse["informe"], "egresos": 1}
    verdict = verify_acuse(acuse, services.raices(), None)
    assert verdict.veredicto == "ALTERADO" and any("egresos" in change for change in verdict.cambios)


def test_places_are_contiguous_whoever_looks_and_every_acuse_is_proved(campaign: Campaign) -> None:
    acts = [campaign.present(campaign.prepare(nil=True))]
    first = services.publish_head()
    with scope.only([campaign.berta.pk]):  # who sees one set of books does not repeat a place of the log
        acts.append(campaign.present(campaign.prepare(campaign.berta, nil=True)))
    with on("2024-06-02 09:00"):
        acts.append(campaign.present(campaign.prepare(period=1, nil=True)))
    second = services.publish_head()
    assert first is not None and second is not None
    assert [act.hoja for act in acts] == [0, 1, 2] and (first.tamano, second.tamano) == (1, 3)
    raices = services.raices()
    assert [verify_acuse(services.acuse_of(act), raices, None).veredicto for act in acts] == ["VÁLIDO"] * 3


def test_a_head_is_published_once_and_never_changes(campaign: Campaign) -> None:
    assert services.publish_head() is None
    assert log.TREE not in services.raices()
    campaign.present(campaign.prepare(nil=True))
    head = services.publish_head()
    assert head is not None and services.publish_head() == head and CabezaArbol.objects.count() == 1
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        CabezaArbol.objects.update(raiz="0" * 64)


def test_the_keys_are_made_once_private_and_said(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATOS = tmp_path
    first = authority.authority_key()
    assert "DEMOSTRACIÓN" in caplog.text
    assert authority.authority_key().private_numbers() == first.private_numbers()
    path = tmp_path / "certificados" / authority.ACUSES_KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    demo = authority.demonstration_authority()
    (tmp_path / "certificados" / "demostracion.cer").unlink()
    assert authority.demonstration_authority().cer == demo.cer
    assert [row.sha256 for row in read_authorities(tmp_path / "certificados")] == [demo.authority.sha256]
    assert demo.authority in authority.trusted().authorities


def test_a_key_made_with_openssl_opens_in_pem_and_in_der(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATOS, settings.PRODUCTION = tmp_path, True
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    monkeypatch.setenv(authority.PASSWORD_VARIABLE, "la de la autoridad")
    for encoding in (Encoding.PEM, Encoding.DER):
        written = key.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(b"la de la autoridad"))
        (authority.certificates_folder() / authority.ACUSES_KEY).write_bytes(written)
        assert authority.authority_key().private_numbers() == key.private_numbers()


def test_production_makes_nothing(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATOS = tmp_path
    authority.authority_key()
    settings.PRODUCTION = True
    monkeypatch.delenv(authority.PASSWORD_VARIABLE, raising=False)
    with pytest.raises(authority.AuthorityMissing, match=authority.PASSWORD_VARIABLE):
        authority.authority_key()
    monkeypatch.setenv(authority.PASSWORD_VARIABLE, "otra")
    with pytest.raises(SigningError, match="contraseña"):
        authority.authority_key()
    (tmp_path / "certificados" / authority.ACUSES_KEY).unlink()
    with pytest.raises(authority.AuthorityMissing, match=r"acuses\.key"):
        authority.authority_key()
    with pytest.raises(authority.AuthorityMissing):
        authority.demonstration_authority()
    assert list((tmp_path / "certificados").iterdir()) == []
