"""Build the site of docs/ in sitio/: pages, reference written from the program, and pictures that the journeys take.

It runs in the environment of the project; MkDocs, in its own (`requirements/docs.txt`), is the first argument.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casa import house_page

from sif.web.assets import install

ROOT = Path(__file__).resolve().parents[1]
BUILD, WEB, SHOTS = ROOT / "sitio" / "fuente", ROOT / "sitio" / "web", ROOT / "tests" / "journeys" / "capturas"
WHOLE = {"CONTRIBUTING.md": "contributing.md", "GACETA.md": "gaceta.md"}
SHIM = "https://unpkg.com/iframe-worker/shim"
PICTURE = re.compile(r"capturas/([\w-]+)\.png")


def commands_page() -> str:
    """Write the help of every command, and of each verb of it, as one page."""
    from sif.commands.main import build_parser

    os.environ["COLUMNS"] = "110"
    parts = ["# Comandos", "", "Lo que `sif --help` dice de cada uno.", ""]
    for parser in _parsers(build_parser()):
        parts += [f"## `{parser.prog}`", "", "```text", parser.format_help().rstrip(), "```", ""]
    return "\n".join(parts)


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    children = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in children:
        for child in action.choices.values():
            yield child
            yield from _parsers(child)


def _load_models() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def api_page() -> str:
    """Write the addresses of the API with what each takes and answers, from its own schema."""
    _load_models()
    from sif.web.urls import api

    schema = api.get_openapi_schema()
    parts = ["# API", "", str(schema["info"].get("description", "")), ""]
    for path, methods in sorted(schema["paths"].items()):
        for method, told in methods.items():
            words = str(told.get("description") or told.get("summary") or "")
            parts += [f"## `{method.upper()} {path}`", "", words, ""]
            rows = [(each["name"], each["in"], _type(each["schema"])) for each in told.get("parameters", [])]
            if rows:
                parts += ["| parámetro | va en | tipo |", "|---|---|---|"]
                parts += [f"| `{name}` | {place} | {words} |" for name, place, words in rows] + [""]
            answers = ", ".join(f"{code} {answer.get('description', '')}" for code, answer in told["responses"].items())
            parts += [f"Contesta: {answers}.", ""]
    return "\n".join(parts)


def _type(schema: dict[str, Any]) -> str:
    kinds = schema.get("anyOf", [schema])
    return " o ".join(str(kind.get("format", kind.get("type", ""))) for kind in kinds)


def glossary_page() -> str:
    """Write the words of every room in order, with article and English."""
    import yaml

    files = sorted((ROOT / "docs/glosario.d").glob("*.yaml"))
    rows = [row for path in files for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    parts = ["# Glosario", "", "| término | qué es | artículo | in English | en el código |", "|---|---|---|---|---|"]
    for row in sorted(rows, key=lambda row: row["term"].casefold()):
        cells = (row["term"], row["definition"], row["article"], row["english"], f"`{row['identifier']}`")
        parts.append(f"| {' | '.join(cells)} |")
    return "\n".join([*parts, ""])


def tables_page() -> str:
    """Write every table by room: what it keeps, whether it is a record, and each column with its type."""
    _load_models()
    from django.apps import apps

    from sif.registry.tables import TABLES

    told = (
        "A `registro` is never changed; `trabajo` is what is being worked on; `derivada`, what records give again. "
        "Amounts are whole centavos."
    )
    parts = ["# Tables", "", told, ""]
    for room in sorted(apps.get_app_configs(), key=lambda each: each.label):
        models = [each for each in room.get_models(include_auto_created=True) if each._meta.db_table in TABLES]
        if not room.name.startswith("sif.") or not models:
            continue
        parts += [f"## {room.label}", ""]
        for model in sorted(models, key=lambda each: each._meta.db_table):
            parts += [f"### `{model._meta.db_table}` · {TABLES[model._meta.db_table]}", ""]
            if not model._meta.auto_created:
                parts += [" ".join((model.__doc__ or "").split()), ""]
            parts += ["| column | type | may lack | leads to |", "|---|---|---|---|"]
            parts += [f"| {' | '.join(_column(field))} |" for field in model._meta.concrete_fields] + [""]
    return "\n".join(parts)


def _column(field: Any) -> tuple[str, str, str, str]:
    from django.db import connection

    there = f"`{field.related_model._meta.db_table}`" if field.related_model else ""
    return f"`{field.column}`", str(field.db_type(connection)), "yes" if field.null else "", there


def take_pictures(names: set[str]) -> None:
    """Run the journeys that take the pictures that are missing. Raises LookupError for one that no journey takes."""
    missing = {name for name in names if not (SHOTS / f"{name}.png").exists()}
    tests = {path: path.read_text() for path in (ROOT / "tests/journeys").glob("test_*.py")}
    wanted: set[str] = set()
    for name in sorted(missing):
        takers = [str(path) for path, text in tests.items() if f'"{name}"' in text]
        if not takers:
            raise LookupError(f"Ningún recorrido toma la imagen «{name}»: corrija la página que la pide.")
        wanted.update(takers)
    if wanted:
        told = {**os.environ, "SIF_PRUEBA_IMAGENES": "1"}
        subprocess.run([sys.executable, "-m", "pytest", "-q", *sorted(wanted)], cwd=ROOT, env=told, check=True)


REFERENCE = {
    "comandos": commands_page,
    "api": api_page,
    "tablas": tables_page,
    "glosario": glossary_page,
    "casa": house_page,
}


def main(mkdocs: str) -> int:
    """Gather the pages, write the reference, take the pictures and build; returns the code of MkDocs."""
    shutil.rmtree(BUILD, ignore_errors=True)
    ignored = shutil.ignore_patterns("glosario.d", "glosario.yaml")
    shutil.copytree(ROOT / "docs", BUILD, ignore=ignored)
    for name, there in WHOLE.items():
        shutil.copy(ROOT / name, BUILD / there)
    for name, write in REFERENCE.items():
        (BUILD / "reference" / f"{name}.md").write_text(write(), encoding="utf-8")
    names = {name for page in BUILD.rglob("*.md") for name in PICTURE.findall(page.read_text(encoding="utf-8"))}
    take_pictures(names)
    (BUILD / "capturas").mkdir()
    for name in names:
        shutil.copy(SHOTS / f"{name}.png", BUILD / "capturas")
    told = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run([mkdocs, "build", "--strict", "--quiet"], cwd=ROOT, env=told)
    return built.returncode or carry_worker()


def carry_worker() -> int:
    """Carry the script with which a browser searches without a server; the theme would fetch it from a network.

    Returns 1, naming the pages, if any of them still fetches a script.
    """
    install(ROOT, developing=True)
    shutil.copy(ROOT / "node_modules/iframe-worker/shim/index.js", WEB / "assets" / "iframe-worker.js")
    fetching = []
    for page in WEB.rglob("*.html"):
        up = "../" * (len(page.relative_to(WEB).parts) - 1)
        text = page.read_text(encoding="utf-8").replace(SHIM, f"{up}assets/iframe-worker.js")
        page.write_text(text, encoding="utf-8")
        if re.search(r'<(?:script|link|img)[^>]+(?:src|href)="?https?:', text.replace('rel="canonical"', "")):
            fetching.append(str(page.relative_to(WEB)))
    if fetching:
        print(f"Fetch from the network: {', '.join(fetching)}", file=sys.stderr)
    return 1 if fetching else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
