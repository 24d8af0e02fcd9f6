"""Twenty people posting, here and in another checkout of SIF, by turns: `python benchmarks/pares.py CARPETA [PARES]`.

The other checkout has its own environment (`make setup` in it). Each turn makes an installation, runs its `sif servir`
and prints its figures, with the load of the machine when it began; at the end, the medians. Turns alternate who begins.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PAIRS = 3
ONE = """
import json, statistics, sys
from pathlib import Path
import campaign, people
folder = Path(sys.argv[1])
campaign.connect(folder)
from sif.registry import scope
signer = [scope.WHOEVER_SIGNS] if hasattr(scope, "WHOEVER_SIGNS") else []  # an older checkout asks for none
with scope.everything(*signer):
    made = campaign.make_campaign()
with people.served() as port:
    first = people.sign_in(port, made.capturistas[0])
    people.capture(first, made.libros[0], people.poliza_form(made, made.libros[0], 1))
    taken = people.twenty(port, made, people.PAUSE)
print(json.dumps({"p95_ms": people._p95(taken), "mediana_ms": statistics.median(taken) * 1000}))
"""
Figures = dict[str, float]


def turn(checkout: Path) -> Figures:
    """The figures of one installation of a checkout, in a process of its own with its own environment."""
    load = os.getloadavg()[0]
    paths = os.pathsep.join(str(checkout / name) for name in ("src", "benchmarks"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SIF_", "DATABASE_"))}
    environment = {**clean, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with tempfile.TemporaryDirectory(prefix="sif-par-") as folder:
        command = [str(checkout / ".venv/bin/python"), "-c", ONE, folder]
        done = subprocess.run(
            command,
            cwd=checkout,
            env=environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the log of events
        )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures | {"carga": load}


def main() -> int:
    """Measure both by turns and print what each gave."""
    if len(sys.argv) not in (2, 3):
        print("Diga la carpeta de la otra copia y, si quiere, cuántos pares.", file=sys.stderr)
        return 2
    there, pairs = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) == 3 else PAIRS
    found: dict[str, list[Figures]] = {"aquí": [], "allá": []}
    for number in range(pairs):
        both = [("aquí", HERE), ("allá", there)]
        for name, checkout in both if number % 2 else reversed(both):
            found[name].append(turn(checkout))
            print(name, json.dumps(found[name][-1]), flush=True)
    for name, figures in found.items():
        medians = {key: round(statistics.median(each[key] for each in figures), 1) for key in figures[0]}
        print(name, "medianas", json.dumps(medians), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
