"""Bring in the ledger of beancount of a whole year as a lot of pólizas, with its days and its accounts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sif.batch.cells import Cells
from sif.batch.conta import PolizaRows, complete, read_kept
from sif.batch.files import kept
from sif.batch.kinds import POLIZAS
from sif.batch.models import Lote
from sif.batch.sat import PolizaSat, TransaccionSat
from sif.batch.services import Progress, Recibido, must_capture, open_lote
from sif.books.services import Handed
from sif.registry.models import Contabilidad, Usuario
from sif.values import InvalidMoney, Money, Refused, refusal

LEDGER = "diario"
"""The origin of a lot that came as the ledger of another program."""
LONGEST = 4_000  # characters of a line
MOST_LINES = 2_000  # postings of one transaction
MOST_NAMES = 20_000  # accounts whose name is kept
KEPT_NOTES = frozenset({"concepto", "clave"})  # of what a posting says of itself
ROOTS = "Assets|Liabilities|Equity|Income|Expenses"
_ENTRY = re.compile(r"^(\d{4}-\d{2}-\d{2})\s+(\S+)(.*)$")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_META = re.compile(r"^\s+([a-z][A-Za-z0-9_-]*):\s*(.*)$")
_POSTING = re.compile(
    rf"^\s+(?:[*!]\s+)?((?:{ROOTS})(?::[^\s:]+)+)(?:\s+(-?[\d,]+(?:\.\d+)?)\s+([A-Z][A-Z0-9'._-]*))?\s*(?:;.*)?$"
)
_BOOKS = re.compile(r"; ID (\d+)")
_ADDS = {"include": "El archivo incluye otro.", "pad": "Tiene un asiento que el programa calcula (pad)."}


@dataclass(slots=True)
class _Open:
    """A transaction being read: where it begins, its day, its texts, its postings and what each says of itself."""

    linea: int
    fecha: str
    textos: list[str]
    asiento: str = ""
    lineas: list[tuple[str, Money | None, int]] = field(default_factory=list)
    notas: list[dict[str, str]] = field(default_factory=list)


def keep_ledger(contabilidad: Contabilidad, archivo: tuple[str, Iterable[bytes]], by: Usuario) -> Recibido:
    """Keep a ledger of beancount as a lot that is still to be read, by `read_ledger`. Raises Refused, PermissionError.

    The same file in the same books is one lot, however often it is sent.
    """
    must_capture(contabilidad, by)
    name, chunks = archivo
    with kept(chunks, Handed(contabilidad, by)) as file:
        if file.forma != "csv" or not is_ledger(file.path):
            raise refusal("tipo", "archivo", "No es un libro de beancount.", "Expórtelo como texto, con sus asientos.")
        return Recibido(*open_lote(contabilidad, POLIZAS, by, nombre=name, guardado=file, origen=LEDGER))


def read_ledger(lote: Lote, by: Usuario, *, progress: Progress | None = None) -> None:
    """Read and review the pólizas of a kept ledger; nothing is done to a lot that was. Raises Refused."""
    read_kept(lote, by, _LedgerRows, lambda path: read_beancount(path, lote.sha256[:8]), progress)


class _LedgerRows(PolizaRows):
    """The rows of a ledger, whose lines say the key of any auxiliary."""

    def cells_of(self, header: Cells, line: TransaccionSat, place: int) -> Cells:
        """Return the cells of one line, with the key of its auxiliary whatever its kind."""
        return complete({**super().cells_of(header, line, place), "clave": line.rfc}, self.accounts)


def is_ledger(path: Path) -> bool:
    """Return whether some of the first lines of a text is one of beancount."""
    with path.open("rb") as file:
        head = file.read(64 * 1024).decode("utf-8", "replace").splitlines()
    return any(line.startswith('option "') or _is_transaction(_ENTRY.match(line)) for line in head)


def _is_transaction(found: re.Match[str] | None) -> bool:
    return found is not None and found[2] in ("*", "!", "txn", "open")


def read_beancount(path: Path, prefix: str) -> Iterator[PolizaSat]:
    """Yield the transactions of a ledger in order, in constant memory. Raises Refused with the line.

    `prefix` names those that bear no number of their own. What a program would compute (`pad`, `include`), other
    currencies, costs and prices are refused: nothing enters that the file does not say.
    """
    names, current = dict[str, str](), None
    opened = ""
    for number, line in _lines(path):
        if current is not None and (not line.strip() or not line[0].isspace()):
            yield _closed(current, names, prefix)
            current = None
        if not line.strip() or (line.lstrip().startswith((";", "*")) and not line[0].isdigit()):
            continue
        if current is not None:
            _inside(current, number, line)
        elif line[0].isspace():
            note = _META.match(line)
            if note and note[1] == "nombre" and opened and len(names) < MOST_NAMES:
                names[opened] = _unquoted(note[2])
        else:
            opened = ""
            found = _ENTRY.match(line)
            word = found[2] if found else line.split(maxsplit=1)[0]
            if word in _ADDS:
                raise refusal("calculado", f"línea {number}", _ADDS[word], "Expórtelo con todos sus asientos escritos.")
            if found is not None and word in ("*", "!", "txn"):
                current = _Open(number, found[1], _texts(found[3]))
            elif found is not None and word == "open":
                opened = found[3].split()[0] if found[3].split() else ""
    if current is not None:
        yield _closed(current, names, prefix)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST + 1):
            number += 1
            if len(raw) > LONGEST:
                raise refusal("larga", f"línea {number}", f"Tiene más de {LONGEST} letras.", "Divídala.")
            try:
                yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as wrong:
                raise refusal("letras", f"línea {number}", "No está en UTF-8.", "Guárdelo en UTF-8.") from wrong


def _inside(current: _Open, number: int, line: str) -> None:
    """Read a posting, or what a transaction or a posting says of itself."""
    if note := _META.match(line):
        if current.notas and note[1] in KEPT_NOTES:
            current.notas[-1][note[1]] = _unquoted(note[2])
        elif note[1] == "asiento":
            current.asiento = _unquoted(note[2])
        return
    found = _POSTING.match(line)
    if found is None:
        cure = "Se leen renglones de una cuenta con un importe en pesos, sin costo ni precio."
        raise refusal("renglon", f"línea {number}", "No se entiende el renglón.", cure)
    if len(current.lineas) >= MOST_LINES:
        raise refusal("muchas", f"línea {number}", f"Un asiento tiene más de {MOST_LINES} renglones.", "Divídalo.")
    amount = None
    if found[2]:
        if found[3] != "MXN":
            raise refusal("moneda", f"línea {number}", f"Está en {found[3]}.", "Los libros se llevan en pesos (MXN).")
        try:
            amount = Money.parse(found[2])
        except InvalidMoney as wrong:
            raise Refused(wrong.at(f"línea {number}")) from wrong
    current.lineas.append((found[1], amount, number))
    current.notas.append({})


def _closed(current: _Open, names: dict[str, str], prefix: str) -> PolizaSat:
    """Return a transaction that was read whole; an amount left out is what the others lack."""
    missing = [place for place, (_account, amount, _number) in enumerate(current.lineas) if amount is None]
    if len(missing) > 1:
        line = current.lineas[missing[1]][2]
        raise refusal("sin_importe", f"línea {line}", "Dos renglones no dicen su importe.", "Escriba uno de los dos.")
    rest = Money(-sum(amount.centavos for _account, amount, _number in current.lineas if amount))
    lines = []
    for (account, amount, _number), notes in zip(current.lineas, current.notas, strict=True):
        value = rest if amount is None else amount
        lines.append(
            TransaccionSat(
                _external(account),
                names.get(account, ""),
                notes.get("concepto", "")[:300],
                Money(max(value.centavos, 0)),
                Money(max(-value.centavos, 0)),
                notes.get("clave", ""),
            )
        )
    cited = current.textos[0] if current.textos else ""
    books = _BOOKS.search(cited)
    own = f"{books[1] if books else prefix}-{current.asiento}" if current.asiento else f"{prefix}-{current.linea}"
    words = current.textos[-1] if current.textos else ""
    return PolizaSat(own[:40], current.fecha, words[:500], current.linea, tuple(lines))


def _external(account: str) -> str:
    """Return an account as people name it: its code, where the ledger was of here, and else its whole name."""
    last = account.split(":", 1)[1]
    return (last if re.fullmatch(r"\d-\d-\d\d-\d\d-\d{4}", last) else account)[:100]


def _texts(rest: str) -> list[str]:
    """Return the quoted texts of a line, up to one that does not close; each letter is read once."""
    found, at = [], rest.find('"')
    while at >= 0 and (text := _TEXT.match(rest, at)):
        found.append(_unescaped(text[1]))
        at = rest.find('"', text.end())
    return found


def _unquoted(text: str) -> str:
    found = _TEXT.fullmatch(text.strip())
    return _unescaped(found[1]) if found else text.strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
