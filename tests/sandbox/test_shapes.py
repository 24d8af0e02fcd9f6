"""What a confined process says is rebuilt type by type, and anything else is refused."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import pytest

from sif.sandbox.client import Opened, Unopened
from sif.sandbox.opening import Outcome
from sif.sandbox.shapes import Misshapen, plain, rebuilt
from sif.values import Money, Problem


@dataclass(frozen=True)
class Row:
    """A value with a field of each kind."""

    texto: str
    numero: int
    si: bool
    importe: Money | None
    dia: date
    instante: datetime
    clase: Literal["a", "b"]
    bytes: bytes
    lista: tuple[str, ...]
    filas: list[list[int]]
    par: tuple[int, str]
    dentro: tuple[Problem, ...]


WHOLE = Row(
    "á",
    7,
    True,
    Money(-150),
    date(2024, 4, 1),
    datetime.fromisoformat("2024-04-01T10:00:00-06:00"),
    "b",
    b"\0\xff",
    ("x", ""),
    [[1], []],
    (1, "z"),
    (Problem("c", "d", "m", "k"),),
)


def test_a_value_comes_back_as_it_was() -> None:
    assert rebuilt(Row, plain(WHOLE)) == WHOLE
    assert rebuilt(Row, plain(WHOLE) | {"importe": None}).importe is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("texto", 5),
        ("texto", None),
        ("numero", "7"),
        ("numero", True),
        ("numero", 1.0),
        ("numero", 2**63),
        ("si", 1),
        ("importe", "1"),
        ("importe", 10**17),
        ("dia", "2024-02-30"),
        ("dia", 1),
        ("instante", "ayer"),
        ("clase", "c"),
        ("clase", ["a"]),
        ("bytes", "ñ"),
        ("bytes", "A"),
        ("lista", ["x", 1]),
        ("lista", "xy"),
        ("filas", [1]),
        ("par", [1]),
        ("par", ["z", 1]),
        ("dentro", [{"codigo": "c"}]),
        ("dentro", {}),
        ("otro", 1),
    ],
)
def test_another_shape_is_refused(name: str, value: Any) -> None:
    with pytest.raises(Misshapen):
        rebuilt(Row, plain(WHOLE) | {name: value})
    for other in (None, [], "x", 3):
        with pytest.raises(Misshapen):
            rebuilt(Row, other)


def opened(data: bytes) -> Opened:
    """An output as a child left it."""
    return Opened(io.BytesIO(data), Outcome("", 0.1, 1))


@pytest.mark.parametrize(
    "said",
    [
        b"{",
        b"\xff\n",
        b'"\\u0000"\n',
        b'["a", "\\ud800"]\n',
        b'{"\\uDFFF": 1}\n',
        b"[" * 100_000 + b"\n",
        b"1\n",
        b"null\n",
    ],
)
def test_lines_that_are_no_clean_text_are_a_broken_file(said: bytes) -> None:
    with pytest.raises(Unopened) as refused:
        list(opened(said).values(tuple[str, ...]))
    assert refused.value.outcome.motivo == "roto"


def test_lines_of_clean_text_are_read() -> None:
    said = rb'["\\u0000", "\u001f", "\\ud800", "\ud83d\ude00", "a"]' + b"\n"
    assert list(opened(said).values(tuple[str, ...])) == [("\\u0000", "\x1f", "\\ud800", "\U0001f600", "a")]
    assert opened(b"5\n").value(int) == 5
    for wrong in (b"", b"5\n6\n"):
        with pytest.raises(Unopened):
            opened(wrong).value(int)
