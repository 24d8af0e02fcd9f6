"""Refuse a query that adds up one stage where law adds up the exercise."""

from collections.abc import Iterator

from sqlglot import exp

from sif.rulebook.binding import selects, with_sources

SPANS = ("etapa", "ejercicio")
ELSEWHERE = {
    "aportaciones": "aportes_ajenos",
    "repap": "repap_ajenos",
    "transferencias": "lados_ajenos",
    "cfdi_poliza": "usos_ajenos",
    "evidencias": "archivos_ajenos",
    "movimientos": "capas_iniciales",
}
"""Table of a stage, and the one that has the rest of the exercise."""
ACROSS = {"anio", "fin_de_anio", "folio", "cfdi_id", "documento_id", "uuid", "sha256"}
"""Columns whose equal values may stand in books of another stage: who adds up by one of them adds up the exercise."""


def shortfalls(tree: exp.Expression, reach: str, span: str) -> Iterator[str]:
    """Yield, in words, each difference between the span that a rule declares and the span that its query reads.

    A rule of reach `contabilidad` adds up books of one stage, so only its declared span is checked, and not its sums.
    """
    read = {table.name for table in tree.find_all(exp.Table)}
    covers = with_sources(read) & set(ELSEWHERE.values())
    if span == "ejercicio" and not covers:
        yield f"Declara el ejercicio y no lee ninguna tabla que lo traiga: {', '.join(sorted(ELSEWHERE.values()))}."
    if span == "etapa" and covers:
        yield f"Lee {', '.join(sorted(covers))}, que son de otras etapas, y declara sólo la suya."
    if reach == "contabilidad":
        return
    bodies = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
    for select in tree.find_all(exp.Select):
        for key in _keys(select):
            short = {name for name in _sources(select, key, bodies) if ELSEWHERE[name] not in covers}
            for name in sorted(short):
                yield f"Suma por {key.name} sobre «{name}», que sólo tiene la etapa; una también «{ELSEWHERE[name]}»."


def _keys(select: exp.Select) -> Iterator[exp.Column]:
    """Yield the columns by which a SELECT adds up, of those whose values cross stages."""
    sets = [*(window.args.get("partition_by") or [] for window in _own(select, exp.Window))]
    group = select.args.get("group")
    sets += [group.expressions] if group is not None and any(_own(select, exp.Sum)) else []
    for columns in sets:
        yield from (each for each in columns if isinstance(each, exp.Column) and each.name in ACROSS)


def _own(select: exp.Select, kind: type[exp.Expression]) -> Iterator[exp.Expression]:
    return (node for node in select.find_all(kind) if node.find_ancestor(exp.Select) is select)


def _sources(select: exp.Select, key: exp.Column, bodies: dict[str, exp.Expression]) -> set[str]:
    """Return the tables of a stage from which a column of a SELECT comes, through WITH and derived tables."""
    for table in _own(select, exp.Table):
        if table.alias_or_name == key.table:
            if table.name in bodies:
                found = set[str]()
                for branch in selects(bodies[table.name]):
                    for item in branch.expressions:
                        inner = item.this if isinstance(item, exp.Alias) else item
                        if item.alias_or_name == key.name:
                            for column in inner.find_all(exp.Column):
                                found |= _sources(branch, column, bodies)
                return found
            return set(with_sources([table.name])) & set(ELSEWHERE)
    return set()
