"""Load report forms as tables of lines over accounts, and fill them from balances."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sif.law.sources import LawDataError, data_path, only_keys, read_data

_LINE = frozenset({"linea", "titulo"})
_LINE_OPTIONAL = frozenset({"signo", "cuentas", "suma_de"})


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of a form.

    cuentas: beginnings of account codes whose balances, each by its own nature, the line adds. suma_de: lines it adds,
    each times its own signo (1 or -1). A line has one of the two.
    """

    linea: str
    titulo: str
    signo: int
    cuentas: tuple[str, ...]
    suma_de: tuple[str, ...]

    def takes(self, codigo: str) -> bool:
        """Whether the balance of that account goes to this line."""
        return codigo.startswith(self.cuentas) if self.cuentas else False


@dataclass(frozen=True, slots=True)
class Form:
    """A report form: its key, name, basis and lines in order of printing."""

    clave: str
    nombre: str
    base: str
    estatus: str
    lineas: tuple[FormLine, ...]

    def __iter__(self) -> Iterator[FormLine]:
        return iter(self.lineas)

    def line(self, linea: str) -> FormLine:
        """The line with that number; raises KeyError."""
        for line in self.lineas:
            if line.linea == linea:
                return line
        raise KeyError(linea)


def _line(row: Any, before: set[str], where: str) -> FormLine:
    row = only_keys(row, _LINE, _LINE_OPTIONAL, where)
    cuentas, suma_de, signo = tuple(row.get("cuentas", ())), tuple(row.get("suma_de", ())), row.get("signo", 1)
    if bool(cuentas) == bool(suma_de) or signo not in (1, -1):
        raise LawDataError(f"{where}: una línea suma cuentas o suma líneas, con signo 1 o -1.")
    if unknown := set(suma_de) - before:
        raise LawDataError(f"{where}: suma líneas que no están antes que ella: {sorted(unknown)}.")
    return FormLine(str(row["linea"]), row["titulo"], signo, cuentas, suma_de)


@cache
def load_form(clave: str, jurisdiction: str = "mx") -> Form:
    """A form by key (`ic`: campaign report). LawDataError when a line adds lines that do not precede it."""
    content = read_data(data_path(jurisdiction, "forms", f"{clave}.yaml"))
    where = f"{clave}.yaml"
    content = only_keys(content, frozenset({"nombre", "base", "estatus", "lineas"}), frozenset(), where)
    lines: list[FormLine] = []
    for place, row in enumerate(content["lineas"], 1):
        line = _line(row, {line.linea for line in lines}, f"{where}, línea {place}")
        if line.linea in {line.linea for line in lines}:
            raise LawDataError(f"{where}: la línea {line.linea} está repetida.")
        lines.append(line)
    return Form(clave, content["nombre"], content["base"], content["estatus"], tuple(lines))


def fill_form(form: Form, balances: dict[str, int]) -> dict[str, int]:
    """The amount of every line (centavos) from balances by account, each with the sign of its own nature."""
    amounts: dict[str, int] = {}
    for line in form.lineas:
        if line.suma_de:
            amounts[line.linea] = sum(form.line(part).signo * amounts[part] for part in line.suma_de)
        else:
            amounts[line.linea] = sum(amount for codigo, amount in balances.items() if line.takes(codigo))
    return amounts
