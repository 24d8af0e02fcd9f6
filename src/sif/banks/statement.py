"""Define a bank statement as one value, whatever its format, and validate it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sif.values import Money, Problem

_AMOUNT = re.compile(r"^(?P<sign>[+-]?)(?P<whole>\d{1,16})(?:\.(?P<cents>\d*))?$")
_SHORTEST_ACCOUNT = 6  # fewer figures would agree with too many accounts by chance


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement as the bank tells it: monto positive in, negative out; donde: its place in the file.

    `id_banco` is the bank's own key ('' if it gives none); `saldo` the balance after it, where the file says it.
    """

    fecha: date
    monto: Money
    referencia: str
    descripcion: str
    id_banco: str = ""
    saldo: Money | None = None
    donde: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Days desde..hasta (both included) of one account, with both balances. `cuenta` '' when the file names none."""

    formato: str
    cuenta: str
    desde: date
    hasta: date
    saldo_inicial: Money
    saldo_final: Money
    lines: tuple[StatementLine, ...]


class StatementRefused(ValueError):
    """The file is not a statement that can be kept; `problems` say why, where and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"{each.mensaje} {each.cura}" for each in self.problems[:3]))


def refused(codigo: str, donde: str, mensaje: str, cura: str) -> StatementRefused:
    """The refusal of one problem."""
    return StatementRefused([Problem(codigo, donde, mensaje, cura)])


def amount_of(text: str, donde: str, decimal: str = ".") -> Money:
    """An amount of a bank file, exact to the centavo; `decimal` is its mark, the other one groups thousands.

    Zeros after the second decimal lose nothing and pass. Raises StatementRefused naming the place.
    """
    clean = re.sub(r"[\s\u00a0$]|MXN|MXP", "", text).replace("−", "-")
    clean = clean.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if clean.startswith("(") and clean.endswith(")"):
        clean = f"-{clean[1:-1]}"
    if clean.endswith("-"):
        clean = f"-{clean[:-1]}"
    match = _AMOUNT.match(clean)
    if match is None:
        raise refused("importe", donde, f"«{text}» no es un importe.", "Vuelva a descargar el archivo de su banco.")
    cents = (match["cents"] or "").rstrip("0")
    if len(cents) > 2:
        raise refused(
            "centavos", donde, f"«{text}» tiene fracciones de centavo y un importe admite dos decimales.",
            "Descargue el estado de cuenta sin redondeos de hoja de cálculo.",
        )  # fmt: skip
    value = int(match["whole"]) * 100 + int(cents.ljust(2, "0") or "0")
    return Money(-value if match["sign"] == "-" else value)


def same_account(clabe: str, seen: str) -> bool:
    """Whether the account a file names is that of a CLABE: the CLABE itself, or the account number inside it."""
    figures = re.sub(r"\D", "", seen)
    if len(figures) == 18:
        return figures == clabe
    number = figures.lstrip("0")
    return len(number) >= _SHORTEST_ACCOUNT and clabe[6:17].lstrip("0").endswith(number)


def check(statement: Statement) -> list[Problem]:
    """What does not hold: opening balance and lines give the closing one; days are inside; running balances follow."""
    problems = []
    if statement.hasta < statement.desde:
        problems.append(
            Problem(
                "fechas", "periodo", f"El estado va del {statement.desde:%d/%m/%Y} al {statement.hasta:%d/%m/%Y}.",
                "Descárguelo de nuevo con las fechas en orden.",
            )
        )  # fmt: skip
    problems += [_outside(line) for line in statement.lines if not statement.desde <= line.fecha <= statement.hasta]
    problems += _running(statement)
    reached = statement.saldo_inicial + total(statement.lines)
    if reached != statement.saldo_final and not problems:
        problems.append(
            Problem(
                "saldo", "saldo final",
                f"El saldo inicial {statement.saldo_inicial} y {len(statement.lines)} movimientos dan {reached}; el "
                f"archivo dice {statement.saldo_final}: faltan o sobran {statement.saldo_final - reached}.",
                "El archivo está incompleto o cortado. Descárguelo de nuevo de su banco.",
            )
        )  # fmt: skip
    return problems


def _outside(line: StatementLine) -> Problem:
    return Problem(
        "fuera_de_fechas", line.donde, f"El movimiento es del {line.fecha:%d/%m/%Y}, fuera del periodo del estado.",
        "Corrija las fechas del estado o descárguelo completo.",
    )  # fmt: skip


def _running(statement: Statement) -> list[Problem]:
    """The first line whose running balance does not follow from the one before, if the file tells balances."""
    before = statement.saldo_inicial
    for line in statement.lines:
        reached = before + line.monto
        if line.saldo is not None and line.saldo != reached:
            return [
                Problem(
                    "saldo_corrido", line.donde,
                    f"El saldo anterior {before} y el movimiento {line.monto} dan {reached}; dice {line.saldo}.",
                    "Falta un movimiento antes de esta línea, o su importe cambió. Descargue el archivo de nuevo.",
                )
            ]  # fmt: skip
        before = reached
    return []


def total(lines: Sequence[StatementLine]) -> Money:
    """The sum of some lines."""
    return Money(sum(line.monto.centavos for line in lines))


def join(parts: Sequence[Statement]) -> Statement:
    """The statements of one account in one file, one after another, as a single one. Raises StatementRefused."""
    if not parts:
        raise refused(
            "sin_estado",
            "archivo",
            "El archivo no trae ningún estado de cuenta.",
            "Descargue el estado con movimientos.",
        )
    ordered = sorted(parts, key=lambda part: (part.desde, part.hasta))
    whole = ordered[0]
    for place, part in enumerate(ordered[1:], 2):
        if part.cuenta != whole.cuenta:
            raise refused(
                "varias_cuentas", f"estado {place}", f"El archivo trae las cuentas {whole.cuenta} y {part.cuenta}.",
                "Descargue un archivo por cuenta.",
            )  # fmt: skip
        if part.saldo_inicial != whole.saldo_final:
            raise refused(
                "saldo", f"estado {place}",
                f"Empieza con {part.saldo_inicial} y el anterior terminó con {whole.saldo_final}.",
                "Falta un estado en medio. Descargue el archivo de nuevo.",
            )  # fmt: skip
        whole = replace(
            whole, hasta=max(whole.hasta, part.hasta), saldo_final=part.saldo_final, lines=(*whole.lines, *part.lines)
        )
    return whole


def opening_day(opening: date, closing: date, lines: Sequence[StatementLine]) -> date:
    """The first day a statement covers when it only dates its opening balance, often the close of the day before."""
    if opening < closing and not any(line.fecha <= opening for line in lines):
        return opening + timedelta(days=1)
    return opening
