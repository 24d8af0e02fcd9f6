"""A weak key, a certificate that its issuer signed with SHA-1, and an authority whose password everybody knows."""

from datetime import date
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from filing.campaign import CURP, RFC, Campaign, Officer, opened
from sif.filing.authority import demonstration_authority, trusted
from sif.filing.models import Presentacion
from sif.signing import minting
from sif.values import Refused

SPAN = (date(2023, 1, 1), date(2027, 1, 1))


def _refused(campaign: Campaign, officer: Officer) -> list[str]:
    informe = campaign.prepare(nil=True)
    with pytest.raises(Refused) as refused:
        campaign.present(informe, officer)
    assert not Presentacion.objects.exists()
    return [problem.codigo for problem in refused.value.problems]


@pytest.mark.parametrize(("bits", "exponent"), [(1024, 65537), (2048, 3)])
def test_a_weak_key(campaign: Campaign, bits: int, exponent: int) -> None:
    key = rsa.generate_private_key(public_exponent=exponent, key_size=bits)
    weak = minting.MintedAuthority(campaign.mint.cer, campaign.mint.private_key, iter([key]))
    assert _refused(campaign, opened(minting.mint_fiel(weak, RFC, CURP, "ALICIA", *SPAN))) == ["llave_debil"]


def test_a_certificate_signed_with_sha1(campaign: Campaign) -> None:
    assert _refused(campaign, _with_sha1(campaign)) == ["certificado_debil"]


def _with_sha1(campaign: Campaign) -> Officer:
    """The officer's own certificate, as an issuer of 2008 would have signed it."""
    tbs = x509.Certificate.load(campaign.officer.cer)["tbs_certificate"]
    tbs["signature"] = {"algorithm": "sha1_rsa"}
    signature = campaign.mint.private_key.sign(tbs.dump(force=True), PKCS1v15(), hashes.SHA1())  # noqa: S303
    whole = {"tbs_certificate": tbs, "signature_algorithm": {"algorithm": "sha1_rsa"}, "signature_value": signature}
    return Officer(x509.Certificate(whole).dump(), campaign.officer.key)


def test_production_does_not_believe_the_demonstration(campaign: Campaign, settings: Any) -> None:
    own = demonstration_authority().authority
    assert own in trusted().authorities
    settings.PRODUCTION = True
    assert own not in trusted().authorities
    assert trusted().authorities  # SAT's stay
