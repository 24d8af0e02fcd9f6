"""The campaign seen whole, two days after its first period ended; keys are minted once for all tests."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from sif.signing import minting


@pytest.fixture(scope="session")
def mint() -> minting.MintedAuthority:
    """An authority whose holders share four keys: an RSA key takes a tenth of a second."""
    return minting.mint_authority(keys=cycle([minting.new_key() for _ in range(4)]))


@pytest.fixture
def campaign(db: None, settings: Any, tmp_path: Path, mint: minting.MintedAuthority) -> Iterator[Any]:
    """At noon of 2 May 2024: the first period ended on 30 April and its reports are due before 4 May."""
    from filing.campaign import make_campaign, on
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    with everything(), on("2024-05-02 12:00"):
        yield make_campaign(mint)


@pytest.fixture
def ordinary(db: None, settings: Any, tmp_path: Path, mint: minting.MintedAuthority) -> Iterator[Any]:
    """An ordinary year of a party seen whole, at noon of 2 April 2025: its first quarter has just ended."""
    from filing.campaign import on
    from filing.ordinary import make_ordinary
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    with everything(), on("2025-04-02 12:00"):
        yield make_ordinary(mint)
