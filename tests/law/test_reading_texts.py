"""The articles of a law are read from its text as it comes: the DOF's, a PDF's lines, Markdown."""

import pytest

from sif.law.articles import parse_reference, passage, read_articles, says
from sif.law.numerals import in_unit, in_words, says_figure

DOF = """REGLAMENTO DE FISCALIZACIÓN
LIBRO PRIMERO
NORMATIVIDAD CONTABLE
TÍTULO I.
Preliminares
Artículo 1.
Objeto
1. El presente Reglamento es de orden público, como lo previsto en el
artículo 143. de la Ley, y en el
Artículo 38. del mismo.
Artículo 2. Glosario.
CAPÍTULO 2.
Del registro
ARTÍCULO 38.- Registro en tiempo real
1. Los sujetos obligados deberán realizar sus registros contables en tiempo real, desde el momento en que ocurren y
hasta tres días posteriores a su realización, según lo dispuesto por el
Libro Primero. Y en moneda nacional.
2. Los registros tardíos son falta:
a) sustantiva;
b) que se sanciona.
Artículo 143 Bis.
Control de agenda de eventos políticos
1. Los sujetos obligados deberán registrar con antelación de 7 días a la fecha en que se lleven a cabo.
Artículo 222 bis. Del reintegro.
Artículo 29-A.- Requisitos.
Artículo 223.-
Responsables
TRANSITORIOS
Artículo 1. Entrará en vigor mañana.
"""


def test_the_articles_of_a_text_in_its_order() -> None:
    found = read_articles(DOF)
    assert list(found) == ["1", "2", "38", "143 Bis", "222 Bis", "223"]
    assert "artículo 143. de la Ley" in found["1"] and "mañana" not in found["1"]
    assert "Del registro" not in found["2"], "el capítulo siguiente no es del artículo"
    assert "en moneda nacional" in found["38"], "un renglón que empieza «Libro Primero» a media frase no lo corta"
    assert found["222 Bis"].startswith("Del reintegro."), "lo que sigue, fuera de su turno, no es otro artículo"


def test_the_part_of_an_article_of_plain_text() -> None:
    article = read_articles(DOF)["38"]
    assert passage(article, parse_reference("RF 38.2.b")).strip() == "que se sanciona."
    assert says(passage(article, parse_reference("RF 38.1")), "en tiempo real, desde el momento en que ocurren y hasta")


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("Artículo 5o. Uno.", "5"),
        ("ARTICULO 5º.- Uno.", "5"),
        ("Artículo 5 Uno.", ""),
        ("Art. 5.- Uno.", "5"),
        ("Artículo 5-A. Uno.", "5-A"),
        ("### Artículo 5\n. Uno.", "5"),
        ("### Artículo 5\nBis. Uno.", "5 Bis"),
        ("**Artículo 5.** Uno.", "5"),
        ("Artículo 5 Ter.- Uno.", "5 Ter"),
        ("   Artículo 5. Uno.", ""),
    ],
)
def test_headings_as_they_are_written(heading: str, number: str) -> None:
    assert list(read_articles(f"{heading}\n")) == ([number] if number else [])


def test_words_are_compared_without_minding_signs_capitals_or_lines() -> None:
    text = "Los «gastos» que\nrealicen los par\u00adtidos políticos — todos — deberán reunir; los siguientes requisitos"
    assert says(text, 'los "gastos" que realicen los partidos políticos - todos - deberán reunir.')
    assert says(text, "Los «gastos» (…) los siguientes requisitos")
    assert not says(text, "los siguientes requisitos … los «gastos»"), "los fragmentos van en su orden"
    assert not says(text, "Los gastos que realicen los candidatos")
    assert not says(text, "los gastós")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "cero"),
        (3, "tres"),
        (16, "dieciséis"),
        (21, "veintiún"),
        (30, "treinta"),
        (72, "setenta y dos"),
        (100, "cien"),
        (101, "ciento un"),
        (500, "quinientos"),
        (1000, "mil"),
        (1500, "mil quinientos"),
        (10_000, "diez mil"),
        (100_000, "cien mil"),
        (21_031, "veintiún mil treinta y un"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (10_857, "centavos", "$108.57"),
        (250, "puntos base", "2.5 %"),
        (10_000, "puntos base", "100 %"),
        (1500, "uma", "1,500 UMA"),
        (3, "dias", "3 días"),
        (12, "metros cuadrados", "12 metros cuadrados"),
    ],
)
def test_a_figure_as_it_is_read(value: int, unit: str, shown: str) -> None:
    assert in_unit(value, unit) == shown


@pytest.mark.parametrize(
    ("text", "value", "unit", "said"),
    [
        ("hasta tres días posteriores", 3, "dias", True),
        ("hasta 3 (tres) días", 3, "dias", True),
        ("hasta trece días", 3, "dias", False),
        ("hasta 13 días", 3, "dias", False),
        ("tres actas", 3, "dias", False),
        ("treinta y dos días", 30, "dias", False),
        ("treinta y dos días", 2, "dias", False),
        ("quinientas mil UMA", 500, "uma", False),
        ("mil quinientas UMA", 1000, "uma", False),
        ("en un plazo de setenta y dos horas", 72, "horas", True),
        ("setenta y dos horas", 3, "dias", True),
        ("mil quinientas Unidades de Medida y Actualización", 1500, "uma", True),
        ("mil quinientas UMA", 500, "uma", False),
        ("1,500 UMA", 1500, "uma", True),
        ("1,500 UMA", 500, "uma", False),
        ("hasta quinientas veces la Unidad", 500, "uma", True),
        ("quinientas una veces", 501, "uma", True),
        ("el 0.5 por ciento", 50, "puntos base", True),
        ("el 10.5 por ciento", 50, "puntos base", False),
        ("el dos por ciento", 200, "puntos base", True),
        ("el 10% del tope", 1000, "puntos base", True),
        ("con un tanto igual al del monto", 10_000, "puntos base", True),
        ("el doble", 10_000, "puntos base", False),
        ("será de 108.57 pesos", 10_857, "centavos", True),
        ("será de 1,108.57 pesos", 10_857, "centavos", False),
        ("doce metros cuadrados", 12, "metros cuadrados", True),
        ("entre trescientos", 300, "unidades", True),
        ("un término mínimo de cinco años", 5, "anios", True),
        ("un término de veinticinco años", 5, "anios", False),
    ],
)
def test_a_figure_is_said_in_digits_or_in_words(text: str, value: int, unit: str, *, said: bool) -> None:
    assert says_figure(text, value, unit) is said
