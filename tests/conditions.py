"""Conditions of policies as PostgreSQL writes them: asked of a row that is not there, and taken apart in mutants."""

import json
from collections.abc import Iterator
from typing import Any


def passes(cursor: Any, table: str, condition: str, row: dict[str, object]) -> bool:
    """Whether a row that is not there would pass the condition of a policy, in the scope of the connection."""
    condition = condition.replace("%", "%%")
    cursor.execute(
        f"SELECT coalesce(({condition}), false) FROM"
        f" (SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*) AS {table}",
        [json.dumps(row)],
    )
    return bool(cursor.fetchone()[0])


def split(text: str, word: str) -> list[str]:
    """The terms of a condition as PostgreSQL writes it, joined by AND or OR outside its parentheses."""
    terms, depth, begin, place = [], 0, 0, 0
    quoted = False
    while place < len(text):
        letter = text[place]
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if depth == 0 and text.startswith(f" {word} ", place):
                terms.append(text[begin:place])
                begin = place = place + len(word) + 2
                continue
        place += 1
    return [*terms, text[begin:]]


def bare(text: str) -> str:
    """A condition without the parentheses around the whole of it."""
    while text.startswith("(") and text.endswith(")"):
        inside = text[1:-1]
        depths = [inside[: place + 1].count("(") - inside[: place + 1].count(")") for place in range(len(inside))]
        if min(depths, default=0) < 0:
            return text
        text = inside
    return text


def mutants(condition: str) -> Iterator[str]:
    """The condition with each of its terms dropped, whichever depth it stands at, and with true or false instead."""
    yield from (each for each in ("true", "false") if each != condition)
    yield from _dropped(condition)


def _dropped(condition: str) -> Iterator[str]:
    whole = bare(condition)
    for word in ("OR", "AND"):
        terms = split(whole, word)
        if len(terms) > 1:
            for place, term in enumerate(terms):
                before, after = terms[:place], terms[place + 1 :]
                yield f" {word} ".join([*before, *after])
                for inner in _dropped(term):
                    yield f" {word} ".join([*before, f"({inner})", *after])
            return
