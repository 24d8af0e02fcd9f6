"""Read the kinds of subject: before whom each reports, who signs, and whether it moves cash or is substituted."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sif.law.sources import LawDataError, data_path, only_keys, read_data

_ROW = frozenset({"nombre", "tipo", "ante"})
_ROW_OPTIONAL = frozenset({"firma", "efectivo", "sustituye"})
_CASH = frozenset({"recibe", "paga"})
_ACT_OPTIONAL = frozenset({"limite", "articulo", "cita"})
OURS = "INE"


@dataclass(frozen=True, slots=True)
class Said:
    """A provision of an article, with its quoted words; '' where the words were not read."""

    que: str
    articulo: str
    cita: str = ""


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of subject. tipo: that of the registry, '' where it has none there.

    signs: who signs; receives_cash, pays_cash: whether it does; None where no article that was read says it.
    cash_limit: the parameter that bounds what it takes in cash; cash: the articles that forbid it.
    """

    clave: str
    nombre: str
    tipo: str
    ante: str
    signs: Said | None
    receives_cash: bool | None
    pays_cash: bool | None
    cash_limit: str
    cash: tuple[Said, ...]
    substituted: Said | None
    may_be_substituted: bool


def _said(raw: object, key: str, where: str) -> Said:
    row = only_keys(raw, frozenset({key, "articulo"}), frozenset({"cita"}), where)
    return Said(str(row[key]), row["articulo"], row.get("cita", ""))


def _kind(clave: str, raw: object) -> SubjectKind:
    where = f"sujetos.yaml, {clave}"
    row = only_keys(raw, _ROW, _ROW_OPTIONAL, where)
    acts = {
        verb: only_keys(act, frozenset({"puede"}), _ACT_OPTIONAL, f"{where}, efectivo, {verb}")
        for verb, act in only_keys(row.get("efectivo", {}), frozenset(), _CASH, f"{where}, efectivo").items()
    }
    if any(act["puede"] == ("articulo" in act) for act in acts.values()):
        raise LawDataError(f"{where}: lo que no puede en efectivo cita su artículo, y lo que puede no ({acts}).")
    forbids = tuple(Said(verb, act["articulo"], act.get("cita", "")) for verb, act in acts.items() if not act["puede"])
    other = row.get("sustituye")
    return SubjectKind(
        clave,
        row["nombre"],
        row["tipo"],
        row["ante"],
        _said(row["firma"], "quien", f"{where}, firma") if "firma" in row else None,
        acts["recibe"]["puede"] if "recibe" in acts else None,
        acts["paga"]["puede"] if "paga" in acts else None,
        acts.get("recibe", {}).get("limite", ""),
        forbids,
        _said(other, "puede", f"{where}, sustituye") if other else None,
        bool(other and other["puede"]),
    )


@cache
def _kinds(jurisdiction: str) -> MappingProxyType[str, SubjectKind]:
    content = read_data(data_path(jurisdiction, "law", "sujetos.yaml"))
    return MappingProxyType({clave: _kind(clave, raw) for clave, raw in content.items()})


def load_subjects(jurisdiction: str) -> dict[str, SubjectKind]:
    """Return every kind of subject by key, those that report elsewhere too."""
    return dict(_kinds(jurisdiction))


def kind_of(tipo: str, jurisdiction: str) -> SubjectKind:
    """Return the kind of a subject of the registry."""
    return next(each for each in _kinds(jurisdiction).values() if each.tipo == tipo)
