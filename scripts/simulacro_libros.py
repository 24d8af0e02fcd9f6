"""Post pólizas with evidence in the books of a rehearsal: `python scripts/simulacro_libros.py FIRST COUNT`."""

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import campaign as campaigns

from sif.commands import database

BOOKS = 20  # sets of books that share the pólizas
SHARED = 10  # pólizas that one file is the evidence of
BYTES = 60_000


def files(count: int) -> list[str]:
    """Keep so many files that nobody has, and return their digests."""
    from sif.books.services import store_files

    return [row.sha256 for row in store_files([b"%PDF-1.4 " + os.urandom(BYTES) for _ in range(count)])]


def items(made: campaigns.Campaign, first: int, count: int, kept: list[str]) -> Iterator[Any]:
    """The pólizas of each set of books in turn, each with a file."""
    from sif.books.services import NewEvidencia, Support

    books, each = made.libros[:BOOKS], -(-count // BOOKS)
    rows = (campaigns.items_of(made, one, campaigns.rows_of(made, one, first, each)) for one in books)
    for place, (new, _) in enumerate(chain.from_iterable(rows)):
        evidence = NewEvidencia("pdf", f"factura-{place}.pdf", kept[place // SHARED % len(kept)])
        yield new, Support(evidencias=(evidence,))


def main() -> int:
    """Make the campaign where there is none, and post."""
    first, count = int(sys.argv[1]), int(sys.argv[2])
    database.setup_django()
    from sif.books.services import post_stream
    from sif.registry.models import Proceso
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        there = Proceso.objects.filter(clave=campaigns.PROCESS).exists()
        made = campaigns.again() if there else campaigns.make_campaign()
        posted = post_stream(items(made, first, count, files(max(1, count // SHARED))), made.alicia)
    print(posted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
