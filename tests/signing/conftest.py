"""One authority of demonstration, two officers and one sealed acuse for all tests of signing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sif.signing import acuse, cadena, heads, minting
from sif.signing.certificates import Certificate, read_certificate
from sif.signing.chain import sha256_hex
from sif.signing.efirma import Firma, open_key, sign
from sif.values import Money

RECEIVED = datetime(2024, 6, 1, 5, 40, 12, tzinfo=UTC)
PREPARED = datetime(2024, 6, 1, 5, 31, 0, tzinfo=UTC)
FILES = {"estado de cuenta.pdf": b"saldo 100.10", "Relación Ñ.xlsx": b"uno\ndos"}


@dataclass(frozen=True)
class Officer:
    """A minted pair, already read and opened."""

    minted: minting.Minted
    cert: Certificate
    key: RSAPrivateKey


@pytest.fixture(scope="session")
def pool() -> list[RSAPrivateKey]:
    return [minting.new_key() for _ in range(4)]


@pytest.fixture(scope="session")
def demo_authority(pool: list[RSAPrivateKey]) -> minting.MintedAuthority:
    def endless() -> Iterator[RSAPrivateKey]:
        while True:
            yield from pool

    return minting.mint_authority(keys=endless())


@pytest.fixture(scope="session")
def mint(demo_authority: minting.MintedAuthority) -> Callable[..., Officer]:
    def make(
        kind: str = "fiel", rfc: str = "ROSA7701319A1", desde: date = date(2023, 1, 1), hasta: date = date(2027, 1, 1)
    ) -> Officer:
        maker = minting.mint_fiel if kind == "fiel" else minting.mint_csd
        pair = maker(demo_authority, rfc, "ROSA770131MDFSLL08", "ALICIA ROSAS NÚÑEZ", desde, hasta)
        return Officer(pair, read_certificate(pair.cer), open_key(pair.key, pair.password))

    return make


@pytest.fixture(scope="session")
def alicia(mint: Callable[..., Officer]) -> Officer:
    return mint()


def campos_of(officer: Officer, folio: str = "IC-2024-000123") -> cadena.CamposInforme:
    """A report of campaign as its officer signs it."""
    return cadena.CamposInforme(
        folio=folio,
        version=1,
        sujeto="Partido del Ágora",
        id_contabilidad="101234",
        tipo="IC normal",
        desde=date(2024, 3, 1),
        hasta=date(2024, 5, 29),
        ingresos=Money.parse("150,000.00"),
        egresos=Money.parse("149,999.99"),
        contenido=sha256_hex(b"informe congelado"),
        firmante=officer.cert.rfc,
        serie=officer.cert.serie,
        preparado_el=PREPARED,
    )


def acuse_of(officer: Officer, authority: RSAPrivateKey, folio: str = "IC-2024-000123") -> dict[str, Any]:
    """Its acuse, still without proof."""
    campos = campos_of(officer, folio)
    text = cadena.informe_cadena(campos)
    firma = Firma(text, sign(text, officer.key), officer.minted.cer)
    listed = [acuse.list_archivo(name, data) for name, data in FILES.items()]
    return acuse.build_acuse(campos, firma, listed, RECEIVED, authority)


@dataclass(frozen=True)
class Log:
    """The acuses of one cut of the log, each with its proof, and the published heads."""

    acuses: list[dict[str, Any]]
    raices: dict[str, Any]
    authority: RSAPrivateKey
    head: heads.Head


@pytest.fixture(scope="session")
def log(alicia: Officer, pool: list[RSAPrivateKey]) -> Log:
    authority = pool[3]
    acuses = [acuse_of(alicia, authority, f"IC-2024-{n:06d}") for n in range(11)]
    leaves = [acuse.leaf_of(one) for one in acuses]
    head = heads.build_head("acuses-2024", leaves, authority)
    proved = [acuse.with_proof(one, heads.build_proof(head, leaves, n)) for n, one in enumerate(acuses)]
    other = heads.build_head("acuses-2023", leaves[:3], authority)
    return Log(proved, heads.build_heads([head, other], authority, RECEIVED), authority, head)
