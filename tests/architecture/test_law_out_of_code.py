"""No account code, term or article of a country stands in the code: it is read from the data of its jurisdiction."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sif.law.articles import resolve

SIF = Path(__file__).resolve().parents[2] / "src" / "sif"
_NUMBER = (
    r"(?:\d+|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|veinticinco|treinta|cuarenta|"
    r"cuarenta y ocho|sesenta|setenta y dos|noventa)"
)
CODE = re.compile(r"(?<![\w\[-])[1-9]-(?:\d(?:-\d\d){0,2}(?:-\d{4})?-?)?(?![\w\]-])")
TERM = re.compile(rf"\b(?!1\b){_NUMBER}\s+(?:días?|horas|meses|años)\b", re.IGNORECASE)
ARTICLE = re.compile(r"\b(?:LGIPE|LGPP|RF|LGSMIME|CPEUM|LDVUMA) \d+(?: (?:Bis|Ter))?(?:\.\w+)*")
TIMES = re.compile(r"DAYS|HOURS|MONTHS|YEARS|DIAS|HORAS")

INVENTED = {
    "demo": "inventa una elección de México: escribe sus pólizas y sus plazos",
    "simulation": "inventa procesos de México de cualquier tamaño y planta sus faltas",
    "web/samples.py": "los datos inventados de la hoja de muestras",
    "web/templates/piezas/muestras.html": "la hoja de muestras de las piezas, con datos inventados",
    "web/templates/piezas/muestras_publico.html": "la hoja de muestras de las piezas, con datos inventados",
}
"""Files that invent data of a country, and so name its accounts and terms."""

CODES = {
    "books/services/cuentas.py": "un ejemplo de cómo se escribe un código, en un error",
    "commands/cuentas.py": "un ejemplo de cómo se escribe la orden",
    "statements/asked.py": "un ejemplo de cómo se escribe un código, en un error",
    "web/api/shapes.py": "un ejemplo en la referencia del API",
}
TERMS = {
    "commands/disponibilidad.py": "lo que se mira antes de un plazo: lo pregunta quien opera",
    "commands/installation.py": "lo que espera un correo que no sale: lo decide el programa",
    "registry/leaving.py": "«los dos días» son dos fechas, no un plazo",
    "registry/procesos.py": "«los dos días» son dos fechas, no un plazo",
    "web/duty_lists.py": "un filtro de la lista",
    "web/templates/auditor/avance.html": "los días que mira la página",
    "web/templates/public/estado.html": "los días que mira la página",
    "web/templates/auditor/escalamiento.html": "los días que mira la página",
    "web/templates/party/banco_partida.html": "los días que mira la página",
    "web/templates/party/buzon.html": "cuándo se recuerda: lo decide el programa",
    "web/trabajos/words.py": "lo que se guarda el archivo de un trabajo: lo decide el programa",
}
TIMES_OF_OURS = {
    "availability/certifying.py": "lo que una constancia abarca a lo más",
    "commands/disponibilidad.py": "lo que se mira antes de un plazo",
    "audit/freeze.py": "los días que una instantánea lee de más",
    "audit/looks.py": "cada cuánto se anota que alguien miró",
    "banks/selectors.py": "un mes y un día, para dar con el mes que sigue",
    "batch/claves.py": "lo que vive la clave de un programa",
    "books/services/uploads.py": "lo que se guarda una carga sin terminar",
    "commands/ensayo.py": "desde cuándo vale lo que se inventa para ensayar",
    "commands/installation.py": "cada cuánto se espera un respaldo y un corte",
    "duties/evidence.py": "un mes y un día, para dar con el mes que sigue",
    "jobs/files.py": "lo que se guarda el archivo de un trabajo",
    "mail/outbox.py": "lo que espera un correo que no sale",
    "registry/delegating.py": "lo que dura a lo más una delegación",
    "registry/invitations.py": "lo que vive una invitación",
    "signing/authorities.py": "cuánto antes se avisa que un certificado vence",
    "web/accounts/adapter.py": "lo que vive un navegador conocido",
    "web/auditor/medir/avance_pictures.py": "los días que dibuja la página",
    "web/party/bancos/account_acts.py": "los días que mira la página",
    "web/public/stage.py": "los días que mira la portada",
}
CITED = 100
"""Articles cited beside words of the code, which decide nothing there; fewer is better, and this number only falls."""


def _is_invented(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in INVENTED)


@cache
def _files() -> dict[str, str]:
    """Python and templates outside the jurisdictions and migrations, which keep what was, by their place in sif."""
    found = {}
    for file in sorted(SIF.rglob("*")):
        name = file.relative_to(SIF).as_posix()
        is_template = "/templates/" in name and file.suffix in (".html", ".txt")
        if (file.suffix == ".py" or is_template) and "/migrations/" not in name and not name.startswith("jurisd"):
            found[name] = file.read_text(encoding="utf-8")
    return {name: text for name, text in found.items() if not _is_invented(name)}


def _strings(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each string of a program that is no docstring."""
    tree = ast.parse(source)
    written = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in written:
            yield node.lineno, node.value


@cache
def _texts(name: str) -> list[tuple[int, str]]:
    source = _files()[name]
    return list(_strings(source) if name.endswith(".py") else enumerate(source.splitlines(), 1))


def _seen(what: re.Pattern[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in _files():
        for line, text in _texts(name):
            found.setdefault(name, []).extend(f"{name}:{line}: {each[0]}" for each in what.finditer(text))
    return {name: places for name, places in found.items() if places}


def _numbers(name: str) -> Iterator[str]:
    """Whole numbers that a program gives to a time: DAYS = 30, timedelta(days=30)."""
    for node in ast.walk(ast.parse(_files()[name])):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
            names = [each.id for each in node.targets if isinstance(each, ast.Name) and TIMES.search(each.id)]
            yield from (f"{name}:{node.lineno}: {each} = {node.value.value}" for each in names)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "timedelta":
            for given in node.keywords:
                if isinstance(given.value, ast.Constant) and given.value.value != 1 and given.arg in ("days", "hours"):
                    yield f"{name}:{node.lineno}: {given.arg}={given.value.value}"


@pytest.mark.parametrize(("what", "exempt"), [(CODE, CODES), (TERM, TERMS)], ids=["cuentas", "plazos"])
def test_the_code_names_no_account_nor_term_of_a_country(what: re.Pattern[str], exempt: dict[str, str]) -> None:
    seen = _seen(what)
    assert [place for name, places in seen.items() if name not in exempt for place in places] == []
    assert set(exempt) <= set(seen), "una excepción que ya no hace falta se borra"


def test_no_time_of_the_law_is_a_number_of_the_code() -> None:
    seen = {name: places for name in _files() if name.endswith(".py") and (places := list(_numbers(name)))}
    assert [place for name, places in seen.items() if name not in TIMES_OF_OURS for place in places] == []
    assert set(TIMES_OF_OURS) <= set(seen), "una excepción que ya no hace falta se borra"


def test_an_article_cited_beside_words_exists_in_the_law_and_they_only_fall() -> None:
    cited: Counter[str] = Counter()
    for name in _files():
        for _line, text in _texts(name):
            cited.update(each[0].rstrip(".") for each in ARTICLE.finditer(text))
    for reference in cited:
        resolve(reference, "mx")
    assert sum(cited.values()) <= CITED


SUPPOSED = {
    "commands/environment.py": "la de una instalación que no dice SIF_JURISDICCION: la única suposición de la casa",
    "simulation/plan.py": "el proceso inventado es de México",
}
"""Where the name of a jurisdiction may stand; everything else is told it."""


def test_nothing_supposes_a_jurisdiction() -> None:
    names = {each.name for each in (SIF / "jurisdictions").iterdir() if each.is_dir()}
    files = {file.relative_to(SIF).as_posix(): file.read_text(encoding="utf-8") for file in SIF.rglob("*.py")}
    texts = {name: _texts(name) if name in _files() else _strings(source) for name, source in files.items()}
    named = {name for name, said in texts.items() if any(text in names for _line, text in said)}
    assert named == set(SUPPOSED)
