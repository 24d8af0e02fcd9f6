"""Load the lists of the authority that rules read, each as a declared kind, from files."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import batched

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet

from sif.audit.engine import tables_of
from sif.books.models import Comprobante, Poliza
from sif.catalogs.models import CargaDeTabla, CasaCampana, Evento, RenglonDeTabla
from sif.law.sources import read_data
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import Contabilidad, Etapa, Persona, SujetoObligado, Usuario
from sif.registry.opening import table_rows
from sif.registry.scope import acting, everything
from sif.registry.selectors import may
from sif.rulebook import load_rules
from sif.rulebook.published import TABLES, Column, Table
from sif.rulebook.reading import JURISDICTIONS
from sif.values import Money, Problem, Refused, as_said, read_day
from sif.values.span import OPEN_END

MOST = 50  # problems told at once
AT_ONCE = 5_000
EVERY = 500  # rows read between two words of progress
Progress = Callable[[int], None]
TRUE, FALSE = {"sí", "si", "s", "1", "verdadero", "true"}, {"no", "n", "0", "falso", "false"}
Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class LoadableTable:
    """A published table that a file fills.

    by_stage: one list for each stage; secret: only the authority reads it; clave: columns that together name a row
    (its number, when it has one of its own); says: what each column of a file holds, in words of whoever fills it.
    """

    table: Table
    titulo: str
    fuente: str
    by_stage: bool
    secret: bool
    clave: tuple[str, ...]
    pesos: frozenset[str]
    valores: Mapping[str, tuple[str, ...]]
    says: Mapping[str, str]

    @property
    def number(self) -> str:
        """The column that numbers its rows, which a file may leave out; '' when its rows are named by other columns."""
        return "" if self.clave else self.table.columns[0].name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a file has, the number first; the stage is said when loading, not in the file."""
        return tuple(column for column in self.table.columns if column.name != "proceso_id")

    def is_optional(self, column: Column) -> bool:
        """Return whether a file may leave it out: the number, and what may be unknown or have no end."""
        return column.name in (self.number, "hasta") or column.nullable


@cache
def loadable(jurisdiction: str) -> dict[str, LoadableTable]:
    """Return the tables that files fill in a jurisdiction, by name."""
    path = JURISDICTIONS / jurisdiction / "tablas.yaml"
    entries = read_data(path)
    return {
        name: LoadableTable(
            TABLES[name],
            entry["titulo"],
            entry["fuente"],
            entry["de"] == "etapa",
            entry["secreta"],
            tuple(entry.get("clave", ())),
            frozenset(entry.get("pesos", ())),
            {column: tuple(words) for column, words in entry.get("valores", {}).items()},
            entry["columnas"],
        )
        for name, entry in entries.items()
    }


def must_load(by: Usuario) -> None:
    """Raise PermissionError for whoever is not of the authority."""
    if not (may(by, "administrar") or may(by, "auditar")):
        raise PermissionError("Las listas que leen las reglas las carga la autoridad.")


def load_table(
    nombre: str,
    data: bytes,
    al: date,
    by: Usuario,
    *,
    etapa: Etapa | None = None,
    archivo: str = "",
    tell: Progress = lambda _count: None,
) -> CargaDeTabla:
    """Load a list whole, as it stood on a day: a CSV whose header has the published names of its columns.

    What the rules read is the latest list up to their cut. The same file again changes nothing. `tell` is called with
    the rows read so far. Raises PermissionError for whoever is not of the authority, and Refused, with row and
    column of each problem; then nothing is kept.
    """
    must_load(by)
    spec = _wanted(nombre, etapa)
    if al > clock.today():
        raise Refused(Problem("valor", "día", f"El {al:%d/%m/%Y} no ha llegado.", "Diga un día que ya pasó."))
    digest = hashlib.sha256(data).hexdigest()
    lines = _lines(data)
    with everything(by.pk), acting():
        hold(f"catalogs.cargadetabla:{nombre}")
        same_day = CargaDeTabla.objects.filter(tabla=nombre, etapa=etapa, al=al).order_by("-pk").first()
        if same_day is not None and same_day.sha256 == digest:
            return same_day
        rows = _Reader(spec, etapa, tell).read(lines)
        carga = CargaDeTabla.objects.create(
            tabla=nombre,
            etapa=etapa,
            al=al,
            archivo=archivo[:200],
            sha256=digest,
            renglones=len(rows),
            secreta=spec.secret,
            cargada_el=clock.now(),
            cargada_por=by,
        )
        for some in batched(rows.items(), AT_ONCE):
            _insert(carga, some)
            tell(len(rows))
    return carga


def _insert(carga: CargaDeTabla, rows: Sequence[tuple[int, Mapping[str, Cell]]]) -> None:
    """Insert the rows of a list from arrays: an object for each takes half the time of a load."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogs_renglondetabla (carga_id, secreta, numero, valores) "
            "SELECT %s, %s, r.numero, r.valores::jsonb FROM unnest(%s::bigint[], %s::text[]) AS r(numero, valores)",
            [carga.pk, carga.secreta, [number for number, _row in rows], [json.dumps(row) for _number, row in rows]],
        )


def query_of(table: Table) -> str:
    """The SELECT of a loadable table for a snapshot: the rows of the latest list up to its cut, in published order.

    Of a list that says of which ámbito and state each row is, the stage reads its own: law adds up each apart.
    """
    kinds = {"B": "bigint", "I": "int", "D": "date", "T": "text", "L": "boolean"}
    cells = ", ".join(f"(r.valores->>'{column.name}')::{kinds[column.type]}" for column in table.columns)
    own = _OF_ITS_AMBITO if table.column("ambito") is not None else ""
    return (
        f"SELECT {cells} FROM catalogs_renglondetabla r WHERE r.carga_id = (SELECT c.id FROM catalogs_cargadetabla c "
        f"WHERE c.tabla = '{table.name}' AND c.al <= %(corte)s AND (c.etapa_id = %(etapa)s OR c.etapa_id IS NULL) "
        f"ORDER BY c.al DESC, c.id DESC LIMIT 1){own} ORDER BY r.numero"
    )


_OF_ITS_AMBITO = (
    " AND EXISTS (SELECT FROM registry_etapa e JOIN registry_proceso p ON p.id = e.proceso_id WHERE e.id = %(etapa)s "
    "AND p.ambito = coalesce(r.valores->>'ambito', 'federal') AND p.entidad = coalesce(r.valores->>'entidad', ''))"
)


def loads() -> dict[str, list[CargaDeTabla]]:
    """Return the loads of each authority table by table name, the latest first."""
    found: dict[str, list[CargaDeTabla]] = {}
    with everything():
        for carga in CargaDeTabla.objects.select_related("etapa__proceso", "cargada_por").order_by("-al", "-pk"):
            found.setdefault(carga.tabla, []).append(carga)
    return found


def readers() -> dict[str, list[str]]:
    """Return the rules that read each table, by identifier."""
    found: dict[str, list[str]] = defaultdict(list)
    for rule in load_rules(settings.JURISDICTION):
        for name in tables_of(rule):
            found[name].append(rule.id)
    return found


def written(spec: LoadableTable, rows: Iterable[RenglonDeTabla]) -> Iterator[list[str]]:
    """Yield the cells of those rows as a file has them, in the order of its columns: it can be loaded again."""
    for row in rows:
        yield [_written(spec, column, row.valores[column.name]) for column in spec.columns]


def _written(spec: LoadableTable, column: Column, value: Cell) -> str:
    if value is None or (column.name == "hasta" and value == OPEN_END.isoformat()):
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    return Money(value).plain() if column.name in spec.pesos and isinstance(value, int) else str(value)


def _wanted(nombre: str, etapa: Etapa | None) -> LoadableTable:
    known = loadable(settings.JURISDICTION)
    spec = known.get(nombre)
    if spec is None:
        raise Refused(Problem("tabla", nombre, "No es una tabla que se cargue.", f"Son: {', '.join(known)}."))
    if spec.by_stage != (etapa is not None):
        cure = "Diga de qué proceso y etapa es." if spec.by_stage else "Cárguela sin proceso: es una para todos."
        raise Refused(Problem("etapa", nombre, "Esa tabla es " + _SCOPES[spec.by_stage], cure))
    return spec


def _lines(data: bytes) -> list[Sequence[str]]:
    """Return the cells of a file, row by row. Raises Refused."""
    return [list(map(as_said, cells)) for _line, cells in table_rows(data, other="latin-1", strict=False)]


_SCOPES = {True: "de una etapa de un proceso.", False: "una sola para todos los procesos."}


class _Reader:
    """Reads a file of one table and gathers everything wrong with it."""

    def __init__(self, spec: LoadableTable, etapa: Etapa | None, tell: Progress) -> None:
        self.spec, self.etapa, self.tell = spec, etapa, tell
        self.problems: list[Problem] = []
        self.known: dict[str, dict[str, int]] = {}
        self.pointed: dict[str, dict[int, int]] = {}  # of each column that names something, number to its first row

    def read(self, lines: Sequence[Sequence[str]]) -> dict[int, dict[str, Cell]]:
        """Return the rows by number. Raises Refused."""
        header = [cell.strip().casefold() for cell in lines[0]] if lines else []
        self._check_header(header)
        found: dict[int, dict[str, Cell]] = {}
        for place, cells in enumerate(lines[1:], 2):
            if self.problems and (len(self.problems) >= MOST or place == 2):
                break
            if place % EVERY == 0:
                self.tell(place)
            if any(cell.strip() for cell in cells):
                self._add(found, place, dict(zip(header, map(str.strip, cells), strict=False)))
        self._check_pointed()
        if self.problems:
            raise Refused(*self.problems[:MOST])
        return found

    def _check_header(self, header: Sequence[str]) -> None:
        names = [column.name for column in self.spec.columns]
        needed = [column.name for column in self.spec.columns if not self.spec.is_optional(column)]
        if missing := [name for name in needed if name not in header]:
            self._say("columna", "encabezado", f"Faltan columnas: {', '.join(missing)}.", f"Son: {', '.join(names)}.")
        if strange := [name for name in header if name not in names]:
            self._say("columna", "encabezado", f"Sobran columnas: {', '.join(strange)}.", f"Son: {', '.join(names)}.")
        if len(set(header)) < len(header):
            self._say("columna", "encabezado", "Una columna está dos veces.", "Deje una.")

    def _add(self, found: dict[int, dict[str, Cell]], place: int, cells: Mapping[str, str]) -> None:
        before = len(self.problems)
        row = {column.name: self._cell(column, cells.get(column.name, ""), place) for column in self.spec.columns}
        if len(self.problems) > before:
            return
        if self.spec.by_stage and self.spec.table.column("proceso_id") is not None and self.etapa is not None:
            row["proceso_id"] = self.etapa.pk
        number = int(row.get(self.spec.number) or 0) or _number({n: row[n] for n in self.spec.clave or row})
        if self.spec.number:
            row[self.spec.number] = number
        if number in found:
            self._say("repetido", f"fila {place}", "Es igual a otra, o tiene su mismo número.", "Deje una.")
        found[number] = row

    def _cell(self, column: Column, text: str, place: int) -> Cell:
        if not text:
            if column.name == "hasta":
                return OPEN_END.isoformat()
            if not self.spec.is_optional(column):
                self._say("vacio", f"fila {place}, {column.name}", "Está vacía.", f"Escriba {_KINDS[column.type]}.")
            return None
        try:
            return self._value(column, text, place)
        except ValueError as error:
            told = str(error) if isinstance(error, _Unknown) else f"«{text[:40]}» no es {_KINDS[column.type]}."
            self._say("valor", f"fila {place}, {column.name}", told, self._cure(column))
            return None

    def _value(self, column: Column, text: str, place: int) -> Cell:
        if column.name in self.spec.pesos:
            return Money.parse(text).centavos
        if column.name in _NAMES:
            return self._number_of(column.name, text)
        if column.name in _POINTED:
            self.pointed.setdefault(column.name, {}).setdefault(int(text), place)
        words = self.spec.valores.get(column.name)
        if words is not None and text not in words:
            raise _Unknown(f"«{text[:40]}» no es un valor de esa columna.")
        return _READERS[column.type](text)

    def _cure(self, column: Column) -> str:
        words = self.spec.valores.get(column.name)
        return f"Son: {', '.join(words)}." if words else "Corríjala y cargue el archivo otra vez."

    def _number_of(self, name: str, text: str) -> int:
        if name not in self.known:
            self.known[name] = _NAMES[name]()
        found = self.known[name].get(text.upper())
        if found is None:
            raise _Unknown(f"«{text[:40]}» no se conoce.")
        if found == _OF_TWO:
            raise _Unknown(_whose(name, text))
        return found

    def _check_pointed(self) -> None:
        """Note each number that names nothing of the stage."""
        for name, places in self.pointed.items():
            rows = _POINTED[name](self.etapa)
            for some in batched(sorted(places), AT_ONCE):
                for number in sorted({*some}.difference(rows.filter(pk__in=some).values_list("pk", flat=True))):
                    cure = "Corríjalo y cargue el archivo otra vez."
                    self._say("valor", f"fila {places[number]}, {name}", f"{number} no es de esa etapa.", cure)

    def _say(self, codigo: str, donde: str, mensaje: str, cura: str) -> None:
        self.problems.append(Problem(codigo, donde, mensaje, cura))


_OF_TWO = -1
"""In the place of a number, for a name that is of two."""


def _whose(name: str, text: str) -> str:
    """Say of whom a name of two is, and what to write instead."""
    if name != "sujeto_id":
        return f"«{text[:40]}» es de dos personas. Escriba la CURP de quien quiere."
    both = SujetoObligado.objects.filter(siglas__iexact=text).order_by("pk")
    first = SujetoObligado.objects.filter(pk=int(text)).first() if text.isdecimal() else None
    if first is None:
        return f"«{text[:40]}» son las siglas de {' y de '.join(each.nombre for each in both)}. Escriba su número."
    return (
        f"«{text[:40]}» es el número de {first.nombre} y las siglas de {both[0].nombre}: "
        f"escriba «{first.siglas}» o «{both[0].pk}»."
    )


class _Unknown(ValueError):
    """A word or a number that names nothing."""


def _number(row: Mapping[str, Cell]) -> int:
    """Return a number made of what the row says, the same in each list that says it: findings keep their identity."""
    said = json.dumps(sorted((name, value) for name, value in row.items() if value is not None))
    return int.from_bytes(hashlib.sha256(said.encode("utf-8")).digest()[:7], "big")


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    """Return an ISO date of aaaa-mm-dd or dd/mm/aaaa."""
    return read_day(text).isoformat()


def _flag(text: str) -> bool:
    said = text.casefold()
    if said not in TRUE | FALSE:
        raise ValueError(text)
    return said in TRUE


_READERS: dict[str, Callable[[str], Cell]] = {"B": int, "I": int, "D": _day, "T": str, "L": _flag}
_KINDS = {
    "B": "un número entero (los importes, en pesos)",
    "I": "un número entero",
    "D": "una fecha aaaa-mm-dd o dd/mm/aaaa",
    "T": "un texto",
    "L": "sí o no",
}


def _named(*pairs: tuple[str, int]) -> dict[str, int]:
    """Return the number that each name says, _OF_TWO for a name that two have: siglas may be a number."""
    found: dict[str, int] = {}
    for name, number in pairs:
        if name and found.setdefault(name.upper(), number) != number:
            found[name.upper()] = _OF_TWO
    return found


def _subjects() -> dict[str, int]:
    rows = list(SujetoObligado.objects.values_list("pk", "siglas"))
    return _named(*((str(n), n) for n, _siglas in rows), *((siglas, n) for n, siglas in rows))


def _people() -> dict[str, int]:
    rows = Persona.objects.values_list("identidad", "rfc", "curp")
    return _named(*((key or "", n) for n, rfc, curp in rows for key in (str(n), rfc, curp)))


_NAMES: dict[str, Callable[[], dict[str, int]]] = {"sujeto_id": _subjects, "persona_id": _people}
"""Columns that a file may write as people do: siglas of a subject, RFC or CURP of a person."""
_POINTED: dict[str, Callable[[Etapa | None], QuerySet[Model]]] = {
    "contabilidad_id": lambda etapa: Contabilidad.objects.filter(etapa=etapa),
    "poliza_id": lambda etapa: Poliza.objects.filter(contabilidad__etapa=etapa),
    "evento_id": lambda etapa: Evento.objects.filter(contabilidad__etapa=etapa, reemplaza_a=None),
    "casa_id": lambda etapa: CasaCampana.objects.filter(contabilidad__etapa=etapa),
    "cfdi_id": lambda _: Comprobante.objects.all(),
}
"""Columns that hold the number of something recorded."""
