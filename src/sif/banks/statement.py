"""Define a bank statement as one value, whatever its format, and validate it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sif.values import Money, Problem, Refused, refusal

_AMOUNT = re.compile(r"^(?P<sign>[+-]?)(?P<whole>\d{1,16})(?:\.(?P<cents>\d*))?$")
_SHORTEST_ACCOUNT = 6  # fewer figures would agree with too many accounts by chance
PESOS = "MXN"


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
    """Days desde..hasta (both included) of one account, with both balances. `cuenta` '' when the file names none.

    Amounts are hundredths of `moneda`. `problemas`: why it cannot be kept; `avisos`: what is odd in it and does not
    keep it out.
    """

    formato: str
    cuenta: str
    desde: date
    hasta: date
    saldo_inicial: Money
    saldo_final: Money
    lines: tuple[StatementLine, ...]
    moneda: str = PESOS
    problemas: tuple[Problem, ...] = ()
    avisos: tuple[Problem, ...] = ()

    @property
    def clave(self) -> str:
        """Return the key of this account among the accounts of its file."""
        return f"{self.cuenta} {self.moneda}".strip()


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A part of a file that could not be read, of an account ('' where even that is not known), and why."""

    cuenta: str
    problemas: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a bank file: its format, a statement of each account, and the unreadable parts."""

    formato: str
    cuentas: tuple[Statement, ...]
    danados: tuple[Spoilt, ...] = ()

    @property
    def problemas(self) -> tuple[Problem, ...]:
        """Return the problems that keep some part of the file out."""
        spoilt = [each for part in self.danados for each in part.problemas]
        return (*spoilt, *(each for account in self.cuentas for each in account.problemas))

    @property
    def avisos(self) -> tuple[Problem, ...]:
        """Return the oddities of the file, which keep nothing out."""
        return tuple(each for account in self.cuentas for each in account.avisos)

    def as_dict(self, archivo: str) -> dict[str, object]:
        """Return the shape that `sif bancos leer --json` prints."""
        return {
            "archivo": archivo,
            "formato": self.formato,
            "cuentas": [
                {
                    "cuenta": each.cuenta,
                    "moneda": each.moneda,
                    "movimientos": len(each.lines),
                    "saldo_inicial": each.saldo_inicial.plain(),
                    "saldo_final": each.saldo_final.plain(),
                }
                for each in self.cuentas
            ],
            "problemas": problem_dicts((*self.problemas, *self.avisos)),
        }


def problem_dicts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return the problems as `sif bancos leer --json` prints them."""
    return [{"codigo": each.codigo, "donde": each.donde, "mensaje": each.mensaje} for each in problems]


def amount_of(text: str, donde: str, decimal: str = ".") -> Money:
    """Return an amount of a bank file, exact to the centavo; `decimal` is its mark, the other one groups thousands.

    Zeros after the second decimal lose nothing and pass. Raises Refused naming the place.
    """
    clean = re.sub(r"[\s\u00a0$]|MXN|MXP", "", text).replace("−", "-")
    clean = clean.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if clean.startswith("(") and clean.endswith(")"):
        clean = f"-{clean[1:-1]}"
    if clean.endswith("-"):
        clean = f"-{clean[:-1]}"
    match = _AMOUNT.match(clean)
    if match is None:
        raise refusal("importe", donde, f"«{text}» no es un importe.", "Vuelva a descargar el archivo de su banco.")
    cents = (match["cents"] or "").rstrip("0")
    if len(cents) > 2:
        raise refusal(
            "centavos",
            donde,
            f"«{text}» tiene fracciones de centavo y un importe admite dos decimales.",
            "Descargue el estado de cuenta sin redondeos de hoja de cálculo.",
        )
    value = int(match["whole"]) * 100 + int(cents.ljust(2, "0") or "0")
    return Money(-value if match["sign"] == "-" else value)


def same_account(clabe: str, seen: str) -> bool:
    """Return whether the account a file names is that of a CLABE: the CLABE itself, or the account number inside it."""
    figures = re.sub(r"\D", "", seen)
    if len(figures) == 18:
        return figures == clabe
    number = figures.lstrip("0")
    return len(number) >= _SHORTEST_ACCOUNT and clabe[6:17].lstrip("0").endswith(number)


def check(statement: Statement) -> list[Problem]:
    """Check the currency of a statement, the order of its days, its running balances and its closing balance."""
    problems = []
    if statement.moneda != PESOS:
        problems.append(
            Problem(
                "moneda",
                f"cuenta {statement.cuenta}".strip(),
                f"La cuenta está en «{statement.moneda or 'sin moneda'}»; los libros se llevan en {PESOS}.",
                "Cargue el estado de la cuenta en pesos.",
            )
        )
    if statement.hasta < statement.desde:
        problems.append(
            Problem(
                "fechas",
                "periodo",
                f"El estado va del {statement.desde:%d/%m/%Y} al {statement.hasta:%d/%m/%Y}.",
                "Descárguelo de nuevo con las fechas en orden.",
            )
        )
    odd = _running(statement)
    reached = statement.saldo_inicial + total(statement.lines)
    if reached == statement.saldo_final or odd or statement.hasta < statement.desde:
        problems += odd
    else:
        problems.append(
            Problem(
                "saldo",
                "saldo final",
                f"El saldo inicial {statement.saldo_inicial} y {len(statement.lines)} movimientos dan {reached}; el "
                f"archivo dice {statement.saldo_final}: faltan o sobran {statement.saldo_final - reached}.",
                "El archivo está incompleto o cortado. Descárguelo de nuevo de su banco.",
            )
        )
    return problems


def oddities(statement: Statement) -> list[Problem]:
    """Return a problem for each movement outside the days of a statement, which counts in its balances all the same."""
    if statement.hasta < statement.desde:
        return []  # it covers no day
    span = f"del {statement.desde:%d/%m/%Y} al {statement.hasta:%d/%m/%Y}"
    return [
        Problem(
            "fuera_de_fechas",
            line.donde,
            f"El movimiento es del {line.fecha:%d/%m/%Y} y el estado va {span}; se cuenta en él.",
            "Si no es de ese periodo, pida a su banco el estado corregido.",
        )
        for line in statement.lines
        if not statement.desde <= line.fecha <= statement.hasta
    ]


def within(day: date, desde: date, hasta: date) -> date:
    """The day on which a line counts in the balances of its statement: its own, or the nearest that it covers."""
    return min(max(day, desde), hasta)


def _running(statement: Statement) -> list[Problem]:
    """Return the first line whose running balance does not follow from the one before, if the file tells balances."""
    before = statement.saldo_inicial
    for line in statement.lines:
        reached = before + line.monto
        if line.saldo is not None and line.saldo != reached:
            return [
                Problem(
                    "saldo_corrido",
                    line.donde,
                    f"El saldo anterior {before} y el movimiento {line.monto} dan {reached}; dice {line.saldo}.",
                    "Falta un movimiento antes de esta línea, o su importe cambió. Descargue el archivo de nuevo.",
                )
            ]
        before = reached
    return []


def total(lines: Sequence[StatementLine]) -> Money:
    """Return the sum of some lines."""
    return Money(sum(line.monto.centavos for line in lines))


Part = tuple[str, Callable[[], Statement]]
"""The account of a part of a file, as far as it is known, and what reads it."""


def gather(formato: str, parts: Iterable[Part]) -> Reading:
    """Read each part of a file and join those of each account, one after another. Raises Refused for none."""
    groups: dict[str, list[Statement]] = {}
    spoilt = []
    for cuenta, read in parts:
        try:
            statement = read()
        except Refused as spoiling:
            spoilt.append(Spoilt(cuenta, spoiling.problems))
        else:
            groups.setdefault(statement.clave, []).append(statement)
    accounts: list[Statement] = []
    for group in groups.values():
        accounts += map(checked, _joined(group))
    if not accounts and not spoilt:
        raise refusal(
            "sin_estado",
            "archivo",
            "El archivo no trae ningún estado de cuenta.",
            "Descargue el estado con movimientos.",
        )
    return Reading(formato, tuple(accounts), tuple(spoilt))


def checked(statement: Statement) -> Statement:
    """Return the statement with what does not hold in it and what is odd."""
    found = (*statement.problemas, *check(statement))
    return replace(statement, problemas=found, avisos=tuple(oddities(statement)))


def _joined(parts: Sequence[Statement]) -> list[Statement]:
    """The statements of one account in a file as one; what does not follow from the one before it stands apart."""
    ordered = sorted(parts, key=lambda part: (part.desde, part.hasta))
    found = ordered[:1]
    for place, part in enumerate(ordered[1:], 2):
        whole = found[-1]
        if part.saldo_inicial != whole.saldo_final:
            gap = Problem(
                "saldo",
                f"estado {place}",
                f"Empieza con {part.saldo_inicial} y el anterior terminó con {whole.saldo_final}.",
                "Falta un estado en medio. Descargue el archivo de nuevo.",
            )
            found.append(replace(part, problemas=(gap,)))
            continue
        found[-1] = replace(
            whole, hasta=max(whole.hasta, part.hasta), saldo_final=part.saldo_final, lines=(*whole.lines, *part.lines)
        )
    return found


def choose(reading: Reading, clabe: str = "", elegida: str = "") -> Statement:
    """Return the statement of a file that is kept: the one asked for by its key, the only one, or the one of a CLABE.

    Raises Refused where it cannot be told, where it does not hold, or where some of it could not be read.
    """
    found = [each for each in reading.cuentas if elegida in ("", each.clave)]
    if len({each.clave for each in found}) > 1:
        found = [each for each in found if same_account(clabe, each.cuenta)]
    if len({each.clave for each in found}) != 1:
        if len(reading.cuentas) < 2 and not elegida:
            raise Refused(*reading.problemas)
        names = ", ".join(dict.fromkeys(each.clave or "sin número" for each in reading.cuentas))
        raise refusal("varias_cuentas", "archivo", f"El archivo trae las cuentas {names}.", "Elija cuál se carga.")
    spoilt = [each for part in reading.danados if part.cuenta in ("", found[0].cuenta) for each in part.problemas]
    if problems := [*spoilt, *(each for part in found for each in part.problemas)]:
        raise Refused(*problems)
    return found[0]


def opening_day(opening: date, closing: date, lines: Sequence[StatementLine]) -> date:
    """The first day a statement covers when it only dates its opening balance, often the close of the day before."""
    if opening < closing and not any(line.fecha <= opening for line in lines):
        return opening + timedelta(days=1)
    return opening
