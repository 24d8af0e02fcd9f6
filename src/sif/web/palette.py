"""Read the colours of the style sheet, and measure their distance."""

import re
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"--(?P<name>[\w-]+):\s*(?P<hex>#[0-9A-Fa-f]{6});")
_HEADS = {
    "light": ":root {",
    "dark": ':root[data-bs-theme="dark"] {',
    "dark by preference": ':root:not([data-bs-theme="light"]) {',
}


@dataclass(frozen=True, slots=True)
class Swatch:
    """A token: nombre, color as #RRGGBB, and its contrast against hoja in tenths (46 is 4.6)."""

    nombre: str
    color: str
    decimas: int

    @property
    def contrast(self) -> str:
        """4.6"""
        return f"{self.decimas // 10}.{self.decimas % 10}"


def read_tokens(sheet: Path, theme: str) -> dict[str, str]:
    """Token to #RRGGBB of one theme (light, dark, dark by preference). Raises ValueError if the sheet lacks it."""
    text = sheet.read_text(encoding="utf-8")
    start = text.find(_HEADS[theme])
    if start < 0:
        raise ValueError(f"{sheet.name} no tiene los colores del tema «{theme}».")
    return {match["name"]: match["hex"].upper() for match in _TOKEN.finditer(text[start : text.index("}", start)])}


def luminance(color: str) -> float:
    """Relative luminance of #RRGGBB, as WCAG 2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def read_palette(sheet: Path, theme: str) -> list[Swatch]:
    """Return the swatches of one theme in the order of the sheet."""
    tokens = read_tokens(sheet, theme)
    return [Swatch(name, color, round(contrast(color, tokens["hoja"]) * 10)) for name, color in tokens.items()]
