"""Write structured log lines: one JSON object a line, with identifiers of the declared fields and no personal data."""

import json
import logging
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from secrets import randbits
from time import gmtime, time
from types import MappingProxyType

KINDS = frozenset({"peticion", "acto", "rechazo", "entrada", "acceso", "trabajo", "archivo", "error"})
"""Kinds of event; the field `clase` of each line."""

IDENTIFIERS = frozenset(
    {"id", "persona", "nombramiento", "sujeto", "contabilidad", "trabajo", "pieza", "version", "lote", "intento"}
)
MEASURES = frozenset({"estado", "ms", "consultas", "segundos", "memoria", "hechas", "total", "puerto", "pid", "salida"})
WORDS = frozenset(
    {"verbo", "tipo", "ruta", "metodo", "codigo", "muro", "via", "factor", "motivo", "huella", "pedido", "pedido_proxy",
     "programa", "excepcion", "sqlstate", "nivel", "registro", "donde", "marcos", "objeto"}
)  # fmt: skip
FIELDS = IDENTIFIERS | MEASURES | WORDS
"""Every field that a line may carry besides `en` and `clase`; any other key is dropped before it is written."""

_WORD = re.compile(r"[A-Za-z0-9_.:,/<>=|@ -]{0,240}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NOTHING: MappingProxyType[str, object] = MappingProxyType({})
_context: ContextVar[MappingProxyType[str, object]] = ContextVar("sif_event_context", default=_NOTHING)
_logger = logging.getLogger("sif.suceso")
_ROOM = str(Path(__file__).resolve().parents[2])


def new_pedido() -> str:
    """Return a ULID: 48 bits of milliseconds and 80 random bits, in 26 characters that sort by time."""
    number = (int(time() * 1000) << 80) | randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


@contextmanager
def context(**fields: object) -> Iterator[None]:
    """Add fields to every line written inside; nested contexts add to the outer one."""
    token = _context.set(MappingProxyType({**_context.get(), **fields}))
    try:
        yield
    finally:
        _context.reset(token)


def bind(**fields: object) -> None:
    """Add fields to the context in force, until it closes; without one in force nothing is kept."""
    if _context.get() is not _NOTHING:
        _context.set(MappingProxyType({**_context.get(), **fields}))


def bound(field: str) -> object:
    """Return a field of the context in force, or None."""
    return _context.get().get(field)


def log(kind: str, **fields: object) -> None:
    """Write one line of a kind; fields not in FIELDS are dropped. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"No hay sucesos de clase «{kind}». Las que hay: {', '.join(sorted(KINDS))}.")
    level = logging.ERROR if kind == "error" else logging.INFO
    _logger.log(level, kind, extra={"sif_clase": kind, "sif_campos": fields})


def log_exception(error: BaseException, **fields: object) -> None:
    """Write the class, the SQLSTATE and the frames of an exception; its text may quote values and is left out."""
    log("error", **described(error), **fields)


def described(error: BaseException) -> dict[str, object]:
    """Return the fields of an exception: class, SQLSTATE where the database gave one, and frames without values."""
    cause = error.__cause__ or error
    state = getattr(error, "sqlstate", None) or getattr(cause, "sqlstate", None)
    frames = traceback.extract_tb(error.__traceback__)
    found = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-30:]]
    fields: dict[str, object] = {"excepcion": f"{type(error).__module__}.{type(error).__qualname__}", "marcos": found}
    return {**fields, "sqlstate": state} if state else fields


def _short(filename: str) -> str:
    """Return a path from the package it belongs to, without the folders of the machine."""
    for root in (f"{_ROOM}{os.sep}", f"{os.sep}site-packages{os.sep}"):
        if root in filename:
            return filename.partition(root)[2]
    return "/".join(Path(filename).parts[-2:])


def clean(fields: dict[str, object]) -> dict[str, object]:
    """Return the declared fields alone, each as an integer, a boolean or a short word of ASCII."""
    return {key: _value(key, value) for key, value in fields.items() if key in FIELDS and value is not None}


def _value(key: str, value: object) -> object:
    """Return a value fit for its field: numbers where numbers are declared, words elsewhere, «?» for anything else."""
    if isinstance(value, bool | int):
        return value
    if key in MEASURES and isinstance(value, float):
        return round(value, 3)
    if isinstance(value, list | tuple):
        return [_value(key, one) for one in value]
    text = str(value)
    if key in IDENTIFIERS:
        return int(text) if text.isdecimal() and len(text) < 20 else "?"
    return text if _WORD.fullmatch(text) else "?"


class JsonFormatter(logging.Formatter):
    """Format a record as one line of JSON; records of other libraries keep their origin and trace, never their text."""

    converter = staticmethod(gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line in ASCII, so that no value forges another: UTC instant, kind, context, declared fields."""
        kind = getattr(record, "sif_clase", None)
        fields: dict[str, object] = {**_context.get(), **getattr(record, "sif_campos", {})}
        if kind is None:
            kind = "error" if record.levelno >= logging.ERROR or record.exc_info else "rechazo"
            origin = f"{_short(record.pathname)}:{record.lineno}"
            fields |= {"nivel": record.levelname, "registro": record.name, "donde": origin}
            if record.exc_info and record.exc_info[1] is not None:
                fields |= described(record.exc_info[1])
        moment = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z"
        return json.dumps({"en": moment, "clase": kind, **clean(fields)}, ensure_ascii=True, separators=(",", ":"))
