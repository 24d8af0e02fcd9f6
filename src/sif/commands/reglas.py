"""`sif reglas`: list the rules of law, print one as a page, write down all, or check that they prove themselves."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sif.audit.cases import Bench, check, surviving_mutants
from sif.commands.environment import jurisdiction
from sif.rulebook import Rule, load_rules, read_rule, rule_paths
from sif.rulebook.printing import print_rule
from sif.rulebook.pruebas import authority_lists, gaps, read_catalogo
from sif.rulebook.reference import reference_pages
from sif.rulebook.survivors import explained_survivors, explanation
from sif.values import Problem, Refused

PATIENCE = 2.0
"""After so many seconds of checking it says which rule it is at."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its four verbs to the parser."""
    parser = subparsers.add_parser(
        "reglas",
        help="lista, muestra o revisa las reglas de ley",
        description="Sin verbo, lista las reglas.",
        epilog="Ejemplos: sif reglas · sif reglas mostrar RE001 · sif reglas revisar",
    )
    parser.add_argument("--json", action="store_true", help="imprime JSON y nada más")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO")
    show = verbs.add_parser("mostrar", help="imprime una regla como página", epilog="Ejemplo: sif reglas mostrar RE001")
    show.add_argument("id", metavar="ID", help="identificador de la regla, por ejemplo RE001")
    review = verbs.add_parser(
        "revisar",
        help="comprueba forma, casos y cifras de cada regla; con --mutantes, también los daños que ningún caso nota",
        epilog="Ejemplos: sif reglas revisar · sif reglas revisar borrador/RE099.yaml --mutantes",
    )
    review.add_argument("archivos", metavar="ARCHIVO", nargs="*", type=Path, help="archivos de regla; sin ellos, todos")
    review.add_argument("--mutantes", action="store_true", help="daña la consulta y mira si algún caso lo nota")
    write = verbs.add_parser(
        "documentar",
        help="escribe la referencia: una página por regla y su índice",
        epilog="Ejemplos: sif reglas documentar docs/reference/reglas · sif reglas documentar CARPETA --comprobar",
    )
    write.add_argument("carpeta", metavar="CARPETA", type=Path)
    write.add_argument("--comprobar", action="store_true", help="no escribe: dice qué páginas ya no son las de hoy")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List, show, write down or check; 0 only when there is nothing wrong."""
    if args.verbo == "revisar":
        return _review(args.archivos or rule_paths(jurisdiction()), args.mutantes)
    try:
        rules = load_rules(jurisdiction())
    except Refused as refused:
        return _complain(refused.problems)
    if args.verbo == "documentar":
        return _document(rules, args.carpeta, only_check=args.comprobar)
    return _show(rules, args.id) if args.verbo == "mostrar" else _list(rules, args.json)


def _list(rules: Sequence[Rule], as_json: bool) -> int:
    for rule in rules:
        if as_json:
            shown = {
                "id": rule.id,
                "titulo": rule.title,
                "gravedad": rule.severity,
                "alcance": rule.reach,
                "fundamento": [basis.article for basis in rule.basis],
                "huella": rule.digest,
            }
            print(json.dumps(shown, ensure_ascii=False))
        else:
            articles = ", ".join(basis.article for basis in rule.basis)
            print(f"{rule.id}  {rule.severity:<10}  {rule.reach:<12}  {rule.title} ({articles})")
    return 0


def _show(rules: Sequence[Rule], wanted: str) -> int:
    rule = next((rule for rule in rules if rule.id == wanted.upper()), None)
    if rule is None:
        known = ", ".join(rule.id for rule in rules)
        print(f"No hay regla «{wanted}». Las que hay son: {known}.", file=sys.stderr)
        return 1
    print(print_rule(rule, explained_survivors(rule.id, jurisdiction()), jurisdiction()), end="")
    return 0


def _document(rules: Sequence[Rule], folder: Path, *, only_check: bool) -> int:
    catalogo = read_catalogo(jurisdiction())
    if wrong := list(gaps(catalogo, rules)):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    pages = reference_pages(rules, catalogo, authority_lists(jurisdiction()), jurisdiction())
    there = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    stale = sorted({*pages, *there} - {name for name, text in pages.items() if there.get(name) == text})
    if only_check:
        if stale:
            print(f"Ya no son las de hoy: {', '.join(stale)}. Corra: sif reglas documentar {folder}", file=sys.stderr)
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in pages:
            (folder / name).write_text(pages[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    print(f"{len(pages)} páginas en {folder}; {len(stale)} cambiaron.")
    return 0


def _review(paths: Sequence[Path], with_mutants: bool) -> int:
    problems: list[Problem] = []
    counts = {"reglas": 0, "casos": 0, "renglones esperados": 0, "cifras": 0}
    began, told = time.monotonic(), False
    for place, path in enumerate(paths):
        if time.monotonic() - began > PATIENCE:
            print(f"\r{place} de {len(paths)}: {path.stem} ", end="", file=sys.stderr, flush=True)
            told = True
        try:
            rule = read_rule(path, jurisdiction())
        except Refused as refused:
            problems += refused.problems
            continue
        except OSError as error:
            problems.append(Problem("archivo", str(path), f"No se lee: {error.strerror}.", "Revise la ruta."))
            continue
        counts["reglas"] += 1
        counts["casos"] += len(rule.cases)
        counts["renglones esperados"] += sum(len(case.expect.rows) for case in rule.cases)
        counts["cifras"] += sum(len(parameter.values) for parameter in rule.parameters)
        problems += check(rule)
        if with_mutants:
            problems += _unexplained(rule)
    if told:
        print(file=sys.stderr)  # the line of progress ends
    print(", ".join(f"{count} {noun}" for noun, count in counts.items()) + f", {len(problems)} problemas.")
    return _complain(problems)


def _unexplained(rule: Rule) -> list[Problem]:
    explained = explained_survivors(rule.id, jurisdiction())
    with Bench(rule) as bench:
        alive = surviving_mutants(bench)
    return [
        Problem("mutante", rule.id, f"Ningún caso nota: {mutant.name}.", "Agregue un caso o explíquelo.")
        for mutant in alive
        if explanation(mutant.name, explained) is None
    ]


def _complain(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(f"{problem.donde}: {problem.mensaje} {problem.cura}", file=sys.stderr)
    return 1 if problems else 0
