"""The campaign seen whole, two days after its first period ended; keys are minted once for all tests."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from kept import keeps
from sif.signing import minting


@cache
def _minted() -> minting.MintedAuthority:
    return minting.mint_authority(keys=cycle([minting.new_key() for _ in range(4)]))


def _campaign() -> Any:
    from filing.campaign import make_campaign, on
    from sif.registry.scope import everything

    with everything(), on("2024-05-02 12:00"):
        return make_campaign(_minted())


def _ordinary() -> Any:
    from filing.campaign import on
    from filing.ordinary import make_ordinary
    from sif.registry.scope import everything

    with everything(), on("2025-04-02 12:00"):
        return make_ordinary(_minted())


@pytest.fixture(scope="session")
def mint() -> minting.MintedAuthority:
    """An authority whose holders share four keys: an RSA key takes a tenth of a second."""
    return _minted()


@pytest.fixture
@keeps(_campaign)
def campaign(world_of: Callable[..., Any]) -> Iterator[Any]:
    """At noon of 2 May 2024: the first period ended on 30 April and its reports are due before 4 May."""
    from filing.campaign import on
    from sif.registry.scope import everything

    with everything(), on("2024-05-02 12:00"):
        yield world_of(_campaign)


@pytest.fixture
@keeps(_ordinary)
def ordinary(world_of: Callable[..., Any]) -> Iterator[Any]:
    """An ordinary year of a party seen whole, at noon of 2 April 2025: its first quarter has just ended."""
    from filing.campaign import on
    from sif.registry.scope import everything

    with everything(), on("2025-04-02 12:00"):
        yield world_of(_ordinary)
