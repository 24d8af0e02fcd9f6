"""Report the result of the demonstration as a table or as JSON."""

from collections.abc import Iterator
from typing import Any

WIDTH = 78


def lines_of(report: dict[str, Any]) -> Iterator[str]:
    """Yield the report as lines of text."""
    built, truth = report["construido"], report["verdad"]
    yield ""
    yield f"Demostración · semilla {report['semilla']} · {report['segundos']} s"
    yield "-" * WIDTH
    for label, value in built.items():
        yield f"  {label:<44}{value:>32}"
    yield ""
    yield f"  {'Regla':<8}{'Plantadas':>12}{'Encontradas':>14}{'Sin hallar':>13}{'Falsas':>9}"
    for row in truth["reglas"]:
        counts = f"{row['plantadas']:>12}{row['encontradas']:>14}{len(row['fallas']):>13}{len(row['falsas']):>9}"
        yield f"  {row['regla']:<8}{counts}"
    yield "-" * WIDTH
    planted = sum(row["plantadas"] for row in truth["reglas"])
    found = sum(row["encontradas"] for row in truth["reglas"])
    false = sum(len(row["falsas"]) for row in truth["reglas"])
    yield f"  Se encontraron {found} de {planted} faltas plantadas; falsas alarmas: {false}."
    for row in truth["reglas"]:
        yield from (f"  NO SE HALLÓ  {row['regla']}  {text}" for text in row["fallas"])
        yield from (f"  FALSA ALARMA {row['regla']}  {text}" for text in row["falsas"])
        yield from (f"  OTRO MONTO   {row['regla']}  {text}" for text in row["distintas"])
    for row in truth["reglas"]:
        if row["nota"] and not row["plantadas"]:
            yield f"  {row['regla']} no se plantó: {row['nota']}."
    yield ""
