"""Number the documents of the proceedings: one series a year for each kind, and no number twice."""

from collections.abc import Iterable

from sif.proceedings.machine import acts
from sif.registry import clock
from sif.registry.locks import hold


def hold_numbers(kind: str) -> None:
    """One at a time takes a number of a kind; the lock ends with the transaction."""
    hold(f"proceedings.{kind}")


def next_number(kind: str, used: Iterable[str]) -> str:
    form, anio = str(acts()["numeros"][kind]), clock.today().year
    tail = form[form.index("}") + 1 :].format(anio=anio)
    return form.format(n=sum(numero.endswith(tail) for numero in used) + 1, anio=anio)
