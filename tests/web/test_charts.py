"""Charts: to scale, said in words, with the same figures in their table, and nothing drawn of what is not known."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from sif.web import charts
from sif.web.charts import Chart, Point
from sif.web.palette import contrast, read_tokens
from sif.web.samples import CHARTS

SHEETS = Path(__file__).parents[2] / "src" / "sif" / "web" / "static" / "sif"
PILE = Chart(
    "¿Cómo va?",
    "apiladas",
    "Persona",
    ("Hecho", "Falta"),
    [Point("Ana", (30, 10)), Point("Luis", (5, 15))],
    "numero",
    totales=(35, 25),
)


@pytest.fixture(autouse=True)
def spanish():
    with translation.override("es-mx"):
        yield


def drawn(chart: Chart) -> str:
    context = Context({"request": RequestFactory().get("/"), "c": chart})
    return Template("{% load piezas %}{% chart c %}").render(context)


def test_bars_are_as_long_as_their_part_of_the_largest() -> None:
    assert re.findall(r'class="s\d" x="([\d.]+%)" y="1" width="([\d.]+%)"', charts.draw(PILE)) == [
        ("0.00%", "75.00%"),
        ("75.00%", "25.00%"),
        ("0.00%", "12.50%"),
        ("12.50%", "37.50%"),
    ]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: f"{chart.forma}-{len(chart.puntos)}")
def test_the_table_says_each_value_that_is_drawn(chart: Chart) -> None:
    page = drawn(chart)
    picture, _, figures = page.partition("<details")
    cells = re.findall(r'<(?:td|th)[^>]*data-label="[^"]*"[^>]*>(.*?)</', figures.split("</tbody>")[0])
    told = [charts.value_words(value, chart.tipo) for point in chart.puntos for value in point.valores]
    assert [re.sub(r"<[^>]+>", "", cell) for cell in cells] == [words.replace("$", "") for words in told]
    for point in chart.puntos:
        for series, value in zip(chart.series, point.valores, strict=True):
            if value is not None:
                assert f"<title>{point.nombre}, {series}: {charts.value_words(value, chart.tipo)}</title>" in picture
    assert "style=" not in page
    assert "<script" not in page


def test_what_is_expected_is_a_mark_over_the_column() -> None:
    chart = Chart("¿?", "columnas", "Dígito", ("Visto", "Esperado"), [Point("1", (50, 100))], "numero", marca=True)
    picture = charts.draw(chart)
    assert 'y="106" width="70.00%" height="80"' in picture  # half of 160 px from zero
    assert 'class="expected" x1="5.00%" x2="95.00%" y1="26" y2="26"' in picture
    assert [words for _sample, words in charts.swatches(chart)] == ["Visto", "Esperado"]


def test_a_line_is_broken_where_nothing_is_known_and_goes_below_zero() -> None:
    points = [Point("a", (100,)), Point("b", (None,)), Point("c", (-100,)), Point("d", (0,))]
    picture = charts.draw(Chart("¿?", "lineas", "Mes", ("Saldo",), points, "numero"))
    assert re.findall(r'<line class="l0" x1="([\d.]+)%" x2="([\d.]+)%" y1="(\d+)" y2="(\d+)"', picture) == [
        ("66.66", "100.00", "186", "106")
    ]
    assert re.findall(r'cy="(\d+)"', picture) == ["26", "186", "106"]
    assert "sin dato" in drawn(Chart("¿?", "lineas", "Mes", ("Saldo",), points, "numero"))


def test_the_scale_ends_in_a_round_figure_and_is_said_in_short() -> None:
    assert [charts.scale_top(n) for n in (0, 1, 3, 11, 45, 99, 100)] == [0, 1, 4, 20, 50, 100, 100]
    assert charts.scale_top(10**15) == 10**15
    assert charts.short_words(2_500_000_00, "dinero") == "$2.5 M"
    assert charts.short_words(-40_000_00, "dinero") == "−$40 mil"
    assert charts.short_words(99_00, "dinero") == "$99"


def test_a_picture_says_its_question_where_most_is_and_that_a_table_follows() -> None:
    assert charts.sentence(PILE) == "¿Cómo va? Lo mayor de «Hecho»: Ana, 30. Las cifras están en su tabla."
    assert 'role="img" aria-label="¿Cómo va? Lo mayor de «Hecho»: Ana, 30.' in drawn(PILE)
    assert "Suma" in drawn(PILE)


def test_what_has_nothing_is_told_in_words() -> None:
    page = drawn(replace(PILE, puntos=(), vacia="Nadie decide todavía."))
    assert "Nadie decide todavía." in page
    assert "<svg" not in page
    assert "<details" not in page


def test_all_at_zero_divides_nothing() -> None:
    for form in charts.FORMS:
        assert charts.draw(Chart("¿?", form, "x", ("n",), [Point("a", (0,)), Point("b", (None,))], "numero"))
    drawn = charts.draw(Chart("¿?", "columnas", "x", ("n",), [Point("a", (0,))], "numero"))
    foot = charts._HEAD + charts._HEIGHT
    assert f'<line class="zero" x1="0" x2="100%" y1="{foot}" y2="{foot}"/>' in drawn  # below what there would be


def test_a_chart_that_is_none_of_those_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="no es de las que hay"):
        replace(PILE, forma="pastel")
    with pytest.raises(ValueError, match="no es de las que hay"):  # what is expected, and nothing to set it beside
        Chart("¿?", "columnas", "x", ("esperado",), [Point("a", (1,))], marca=True)
    with pytest.raises(ValueError, match="un valor por serie"):
        replace(PILE, puntos=[Point("Ana", (1,))])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_a_chart_stands_out_from_its_ground(theme: str) -> None:
    sheet, tokens = (SHEETS / "pieces.css").read_text(encoding="utf-8"), read_tokens(SHEETS / "tokens.css", theme)
    rules = re.findall(r"^(\.(?:chart|trama)[^{]*)\{([^}]*)\}", sheet, re.M)
    used = {
        name
        for place, rule in rules
        if not place.endswith(".rule ")  # the lines of the scale are furniture
        for name in re.findall(r"(?:fill|stroke): var\(--([\w-]+)\)", rule)
    }
    assert {"petroleo", "tinta", "raya-f"} <= used
    for name in used - {"hoja"}:
        assert contrast(tokens[name], tokens["hoja"]) >= 3.0, name
