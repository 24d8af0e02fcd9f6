"""Hold docs/ to the program: each command, option, address and label that a page names exists."""

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from sif.commands.main import build_parser
from sif.web.messages import catalogue

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if not {"reglas", "adr"} & set(path.parts)]
ALL = [*PAGES, *(ROOT / name for name in ("README.md", "README.es.md", "CONTRIBUTING.md"))]
GUIDES = [path for path in PAGES if {"how-to", "tutorial"} & set(path.parts)]
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.S)
ORDER = re.compile(r"(?:^|[\s(]|bin/)sif ([a-z][a-z-]*)([^|;&)#\n]*)", re.M)
VALUE = r"%\(\w+\)[sd]"
FOLDERS = ("/srv/", "/etc/", "/opt/", "/var/", "/usr/")


def test_each_line_of_the_example_of_a_list_is_in_the_repository() -> None:
    text = (DOCS / "how-to/add-a-list-page.md").read_text("utf-8")
    parts = re.split(r"^\+\+\+ (.+)\n", next(re.finditer(r"```diff\n(.*?)```", text, re.S))[1], flags=re.M)[1:]
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    told = {name: "\n".join(line.removeprefix("+") for line in diff.splitlines()) for name, diff in files.items()}
    assert not [name for name, lines in told.items() if lines not in (ROOT / name).read_text("utf-8")]
    assert f"{sum(len(lines.splitlines()) for lines in told.values())} lines" in text


@pytest.mark.parametrize("readme", sorted((ROOT / "src/sif").glob("*/README.md")), ids=lambda path: path.parent.name)
def test_each_module_that_a_room_names_is_there(readme: Path) -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", readme.read_text("utf-8")))
    there = {path.name for folder in (readme.parent, ROOT / "tests") for path in folder.rglob("*.py")}
    missing = [name for name in named if name.rpartition("/")[2] not in there]
    assert not [name for name in missing if not (ROOT / "src/sif" / name).exists()]


def code_of(text: str) -> Iterator[str]:
    """Yield the fenced blocks and the code within lines, commands of several lines joined."""
    for block, inline in CODE.findall(text):
        yield (block or inline).replace("\\\n", " ")


@cache
def orders() -> dict[str, set[str]]:
    """Map each command, and each verb of one, to its options."""

    def walk(parser: argparse.ArgumentParser) -> Iterator[tuple[str, set[str]]]:
        yield parser.prog, set(parser._option_string_actions)
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for child in action.choices.values():
                    yield from walk(child)

    return dict(walk(build_parser()))


def strange(text: str) -> list[str]:
    """Name the commands, verbs and options of a text that the program does not have."""
    wrong = []
    for name, rest in (found for code in code_of(text) for found in ORDER.findall(code)):
        order, words = f"sif {name}", rest.split()
        if order in orders() and words and f"{order} {words[0]}" in orders():
            order = f"{order} {words[0]}"
        elif order not in orders() or (
            words and words[0].isalpha() and any(o.startswith(f"{order} ") for o in orders())
        ):
            wrong.append(f"{order} {rest.strip()}")
            continue
        wrong += [
            f"{order} {word}" for word in words if word.startswith("--") and word.split("=")[0] not in orders()[order]
        ]
    return wrong


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
def test_each_command_that_a_page_names_exists_with_its_options(page: Path) -> None:
    assert not strange(page.read_text("utf-8"))


def refused(text: str) -> list[str]:
    """Name the whole commands of the blocks of a text that the program does not read."""
    wrong = []
    for block in re.findall(r"```(?:sh)?\n(.*?)```", text, re.S):
        for line in re.split(r"\n|&&|\|", block.replace("\\\n", " ")):
            words = shlex.split(line.partition(">")[0], comments=True) if "sif " in line else []
            if "sif" in words:
                try:
                    build_parser().parse_args(words[words.index("sif") + 1 :])
                except SystemExit as ended:
                    wrong += [line.strip()] if ended.code else []
    return wrong


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_each_command_of_a_block_is_one_that_the_program_reads(page: Path) -> None:
    assert not refused(page.read_text("utf-8"))


def test_a_command_without_what_it_needs_is_named() -> None:
    assert refused(
        "```sh\nsif verificar --json > a\nsif acuse verificar\nsif migrar && sif respaldo  # falta\n```"
    ) == [
        "sif acuse verificar",
        "sif respaldo  # falta",
    ]


def test_a_command_that_does_not_exist_is_named() -> None:
    block = "```sh\nsif leyes quemar X\nSIF_DATOS=x .venv/bin/sif libros abrir \\\n  --nada\n```"
    text = f"`sif volar` y `sif verificar --alas`\n{block}"
    assert strange(text) == ["sif volar ", "sif verificar --alas", "sif leyes quemar X", "sif libros abrir --nada"]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_each_address_that_a_guide_names_answers(page: Path) -> None:
    wrong = []
    for code in code_of(page.read_text("utf-8")):
        if re.fullmatch(r"/[\w/…-]+/", code) and not code.startswith(FOLDERS):
            try:
                resolve(code.replace("…", "1"))
            except Resolver404:
                wrong.append(code)
    assert not wrong


@cache
def labels() -> tuple[set[str], list[re.Pattern[str]], str]:
    """Return the sentences of the interface, those with a value as patterns, and the text of the program."""
    told = {
        plural for each in catalogue() if each.id for plural in ([each.id] if isinstance(each.id, str) else each.id)
    }
    plain = {" ".join(re.sub(r"<[^>]+>", "", words).split()) for words in told}
    valued = [words for words in plain if "%(" in words and len(re.sub(VALUE, "", words)) >= 8]
    patterns = [re.compile(".+".join(map(re.escape, re.split(VALUE, words)))) for words in valued]
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/sif").rglob("*.py"))
    return plain, patterns, re.sub(r'"\s*\n\s*f?"', "", source)


def unknown(text: str) -> list[str]:
    """Name what a text quotes as «…» that no page of SIF says."""
    plain, patterns, source = labels()
    quoted = [" ".join(each.split()) for each in re.findall(r"«([^»]+)»", re.sub(r"```.*?```", "", text, flags=re.S))]
    return [
        words
        for words in quoted
        if words not in plain and not any(each.fullmatch(words) for each in patterns) and f'"{words}"' not in source
    ]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_each_label_that_a_guide_quotes_stands_in_the_interface(page: Path) -> None:
    assert not unknown(page.read_text("utf-8"))


def test_a_label_that_does_not_exist_is_named() -> None:
    assert unknown("Pulse «Fijar estos topes», «Aprobar 4 candidaturas» y «Fijar estas nubes».") == [
        "Fijar estas nubes"
    ]
