"""The trial balance of a ledger by other programs: beancount in an environment of its own, hledger where installed."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

PYTHON = Path(__file__).resolve().parents[1] / ".venv-bench" / "bin" / "python"
SUMS = """
import collections, json, sys
from beancount import loader
entries, errors, options = loader.load_file(sys.argv[1])
if errors:
    raise SystemExit(str(errors[:3]))
sums = collections.Counter()
for entry in entries:
    for posting in getattr(entry, "postings", ()):
        sums[posting.account] += posting.units.number
print(json.dumps({name: int(total * 100) for name, total in sums.items() if total}))
"""


def is_there(name: str) -> bool:
    """Whether the program can be asked."""
    return PYTHON.exists() if name == "beancount" else shutil.which(name) is not None


def beancount(ledger: Path) -> dict[str, int]:
    """Debits less credits of each account, in centavos, as beancount loads and checks the ledger."""
    said = subprocess.run([PYTHON, "-c", SUMS, ledger], check=True, stdout=subprocess.PIPE, text=True).stdout
    sums: dict[str, int] = json.loads(said)
    return sums


def hledger(journal: Path) -> dict[str, int]:
    """The same from its flat balance."""
    command = ["hledger", "-f", journal, "balance", "--flat", "--no-total", "--output-format=csv"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = list(csv.reader(io.StringIO(said)))[1:]
    return {name: int(amount.removesuffix(" MXN").replace(".", "")) for name, amount in rows}


PEERS: dict[str, Callable[[Path], dict[str, int]]] = {"beancount": beancount, "hledger": hledger}
