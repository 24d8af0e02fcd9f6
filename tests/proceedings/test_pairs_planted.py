"""Every two rules that can fall on one fact, planted at once: what is sanctioned adds up to the centavo.

Half of the pairs each day, and all of them in `make barridos`.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from proceedings.world import World, at, open_of_2024
from rulebook import meeting
from rulebook.meeting import TABLE
from seeds import is_of_today
from sif.audit.models import Hallazgo
from sif.audit.services import give_matters
from sif.law.concurrence import Charge
from sif.proceedings import drawn, resolving, services
from sif.proceedings.concurrence import bound_of, closing_order, meetings_of
from sif.proceedings.selectors import conclusiones_of
from sif.values import Money


def _amounts(number: int) -> tuple[int, int]:
    """Centavos of both findings of a pair: sometimes the first sees more, sometimes the second, sometimes the same."""
    return (10_001 + number, 10_001 + number * 2 if number % 3 else 10_001 + number)


@dataclass
class _Due:
    """What the table leaves to the results of one rule: centavos and facts."""

    monto: int = 0
    hechos: int = 0


def _plant(world: World) -> dict[Charge, _Due]:
    """Plant every pair on a fact of its own, with one observation for each result of a rule, and say what is due.

    Of two that add, both amounts are; of one that yields, what the other did not see.
    """
    rows: dict[Charge, list[Hallazgo]] = defaultdict(list)
    due: dict[Charge, _Due] = defaultdict(_Due)
    for number, (one, other, row, row2) in enumerate(meeting.meetings(), 1):
        if one == other or not is_of_today(f"par {number}"):
            continue  # a rule gives one finding of a fact; two of them on it are of two rules
        settled = TABLE.settle(one, other)
        assert settled is not None
        amounts = _amounts(number)
        for charge, fila, monto in zip((one, other), (row, row2), amounts, strict=True):
            rows[charge].append(_found(world, charge, number, fila, monto))
            due[charge].monto += monto
            due[charge].hechos += 1
        if settled.par.yields:
            loser = max((one, other), key=_place) if settled.gana is None else (one, other)[1 - settled.gana]
            due[loser].monto -= min(amounts)
            due[loser].hechos -= amounts[(one, other).index(loser)] == min(amounts)
    with transaction.atomic():
        found = [each for several in rows.values() for each in several]
        give_matters(world.corrida, found)
        Hallazgo.objects.bulk_create(found)
    for charge in sorted(rows, key=_place):
        world.observacion(rows[charge], criterio=charge.conducta)
    return due


def _place(charge: Charge) -> tuple[str, str]:
    """The order in which observations are adopted, which is that of their conclusions."""
    return charge.regla, charge.conducta


def _found(world: World, charge: Charge, number: int, fila: dict[str, Any], monto: int) -> Hallazgo:
    names = {name: value for name, value in fila.items() if name in (*TABLE.comunes, *TABLE.partes)}
    return Hallazgo(
        corrida=world.corrida,
        regla=charge.regla,
        regla_digest="0" * 64,
        parametros=[],
        clave=f"{charge.conducta}-{number}",
        contabilidad=world.contabilidades[0],
        estado="hallazgo",
        resultado=charge.conducta,
        dia=date(2024, 5, 12),
        monto=monto,
        fila=names,
        mensaje=f"Hecho {number}.",
    )


@pytest.fixture
def _nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no document: thousands of facts make a sheet that nobody reads here."""
    for name in ("render_pdf", "render_docx"):
        monkeypatch.setattr(
            drawn, name, lambda template, data, name=name: f"{name} {template} {data['huella']}".encode()
        )


@pytest.mark.usefixtures("_nothing_drawn")
def test_of_each_pair_that_can_meet_what_the_table_declares_is_sanctioned_and_no_more(of_2024: World) -> None:
    due = _plant(of_2024)
    dictamen = open_of_2024(of_2024)
    for row in closing_order(list(conclusiones_of(dictamen))):
        left = due[Charge(row.observacion.regla, row.criterio)]
        with at("2024-07-01 12:00"):
            of_2024.judge(row, "no_atendida" if left.hechos else "sin_efectos", str(Money(left.monto)))
            if left.hechos:
                services.count_unattended(row, left.hechos, of_2024.elena)
            services.close_conclusion(row, of_2024.elena)
    closed = list(conclusiones_of(dictamen))
    meetings = meetings_of(closed)
    bounds = [(Charge(row.observacion.regla, row.criterio), bound_of(row, meetings)) for row in closed]
    assert {charge: _Due(bound.monto, bound.hechos) for charge, bound in bounds} == due
    with at("2024-07-01 12:00"):
        services.close_dictamen(dictamen, of_2024.bruno)
        resolucion = resolving.draft_resolucion(dictamen, date(2024, 7, 22), of_2024.gloria)
    sanctioned = [row.monto_involucrado for row in resolucion.sanciones.all()]
    assert len(sanctioned) == sum(1 for left in due.values() if left.hechos)
    assert sum(sanctioned) == sum(left.monto for left in due.values())
