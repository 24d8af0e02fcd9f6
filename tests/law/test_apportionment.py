"""The table of [LGPP 83.2]: every combination, word for word, and what it does not contain."""

import re
from datetime import date
from itertools import combinations

import pytest

from public_data import public
from sif.law.apportionment import COLUMNS, NotApportioned, combination_on, load_combinations, read_combinations
from sif.law.sources import LawDataError

DAY = date(2024, 4, 1)
# the table of domain, transcribed by hand: combination, inciso, percentages in its order
BY_HAND = {
    "PS": ("a", 40, 60),
    "PD": ("b", 60, 40),
    "PSD": ("c", 20, 50, 30),
    "PSDL": ("d", 15, 35, 25, 25),
    "PL": ("e", 40, 60),
    "PSL": ("f", 20, 60, 20),
    "PDL": ("g", 40, 35, 25),
    "SD": ("h", 70, 30),
    "SDL": ("i", 50, 30, 20),
    "SL": ("j", 75, 25),
    "DL": ("k", 50, 50),
    "S": ("l", 100),
    "D": ("l", 100),
    "L": ("l", 100),
}


@pytest.mark.parametrize("columns", BY_HAND)
def test_each_combination_has_the_percentages_of_the_law(columns: str) -> None:
    found = combination_on(columns, DAY, "mx")
    assert (found.inciso, *(found.columnas[column] // 100 for column in columns)) == BY_HAND[columns]
    # l) speaks of «más de dos candidatos» that «coincidan en el mismo ámbito geográfico», not of any whole
    assert found.estatus == ("por confirmar" if found.inciso == "l" else "confirmado")


def test_every_mixture_of_two_or_more_columns_is_in_the_table() -> None:
    mixtures = ["".join(some) for size in (2, 3, 4) for some in combinations(COLUMNS, size)]
    assert {each.clave for each in load_combinations("mx")} == {*mixtures, "S", "D", "L"}


@pytest.mark.parametrize(("columns", "day"), [("P", DAY), ("X", DAY), ("", DAY), ("PS", date(2014, 5, 23))])
def test_a_combination_the_law_does_not_name_is_refused(columns: str, day: date) -> None:
    with pytest.raises(NotApportioned, match="La ley no fija porcentajes"):
        combination_on(columns, day, "mx")


def test_the_words_quoted_are_in_the_official_text_under_that_inciso() -> None:
    text = public("leyes", "LGPP.md").read_text(encoding="utf-8")
    article = text.split("### Artículo 83\n")[1].split("### Artículo 84")[0]
    second = article.split("2. En los casos en los que se promocione")[1].split("3. Se entenderá")[0]
    incisos = dict(re.findall(r"\n\n([a-l])\) (.*)", second))
    assert sorted(incisos) == list("abcdefghijkl")
    for each in load_combinations("mx"):
        assert each.cita in incisos[each.inciso], each.clave
        assert each.articulo == f"LGPP 83.2.{each.inciso}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"columnas": {"P": 4000, "S": 5000}}, "suman 9000"),
        ({"columnas": {"P": 4000, "Z": 6000}}, "columnas"),
        ({"columnas": {"P": 10000.0}}, "enteros"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: dict[str, object], says: str) -> None:
    row = {
        "inciso": "a",
        "columnas": {"P": 4000, "S": 6000},
        "desde": DAY,
        "estatus": "confirmado",
        "articulo": "LGPP 83.2.a",
        "cita": "x",
    }
    with pytest.raises(LawDataError, match=says):
        read_combinations([{**row, **change}], "prueba")
    with pytest.raises(LawDataError, match="mismos días"):
        read_combinations([row, row], "prueba")
