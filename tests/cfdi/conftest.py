"""An authority, an issuer and a provider of certification made once, and an invoice to start from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from sif.cfdi import ComplementoIne, EntidadIne, Trust, trust
from sif.cfdi.fields import LEGAL_ZONE
from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
from sif.signing.minting import mint_authority, mint_csd
from sif.values import Money


@dataclass(frozen=True)
class Mint:
    issuer: Sealer
    pac: Sealer
    trust: Trust
    authority: Any


@pytest.fixture(scope="session")
def mint() -> Mint:
    minted = mint_authority()
    span = (date(2023, 1, 1), date(2027, 1, 1))
    issuer = Sealer.open(*mint_csd(minted, "IPU0101019A8", "", "IMPRENTA PÚBLICA", *span))
    pac = Sealer.open(*mint_csd(minted, "PAC0101019A1", "", "PROVEEDOR DE TIMBRES", *span))
    return Mint(issuer, pac, trust([minted.authority], [pac.certificate]), minted.authority)


CAMPAIGN = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("JAL", "Local", (102934,)),))
FACTURA = Factura(
    uuid="0A1B2C3D-0000-4000-8000-00000000ABCD",
    serie="F",
    folio="88",
    fecha=datetime(2024, 4, 2, 10, 30, tzinfo=LEGAL_ZONE),
    emisor=Contribuyente("IPU0101019A8", "IMPRENTA PÚBLICA"),
    receptor=Contribuyente("PDM000101AB1", "PARTIDO DEL MAÍZ & SAL", "603"),
    lineas=(
        Linea("Volantes «Vota»", 1500, Money(10_050), "82121500"),
        Linea("Lona", 2000, Money(33_333), "60121144", iva_pb=0),
    ),
    ine=CAMPAIGN,
)


@pytest.fixture
def factura() -> Factura:
    return FACTURA


@pytest.fixture
def write(mint: Mint) -> Callable[..., bytes]:
    """The starting invoice with some fields changed, sealed and stamped."""

    def build(**changes: Any) -> bytes:
        return build_cfdi(replace(FACTURA, **changes), mint.issuer, mint.pac)

    return build


@pytest.fixture
def xml(write: Callable[..., bytes]) -> bytes:
    return write()
