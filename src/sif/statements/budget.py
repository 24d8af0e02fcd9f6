"""Compare what was approved to be spent with the spending accrued in the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from sif.books.models import Movimiento, PartidaPresupuesto
from sif.law.chart import prefix_of
from sif.registry import clock
from sif.statements.asked import Asked
from sif.statements.ledgers import accounts
from sif.statements.names import names_of, written
from sif.statements.report import Drill, Line, ListRows
from sif.values import Money

Key = tuple[int, str, int | None]
"""A line of a budget: its contabilidad, its account and its project, None where it has none."""


@dataclass(slots=True)
class _Spending:
    """Amounts of a line of a budget, in centavos, with the days on which it was approved, amended and recorded.

    accrued: of the days asked; until: from the first day of the books.
    """

    approved: int = 0
    amended: int = 0
    approved_on: date | None = None
    amended_on: date | None = None
    recorded_on: date | None = None
    accrued: int = 0
    until: int = 0


def presupuesto(asked: Asked) -> ListRows:
    """Each account or project of a budget with what it approved, what it admits now, and its accrued spending.

    Both are those of the last day asked: a line approved later is not there yet, and what is left counts the spending
    from the first day (LGPP 60.1.h). What is spent in an account without budget is a line with nothing approved.
    Transfers, fines, depreciation, write-offs and the closings of a year are no spending.
    """
    found = _approved(asked)
    for (books, code, project), (accrued, until) in _accrued(asked).items():
        line = found.setdefault(_line_for(found, books, code, project), _Spending())
        line.accrued += accrued
        line.until += until
    names, projects = accounts(), names_of(("proyecto", project) for _, _, project in found)
    lines = []
    for (books, code, project), spent in sorted(found.items(), key=lambda pair: (*pair[0][:2], pair[0][2] or 0)):
        known = names.get(code)
        of_project = {"auxiliar_tipo": "proyecto", "auxiliar": str(project)} if project is not None else {}
        mine = {**asked.as_query(), "contabilidad": str(books), "cuenta": code, **of_project}
        lines.append(
            Line(
                {
                    "cuenta": code,
                    "nombre": known.nombre if known else "",
                    "contabilidad": str(books),
                    "proyecto": written(projects, "proyecto", project),
                    "aprobado": Money(spent.approved),
                    "aprobado_el": spent.approved_on,
                    "registrado_el": spent.recorded_on,
                    "modificado": Money(spent.amended),
                    "modificado_el": spent.amended_on,
                    "devengado": Money(spent.accrued),
                    "acumulado": Money(spent.until),
                    "por_ejercer": Money(spent.amended - spent.until),
                    "ejercido": spent.until * 10_000 // spent.amended if spent.amended else None,
                },
                dict.fromkeys(("cuenta", "devengado"), Drill("mayor", mine)),
            )
        )
    return ListRows(lines, ("aprobado", "modificado", "devengado", "acumulado", "por_ejercer"))


def _approved(asked: Asked) -> dict[Key, _Spending]:
    """Return the lines of the budgets, without what was approved after the last day asked."""
    found: dict[Key, _Spending] = {}
    rows = PartidaPresupuesto.objects.filter(contabilidad__in=asked.contabilidades).order_by("pk")
    for row in rows.filter(aprobada_el__lte=asked.hasta) if asked.hasta else rows:
        key, day = (row.contabilidad_id, row.cuenta_id, row.proyecto_id), row.aprobada_el
        if key not in found:
            recorded = clock.legal_day(row.registrada_el)
            found[key] = _Spending(approved=row.monto, approved_on=day, recorded_on=recorded)
        else:
            found[key].amended_on = day
        found[key].amended = row.monto
    return found


def _accrued(asked: Asked) -> dict[Key, tuple[int, int]]:
    """Return debits less credits of spending, in centavos, by books, account and project; one query.

    Of the days asked, and from the first day of the books to the last asked.
    """
    lines = Movimiento.objects.filter(asked.but(operaciones=True).of_lines() & asked.until() & Q(cuenta__es_gasto=True))
    grouped = lines.values("contabilidad_id", "cuenta_id", "auxiliar_tipo", "auxiliar_id").annotate(
        cargos=Sum("cargo", filter=asked.within(), default=0),
        abonos=Sum("abono", filter=asked.within(), default=0),
        todos_los_cargos=Sum("cargo"),
        todos_los_abonos=Sum("abono"),
    )
    found: dict[Key, tuple[int, int]] = {}
    for row in grouped:
        project = row["auxiliar_id"] if row["auxiliar_tipo"] == "proyecto" else None
        key = row["contabilidad_id"], row["cuenta_id"], project
        accrued, until = found.get(key, (0, 0))
        found[key] = (
            accrued + row["cargos"] - row["abonos"],
            until + row["todos_los_cargos"] - row["todos_los_abonos"],
        )
    return found


def _line_for(found: Iterable[Key], books: int, code: str, project: int | None) -> Key:
    """Return the line that a spending is of: of its project, else of its account or its group, else of none."""
    holds = [key for key in found if key[0] == books and code.startswith(prefix_of(key[1]))]
    return next((key for wanted in (project, None) for key in holds if key[2] == wanted), (books, code, project))
