"""Write the reference of the rulebook in Markdown: a page for each rule, and an index."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from sif.rulebook.binding import tables_read
from sif.rulebook.derived import DERIVED
from sif.rulebook.printing import print_rule
from sif.rulebook.pruebas import Catalogo, Prueba
from sif.rulebook.reading import rule_paths
from sif.rulebook.rule import Rule
from sif.rulebook.standing import status_page
from sif.rulebook.survivors import explained_survivors

MADE = "Página hecha por `sif reglas documentar`: se cambia la regla, no la página."
_WHO = {"persona": "una persona", "lente": "la lente estadística", "calendario": "el calendario de obligaciones"}


def reference_pages(
    rules: Sequence[Rule], catalogo: Catalogo, lists: Mapping[str, str], jurisdiction: str
) -> dict[str, str]:
    """File name to text of every page. `lists`: each table that the authority fills with a file, and its title."""
    texts = {rule.id: print_rule(rule, explained_survivors(rule.id, jurisdiction), jurisdiction) for rule in rules}
    pages = {f"{name}.md": f"{text}\n{MADE}\n" for name, text in texts.items()}
    ordered = sorted(rules, key=lambda rule: rule.id)
    filled = {**{name: f"{title} (`sif tablas cargar {name}`)" for name, title in lists.items()}, **catalogo.fuentes}
    lines = ["# Reglas", "", f"{len(rules)} reglas; [qué está leído y qué por confirmar](estatus.md). {MADE}", ""]
    lines += [
        *_chapters(ordered, jurisdiction),
        *_tests("Pruebas de la revisión", "Prueba", catalogo.pruebas, ordered, filled),
    ]
    lines += _tests("Límites y formalidades", "Límite", catalogo.limites, ordered, filled)
    lines += _tests("Deberes de la ley fuera de esa revisión", "Deber", catalogo.deberes, ordered, filled)
    lines += _lists(ordered, filled)
    pages["README.md"] = "\n".join(lines) + "\n"
    pages["estatus.md"] = status_page(ordered, jurisdiction)
    return pages


def sources_of(rule: Rule) -> frozenset[str]:
    """Return the published tables that a rule reads, by itself or through derived ones."""
    return _sources(rule.query, rule.universe)


@lru_cache(maxsize=512)
def _sources(query: str, universe: str) -> frozenset[str]:
    wanted = set(tables_read(query) | tables_read(universe))
    while derived := {name for name in wanted if name in DERIVED}:
        wanted = (wanted - derived).union(*(DERIVED[name].reads for name in derived))
    return frozenset(wanted)


def _chapters(rules: Sequence[Rule], jurisdiction: str) -> Iterator[str]:
    chapter = {path.stem: path.parent.name for path in rule_paths(jurisdiction)}
    for name, group in groupby(sorted(rules, key=lambda r: (chapter[r.id], r.id)), key=lambda r: chapter[r.id]):
        yield from (
            f"## {name.capitalize()}",
            "",
            "| Regla | Qué busca | Gravedad | Alcance | Fundamento |",
            "|---|---|---|---|---|",
        )
        for rule in group:
            basis = "; ".join(f"{b.article} ({b.status})" for b in rule.basis)
            yield f"| [{rule.id}]({rule.id}.md) | {rule.title} | {rule.severity} | {rule.reach} | {basis} |"
        yield ""


def _tests(
    title: str, noun: str, tests: Sequence[Prueba], rules: Sequence[Rule], filled: Mapping[str, str]
) -> Iterator[str]:
    reads = {rule.id: sources_of(rule) for rule in rules}
    yield from (
        f"## {title}",
        "",
        f"| {noun} | Qué se prueba | Reglas | Lista que hace falta | Además |",
        "|---|---|---|---|---|",
    )
    for test in tests:
        links = ", ".join(f"[{name}]({name}.md)" for name in test.reglas) or "ninguna"
        wanted = sorted({name for rule in test.reglas for name in reads[rule] if name in filled})
        besides = " ".join(filter(None, (_who(test), test.nota)))
        yield f"| {test.clave} | {test.titulo} | {links} | {', '.join(wanted) or '—'} | {besides or '—'} |"
    yield ""


def _who(test: Prueba) -> str:
    if not test.quien:
        return ""
    return f"{'También' if test.reglas else 'Contesta'} {_WHO[test.quien]}."


def _lists(rules: Sequence[Rule], filled: Mapping[str, str]) -> Iterator[str]:
    yield from (
        "## Listas que carga la autoridad",
        "",
        "Sin la lista, sus reglas dicen «no aplica» y no acusan a nadie.",
        "",
        "| Tabla | Qué es y cómo entra | Reglas que la leen |",
        "|---|---|---|",
    )
    for name, how in sorted(filled.items()):
        readers = ", ".join(f"[{rule.id}]({rule.id}.md)" for rule in rules if name in sources_of(rule))
        yield f"| {name} | {how} | {readers} |"
