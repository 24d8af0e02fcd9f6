"""Look up a figure of the law on a day, with its basis and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Money, Span

UNITS = frozenset({"centavos", "uma", "dias", "horas", "anios", "puntos base", "unidades", "metros cuadrados"})
_HEAD = frozenset({"nombre", "unidad", "valores"})
_HEAD_OPTIONAL = frozenset({"continuo", "nota"})
_OVERRIDE = frozenset({"parametro", "ambito", "entidad", "anio", "valor", "base", "estatus", "fuente"})
_SPAN = frozenset({"desde", "valor", "estatus"})
_SPAN_OPTIONAL = frozenset({"hasta", "base", "fuente", "articulo", "cita"})


class NotInForce(LookupError):
    """No value is known for that day; the message says which days have one."""


@dataclass(frozen=True, slots=True)
class ValueSpan:
    """A value in force for days d with desde <= d < hasta (None: until another is published).

    valor: whole number in the unit of the parameter. base: article, or the reason where there is none.
    articulo and cita: the reference and the words of it that carry the figure, when the text of the law was read.
    """

    desde: date
    hasta: date | None
    valor: int
    base: str
    estatus: str
    fuente: str
    articulo: str = ""
    cita: str = ""

    @property
    def span(self) -> Span:
        """The days in force."""
        return Span(self.desde, self.hasta)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law with its history. unidad: one of UNITS; continuo: no day between its ends lacks a value."""

    clave: str
    nombre: str
    unidad: str
    valores: tuple[ValueSpan, ...]
    continuo: bool = True
    nota: str = ""

    def on(self, fecha: date) -> ValueSpan:
        """Return the value in force that day; raises NotInForce."""
        for span in self.valores:
            if fecha in span.span:
                return span
        known = "; ".join(f"{s.desde} a {s.hasta or 'hoy'}" for s in self.valores)
        raise NotInForce(f"No hay valor de «{self.clave}» para el {fecha}. Los lapsos conocidos son: {known}.")


def _value_span(row: object, where: str) -> ValueSpan:
    row = only_keys(row, _SPAN, _SPAN_OPTIONAL, where)
    articulo, cita = row.get("articulo", ""), row.get("cita", "")
    base, fuente = row.get("base", articulo), row.get("fuente", "texto de la ley" if articulo else "")
    if type(row["valor"]) is not int:
        raise LawDataError(f"{where}: el valor {row['valor']!r} no es un entero. Escríbalo en la unidad del parámetro.")
    if not base or not fuente:
        raise LawDataError(f"{where}: falta la base o la fuente. Diga el artículo, o de dónde se tomó la cifra.")
    if bool(articulo) != bool(cita):
        raise LawDataError(f"{where}: `articulo` y `cita` van juntos; falta uno de los dos.")
    if row["estatus"] == "confirmado" and not cita:
        raise LawDataError(f"{where}: dice confirmado sin las palabras de la ley que lo dicen (articulo y cita).")
    hasta = row.get("hasta")
    return ValueSpan(
        desde=day(row["desde"], where),
        hasta=None if hasta is None else day(hasta, where),
        valor=row["valor"],
        base=base,
        estatus=status(row["estatus"], where),
        fuente=fuente,
        articulo=articulo,
        cita=cita,
    )


def _check_history(parameter: Parameter, where: str) -> None:
    for before, after in pairwise(parameter.valores):
        if before.span.overlaps(after.span) or after.desde < before.desde:
            raise LawDataError(f"{where}: los lapsos {before.desde} y {after.desde} se traslapan o están en desorden.")
        if parameter.continuo and before.hasta != after.desde:
            raise LawDataError(f"{where}: entre {before.hasta} y {after.desde} no hay valor y se dice continuo.")


def read_parameter(clave: str, row: object, where: str) -> Parameter:
    """Return one parameter from its YAML mapping; LawDataError on gaps, overlaps, unknown keys or units."""
    row = only_keys(row, _HEAD, _HEAD_OPTIONAL, where)
    if row["unidad"] not in UNITS:
        raise LawDataError(f"{where}: la unidad «{row['unidad']}» no se conoce; son {sorted(UNITS)}.")
    if not row["valores"]:
        raise LawDataError(f"{where}: no tiene valores.")
    spans = tuple(_value_span(value, f"{where}, valor {place}") for place, value in enumerate(row["valores"], 1))
    parameter = Parameter(clave, row["nombre"], row["unidad"], spans, row.get("continuo", True), row.get("nota", ""))
    _check_history(parameter, where)
    return parameter


def read_parameters(folder: Path) -> dict[str, Parameter]:
    """Return every parameter of a folder of YAML files, by key; a key may live in one file only."""
    found: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        for clave, row in read_data(path).items():
            if clave in found:
                raise LawDataError(f"{path.name}: el parámetro «{clave}» ya está en otro archivo. Deje uno solo.")
            found[clave] = read_parameter(clave, row, f"{path.name}, {clave}")
    return found


@cache
def _loaded(jurisdiction: str) -> MappingProxyType[str, Parameter]:
    return MappingProxyType(read_parameters(data_path(jurisdiction, "law", "parameters")))


def load_parameters(jurisdiction: str) -> Mapping[str, Parameter]:
    """Return every parameter of a jurisdiction by key (read once per process)."""
    return _loaded(jurisdiction)


@dataclass(frozen=True, slots=True)
class Override:
    """A value that a judgement gave to a parameter for one process, instead of that of the law, and its source."""

    parametro: str
    ambito: str
    entidad: str
    anio: int
    valor: int
    base: str
    estatus: str
    fuente: str


@cache
def overrides(jurisdiction: str) -> tuple[Override, ...]:
    """Return every value that a judgement gave to a parameter for one process. Raises LawDataError."""
    found = []
    for place, raw in enumerate(read_data(data_path(jurisdiction, "law", "excepciones.yaml")), 1):
        where = f"excepciones.yaml, renglón {place}"
        row = only_keys(raw, _OVERRIDE, frozenset(), where)
        if row["parametro"] not in _loaded(jurisdiction):
            raise LawDataError(f"{where}: no hay parámetro «{row['parametro']}».")
        found.append(Override(**{**row, "estatus": status(row["estatus"], where)}))
    return tuple(found)


def overrides_of(ambito: str, entidad: str, anio: int, jurisdiction: str) -> dict[str, Override]:
    """Return the parameters that a judgement changed for the process of a place and year."""
    asked = (ambito, entidad, anio)
    return {each.parametro: each for each in overrides(jurisdiction) if (each.ambito, each.entidad, each.anio) == asked}


def value_on(clave: str, fecha: date, jurisdiction: str) -> int:
    """The number in force that day, in the unit of the parameter; raises KeyError (unknown key) or NotInForce."""
    return _loaded(jurisdiction)[clave].on(fecha).valor


def uma_on(fecha: date, jurisdiction: str) -> Money:
    """Return the daily UMA in force that day (it changes on 1 February, LDVUMA 5); raises NotInForce."""
    return Money(value_on("uma", fecha, jurisdiction))


def uma_stands_since(fecha: date, jurisdiction: str) -> date | None:
    """Return since when the UMA of a day stands where it is over a year old, as the one after it is not known here.

    None where that of the day is known; raises NotInForce.
    """
    span = _loaded(jurisdiction)["uma"].on(fecha)
    is_old = span.hasta is None and fecha >= span.desde.replace(year=span.desde.year + 1)
    return span.desde if is_old else None


def uma_of_year(anio: int, jurisdiction: str) -> Money:
    """The daily UMA published for a year, in force from 1 February of it; raises NotInForce if it is not known."""
    known = {span.desde.year: span.valor for span in _loaded(jurisdiction)["uma"].valores}
    if anio not in known:
        raise NotInForce(f"No se conoce la UMA de {anio}; se conocen las de {min(known)} a {max(known)}.")
    return Money(known[anio])
