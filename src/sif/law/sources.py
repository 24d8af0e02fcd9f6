"""Locate and strictly parse the data files of a jurisdiction."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

JURISDICTIONS = Path(__file__).resolve().parents[1] / "jurisdictions"
STATUSES = frozenset({"confirmado", "por confirmar"})


class LawDataError(ValueError):
    """A data file of the law says something that cannot be; the message names file, place and cure."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML in which a repeated key is an error: the second figure would silently replace the first."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[object, object]:
    loader.flatten_mapping(node)
    result: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            mark = key_node.start_mark
            raise LawDataError(f"{mark.name}, línea {mark.line + 1}: la clave «{key}» está repetida. Deje una sola.")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def data_path(jurisdiction: str, *parts: str) -> Path:
    """Return the path of a file or folder of a jurisdiction; LawDataError if there is no such thing."""
    path = JURISDICTIONS.joinpath(jurisdiction, *parts)
    if not path.exists():
        raise LawDataError(
            f"No hay «{'/'.join(parts)}» en la jurisdicción «{jurisdiction}». Revise la carpeta {path.parent.name}."
        )
    return path


def read_data(path: Path) -> Any:
    """Return the content of a YAML file, dates as date; LawDataError where it is not YAML or repeats a key."""
    with path.open(encoding="utf-8") as stream:
        try:
            return yaml.load(stream, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
        except yaml.YAMLError as error:
            raise LawDataError(f"{path.name}: no es YAML legible ({error}).") from error


def only_keys(row: object, wanted: frozenset[str], optional: frozenset[str], where: str) -> dict[str, Any]:
    """Return the row if it has every wanted key and none unknown; LawDataError naming what is missing or unknown."""
    if not isinstance(row, dict):
        raise LawDataError(f"{where}: se esperaba un renglón con claves y llegó {row!r}.")
    missing, unknown = wanted - row.keys(), row.keys() - wanted - optional
    if missing or unknown:
        seen = f"faltan {sorted(missing)}" if missing else f"no se conocen {sorted(unknown)}"
        raise LawDataError(f"{where}: {seen}. Las claves son {sorted(wanted)} y, si hacen falta, {sorted(optional)}.")
    return row


def day(value: object, where: str) -> date:
    """Return a date of a data file; LawDataError for anything else (a quoted date is text, not a day)."""
    if type(value) is not date:
        raise LawDataError(f"{where}: {value!r} no es un día. Escríbalo AAAA-MM-DD sin comillas.")
    return value


def cited(articulo: str, estatus: str) -> str:
    """Return an article as a document cites it: with `por confirmar` where nobody confirmed what it says."""
    return articulo if estatus == "confirmado" else f"{articulo}, {estatus}"


def status(value: object, where: str) -> str:
    """`confirmado` or `por confirmar`; LawDataError otherwise."""
    if value not in STATUSES:
        raise LawDataError(f"{where}: el estatus es {value!r}; debe ser «confirmado» o «por confirmar».")
    return str(value)
