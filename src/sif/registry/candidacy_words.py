"""Type the data with which a jurisdiction reads its files of candidacies and caps."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from sif.law.sources import data_path, read_data


class Office(TypedDict):
    """An office: name, key, ámbito and column of the prorrateo, the column of its place, whether one wins it."""

    nombre: str
    clave: str
    ambito: str
    columna: str
    lugar: str
    una: NotRequired[bool]


class Words(TypedDict):
    """The columns of these files, the sample of each, and the meaning of what their cells say."""

    columnas: Mapping[str, list[str]]
    obligatorias: Sequence[str]
    plantilla: Sequence[str]
    plantilla_topes: Sequence[str]
    ejemplo: Mapping[str, Mapping[str, str]]
    canceladas: Sequence[str]
    antes_del_lugar: Sequence[str]
    asociaciones: Mapping[str, str]
    no_aplica: Sequence[str]
    caracter: Mapping[str, str]
    sexo: Sequence[str]
    cargos: Mapping[str, Office]
    coaliciones: Sequence[str]
    propios: Mapping[str, str]
    entidades: Mapping[str, str]


def candidacy_words(jurisdiction: str) -> Words:
    """Read these data of a jurisdiction."""
    words: Words = read_data(data_path(jurisdiction, "candidaturas.yaml"))
    return words
