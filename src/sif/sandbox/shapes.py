"""Convert domain values to JSON and back, type by type, refusing any other shape."""

import types
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sif.values import Money

_MOST = 2**63  # of a whole number that a database keeps
Reader = Callable[[Any], Any]


class Misshapen(ValueError):
    """The JSON is not of the shape of the type."""


def plain(value: object) -> object:
    """Return what JSON can say of a value: dataclasses as objects, amounts as centavos, days and instants as ISO."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Money):
        return value.centavos
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} no se escribe en JSON")


def rebuilt(kind: object, value: object) -> Any:
    """Return the value of a type that `plain` wrote. Raises Misshapen for any other JSON."""
    try:
        return reader(kind)(value)
    except Misshapen:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Misshapen(str(error)) from error


@cache
def reader(kind: object) -> Reader:
    """Return the function that rebuilds values of a type; made once for each type."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(frozenset(inside))
    if origin in (Union, types.UnionType):
        return _optional(inside)
    if origin in (tuple, list):
        return _many(inside[0], origin) if origin is list or inside[1:] == (...,) else _fixed(inside)
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"{kind} no se rehace de JSON")


def _exact(*kinds: type) -> Reader:
    def read(value: object) -> Any:
        if type(value) not in kinds:
            raise Misshapen(type(value).__name__)
        return value

    return read


def _whole(value: object) -> int:
    if type(value) is not int or not -_MOST <= value < _MOST:
        raise Misshapen("entero")
    return value


def _one_of(words: frozenset[object]) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, str) or value not in words:
            raise Misshapen("palabra")
        return value

    return read


def _optional(inside: tuple[object, ...]) -> Reader:
    kinds = [each for each in inside if each is not type(None)]
    if len(kinds) != 1:
        raise TypeError(f"{inside} no se rehace de JSON")
    read = reader(kinds[0])
    return lambda value: None if value is None else read(value)


def _many(kind: object, whole: type) -> Reader:
    read = reader(kind)

    def read_all(value: object) -> object:
        if type(value) is not list:
            raise Misshapen("lista")
        if kind is str and all(type(each) is str for each in value):
            return whole(value)
        return whole(map(read, value))

    return read_all


def _fixed(kinds: tuple[object, ...]) -> Reader:
    readers = [reader(each) for each in kinds]

    def read(value: object) -> tuple[object, ...]:
        if type(value) is not list or len(value) != len(readers):
            raise Misshapen("lista")
        return tuple(each(part) for each, part in zip(readers, value, strict=True))

    return read


def _amount(value: object) -> Money:
    """Read an amount of a file, which is no larger than anybody writes."""
    amount = Money(_whole(value))
    if amount.excess:
        raise Misshapen(str(amount.excess))
    return amount


def _record(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {each.name: reader(hints[each.name]) for each in fields(kind)}

    def read(value: object) -> object:
        if type(value) is not dict or value.keys() != readers.keys():
            raise Misshapen(kind.__name__)
        return kind(**{name: each(value[name]) for name, each in readers.items()})

    return read


_SIMPLE: dict[object, Reader] = {
    str: _exact(str),
    bool: _exact(bool),
    int: _whole,
    Money: _amount,
    bytes: lambda value: b64decode(_exact(str)(value), validate=True),
    datetime: lambda value: datetime.fromisoformat(_exact(str)(value)),
    date: lambda value: date.fromisoformat(_exact(str)(value)),
}
