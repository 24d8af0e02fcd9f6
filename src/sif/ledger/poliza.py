"""Validate a póliza before posting, and build its reversal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sif.law.chart import Account
from sif.values import Money, Problem

ZERO = Money(0)
SUBTYPES = ("IG", "EG", "DR")
KINDS = ("normal", "correccion", "ajuste", "jornada")
AUXILIARIES: dict[str, str] = {
    "proveedor": "Proveedor",
    "aportante": "Aportante",
    "persona": "Persona",
    "cuenta_bancaria": "Cuenta bancaria",
    "contabilidad": "Contabilidad",
    "contrato": "Contrato",
    "inventario": "Artículo de inventario",
    "activo_fijo": "Activo fijo",
    "credito": "Crédito",
    "casa": "Casa de campaña",
    "evento": "Evento",
    "proyecto": "Proyecto",
    "resolucion": "Resolución por pagar",
}
"""The kinds of auxiliary that accounts ask for, with their word."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line: a debit or a credit on an account of the lowest level, with the auxiliary the account requires."""

    cuenta: str
    cargo: Money = ZERO
    abono: Money = ZERO
    concepto: str = ""
    auxiliar_tipo: str = ""
    auxiliar_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewPoliza:
    """A póliza not yet posted. `revierte_a` is the number of the one it reverses."""

    contabilidad_id: int
    periodo_id: int
    tipo: str
    subtipo: str
    fecha_operacion: date
    concepto: str
    lineas: tuple[NewLine, ...]
    clase: str = "ordinaria"
    revierte_a: int | None = None

    @property
    def cargos(self) -> Money:
        """Sum of debits."""
        return Money(sum(line.cargo.centavos for line in self.lineas))

    @property
    def abonos(self) -> Money:
        """Sum of credits."""
        return Money(sum(line.abono.centavos for line in self.lineas))

    @property
    def is_balanced(self) -> bool:
        """Return whether debits equal credits."""
        return self.cargos == self.abonos


def check_poliza(poliza: NewPoliza, accounts: Mapping[str, Account]) -> list[Problem]:
    """Return every problem of a póliza by itself, each with its place; empty when it is sound."""
    return [*_header(poliza), *_lines(poliza, accounts), *_sums(poliza)]


def _header(poliza: NewPoliza) -> Iterator[Problem]:
    if poliza.tipo not in KINDS:
        yield Problem("tipo", "tipo", f"El tipo «{poliza.tipo}» no existe.", f"Elija uno de: {', '.join(KINDS)}.")
    if poliza.subtipo not in SUBTYPES:
        yield Problem(
            "subtipo",
            "subtipo",
            f"El subtipo «{poliza.subtipo}» no existe.",
            "Elija IG (ingresos), EG (egresos) o DR (diario).",
        )
    if not poliza.concepto.strip():
        yield Problem("concepto", "concepto", "La póliza no dice qué registra.", "Escriba el concepto de la operación.")


def _lines(poliza: NewPoliza, accounts: Mapping[str, Account]) -> Iterator[Problem]:
    for number, line in enumerate(poliza.lineas, 1):
        place = f"línea {number}"
        account = accounts.get(line.cuenta)
        if account is None:
            yield Problem(
                "cuenta_desconocida",
                f"{place}, cuenta",
                f"La cuenta «{line.cuenta}» no está en el catálogo.",
                "Búsquela por su nombre o su código N-N-NN-NN-NNNN.",
            )
            continue
        if not account.capturable:
            yield Problem(
                "cuenta_de_mayor",
                f"{place}, cuenta",
                f"«{account.nombre}» ({line.cuenta}) tiene cuentas debajo.",
                "Registre en una cuenta de último nivel.",
            )
        yield from _amounts(poliza, line, place)
        yield from _auxiliary(account, line, place)


def _amounts(poliza: NewPoliza, line: NewLine, place: str) -> Iterator[Problem]:
    if line.cargo and line.abono:
        yield Problem(
            "cargo_y_abono",
            place,
            f"Tiene cargo {line.cargo} y abono {line.abono}.",
            "Una línea lleva uno de los dos; ponga el otro en su propia línea.",
        )
    if not line.cargo and not line.abono and (poliza.cargos or poliza.abonos):
        yield Problem("sin_importe", place, "No tiene cargo ni abono.", "Escriba el importe o quite la línea.")
    for side, amount in (("cargo", line.cargo), ("abono", line.abono)):
        if amount.centavos < 0 and poliza.revierte_a is None:
            yield Problem(
                "negativo",
                f"{place}, {side}",
                f"El importe {amount} es negativo.",
                "El signo negativo es solo de la póliza que revierte a otra: use «Corregir con otra póliza».",
            )
        elif excess := amount.excess:
            yield excess.at(f"{place}, {side}")


def auxiliary_word(kind: str) -> str:
    """Return the word of a kind of auxiliary within a sentence: cuenta bancaria; an unknown kind is its own word."""
    return AUXILIARIES.get(kind, kind).lower()


def _auxiliary(account: Account, line: NewLine, place: str) -> Iterator[Problem]:
    if account.auxiliar and line.auxiliar_tipo != account.auxiliar:
        asked, brought = (auxiliary_word(kind) for kind in (account.auxiliar, line.auxiliar_tipo))
        seen = f"trae «{brought}»" if brought else "no lo trae"
        yield Problem(
            "auxiliar",
            f"{place}, auxiliar",
            f"La cuenta «{account.nombre}» pide un auxiliar de «{asked}» y la línea {seen}.",
            "Elija el auxiliar de la lista o dé de alta uno.",
        )
    elif line.auxiliar_tipo and line.auxiliar_id is None:
        yield Problem("auxiliar", f"{place}, auxiliar", "Falta cuál auxiliar es.", "Elíjalo de la lista.")


def _sums(poliza: NewPoliza) -> Iterator[Problem]:
    if not poliza.is_balanced:
        gap = poliza.cargos - poliza.abonos
        side, amount = ("abono", gap) if gap.centavos > 0 else ("cargo", -gap)
        yield Problem(
            "no_cuadra",
            "sumas",
            f"Los cargos suman {poliza.cargos} y los abonos {poliza.abonos}.",
            f"Falta {'un abono' if side == 'abono' else 'un cargo'} de {amount}.",
        )
    if (poliza.cargos or poliza.abonos) and len(poliza.lineas) < 2:
        yield Problem(
            "partida_doble", "líneas", f"Tiene {len(poliza.lineas)} línea.", "La partida doble pide dos o más."
        )


def reversal_of(poliza: NewPoliza, number: int, periodo_id: int, tipo: str, concepto: str) -> NewPoliza:
    """Return the póliza that reverses the posted one of that number: same accounts and sides, negative amounts."""
    lines = tuple(replace(line, cargo=-line.cargo, abono=-line.abono) for line in poliza.lineas)
    return replace(poliza, lineas=lines, revierte_a=number, periodo_id=periodo_id, tipo=tipo, concepto=concepto)
