"""The name of a subject within a sentence: its article, contracted after a preposition, or none."""

import pytest

from sif.registry.models import place_words
from sif.registry.spoken_names import forms_of, named


@pytest.mark.parametrize(
    ("nombre", "a", "de", "por"),
    [
        ("Partido Jacaranda", "al Partido Jacaranda", "del Partido Jacaranda", "por el Partido Jacaranda"),
        ("PARTIDO DEL ÁMBAR", "al PARTIDO DEL ÁMBAR", "del PARTIDO DEL ÁMBAR", "por el PARTIDO DEL ÁMBAR"),
        ("Coalición Valle", "a la Coalición Valle", "de la Coalición Valle", "por la Coalición Valle"),
        ("Ana Luna", "a Ana Luna", "de Ana Luna", "por Ana Luna"),
        ("Partidos Unidos", "a Partidos Unidos", "de Partidos Unidos", "por Partidos Unidos"),
    ],
)
def test_a_name_takes_its_article_and_its_preposition_joins_it(nombre: str, a: str, de: str, por: str) -> None:
    assert (named(nombre, "a"), named(nombre, "de"), named(nombre, "por")) == (a, de, por)
    assert forms_of(nombre) == {"sujeto": por.removeprefix("por "), "a_sujeto": a, "de_sujeto": de}


@pytest.mark.parametrize(
    ("nombre", "tipo", "said"),
    [
        ("1", "distrito", "Distrito 1"),
        ("11-ECATEPEC", "distrito", "Distrito 11-ECATEPEC"),
        ("2", "circunscripcion", "Circunscripción 2"),
        ("Toluca", "municipio", "Toluca"),
        ("", "distrito", ""),
    ],
)
def test_a_number_is_said_with_the_noun_of_its_place(nombre: str, tipo: str, said: str) -> None:
    assert place_words(nombre, tipo) == said
