"""Parse a rule file, and refuse an invalid one with every reason."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import yaml

from sif.law.articles import UnknownArticle, resolve
from sif.law.parameters import load_parameters
from sif.law.sanctions import load_criteria
from sif.rulebook import derived, published
from sif.rulebook.binding import Bound, bind
from sif.rulebook.exercise import SPANS, shortfalls
from sif.rulebook.pipes import BadRows, given_rows, split_rows
from sif.rulebook.rule import (
    ENGINE_OUTCOMES,
    PLACEHOLDER,
    REACHES,
    SEVERITIES,
    STAGES,
    STATES,
    Basis,
    Case,
    DatedValue,
    Doubt,
    Outcome,
    Rows,
    Rule,
    RuleParameter,
)
from sif.rulebook.subset import SqlRefused, canonical, parse
from sif.values import Problem, Refused
from sif.values.span import OPEN_END

JURISDICTIONS = Path(__file__).parents[1] / "jurisdictions"
MAX_LINES, MAX_SQL_LINES = 150, 25

_ID = re.compile(r"^[A-Z]{2}\d{3}$")
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")
_STATUSES = ("leído", "por confirmar")
_REQUIRED = (
    "id title severity applies_to since reach basis key day universe query outcomes cases".split()  # noqa: SIM905
)
_OPTIONAL = "until parameters group money doubts span".split()  # noqa: SIM905


class _Loader(yaml.CSafeLoader):
    """Plain YAML: no repeated key, no alias."""

    def get_single_node(self) -> Any:
        """Compose the file, in which no part stands in two places, as what an alias names does."""
        root = super().get_single_node()
        left, seen = [root], set[int]()
        while left:
            node = left.pop()
            if id(node) in seen:
                raise yaml.constructor.ConstructorError(None, None, "no se admiten alias", None)
            seen.add(id(node))
            if isinstance(node, yaml.CollectionNode):
                left += chain.from_iterable(node.value) if isinstance(node, yaml.MappingNode) else node.value
        return root

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[object, object]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"la clave «{key.value}» se repite", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def rule_paths(jurisdiction: str, name: str = "*") -> list[Path]:
    """Return the rule files of a jurisdiction, or the one of that identifier, in order of identifier."""
    return sorted((JURISDICTIONS / jurisdiction / "rules").glob(f"*/{name}.yaml"), key=lambda path: path.stem)


def load_rules(jurisdiction: str) -> list[Rule]:
    """Return every rule of a jurisdiction, in order of identifier. Raises Refused with the problems of all files.

    A file is read again only when it changes.
    """
    return list(_loaded(jurisdiction, tuple((path, path.stat().st_mtime_ns) for path in rule_paths(jurisdiction))))


@cache
def _loaded(jurisdiction: str, files: tuple[tuple[Path, int], ...]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path, _ in files:
        try:
            rules.append(read_rule(path, jurisdiction))
        except Refused as refused:
            problems.extend(refused.problems)
    repeated = {rule.id for rule in rules if sum(other.id == rule.id for other in rules) > 1}
    problems += [
        Problem("regla_repetida", name, "Dos archivos llevan ese id.", "Un id no se reutiliza.") for name in repeated
    ]
    if problems:
        raise Refused(*problems)
    return tuple(rules)


def read_rule(path: Path, jurisdiction: str) -> Rule:
    """Return the rule of one file. Raises Refused with every problem found (place, what was seen, its cure)."""
    data = path.read_bytes()
    reader = _Reader(path.name, path.stem, jurisdiction)
    try:
        text = data.decode("utf-8")
        content = yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader, stricter)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        where = " ".join(str(error).split())[:300]
        raise Refused(Problem("yaml", path.name, f"No es YAML legible: {where}.", "Corrija la línea.")) from error
    if len(text.splitlines()) > MAX_LINES:
        reader.bad("largo", "", f"Tiene {len(text.splitlines())} líneas; se admiten {MAX_LINES}.", "Divida la regla.")
    rule = reader.read(content, hashlib.sha256(data).hexdigest())
    if reader.problems or rule is None:
        raise Refused(*reader.problems)
    return rule


class _Reader:
    """Collects every problem of one file while it builds the rule."""

    def __init__(self, file: str, stem: str, jurisdiction: str) -> None:
        self.file, self.stem, self.jurisdiction = file, stem, jurisdiction
        self.problems: list[Problem] = []

    def bad(self, code: str, place: str, message: str, cure: str) -> None:
        self.problems.append(Problem(code, f"{self.file}{': ' + place if place else ''}", message, cure))

    def keys(self, value: object, place: str, required: list[str], optional: list[str]) -> dict[str, object]:
        """Return the mapping, complaining of what it lacks and of what it should not have."""
        if not isinstance(value, dict):
            self.bad("forma", place, "Debe ser un mapa de claves.", f"Escriba {', '.join(required)}.")
            return {}
        for key in value:
            if key not in required and key not in optional:
                known = ", ".join([*required, *optional])
                self.bad("clave_desconocida", place, f"La clave «{key}» no existe.", f"Las que hay son {known}.")
        for key in required:
            if value.get(key) in (None, "", [], {}):
                self.bad("clave_faltante", place, f"Falta «{key}».", "Es obligatoria.")
        return value

    def one_of(self, value: object, place: str, admitted: tuple[str, ...]) -> str:
        if value not in admitted:
            self.bad("valor", place, f"«{value}» no es un valor admitido.", f"Use uno de: {', '.join(admitted)}.")
        return str(value)

    def day(self, value: object, place: str) -> date:
        if type(value) is not date:
            self.bad("fecha", place, f"«{value}» no es una fecha.", "Escríbala aaaa-mm-dd.")
            return date(1, 1, 1)
        return value

    def names(self, value: object, place: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and _NAME.match(v) for v in value):
            self.bad("lista", place, f"«{value}» no es una lista de columnas.", "Escríbala [columna, columna].")
            return ()
        return tuple(value)

    def text(self, value: object, place: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self.bad("texto", place, "Debe ser un texto.", "Escríbalo entre comillas si lleva «:» o «,».")
            return ""
        return value.strip()

    def read(self, content: object, digest: str) -> Rule | None:
        top = self.keys(content, "", _REQUIRED, _OPTIONAL)
        if self.problems and not all(top.get(key) for key in _REQUIRED):
            return None
        if not _ID.match(str(top["id"])) or top["id"] != self.stem:
            self.bad(
                "id", "id", f"«{top['id']}» no es el nombre del archivo.", "Dos letras y tres cifras, como el archivo."
            )
        since = self.day(top["since"], "since")
        until = None if top.get("until") is None else self.day(top["until"], "until")
        if until is not None and until <= since:
            self.bad("vigencia", "until", "`until` no es posterior a `since`.", "Es el primer día en que ya no rige.")
        parameters = self.parameters(top.get("parameters") or {}, since, until)
        span = self.one_of(top.get("span", "etapa"), "span", SPANS)
        reached = str(top["reach"]), span
        universe, _ = self.sql(top["universe"], "universe", frozenset(), universe=True)
        query, bound = self.sql(top["query"], "query", frozenset(p.name for p in parameters), reached)
        key, group = self.names(top["key"], "key"), self.names(top.get("group") or [], "group")
        money = self.names(top.get("money") or [], "money")
        outcomes = self.outcomes(top["outcomes"])
        day = str(top["day"])
        if bound is not None:
            self.answers(bound, parameters, (*key, *group, day, *money), outcomes)
        cases = self.cases(top["cases"], key, outcomes, bound)
        return Rule(
            id=str(top["id"]),
            title=self.text(top["title"], "title"),
            severity=self.one_of(top["severity"], "severity", SEVERITIES),
            applies_to=self.stages(top["applies_to"]),
            since=since,
            until=until,
            reach=self.one_of(top["reach"], "reach", REACHES),
            basis=self.basis(top["basis"], outcomes),
            parameters=parameters,
            key=key,
            group=group,
            day=day,
            money=money,
            universe=universe,
            query=query,
            outcomes=outcomes,
            doubts=self.doubts(top.get("doubts") or []),
            cases=cases,
            columns=bound.columns if bound else (),
            digest=digest,
            span=span,
        )

    def stages(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self.bad("lista", "applies_to", "No es una lista de etapas.", f"Use {', '.join(STAGES)}.")
            return ()
        return tuple(self.one_of(stage, "applies_to", STAGES) for stage in value)

    def entries(self, value: object, place: str) -> list[object]:
        if not isinstance(value, list):
            self.bad("lista", place, "Debe ser una lista.", "Empiece cada elemento con un guion.")
            return []
        return value

    def basis(self, value: object, outcomes: tuple[Outcome, ...]) -> tuple[Basis, ...]:
        found = []
        for number, entry in enumerate(self.entries(value, "basis"), start=1):
            place = f"basis[{number}]"
            item = self.keys(entry, place, ["article", "says", "status"], ["outcomes"])
            article = str(item.get("article", ""))
            try:
                resolve(article, self.jurisdiction)
            except UnknownArticle as unknown:
                self.bad("articulo", place, str(unknown), "Escriba ley y artículo: LGPP 56.2.d.")
            status = self.one_of(item.get("status"), place, _STATUSES)
            only = self.names(item.get("outcomes", []), f"{place}.outcomes")
            found.append(Basis(article, str(item.get("says", "")).strip(), status, only))
        self.grounded(found, outcomes)
        return tuple(found)

    def grounded(self, basis: list[Basis], outcomes: tuple[Outcome, ...]) -> None:
        """Complain of a basis of an outcome that is no hallazgo of the rule, and of a hallazgo that none grounds."""
        found = {outcome.name for outcome in outcomes if outcome.state == "hallazgo"}
        for number, each in enumerate(basis, start=1):
            for name in each.outcomes:
                if name not in found:
                    told = f"«{name}» no es un hallazgo de outcomes."
                    self.bad("base", f"basis[{number}].outcomes", told, "Nombre sólo los hallazgos que funda.")
        for name in sorted(found):
            if basis and not any(each.grounds(name) for each in basis):
                self.bad("sin_base", f"outcomes.{name}", "Ninguna base lo funda.", "Nómbrelo en la que lo funda.")

    def doubts(self, value: object) -> tuple[Doubt, ...]:
        found = []
        for number, entry in enumerate(self.entries(value, "doubts"), start=1):
            item = self.keys(entry, f"doubts[{number}]", ["since", "text"], [])
            found.append(Doubt(self.day(item.get("since"), f"doubts[{number}]"), str(item.get("text", ""))))
        return tuple(found)

    def parameters(self, value: object, since: date, until: date | None) -> tuple[RuleParameter, ...]:
        if not isinstance(value, Mapping):
            self.bad("forma", "parameters", "Debe ser un mapa de nombre a parámetro.", "Vea §2 de la forma.")
            return ()
        found = []
        for name, entry in value.items():
            place = f"parameters.{name}"
            if not _NAME.match(str(name)):
                self.bad("nombre", place, "El nombre va en minúsculas ASCII.", "Cámbielo.")
            read = self.from_law if isinstance(entry, dict) and "from" in entry else self.own
            parameter = read(str(name), entry, place)
            if parameter is not None:
                self.check_spans(parameter, place, since, until)
                found.append(parameter)
        return tuple(found)

    def from_law(self, name: str, entry: dict[str, object], place: str) -> RuleParameter | None:
        self.keys(entry, place, ["from"], [])
        source = str(entry["from"])
        prefix, _, key = source.rpartition("/")
        law = load_parameters(self.jurisdiction)
        if prefix != "law/parameters" or key not in law:
            self.bad(
                "parametro_de_ley", place, f"«{source}» no existe.", f"Hay law/parameters/ {', '.join(sorted(law))}."
            )
            return None
        spans = law[key].valores
        values = tuple(DatedValue(span.desde, span.hasta or OPEN_END, span.valor) for span in spans)
        bases = dict.fromkeys(span.base for span in spans)
        return RuleParameter(name, law[key].unidad, values, "; ".join(bases), source)

    def own(self, name: str, entry: object, place: str) -> RuleParameter | None:
        item = self.keys(entry, place, ["unit", "values", "basis"], [])
        values = []
        for number, row in enumerate(self.entries(item.get("values", []), place), start=1):
            where = f"{place}.values[{number}]"
            if not isinstance(row, list) or len(row) != 3 or type(row[2]) is not int:
                self.bad(
                    "valor",
                    where,
                    f"«{row}» no es [desde, hasta o null, entero].",
                    "Centavos, días, UMA o puntos base.",
                )
                continue
            end = OPEN_END if row[1] is None else self.day(row[1], where)
            values.append(DatedValue(self.day(row[0], where), end, row[2]))
        if not values:
            return None
        return RuleParameter(name, str(item.get("unit", "")), tuple(values), str(item.get("basis", "")))

    def check_spans(self, parameter: RuleParameter, place: str, since: date, until: date | None) -> None:
        values = parameter.values
        if any(value.hasta <= value.desde for value in values):
            self.bad("lapso_vacio", place, "Un lapso termina antes de empezar.", "`hasta` es posterior a `desde`.")
        for one, two in pairwise(values):
            if one.hasta != two.desde:
                kind = "hueco" if one.hasta < two.desde else "traslape"
                self.bad(
                    kind,
                    place,
                    f"Hay {kind} entre {one.hasta} y {two.desde}.",
                    "Cada lapso empieza donde acaba el otro.",
                )
        if values[0].desde > since:
            self.bad(
                "inicio_tardio",
                place,
                f"Empieza el {values[0].desde}, después de {since}.",
                "Empiece en `since` o antes.",
            )
        if values[-1].hasta < (until or OPEN_END):
            self.bad("fin_temprano", place, f"Termina el {values[-1].hasta}.", "Deje abierto el último lapso (null).")

    def sql(
        self,
        value: object,
        place: str,
        parameters: frozenset[str],
        reached: tuple[str, str] | None = None,
        *,
        universe: bool = False,
    ) -> tuple[str, Bound | None]:
        text = self.text(value, place)
        if not text:
            return "", None
        if len(text.splitlines()) > MAX_SQL_LINES:
            self.bad(
                "largo",
                place,
                f"Tiene {len(text.splitlines())} líneas; se admiten {MAX_SQL_LINES}.",
                "Use WITH o divida.",
            )
        try:
            tree = parse(text, universe=universe)
            bound = bind(tree, parameters, universe=universe)
        except SqlRefused as refused:
            self.bad("sql", place, str(refused), "Escríbalo en el subconjunto portátil.")
            return "", None
        for told in shortfalls(tree, *reached) if reached else ():
            self.bad("alcance", place, told, "Lea todo lo que la ley suma, o declare con `span` y `reach` lo que mira.")
        return canonical(tree), bound

    def outcomes(self, value: object) -> tuple[Outcome, ...]:
        if not isinstance(value, dict):
            self.bad("forma", "outcomes", "Debe ser un mapa de nombre a resultado.", "Vea §2 de la forma.")
            return ()
        found = []
        for name, entry in value.items():
            place = f"outcomes.{name}"
            item = self.keys(entry, place, ["state"], ["says", "asks", "sanction"])
            if not _NAME.match(str(name)) or name in {outcome.name for outcome in ENGINE_OUTCOMES}:
                self.bad(
                    "nombre", place, "Ese nombre no se admite o lo da el motor.", "Use minúsculas ASCII, otro nombre."
                )
            state = self.one_of(item.get("state"), place, STATES)
            if state == "hallazgo" and not item.get("says"):
                self.bad("mensaje", place, "Un hallazgo dice algo.", "Escriba `says`.")
            if item.get("sanction") and item["sanction"] not in load_criteria(self.jurisdiction):
                told = f"No hay criterio de sanción «{item['sanction']}»."
                self.bad("criterio", place, told, "Vea law/criteria.yaml.")
            texts = {key: str(item.get(key) or "").strip() for key in ("says", "asks", "sanction")}
            found.append(Outcome(str(name), state, **texts))
        if not any(outcome.state in ("hallazgo", "sin_dato") for outcome in found):
            self.bad("resultados", "outcomes", "Ningún resultado es hallazgo ni sin_dato.", "Una regla halla o avisa.")
        return tuple(found)

    def answers(
        self,
        bound: Bound,
        parameters: tuple[RuleParameter, ...],
        columns: tuple[str, ...],
        outcomes: tuple[Outcome, ...],
    ) -> None:
        for name in dict.fromkeys((*columns, "contabilidad_id", "monto", "resultado")):
            if name not in bound.columns:
                self.bad("columna", "query", f"No da la columna «{name}».", "Agréguela al SELECT.")
        for parameter in parameters:
            if parameter.name not in bound.parameters:
                self.bad("parametro", "query", f"No usa el parámetro «{parameter.name}».", "Úselo o quítelo.")
        names = {outcome.name for outcome in outcomes}
        for name in sorted(bound.results - names):
            self.bad(
                "resultado_sin_nombre", "outcomes", f"La consulta da «{name}» y no está en outcomes.", "Agréguelo."
            )
        for name in sorted(names - bound.results):
            self.bad("resultado_sobrante", "outcomes", f"La consulta nunca da «{name}».", "Quítelo o corrija el CASE.")
        for outcome in outcomes:
            for text in (outcome.says, outcome.asks):
                for column in PLACEHOLDER.findall(text):
                    if column not in bound.columns:
                        self.bad(
                            "mensaje",
                            f"outcomes.{outcome.name}",
                            f"«{{{column}}}» no es columna.",
                            "Use una de salida.",
                        )
                if set(PLACEHOLDER.sub("", text)) & set("{}"):
                    self.bad("mensaje", f"outcomes.{outcome.name}", "Lleva una llave suelta.", "Sólo {columna}.")

    def cases(
        self, value: object, key: tuple[str, ...], outcomes: tuple[Outcome, ...], bound: Bound | None
    ) -> tuple[Case, ...]:
        found: list[Case] = []
        unread = False
        for number, entry in enumerate(self.entries(value, "cases"), start=1):
            place = f"cases[{number}]"
            item = self.keys(entry, place, ["name", "given", "expect"], [])
            case = self.case(item, place)
            if case is None:
                unread = True
                continue
            found.append(case)
            missing = [name for name in (*key, "resultado") if name not in case.expect.columns]
            unknown = [name for name in case.expect.columns if bound is not None and name not in bound.columns]
            if missing or unknown:
                told = f"faltan {', '.join(missing)}" if missing else f"sobran {', '.join(unknown)}"
                self.bad("esperado", place, f"En `expect` {told}.", "Lleva la llave, resultado y columnas de salida.")
        if not unread:
            self.covered(found, outcomes)
        return tuple(found)

    def covered(self, cases: list[Case], outcomes: tuple[Outcome, ...]) -> None:
        seen, admitted = set(), {outcome.name for outcome in (*outcomes, *ENGINE_OUTCOMES)}
        for case in cases:
            if "resultado" in case.expect.columns:
                place = case.expect.columns.index("resultado")
                seen |= {str(row[place]) for row in case.expect.rows}
        for name in sorted(seen - admitted):
            self.bad("esperado", "cases", f"Se espera «{name}», que no está en outcomes.", "Corrija el nombre.")
        for outcome in outcomes:
            if outcome.name not in seen:
                self.bad(
                    "sin_caso", f"outcomes.{outcome.name}", "Ningún caso lo muestra.", "Agregue un renglón que lo dé."
                )
        if cases and not any("monto" in case.expect.columns for case in cases):
            self.bad("monto_sin_caso", "cases", "Ningún caso fija `monto`.", "Agréguelo a un `expect`.")

    def case(self, item: dict[str, Any], place: str) -> Case | None:
        given: dict[str, Rows] = {}
        tables = published.TABLES | derived.TABLES
        if not isinstance(item.get("given"), dict):
            self.bad("forma", place, "`given` es un mapa de tabla a renglones.", "Vea §2 de la forma.")
            return None
        try:
            for name, text in item["given"].items():
                if name not in tables:
                    self.bad("tabla", place, f"La tabla «{name}» no existe.", "Use una publicada o derivada.")
                    continue
                given[name] = given_rows(str(text), tables[name])
            header, body = split_rows(str(item.get("expect", "")))
        except BadRows as bad:
            self.bad("renglones", place, str(bad), "Corrija la tabla.")
            return None
        return Case(str(item.get("name", "")), given, Rows(header, tuple(body)))
