"""How well proposals find what bank lines are, and how fast statements are read: prints JSON under stable names.

The statements are invented and labelled: heavy-tailed and round amounts that repeat, lines days late, deposits put
together, names and keys sometimes absent, cheques without a name; some movements have no line, some lines no movement.
Run as «python benchmarks/bancos.py».
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

ACCOUNTS, MOVEMENTS, RUNS, LINES = 60, 150, 5, 10_000
ROUND = (50_000, 100_000, 116_000, 150_000, 200_000, 250_000, 500_000, 1_000_000)


def entries(random: Random, count: int) -> list[object]:
    """The movements of the books of one account: two thirds payments to suppliers, one third contributions."""
    from sif.banks.matching import Entry
    from sif.demo.keys import Names

    names = Names(random)
    suppliers = [names.company()[0] for _ in range(20)]
    donors = [f"Donante {random.choice(('Hilda', 'Saúl', 'Noemí'))} {n}" for n in range(40)]
    made: list[object] = []
    for number in range(1, count + 1):
        out = random.random() < 0.66
        amount = random.choice(ROUND) if random.random() < 0.4 else int(random.lognormvariate(11.5, 1.1))
        day = date(2026, 4, 1) + timedelta(days=random.randrange(58))
        name = random.choice(suppliers if out else donors)
        key = f"{random.randrange(16**8):08X}" if out else f"RSEF-{number:04d}"
        words = f"Pago a {name}" if out else f"Aportación, recibo {key}"
        made.append(Entry(number, day, -amount if out else amount, words, key, (name,)))
    return made


def quality() -> dict[str, float]:
    """Precision and recall of the groups proposed, at the level of proposing and at that of accepting all at once."""
    from sif.banks.matching import Entry, propose, weights
    from sif.demo.bancos import draw

    random = Random(20260607)  # noqa: S311 - invented data
    counts = {"todas": [0, 0], "bloque": [0, 0]}
    real = 0
    spent = []
    for _account in range(ACCOUNTS):
        books = entries(random, MOVEMENTS)
        truth = draw(books, random, date(2026, 4, 1), date(2026, 5, 31))  # type: ignore[arg-type]
        bank = [
            Entry(n, line.fecha, line.monto.centavos, line.descripcion, line.referencia)
            for n, line in enumerate(truth.lines)
        ]
        known = {((n,), tuple(sorted(m))) for n, m in enumerate(truth.movements) if m}
        real += len(known)
        began = time.perf_counter()
        found = propose(bank, books)  # type: ignore[arg-type]
        spent.append(len(bank) / (time.perf_counter() - began))
        for each in found:
            right = (each.lineas, each.movimientos) in known
            for name in ("todas", "bloque") if each.nivel >= weights().bloque else ("todas",):
                counts[name][0] += right
                counts[name][1] += 1
    return {
        "bancos_precision": round(counts["todas"][0] / counts["todas"][1], 4),
        "bancos_exhaustividad": round(counts["todas"][0] / real, 4),
        "bancos_precision_en_bloque": round(counts["bloque"][0] / counts["bloque"][1], 4),
        "bancos_exhaustividad_en_bloque": round(counts["bloque"][0] / real, 4),
        "bancos_lineas_comparadas_por_segundo": round(statistics.median(spent)),
    }


def speed() -> dict[str, int]:
    """Lines read and checked a second, by format: the median of several runs."""
    from sif.banks.readers import read
    from sif.banks.statement import Statement, StatementLine, total
    from sif.banks.write import write_camt, write_csv, write_mt940, write_ofx
    from sif.values import Money

    random = Random(1)  # noqa: S311 - invented data
    lines = tuple(
        StatementLine(
            date(2026, 4, 1 + n * 29 // LINES),
            Money(random.randrange(-90_000, 100_000) or 1),
            f"{n:07d}",
            "SPEI RECIBIDO DE ALGUIEN",
            f"K{n:08d}",
        )
        for n in range(LINES)
    )
    whole = Statement("", "002180000000000009", date(2026, 4, 1), date(2026, 4, 30), Money(0), total(lines), lines)
    files = {"ofx": write_ofx, "camt": write_camt, "mt940": write_mt940, "csv": write_csv}
    return {f"bancos_{name}_lineas_por_segundo": _rate(write(whole), read) for name, write in files.items()}


def _rate(data: bytes, read: Callable[[bytes], object]) -> int:
    rates = []
    for _run in range(RUNS):
        began = time.perf_counter()
        read(data)
        rates.append(LINES / (time.perf_counter() - began))
    return round(statistics.median(rates))


def measure() -> dict[str, float]:
    """Everything measured, under its stable name."""
    return {**quality(), **speed()}


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(measure(), sys.stdout, indent=2)
    sys.stdout.write("\n")
