"""Declare each kind of lot once, for its template, parser, checks and help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sif.law.sources import LawDataError, data_path, only_keys, read_data

TYPES = frozenset(
    {"texto", "entero", "dinero", "fecha", "hora", "si_no", "opcion", "rfc", "curp", "clabe", "uuid", "cuenta"}
)
POLIZAS = "polizas"
OPENING = "apertura"


@dataclass(frozen=True, slots=True)
class Columna:
    """A column of a template. largo: characters that fit; opciones: words allowed; tambien: other words, to ours."""

    nombre: str
    tipo: str
    ayuda: str
    obligatoria: bool = False
    largo: int = 300
    opciones: tuple[str, ...] = ()
    tambien: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clase:
    """A kind of lot. unica: columns that name a row once in a file; grupo: column that joins rows into one thing."""

    clave: str
    titulo: str
    ayuda: str
    columnas: tuple[Columna, ...]
    ejemplos: tuple[tuple[str, ...], ...]
    unica: tuple[str, ...] = ()
    grupo: str = ""
    cuentas: Mapping[str, str] = field(default_factory=dict)

    @property
    def nombres(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(columna.nombre for columna in self.columnas)

    def clave_de(self, cells: Mapping[str, str]) -> str:
        """Return the key of the thing that a row describes: its group, or its unique columns; '' where empty."""
        parts = [cells.get(name, "").strip().upper() for name in ((self.grupo,) if self.grupo else self.unica)]
        return "|".join(parts)[:200] if any(parts) else ""


@cache
def load_kinds(jurisdiction: str) -> dict[str, Clase]:
    """Return every kind by its key, in the order they are offered. Raises LawDataError where the file is wrong."""
    rows = read_data(data_path(jurisdiction, "lotes.yaml"))
    return {key: _kind(key, row) for key, row in rows.items()}


@cache
def opening_kind(jurisdiction: str) -> Clase:
    """Return the template of the balances that open a year. Raises LawDataError where the file is wrong."""
    return _kind(OPENING, read_data(data_path(jurisdiction, "apertura.yaml"))[OPENING])


def _kind(key: str, row: object) -> Clase:
    where = f"lotes.yaml, {key}"
    wanted, optional = frozenset({"titulo", "ayuda", "columnas", "ejemplos"}), frozenset({"unica", "grupo", "cuentas"})
    row = only_keys(row, wanted, optional, where)
    columns = tuple(_column(each, where) for each in row["columnas"])
    names = [column.nombre for column in columns]
    keys = (*row.get("unica", ()), *([row["grupo"]] if "grupo" in row else ()))
    examples = tuple(tuple(map(str, example)) for example in row["ejemplos"])
    if len(set(names)) < len(names) or not keys or set(keys) - set(names):
        raise LawDataError(f"{where}: columnas repetidas, o «unica» y «grupo» no nombran columnas suyas.")
    if not examples or any(len(example) != len(columns) for example in examples):
        raise LawDataError(f"{where}: cada ejemplo lleva {len(columns)} celdas.")
    return Clase(
        key,
        row["titulo"],
        row["ayuda"],
        columns,
        examples,
        tuple(row.get("unica", ())),
        row.get("grupo", ""),
        row.get("cuentas", {}),
    )


def _column(row: object, where: str) -> Columna:
    optional = frozenset({"obligatoria", "largo", "opciones", "tambien"})
    row = only_keys(row, frozenset({"nombre", "tipo", "ayuda"}), optional, where)
    if row["tipo"] not in TYPES or (row["tipo"] == "opcion") != ("opciones" in row):
        raise LawDataError(f"{where}, {row['nombre']}: el tipo «{row['tipo']}» no se conoce o sus opciones no cuadran.")
    return Columna(**{**row, "opciones": tuple(row.get("opciones", ()))})
