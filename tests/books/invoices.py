"""Invoices of a printer to the party of the small world, sealed and stamped with keys made once."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import chain, cycle
from typing import Any

import pytest

from sif.books import invoices
from sif.cfdi import ComplementoIne, EntidadIne, trust
from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
from sif.signing.minting import MintedAuthority, mint_authority, mint_csd, new_key
from sif.values import Money
from small_world import ZONE, World

RFC = "IPU0101019A8"


SPAN = (date(2023, 1, 1), date(2027, 1, 1))


@cache
def _keys() -> tuple[Any, ...]:
    return tuple(new_key() for _ in range(5))


@pytest.fixture(scope="module")
def authority() -> MintedAuthority:
    """An authority with a key of its own, whose holders share four: an RSA key takes a tenth of a second."""
    own, *held = _keys()
    return mint_authority(keys=chain([own], cycle(held)))


@pytest.fixture(scope="module")
def mint(authority: MintedAuthority) -> tuple[Sealer, Sealer, Any]:
    issuer = Sealer.open(*mint_csd(authority, RFC, "", "IMPRENTA PÚBLICA", *SPAN))
    pac = Sealer.open(*mint_csd(authority, "PAC0101019A1", "", "PROVEEDOR DE TIMBRES", *SPAN))
    return issuer, pac, trust([authority.authority], [pac.certificate])


@pytest.fixture
def own_seal(world: World, authority: MintedAuthority) -> Sealer:
    """The seal of the party, for what it issues itself."""
    return Sealer.open(*mint_csd(authority, world.party.rfc, "", world.party.nombre, *SPAN))


@pytest.fixture
def invoice(world: World, mint: tuple[Sealer, Sealer, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes the XML of an invoice to the party for its books, with some fields changed."""
    believed = mint[2]
    monkeypatch.setattr(invoices, "_authorities", lambda _folder: tuple(each.der for each in believed.authorities))
    return writer(world, mint)


def writer(world: World, mint: tuple[Sealer, Sealer, Any]) -> Any:
    """What writes the XML of an invoice to the party of a world for its books, with some fields changed."""
    issuer, pac, _believed = mint
    ine = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("NAC", "Federal", (world.books.pk,)),))
    base = Factura(
        uuid="0A1B2C3D-0000-4000-8000-00000000ABCD",
        serie="F",
        folio="88",
        fecha=datetime(2024, 4, 10, 10, 30, tzinfo=ZONE),
        emisor=Contribuyente(RFC, "IMPRENTA PÚBLICA"),
        receptor=Contribuyente(world.party.rfc, world.party.nombre, "603"),
        lineas=(Linea("Volantes a color", 1000_000, Money(100), "82101505"),),
        ine=ine,
    )
    same = lambda factura: factura  # noqa: E731
    return lambda make=same, by=issuer, **changes: build_cfdi(make(replace(base, **changes)), by, pac)
