"""Load the chart of accounts and the evidence that each account requires or admits."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType

from sif.law.sources import LawDataError, data_path, day, only_keys, read_data
from sif.values import Span

_CODE = re.compile(r"^\d-\d-\d\d-\d\d-\d{4}$")
_WRITTEN_CODE = re.compile(r"(\d)-?(\d)-?(\d\d)-?(\d\d)-?(\d{4})(?!\d)", re.ASCII)
_ROW = frozenset({"codigo", "nombre"})
_ROW_OPTIONAL = frozenset({"naturaleza", "rubro", "tipo", "auxiliar", "oficial", "papel"})
ROLES = frozenset(
    {
        "anticipos", "bancos", "caja", "corto_plazo", "diferencia_prorrateo", "donativos", "entrada_efectivo",
        "entrada_especie", "gastos", "gastos_campana", "impuestos", "ingresos", "patrimonio", "por_cobrar",
        "por_pagar", "proveedores", "resultados", "salida_efectivo", "salida_especie", "sueldos",
    }
)  # fmt: skip
"""What the program uses accounts for; a chart says in `papel` which account or group each one is."""
_KINDS = frozenset({"", "gasto", "ingreso", "por_cobrar", "por_pagar"})
_NATURES = {"1": "D", "2": "A", "3": "A", "4": "A", "5": "D", "6": "D"}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the chart. naturaleza: D debit, A credit; rubro: public head; auxiliar: kind; both '' if none.

    oficial: the code was seen in an official document; capturable: a movement may touch it (it has no accounts below).
    """

    codigo: str
    nombre: str
    naturaleza: str
    rubro: str
    es_gasto: bool
    es_ingreso: bool
    es_por_cobrar: bool
    es_por_pagar: bool
    auxiliar: str
    oficial: bool
    capturable: bool

    @property
    def prefix(self) -> str:
        """The code without its trailing empty levels: what every account below begins with."""
        return prefix_of(self.codigo)


@dataclass(frozen=True, slots=True)
class EvidenceClass:
    """A class of evidence file. oficial: named in the official catalogue of evidence."""

    clave: str
    nombre: str
    oficial: bool


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """An account asks for (obligatoria) or admits a class of evidence, for operations of days desde <= d < hasta."""

    cuenta: str
    clase: str
    obligatoria: bool
    desde: date
    hasta: date | None

    def is_in_force(self, fecha: date) -> bool:
        """Return whether it applies to an operation of that day."""
        return fecha in Span(self.desde, self.hasta)


def account_code(text: str, *, alone: bool = False) -> str | None:
    """Return the code of an account as it is kept, of one written with dashes, without them or with blanks; or None.

    Words may follow the code, as a list of accounts shows it, unless it stands `alone`.
    """
    written = text.replace(" ", "")
    found = _WRITTEN_CODE.fullmatch(written) if alone else _WRITTEN_CODE.match(written)
    return "-".join(found.groups()) if found else None


def prefix_of(codigo: str) -> str:
    """`5-5-01-00-0000` gives `5-5-01-`: what the codes below it begin with; a lowest-level code gives itself."""
    levels = codigo.split("-")
    while levels and set(levels[-1]) == {"0"}:
        levels.pop()
    return "-".join(levels) + ("-" if len(levels) < 5 else "")


def _account(row: object, inherited: dict[str, str], where: str) -> tuple[Account, dict[str, str]]:
    row = only_keys(row, _ROW, _ROW_OPTIONAL, where)
    codigo = row["codigo"]
    if not _CODE.match(codigo):
        raise LawDataError(f"{where}: el código «{codigo}» no tiene la forma N-N-NN-NN-NNNN.")
    traits = {key: row.get(key, inherited.get(key, "")) for key in ("rubro", "tipo", "auxiliar", "naturaleza")}
    traits["naturaleza"] = traits["naturaleza"] or _NATURES[codigo[0]]
    if traits["tipo"] not in _KINDS or traits["naturaleza"] not in ("D", "A"):
        raise LawDataError(f"{where}: el tipo o la naturaleza de {codigo} no se conocen ({traits}).")
    kind = traits["tipo"]
    account = Account(
        codigo=codigo,
        nombre=row["nombre"],
        naturaleza=traits["naturaleza"],
        rubro=traits["rubro"],
        es_gasto=kind == "gasto",
        es_ingreso=kind == "ingreso",
        es_por_cobrar=kind == "por_cobrar",
        es_por_pagar=kind == "por_pagar",
        auxiliar=traits["auxiliar"],
        oficial=bool(row.get("oficial", False)),
        capturable=True,
    )
    return account, traits


@cache
def _chart(jurisdiction: str) -> tuple[Account, ...]:
    accounts: dict[str, Account] = {}
    traits: dict[str, dict[str, str]] = {}
    for place, row in enumerate(read_data(data_path(jurisdiction, "law", "accounts.yaml")), 1):
        where = f"accounts.yaml, renglón {place}"
        codigo = str(row.get("codigo", ""))
        above = [code for code in accounts if codigo != code and codigo.startswith(prefix_of(code))]
        parent = max(above, key=lambda code: len(prefix_of(code)), default="")
        account, own = _account(row, traits.get(parent, {}), where)
        if codigo in accounts or (list(accounts) and codigo < list(accounts)[-1]):
            raise LawDataError(f"{where}: {codigo} está repetido o fuera de orden.")
        accounts[codigo], traits[codigo] = account, own
    grouped = {account.codigo for account in accounts.values() if _has_below(account, accounts)}
    return tuple(replace(account, capturable=account.codigo not in grouped) for account in accounts.values())


def _has_below(account: Account, accounts: dict[str, Account]) -> bool:
    return any(code != account.codigo and code.startswith(account.prefix) for code in accounts)


@cache
def _roles(jurisdiction: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in read_data(data_path(jurisdiction, "law", "accounts.yaml")):
        role = row.get("papel")
        if role is None:
            continue
        if role not in ROLES or role in found:
            raise LawDataError(f"accounts.yaml: el papel «{role}» de {row['codigo']} no se conoce o está repetido.")
        found[role] = row["codigo"]
    if lacking := sorted(ROLES - set(found)):
        raise LawDataError(f"accounts.yaml: ninguna cuenta tiene el papel {', '.join(lacking)}.")
    return MappingProxyType(found)


def account_of(role: str, jurisdiction: str) -> str:
    """Return the code of the account, or group of accounts, that the program uses for something; one of ROLES."""
    return _roles(jurisdiction)[role]


def beginning_of(role: str, jurisdiction: str) -> str:
    """Return the code prefix shared by the account of a role and every account below that account."""
    return prefix_of(account_of(role, jurisdiction))


def load_chart(jurisdiction: str) -> dict[str, Account]:
    """Return every account by code, in order; a row inherits head, kind and auxiliary from the group above it."""
    return {account.codigo: account for account in _chart(jurisdiction)}


@cache
def _expense_heads(jurisdiction: str) -> tuple[str, ...]:
    return tuple(read_data(data_path(jurisdiction, "law", "heads.yaml"))["gastos"])


def load_expense_heads(jurisdiction: str) -> tuple[str, ...]:
    """Return the public heads of campaign expense, with the exact names of the official open data, in their order."""
    return _expense_heads(jurisdiction)


@dataclass(frozen=True, slots=True)
class _PrefixEvidence:
    """The evidence required or admitted by every account under a code prefix, accounts added by a process included."""

    prefijo: str
    salvo: tuple[str, ...]
    pairs: tuple[tuple[str, bool], ...]
    desde: date
    hasta: date | None

    def takes(self, codigo: str) -> bool:
        """Return whether it says what an account asks for: it begins so, and with none of what is left out."""
        return codigo.startswith(self.prefijo) and not codigo.startswith(self.salvo)

    def of(self, codigo: str) -> list[AccountEvidence]:
        return [AccountEvidence(codigo, clase, must, self.desde, self.hasta) for clase, must in self.pairs]


@cache
def _evidence(
    jurisdiction: str,
) -> tuple[tuple[EvidenceClass, ...], tuple[AccountEvidence, ...], tuple[_PrefixEvidence, ...]]:
    content = read_data(data_path(jurisdiction, "law", "evidence.yaml"))
    classes = tuple(
        EvidenceClass(key, row["nombre"], row.get("oficial", False)) for key, row in content["clases"].items()
    )
    known, codes = {row.clave for row in classes}, [a.codigo for a in _chart(jurisdiction) if a.capturable]
    found: list[AccountEvidence] = []
    prefixes: list[_PrefixEvidence] = []
    for place, raw in enumerate(content["cuentas"], 1):
        where = f"evidence.yaml, cuentas, renglón {place}"
        row = only_keys(
            raw, frozenset({"cuenta", "desde"}), frozenset({"hasta", "obligatorias", "admitidas", "salvo"}), where
        )
        touched = [code for code in codes if code.startswith(row["cuenta"])]
        salvo = tuple(row.get("salvo", ()))
        pairs = [(c, True) for c in row.get("obligatorias", [])] + [(c, False) for c in row.get("admitidas", [])]
        if lost := [each for each in salvo if not any(code.startswith(each) for code in touched)]:
            raise LawDataError(f"{where}: «salvo» nombra {lost}, que no toca cuenta alguna de «{row['cuenta']}».")
        if not touched or not pairs or not {clase for clase, _ in pairs} <= known:
            raise LawDataError(f"{where}: «{row['cuenta']}» no toca cuenta alguna o nombra clases desconocidas.")
        since, until = day(row["desde"], where), row.get("hasta")
        prefixes.append(_PrefixEvidence(row["cuenta"], salvo, tuple(pairs), since, until))
        found += [each for code in touched if prefixes[-1].takes(code) for each in prefixes[-1].of(code)]
    return classes, tuple(found), tuple(prefixes)


def load_evidence_classes(jurisdiction: str) -> dict[str, EvidenceClass]:
    """Return the classes of evidence by key."""
    return {row.clave: row for row in _evidence(jurisdiction)[0]}


def load_account_evidence(jurisdiction: str) -> list[AccountEvidence]:
    """Return the classes of evidence that each account with movements requires or admits, with their dates."""
    return list(_evidence(jurisdiction)[1])


def account_evidence(codigo: str, jurisdiction: str) -> list[AccountEvidence]:
    """Return the evidence that an account requires or admits, by code prefix, so that added accounts have it too."""
    return [each for row in _evidence(jurisdiction)[2] if row.takes(codigo) for each in row.of(codigo)]


def account_below(
    chart: Mapping[str, Account], codigo: str, nombre: str, *, auxiliar: str | None = None
) -> Account | None:
    """An account that does not stand in the chart, with what it inherits from the nearest group above; None if none."""
    above = [account for code, account in chart.items() if codigo.startswith(account.prefix) and codigo != code]
    parent = max(above, key=lambda account: len(account.prefix), default=None)
    if parent is None or not _CODE.match(codigo):
        return None
    own = parent.auxiliar if auxiliar is None else auxiliar
    return replace(parent, codigo=codigo, nombre=nombre, auxiliar=own, oficial=False, capturable=True)


def merged(chart: Mapping[str, Account], added: Iterable[Account]) -> dict[str, Account]:
    """Return the chart with accounts added, in order of code; one that has others below it takes no movements."""
    new = {account.codigo: account for account in added}
    if not new:
        return dict(chart)
    whole = {**chart, **new}
    grouped = {
        code for code, account in whole.items() if any(code != low and low.startswith(account.prefix) for low in new)
    }
    return {
        code: replace(whole[code], capturable=whole[code].capturable and code not in grouped) for code in sorted(whole)
    }


def evidence_for(cuentas: frozenset[str], fecha: date, jurisdiction: str) -> dict[str, bool]:
    """Return the classes that an operation of that day over these accounts admits, and whether each is obligatory."""
    wanted: dict[str, bool] = {}
    for row in (each for codigo in sorted(cuentas) for each in account_evidence(codigo, jurisdiction)):
        if row.is_in_force(fecha):
            wanted[row.clase] = wanted.get(row.clase, False) or row.obligatoria
    return wanted
