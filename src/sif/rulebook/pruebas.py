"""Map each test of a review to the rule, person or lens that answers it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sif.law.sources import read_data
from sif.rulebook.reading import JURISDICTIONS
from sif.rulebook.rule import Rule

EVERY_TEST = tuple(f"T{number:02}" for number in range(1, 45))
"""The catalogue of tests that a review of campaigns and of a year applies."""


@dataclass(frozen=True, slots=True)
class Prueba:
    """A test of the review, or a limit of law.

    quien: '' when rules answer it whole; `persona`, `lente` or `calendario` (of duties) when some of it is theirs.
    """

    clave: str
    titulo: str
    reglas: tuple[str, ...]
    quien: str
    nota: str


@dataclass(frozen=True, slots=True)
class Catalogo:
    """The tests, the limits, the duties of law, and how each source with its own way in is filled (table to words)."""

    pruebas: tuple[Prueba, ...]
    limites: tuple[Prueba, ...]
    deberes: tuple[Prueba, ...]
    fuentes: Mapping[str, str]


def read_catalogo(jurisdiction: str) -> Catalogo:
    """Return the catalogue of tests of a jurisdiction."""
    entries = read_data(JURISDICTIONS / jurisdiction / "pruebas.yaml")
    return Catalogo(
        tuple(_prueba(clave, entry) for clave, entry in entries["pruebas"].items()),
        tuple(_prueba(clave, entry) for clave, entry in entries["limites"].items()),
        tuple(_prueba(clave, entry) for clave, entry in entries["deberes"].items()),
        entries["fuentes_propias"],
    )


def authority_lists(jurisdiction: str) -> dict[str, str]:
    """Return the published tables that the authority fills with a file, and the title of each list."""
    entries = read_data(JURISDICTIONS / jurisdiction / "tablas.yaml")
    return {name: entry["titulo"] for name, entry in entries.items()}


def _prueba(clave: str, entry: Mapping[str, object]) -> Prueba:
    rules = entry["reglas"]
    assert isinstance(rules, list)
    return Prueba(clave, str(entry["titulo"]), tuple(rules), str(entry.get("quien", "")), str(entry.get("nota", "")))


def gaps(catalogo: Catalogo, rules: Sequence[Rule]) -> Iterator[str]:
    """Yield, in words, each mismatch between the catalogue of tests and the rulebook."""
    known = {rule.id for rule in rules}
    named: set[str] = set()
    for prueba in (*catalogo.pruebas, *catalogo.limites, *catalogo.deberes):
        named |= set(prueba.reglas)
        if strange := set(prueba.reglas) - known:
            yield f"{prueba.clave} nombra reglas que no hay: {', '.join(sorted(strange))}."
        if not prueba.reglas and not (prueba.quien and prueba.nota):
            yield f"{prueba.clave} no tiene regla y no dice quién la contesta ni por qué."
        if prueba.quien not in ("", "persona", "lente", "calendario"):
            yield f"{prueba.clave} dice «{prueba.quien}»: contesta una persona, la lente o el calendario."
    if idle := sorted(known - named):
        yield (
            f"Ninguna prueba ni límite nombra {', '.join(idle)}. "
            "Agréguela en pruebas.yaml a las reglas de la prueba que contesta."
        )
    if missing := sorted(set(EVERY_TEST) - {prueba.clave for prueba in catalogo.pruebas}):
        yield f"Faltan las pruebas {', '.join(missing)}."
