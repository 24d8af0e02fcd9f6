"""Runs the tests of faults with a new seed each round, until a failure or until SIF_PRUEBA_MINUTOS have gone by."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/faults",
    "tests/jobs/test_worker.py",
    "tests/jobs/test_loads.py",
    "tests/jobs/test_authority.py",
    "tests/jobs/test_files_survive.py",
)


def main() -> int:
    """Print the seed of each round and its result; returns 1 at the first failure, with what repeats it."""
    end = time.monotonic() + 60 * float(os.environ.get("SIF_PRUEBA_MINUTOS", "30"))
    points = os.environ.get("SIF_PRUEBA_PUNTOS", "12")
    rounds = 0
    while rounds == 0 or time.monotonic() < end:
        seed = str(secrets.randbelow(10**9))
        print(f"SIF_PRUEBA_SEMILLA={seed} SIF_PRUEBA_PUNTOS={points}", flush=True)
        chosen = {"SIF_PRUEBA_SEMILLA": seed, "SIF_PRUEBA_PUNTOS": points}
        ended = subprocess.run([sys.executable, "-m", "pytest", *TESTS], cwd=ROOT, env={**os.environ, **chosen})
        if ended.returncode:
            print(f"Falló con SIF_PRUEBA_SEMILLA={seed} SIF_PRUEBA_PUNTOS={points}: {' '.join(TESTS)}", file=sys.stderr)
            return 1
        rounds += 1
    print(f"{rounds} rondas sin fallas")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
