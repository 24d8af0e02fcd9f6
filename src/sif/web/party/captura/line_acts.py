"""Add, remove, duplicate, move and balance the lines of a draft."""

from collections.abc import Callable

from sif.values import Money
from sif.web.party.draft_content import MAX_LINES, Content, amount_of, blank_line, sums, tidy

Line = dict[str, str]


def changed(content: Content, action: str, which: str) -> Content:
    """Return the draft after a button of its grid or of its evidence; `which`: the line or the file, counted from 1."""
    if action in _ON_LINES:
        lines = _ON_LINES[action](list(content["lineas"]), _place(which, content["lineas"]))
        return {**content, "lineas": lines[:MAX_LINES] or [blank_line()]}
    if action == "igualar":
        return take_difference(content)
    if action == "sin_evidencia":
        gone = _place(which, content["evidencias"])
        return {**content, "evidencias": [e for place, e in enumerate(content["evidencias"]) if place != gone]}
    if action in ("comprobar", "registrar", "registrar_otra"):
        kept = [line for line in content["lineas"] if any(value.strip() for value in line.values())]
        return {**content, "lineas": kept + [blank_line() for _place in range(2 - len(kept))]}
    return content


def _place(which: str, among: list[object]) -> int | None:
    """Return the place, from 0, that the text names; None when it names none."""
    return int(which) - 1 if which.isdecimal() and 1 <= int(which) <= len(among) else None


def _add(lines: list[Line], _at: int | None) -> list[Line]:
    return [*lines, blank_line()]


def _remove(lines: list[Line], at: int | None) -> list[Line]:
    return [line for place, line in enumerate(lines) if place != at]


def _duplicate(lines: list[Line], at: int | None) -> list[Line]:
    return lines if at is None else [*lines[: at + 1], dict(lines[at]), *lines[at + 1 :]]


def _up(lines: list[Line], at: int | None) -> list[Line]:
    if at:
        lines[at - 1], lines[at] = lines[at], lines[at - 1]
    return lines


def _down(lines: list[Line], at: int | None) -> list[Line]:
    return lines if at is None or at + 1 >= len(lines) else _up(lines, at + 1)


_ON_LINES: dict[str, Callable[[list[Line], int | None], list[Line]]] = {
    "agregar": _add,
    "quitar": _remove,
    "duplicar": _duplicate,
    "subir": _up,
    "bajar": _down,
}


def take_difference(content: Content) -> Content:
    """Put what is missing to balance in the first line without an amount, or in a new one."""
    debits, credits = sums(content)
    gap = debits - credits
    if not gap:
        return content
    side = "abono" if gap.centavos > 0 else "cargo"
    lines = [dict(line) for line in content["lineas"]]
    empty = next((line for line in lines if not amount_of(line["cargo"]) and not amount_of(line["abono"])), None)
    if empty is None:
        empty = blank_line()
        lines.append(empty)
    empty[side] = tidy(Money(abs(gap.centavos)).plain())
    return {**content, "lineas": lines}
