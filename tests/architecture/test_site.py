"""Hold the links and pictures of docs/: each relative link leads to a file, and a journey takes each picture."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WRITTEN = {
    "reference/comandos.md",
    "reference/api.md",
    "reference/tablas.md",
    "reference/glosario.md",
    "reference/casa.md",
    "contributing.md",
    "gaceta.md",
}
LINK = re.compile(r"\]\((?!https?:|#)([^)\s#]+)")
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if "reglas" not in path.parts]


def test_each_link_leads_to_a_page_of_the_site() -> None:
    broken = []
    for page in PAGES:
        for link in LINK.findall(page.read_text("utf-8")):
            there = (page.parent / link).resolve()
            name = there.relative_to(DOCS).as_posix() if there.is_relative_to(DOCS) else str(link)
            if not there.exists() and name not in WRITTEN and not name.startswith("capturas/"):
                broken.append(f"{page.relative_to(DOCS)}: {link}")
    assert not broken


def test_a_journey_takes_each_picture() -> None:
    journeys = "".join(path.read_text("utf-8") for path in (ROOT / "tests/journeys").glob("test_*.py"))
    pictures = {name for page in PAGES for name in re.findall(r"capturas/([\w-]+)\.png", page.read_text("utf-8"))}
    assert len(pictures) >= 5
    assert not [name for name in pictures if f'"{name}"' not in journeys]


def test_each_page_of_the_menu_exists() -> None:
    def leaves(entries: object) -> list[str]:
        if isinstance(entries, str):
            return [entries]
        values = entries.values() if isinstance(entries, dict) else entries
        return [leaf for entry in values for leaf in leaves(entry)]  # type: ignore[attr-defined]

    menu = leaves(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"])
    assert not [name for name in menu if name not in WRITTEN and not (DOCS / name).exists()]
