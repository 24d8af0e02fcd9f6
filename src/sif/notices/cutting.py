"""Cut a long sheet into parts that are drawn one at a time, so that memory does not grow with its tables."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sif.notices.sheet import Block, Grid, Section, is_numbered

MOST_CELLS = 6_000
"""Cells of tables that a part has: 1,200 rows of the annex of an oficio, or the longest book that a request prints."""


def cut(data: Mapping[str, Any]) -> list[dict[str, object]]:
    """Cut a sheet into parts; a short one is its only part.

    A part ends before a section that does not fit in it; a section that fits in none goes on in the next parts. A part
    that begins within a section says first its title. `parte` says what a part is of the whole: the first, the last,
    and how many paragraphs come before it.
    """
    parts: list[list[Section]] = [[]]
    room, above = MOST_CELLS, ""
    for section in data["secciones"]:
        above = section["titulo"] if section["nivel"] == 1 else above
        for piece in _pieces(section):
            size = _cells(*piece["bloques"])
            if size > room and parts[-1]:
                within = piece["nivel"] > 1
                parts.append([{"titulo": above, "nivel": 1, "bloques": [], "continua": True}] if within else [])
                room = MOST_CELLS
            parts[-1].append(piece)
            room -= size
    return [{**data, "secciones": parts[place], "parte": _told(parts, place)} for place in range(len(parts))]


def _told(parts: list[list[Section]], place: int) -> dict[str, object]:
    before = [block for part in parts[:place] for section in part for block in section["bloques"]]
    return {
        "primera": place == 0,
        "ultima": place == len(parts) - 1,
        "parrafos": sum(map(is_numbered, before)),
    }


def _cells(*blocks: Block) -> int:
    return sum(len(block["filas"]) * len(block["columnas"]) for block in blocks if block["tipo"] == "tabla")


def _pieces(section: Section) -> Iterator[Section]:
    """Yield the section in pieces that fit in a part; `continua` says of one that it goes on from the piece before."""
    blocks: list[Block] = []
    goes_on = False
    for block in section["bloques"]:
        for run in _runs(block) if block["tipo"] == "tabla" else [block]:
            if blocks and _cells(*blocks, run) > MOST_CELLS:
                yield {**section, "bloques": blocks, "continua": goes_on}
                blocks, goes_on = [], True
            blocks.append(run)
    yield {**section, "bloques": blocks, "continua": goes_on}


def _runs(block: Grid) -> Iterator[Grid]:
    """The rows of a table in runs. `tramo` says which rows a run has, of how many, and what those before add up to.

    The sums are in centavos, one for each column of amounts. `sumas`, the rows that are sums, go with theirs.
    """
    rows, most = block["filas"], MOST_CELLS // len(block["columnas"])
    if len(rows) <= most:
        yield block
        return
    amounts = [place for place, column in enumerate(block["columnas"]) if column["clase"] == "monto"]
    carried = [0] * len(amounts)
    for start in range(0, len(rows), most):
        taken = rows[start : start + most]
        told = {"desde": start, "hasta": start + len(taken), "de": len(rows), "llevan": carried}
        sums = [place - start for place in block.get("sumas", ()) if start <= place < start + len(taken)]
        yield {**block, "filas": taken, "tramo": told, "sumas": sums}
        added = [sum(_centavos(row[place]) for row in taken) for place in amounts]
        carried = [kept + more for kept, more in zip(carried, added, strict=True)]


def _centavos(amount: str) -> int:
    """Return an amount as a sheet writes it, $1,234.50 or −$1.00, in centavos."""
    digits = int(re.sub(r"\D", "", amount) or 0)
    return -digits if amount.startswith(("−", "-")) else digits
