"""Give the seed of the day to the tests that choose where a process dies and what is sent: each day tries others.

A failure prints it; `SIF_PRUEBA_SEMILLA` repeats it, as `scripts/caos.py` does.
"""

import os
from datetime import UTC, datetime

SEED = os.environ.get("SIF_PRUEBA_SEMILLA") or f"{datetime.now(UTC):%Y%m%d}"
