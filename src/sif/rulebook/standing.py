"""Report how much of the law was read: figures, criteria, bases and rules by status, as a generated page."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sif.law.citations import Citation
from sif.rulebook.citations import basis_key, every_citation
from sif.rulebook.rule import Rule

READ, UNREAD = "confirmado", "por confirmar"
_RULES = {
    "todas": "Todas sus bases leídas",
    "algunas": "Algunas leídas y otras por confirmar",
    "ninguna": "Ninguna leída",
}


def rule_standing(rule: Rule) -> str:
    """Return whether all the bases of a rule were read in a text of law, some, or none: todas, algunas, ninguna."""
    read = [basis.status == "leído" for basis in rule.basis]
    return "todas" if all(read) else "algunas" if any(read) else "ninguna"


def counts(rules: Sequence[Rule], jurisdiction: str) -> dict[str, Counter[str]]:
    """Count the figures, criteria, forms of sanction and bases of rules by status, and the rules by standing."""
    bases = {basis_key(rule.id, basis) for rule in rules for basis in rule.basis}
    found: dict[str, Counter[str]] = {name: Counter() for name in (*_TITLES, "reglas")}
    for citation in every_citation(jurisdiction):
        kind = _kind(citation, bases)
        if kind:
            found[kind][citation.estatus] += 1
    found["reglas"].update(map(rule_standing, rules))
    return found


def _kind(citation: Citation, bases: set[str]) -> str:
    if citation.clave in bases:
        return "bases"
    return _KINDS.get(citation.clave.partition(" ")[0], "")


def status_page(rules: Sequence[Rule], jurisdiction: str) -> str:
    """Return the page of counts by status, in Markdown, with the rules of each standing."""
    return "\n".join(_lines(rules, jurisdiction)) + "\n"


def _lines(rules: Sequence[Rule], jurisdiction: str) -> Iterator[str]:
    found = counts(rules, jurisdiction)
    yield from (
        "# Qué de la ley está leído",
        "",
        "Página hecha por `sif reglas documentar`. «Confirmado» quiere decir que las palabras citadas están en el "
        "texto de la ley que el proyecto leyó (`jurisdictions/mx/law/textos`), y vale para los sujetos, etapas y "
        "ámbitos de que habla ese artículo (`habla_de` en `articles.yaml`) y los días en que consta que decía eso; en "
        "lo demás, está por confirmar. Cada instalación confirma lo suyo con el texto a la vista (`sif leyes cargar`).",
        "",
        "| | Confirmado | Por confirmar | Total |",
        "|---|---:|---:|---:|",
    )
    for name in _TITLES:
        row = found[name]
        yield f"| {_TITLES[name]} | {row[READ]} | {row[UNREAD]} | {row.total()} |"
    yield from ("", "| Reglas | Cuántas | Cuáles |", "|---|---:|---|")
    for key, words in _RULES.items():
        named = ", ".join(rule.id for rule in rules if rule_standing(rule) == key)
        yield f"| {words} | {found['reglas'][key]} | {named or '—'} |"


_TITLES = {
    "cifras": "Cifras de la ley, por lapso",
    "criterios": "Criterios de sanción, por lapso",
    "sanciones": "Formas de sanción, vistas y día de la UMA, por lapso",
    "bases": "Bases de las reglas",
}
_KINDS = {
    "cifra": "cifras",
    "regla": "cifras",
    "criterio": "criterios",
    "sancion": "sanciones",
    "vista": "sanciones",
    "dia_uma": "sanciones",
}
