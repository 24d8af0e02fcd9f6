"""Load report forms as tables of lines over accounts, and fill them from balances."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sif.law.chart import load_chart
from sif.law.parameters import load_parameters
from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

MOVEMENTS, OPENING, CLOSING = "movimientos", "inicial", "final"
_MOMENTS = (MOVEMENTS, OPENING, CLOSING)
COLUMNS = {"tres": 3, "una": 1}
_LINE = frozenset({"linea", "titulo"})
_LINE_OPTIONAL = frozenset({"signo", "cuentas", "suma_de", "parte_de", "parametro", "de", "base"})
_FORM = frozenset({"nombre", "base", "estatus"})
_REPORT = frozenset({"columnas", "ingresos", "egresos", "saldo", "secciones"})


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of a form.

    cuentas: beginnings of account codes whose balances, each by its own nature, the line adds; de: whether those of the
    movements of the days, or what stood when they began or ended. suma_de: lines it adds, each times its own signo (1
    or -1). parte_de: a line of which it is a part, in the basis points of `parametro`. A line has one of the three.
    base: the article that asks for it, '' in the statements that no report is.
    """

    linea: str
    titulo: str
    signo: int
    cuentas: tuple[str, ...]
    suma_de: tuple[str, ...]
    parte_de: str = ""
    parametro: str = ""
    de: str = MOVEMENTS
    base: str = ""

    def takes(self, codigo: str) -> bool:
        """Return whether the balance of that account goes to this line."""
        return codigo.startswith(self.cuentas) if self.cuentas else False


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of a form: its title and the lines that stand in it, the last one its total where `suma` says so."""

    titulo: str
    lineas: tuple[str, ...]
    suma: bool


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The layout of a form that is a report: its columns, its sections, and its lines of income, expenses and balance.

    columnas: three (before, these days, both) or one. tope: the line that counts against the cap, '' for none.
    patrimonio: code prefixes of the accounts that only an opening or closing póliza carries; such a póliza is no
    operation.
    """

    columnas: int
    ingresos: str
    egresos: str
    saldo: str
    secciones: tuple[FormSection, ...]
    tope: str = ""
    patrimonio: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A report form: its key, name, basis and lines in order of printing."""

    clave: str
    nombre: str
    base: str
    estatus: str
    lineas: tuple[FormLine, ...]
    informe: ReportForm | None = None

    def __iter__(self) -> Iterator[FormLine]:
        return iter(self.lineas)

    def line(self, linea: str) -> FormLine:
        """Return the line with that number; raises KeyError."""
        for line in self.lineas:
            if line.linea == linea:
                return line
        raise KeyError(linea)


@dataclass(frozen=True, slots=True)
class Balances:
    """The figures of a form: account balances in centavos, each by its own nature, and basis points by parameter."""

    movimientos: Mapping[str, int]
    inicial: Mapping[str, int] = field(default_factory=dict)
    final: Mapping[str, int] = field(default_factory=dict)
    partes: Mapping[str, int] = field(default_factory=dict)

    def of(self, line: FormLine) -> int:
        """Return the sum of the accounts of a line."""
        rows: Mapping[str, int] = getattr(self, line.de)
        return sum(amount for codigo, amount in rows.items() if line.takes(codigo))


def _line(row: object, before: set[str], where: str) -> FormLine:
    row = only_keys(row, _LINE, _LINE_OPTIONAL, where)
    cuentas, suma_de, signo = tuple(row.get("cuentas", ())), tuple(row.get("suma_de", ())), row.get("signo", 1)
    parte_de, parametro, de = row.get("parte_de", ""), row.get("parametro", ""), row.get("de", MOVEMENTS)
    if sum(map(bool, (cuentas, suma_de, parte_de))) != 1 or signo not in (1, -1):
        raise LawDataError(f"{where}: una línea suma cuentas, suma líneas o es parte de una, con signo 1 o -1.")
    if de not in _MOMENTS or (de != MOVEMENTS and not cuentas):
        raise LawDataError(f"{where}: «de» es {de!r}; con cuentas puede ser {', '.join(_MOMENTS)}.")
    if bool(parte_de) != bool(parametro):
        raise LawDataError(f"{where}: una parte dice de qué línea («parte_de») y con qué cifra («parametro»).")
    if unknown := {*suma_de, *([parte_de] if parte_de else [])} - before:
        raise LawDataError(f"{where}: suma líneas que no están antes que ella: {sorted(unknown)}.")
    return FormLine(
        str(row["linea"]), row["titulo"], signo, cuentas, suma_de, parte_de, parametro, de, row.get("base", "")
    )


def _lines(content: Any, where: str) -> tuple[FormLine, ...]:
    lines: list[FormLine] = []
    for place, row in enumerate(content, 1):
        line = _line(row, {line.linea for line in lines}, f"{where}, línea {place}")
        if line.linea in {line.linea for line in lines}:
            raise LawDataError(f"{where}: la línea {line.linea} está repetida.")
        lines.append(line)
    return tuple(lines)


def _report(raw: object, lines: tuple[FormLine, ...], where: str, jurisdiction: str) -> ReportForm:
    row = only_keys(raw, _REPORT, frozenset({"tope", "patrimonio"}), where)
    known = [line.linea for line in lines]
    named = [row[key] for key in ("ingresos", "egresos", "saldo", "tope") if row.get(key)]
    if unknown := set(named) - set(known):
        raise LawDataError(f"{where}: no están las líneas {sorted(unknown)}.")
    if row["columnas"] not in COLUMNS:
        raise LawDataError(f"{where}: las columnas son {row['columnas']!r}; pueden ser {', '.join(COLUMNS)}.")
    if bare := [line.linea for line in lines if not line.base]:
        raise LawDataError(f"{where}: cada línea de un informe cita su base, y no la dicen {bare}.")
    _must_know_accounts(lines, where, jurisdiction)
    return ReportForm(
        COLUMNS[row["columnas"]],
        row["ingresos"],
        row["egresos"],
        row["saldo"],
        _sections(row["secciones"], known, where),
        row.get("tope", ""),
        tuple(row.get("patrimonio", ())),
    )


def _sections(raw: Any, known: list[str], where: str) -> tuple[FormSection, ...]:
    """Read the sections: each says the roots of its lines (I takes I and I.1); every line stands in one, once."""
    found: list[FormSection] = []
    placed: list[str] = []
    for place, each in enumerate(raw, 1):
        row = only_keys(each, frozenset({"titulo", "raices"}), frozenset(), f"{where}, sección {place}")
        roots = [str(root) for root in row["raices"]]
        lines = tuple(key for key in known if any(key == root or key.startswith(f"{root}.") for root in roots))
        found.append(FormSection(row["titulo"], lines, len(lines) > 1 and lines[-1] in roots and len(roots) == 1))
        placed += lines
    if sorted(placed) != sorted(known):
        odd = sorted(set(placed) ^ set(known)) or sorted({key for key in placed if placed.count(key) > 1})
        raise LawDataError(f"{where}: cada línea está en una sección y una vez; revise {odd}.")
    return tuple(found)


def _must_know_accounts(lines: tuple[FormLine, ...], where: str, jurisdiction: str) -> None:
    """Refuse accounts that the chart lacks, those that two lines would add twice, and figures that no law gives."""
    chart, figures = load_chart(jurisdiction), load_parameters(jurisdiction)
    for line in lines:
        if absent := [each for each in line.cuentas if not any(codigo.startswith(each) for codigo in chart)]:
            raise LawDataError(f"{where}, línea {line.linea}: el catálogo no tiene cuentas que empiecen con {absent}.")
        if line.parametro and line.parametro not in figures:
            raise LawDataError(f"{where}, línea {line.linea}: no hay parámetro «{line.parametro}».")
    moving = [(line.linea, each) for line in lines if line.de == MOVEMENTS for each in line.cuentas]
    twice = [(one, other) for one, a in moving for other, b in moving if one != other and b.startswith(a)]
    if twice:
        raise LawDataError(f"{where}: {twice[0][0]} y {twice[0][1]} suman las mismas cuentas. Deje una sola.")


def fill_form(form: Form, balances: Balances) -> dict[str, int]:
    """The amount of every line (centavos); a part is cut to whole centavos, as the rules that watch it cut it."""
    amounts: dict[str, int] = {}
    for line in form.lineas:
        if line.suma_de:
            amounts[line.linea] = sum(form.line(part).signo * amounts[part] for part in line.suma_de)
        elif line.parte_de:
            amounts[line.linea] = amounts[line.parte_de] * balances.partes[line.parametro] // 10_000
        else:
            amounts[line.linea] = balances.of(line)
    return amounts


@cache
def load_form(clave: str, jurisdiction: str) -> Form:
    """Return a form by key (`ic`: campaign report). LawDataError when a line adds lines that do not precede it."""
    where = f"{clave}.yaml"
    content = read_data(data_path(jurisdiction, "forms", where))
    if "como" in content:
        return _like(clave, content, where, jurisdiction)
    content = only_keys(content, _FORM | {"lineas"}, frozenset({"informe"}), where)
    lines = _lines(content["lineas"], where)
    report = _report(content["informe"], lines, where, jurisdiction) if "informe" in content else None
    return Form(clave, content["nombre"], content["base"], status(content["estatus"], where), lines, report)


def _like(clave: str, content: object, where: str, jurisdiction: str) -> Form:
    """Read a form with the lines of another: only its name, its basis and its columns are its own."""
    own = only_keys(content, _FORM | {"como", "columnas"}, frozenset(), where)
    model = load_form(own["como"], jurisdiction)
    if model.informe is None or own["columnas"] not in COLUMNS:
        raise LawDataError(f"{where}: «como» nombra un informe, y las columnas son {', '.join(COLUMNS)}.")
    like = model.informe
    report = ReportForm(
        COLUMNS[own["columnas"]], like.ingresos, like.egresos, like.saldo, like.secciones, like.tope, like.patrimonio
    )
    return Form(clave, own["nombre"], own["base"], status(own["estatus"], where), model.lineas, report)


def report_form(tipo: str, jurisdiction: str) -> tuple[Form, ReportForm]:
    """The form of a kind of report (IC, IT, IA-APN) and what makes it one. LawDataError where the kind has none."""
    form = load_form(tipo.lower(), jurisdiction)
    if form.informe is None:
        raise LawDataError(f"{form.clave}.yaml no es un informe: le falta «informe».")
    return form, form.informe
