"""Compare what was approved to be spent with the spending accrued in the books."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum

from sif.books.accounts import beginning_for_role
from sif.books.models import Movimiento, PartidaPresupuesto
from sif.law.chart import prefix_of
from sif.statements.asked import Asked, begins
from sif.statements.ledgers import accounts
from sif.statements.names import names_of, written
from sif.statements.report import Drill, Line, ListRows
from sif.values import Money

Key = tuple[int, str, int | None]
"""A line of a budget: its contabilidad, its account and its project, None where it has none."""


@dataclass(slots=True)
class _Spending:
    """Amounts of a line of a budget, in centavos: approved first, as amended, and accrued by its accounts."""

    approved: int = 0
    amended: int = 0
    accrued: int = 0


def presupuesto(asked: Asked) -> ListRows:
    """Each account or project of a budget with what it approved, what it admits now, and its accrued spending.

    What is spent in an account without budget is a line with nothing approved. Closings of a year are no spending.
    """
    found = _approved(asked)
    for (books, code, project), net in _accrued(asked).items():
        found.setdefault(_line_for(found, books, code, project), _Spending()).accrued += net
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
                    "modificado": Money(spent.amended),
                    "devengado": Money(spent.accrued),
                    "por_ejercer": Money(spent.amended - spent.accrued),
                    "ejercido": spent.accrued * 10_000 // spent.amended if spent.amended else None,
                },
                dict.fromkeys(("cuenta", "devengado"), Drill("mayor", mine)),
            )
        )
    return ListRows(lines, ("aprobado", "modificado", "devengado", "por_ejercer"))


def _approved(asked: Asked) -> dict[Key, _Spending]:
    found: dict[Key, _Spending] = {}
    rows = PartidaPresupuesto.objects.filter(contabilidad__in=asked.contabilidades).order_by("pk")
    for books, code, project, amount in rows.values_list("contabilidad_id", "cuenta_id", "proyecto_id", "monto"):
        line = found.setdefault((books, code, project), _Spending(approved=amount))
        line.amended = amount
    return found


def _accrued(asked: Asked) -> dict[Key, int]:
    """Return debits less credits of spending, in centavos, by books, account and project; one query."""
    spending = begins("cuenta__codigo", (beginning_for_role("gastos"),))
    lines = Movimiento.objects.filter(asked.but(operaciones=True).of_lines() & asked.within() & spending)
    grouped = lines.values("contabilidad_id", "cuenta_id", "auxiliar_tipo", "auxiliar_id").annotate(
        cargos=Sum("cargo"), abonos=Sum("abono")
    )
    found: dict[Key, int] = {}
    for row in grouped:
        project = row["auxiliar_id"] if row["auxiliar_tipo"] == "proyecto" else None
        key = row["contabilidad_id"], row["cuenta_id"], project
        found[key] = found.get(key, 0) + row["cargos"] - row["abonos"]
    return found


def _line_for(found: Mapping[Key, object], books: int, code: str, project: int | None) -> Key:
    """Return the line that a spending is of: of its project, else of its account or its group, else of none."""
    for (other, account, of_project), _ in found.items():
        if other == books and of_project == project and code.startswith(prefix_of(account)):
            return other, account, of_project
    for (other, account, of_project), _ in found.items():
        if other == books and of_project is None and code.startswith(prefix_of(account)):
            return other, account, None
    return books, code, project
