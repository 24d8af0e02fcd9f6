"""Store each version of a rule that ran: its file, compiled form and derived tables, by digest."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings

from sif.audit.engine import tables_of
from sif.rulebook.derived import DERIVED
from sif.rulebook.reading import rule_paths
from sif.rulebook.rule import Basis, DatedValue, Doubt, Outcome, Rule, RuleParameter

_PARTS = {"basis": Basis, "outcomes": Outcome, "doubts": Doubt}
_LISTS = ("applies_to", "key", "group", "money", "columns")


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule kept so that it can run again: `compiled` is all that the engine needs, `file` the text for people.

    digest: SHA-256 of `compiled`; it changes when the query, a figure of law, an outcome or a derived table changes.
    derived: the SQL of each derived table it reads, '' for one that a function of the program computes.
    """

    digest: str
    rule: Rule
    file: str
    compiled: str
    derived: Mapping[str, str]


def version_of(rule: Rule) -> RuleVersion:
    """The version of a rule as it stands now, with the bytes of its file when they are those it was read from."""
    derived = {name: DERIVED[name].sql or "" for name in sorted(tables_of(rule) & set(DERIVED))}
    compiled = json.dumps(
        {"regla": _plain(rule), "derivadas": derived}, ensure_ascii=False, sort_keys=True, default=str
    )
    return RuleVersion(_digest(compiled), rule, _file_of(rule), compiled, derived)


def by_tables(versions: Iterable[RuleVersion]) -> list[RuleVersion]:
    """Return those versions in the order that keeps the narrowest tables; each goes after its last reader."""
    left, there, ordered = list(versions), set[str](), list[RuleVersion]()
    while left:
        chosen = _next(left, there)
        left.remove(chosen)
        ordered.append(chosen)
        there = (there | chosen.derived.keys()) & {name for version in left for name in version.derived}
    return ordered


def _next(left: Sequence[RuleVersion], there: Set[str]) -> RuleVersion:
    """Return whom to run next over the derived tables that are there, as given among equals.

    It aims at the rule whose tables, once all that those tables suffice for has run, leave the fewest columns behind.
    On the way to it, next is who reads a table that will go, and of them who needs the least made.
    """
    aim = min(left, key=lambda each: (_width(_left_by(each, left, there)), len(each.derived.keys() - there)))
    have = there | aim.derived.keys()
    going = have - _left_by(aim, left, there)
    on_the_way = [each for each in left if each.derived.keys() <= have and each.derived.keys() & going]
    return min(
        on_the_way or [aim], key=lambda each: (_width(each.derived.keys() - there), -len(each.derived.keys() & going))
    )


def _left_by(aim: RuleVersion, left: Iterable[RuleVersion], there: Set[str]) -> set[str]:
    """Return the tables that remain, of those there and those of a rule, when every rule they suffice for has run."""
    have = there | aim.derived.keys()
    return have & {name for version in left if not version.derived.keys() <= have for name in version.derived}


def _width(names: Iterable[str]) -> int:
    return sum(len(DERIVED[name].table.columns) if name in DERIVED else 1 for name in names)


def thaw(compiled: str) -> RuleVersion:
    """Return the version that `compiled` says, as it ran then; its cases do not come with it.

    Raises ValueError when the text is not a version that this program can read.
    """
    content = json.loads(compiled)
    try:
        rule = _rule(content["regla"])
        return RuleVersion(_digest(compiled), rule, "", compiled, dict(content["derivadas"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"La versión guardada de la regla no se puede leer: falta {error}.") from error


def _digest(compiled: str) -> str:
    return hashlib.sha256(compiled.encode("utf-8")).hexdigest()


def _file_of(rule: Rule) -> str:
    for path in rule_paths(name=rule.id, jurisdiction=settings.JURISDICTION):
        data = path.read_bytes()
        return data.decode("utf-8") if hashlib.sha256(data).hexdigest() == rule.digest else ""
    return ""


def _plain(rule: Rule) -> dict[str, object]:
    plain = {field.name: getattr(rule, field.name) for field in fields(Rule) if field.name != "cases"}
    if plain["span"] == "etapa":
        del plain["span"]  # as versions that ran before it could be said
    for name, kind in _PARTS.items():
        plain[name] = [{f.name: getattr(part, f.name) for f in fields(kind)} for part in getattr(rule, name)]
    for said in plain["basis"]:
        if not said["outcomes"]:
            del said["outcomes"]  # as versions that ran before it could be said
    plain["parameters"] = [
        {
            "name": p.name,
            "unit": p.unit,
            "basis": p.basis,
            "source": p.source,
            "values": [[v.desde, v.hasta, v.valor] for v in p.values],
        }
        for p in rule.parameters
    ]
    return plain


def _rule(plain: dict[str, Any]) -> Rule:
    made = dict(plain)
    for name in _LISTS:
        made[name] = tuple(plain[name])
    made["since"] = date.fromisoformat(plain["since"])
    made["until"] = date.fromisoformat(plain["until"]) if plain["until"] else None
    made["basis"] = tuple(Basis(**{**part, "outcomes": tuple(part.get("outcomes", ()))}) for part in plain["basis"])
    made["outcomes"] = tuple(Outcome(**part) for part in plain["outcomes"])
    made["doubts"] = tuple(Doubt(date.fromisoformat(part["since"]), part["text"]) for part in plain["doubts"])
    made["parameters"] = tuple(
        RuleParameter(
            p["name"],
            p["unit"],
            tuple(DatedValue(date.fromisoformat(a), date.fromisoformat(b), v) for a, b, v in p["values"]),
            p["basis"],
            p["source"],
        )
        for p in plain["parameters"]
    )
    return Rule(**made, cases=())
