"""Give the seed of the day to the tests that choose where a process dies and what is sent: each day tries others.

A failure prints it; `SIF_PRUEBA_SEMILLA` repeats it, as `scripts/caos.py` does.
"""

import os
from datetime import UTC, datetime
from zlib import crc32

SEED = os.environ.get("SIF_PRUEBA_SEMILLA") or f"{datetime.now(UTC):%Y%m%d}"
WHOLE = "SIF_PRUEBA_ENTERA" in os.environ
"""Whether the sweeps ask today what they would share out among days: `make barridos` does."""


def is_of_today(name: str, days: int = 2) -> bool:
    """Tell whether a sweep asks today what it has to ask about `name`, which it does once in each so many days.

    Of many names a share as large falls on each day. Where the sweeps are asked whole, it is always today.
    """
    return WHOLE or (crc32(name.encode()) + _day()) % days == 0


def _day() -> int:
    return int("".join(filter(str.isdecimal, SEED)) or 0)
