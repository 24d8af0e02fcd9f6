"""Believe the authority of SAT's test certificates, as an institution believes a new authority: by files of its folder.

SAT publishes no certificate of that authority, «AC UAT». Its key is in what it signed: for RSA with exponent e, the
modulus divides s^e - m of each certificate, s being its signature and m the padded digest of what it says, so that it
is, but for small factors, the greatest common divisor of two of them. The key so found is kept beside the certificates,
and verifies them all. A root of one's own certifies its name and key, which is how one authority believes another.
"""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key

from public_data import public
from sif.signing import minting
from sif.signing.authorities import Authority, read_authority

PASSWORD = "12345678a"
"""The one that SAT publishes with each pair."""
SIGNED = ("cacx7605101p8", "cañf770131pa3", "funk671228ph6", "kaho641101b39", "misc491214b86")
"""Pairs of the folder `fiel` that this authority issued in 2019; their four years ended in 2023."""
SPAN = datetime(2019, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def believe(folder: Path) -> None:
    """Leave in the folder of an installation the authority of SAT's tests and the root that certifies it."""
    for name, authority in zip(("raiz-propia.cer", "ac-uat.cer"), authorities_of_tests(), strict=True):
        (folder / name).write_bytes(authority.der)


def authorities_of_tests() -> tuple[Authority, Authority]:
    """Return a root of one's own, and the authority of SAT's tests as that root certifies it."""
    key = minting.new_key()
    root = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Raíz de la institución de prueba")])
    sat = x509.load_der_x509_certificate(public("certs", "fiel", f"{SIGNED[0]}.cer").read_bytes()).issuer
    public_key = load_pem_public_key(public("certs", "ac_uat_2019.pem").read_bytes())
    assert isinstance(public_key, rsa.RSAPublicKey)
    return _certified(root, root, key.public_key(), key), _certified(sat, root, public_key, key)


def _certified(who: x509.Name, by: x509.Name, key: rsa.RSAPublicKey, signs: rsa.RSAPrivateKey) -> Authority:
    made = (
        x509.CertificateBuilder(by, who, key, x509.random_serial_number(), *SPAN)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signs, hashes.SHA256())
    )
    return read_authority(made.public_bytes(Encoding.DER))
