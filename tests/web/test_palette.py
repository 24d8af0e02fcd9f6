"""Every pair of colours that pages put together can be read: figures of the design, computed from the style sheet."""

import re
from pathlib import Path

import pytest

from sif.web.palette import contrast, read_tokens

HEX = re.compile("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

SHEETS = Path(__file__).parents[2] / "src" / "sif" / "web" / "static" / "sif"
TOKENS = SHEETS / "tokens.css"

# token: contrast on hoja and on papel, light then dark, as the design states them
ON_SURFACES = {
    "raya-f": (4.6, 4.2, 5.0, 5.5),
    "tinta": (16.5, 15.1, 14.0, 15.3),
    "tinta-2": (7.9, 7.2, 8.2, 8.9),
    "petroleo": (8.3, 7.6, 9.0, 9.8),
    "petroleo-h": (11.6, 10.6, 11.3, 12.3),
    "bien": (7.0, 6.4, 9.2, 10.0),
    "aviso": (7.5, 6.9, 9.6, 10.5),
    "grave": (7.6, 6.9, 8.2, 8.9),
    "juicio": (8.4, 7.7, 8.5, 9.3),
    "neutro": (7.9, 7.2, 8.2, 8.9),
}
# text, ground: contrast light and dark
PAIRS = {
    ("lomo-t", "lomo"): (11.6, 13.4),
    ("lomo-2", "lomo"): (8.3, 8.6),
    ("sobre", "petroleo"): (8.3, 9.1),
    ("petroleo", "petroleo-s"): (6.8, 6.8),
    ("bien", "bien-s"): (5.9, 7.5),
    ("aviso", "aviso-s"): (6.5, 7.9),
    ("grave", "grave-s"): (6.3, 7.4),
    ("juicio", "juicio-s"): (6.9, 7.4),
    ("neutro", "neutro-s"): (6.5, 6.5),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("token", ON_SURFACES)
def test_a_colour_keeps_its_contrast_on_both_surfaces(token: str, theme: str) -> None:
    tokens = read_tokens(TOKENS, theme)
    wanted = ON_SURFACES[token][:2] if theme == "light" else ON_SURFACES[token][2:]
    for surface, figure in zip(("hoja", "papel"), wanted, strict=True):
        seen = contrast(tokens[token], tokens[surface])
        assert seen == pytest.approx(figure, abs=0.06)
        assert seen >= (3.0 if token == "raya-f" else 4.5)


@pytest.mark.parametrize("pair", PAIRS)
def test_text_on_its_own_ground_can_be_read(pair: tuple[str, str]) -> None:
    for theme, figure in zip(("light", "dark"), PAIRS[pair], strict=True):
        tokens = read_tokens(TOKENS, theme)
        seen = contrast(tokens[pair[0]], tokens[pair[1]])
        assert seen == pytest.approx(figure, abs=0.06)
        assert seen >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["cuenta", "petroleo-s", "aviso-s", "grave-s"])
def test_ordinary_text_can_be_read_on_every_ground(ground: str, theme: str) -> None:
    tokens = read_tokens(TOKENS, theme)
    for text in ("tinta", "tinta-2", "petroleo", "petroleo-h"):
        assert contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)


def test_dark_is_the_same_by_preference_and_by_choice() -> None:
    assert read_tokens(TOKENS, "dark") == read_tokens(TOKENS, "dark by preference")
    assert read_tokens(TOKENS, "dark").keys() == read_tokens(TOKENS, "light").keys()


def test_no_other_sheet_names_a_colour() -> None:
    for sheet in SHEETS.glob("*.css"):
        if sheet.name not in {"tokens.css", "print.css"}:
            text = sheet.read_text(encoding="utf-8")
            colours = [word for word in text.replace(";", " ").split() if HEX.fullmatch(word.rstrip(","))]
            assert colours == [], sheet.name
