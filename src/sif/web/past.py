"""Declare what a past process shows on the portal and at the desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.disclosure.history import HistoryTotals, accounts_of, heads_of, totals_of
from sif.disclosure.models import CargaHistorica
from sif.registry.folding import Folded
from sif.values import Money
from sif.web.columns import Column, Values
from sif.web.filters import Filter, choice, words
from sif.web.gauges import Bar
from sif.web.listing import Listing

_KINDS: Mapping[str, Q] = {
    "sobre": Q(exceso_pb__isnull=False),
    "sin": Q(tope__isnull=True) | Q(tope__lte=0),
    "negativos": Q(ajustes_negativos__gt=0),
}


def _narrow(rows: Any, value: str, _seat: object) -> Any:
    return rows.filter(_KINDS[value])


def _only() -> Filter:
    offered = (
        ("sobre", _("Sobre su tope")),
        ("sin", _("Sin tope, o con tope de cero")),
        ("negativos", _("Con ajustes negativos")),
    )
    return Filter(choice(_("Cuentas"), "", offered, _("Todas")).field, _narrow)


FILTERS: Mapping[str, Filter] = {
    "q": words(_("Nombre, partido o lugar"), "nombre", "sujeto", "siglas", "cargo", "lugar", "entidad"),
    "solo": _only(),
}


def _cap(row: Values) -> object:
    """Draw a cap as the file says it: one of zero limits nothing, and is told as what it is."""
    if row["tope"] is None:
        return translated("no consta")
    return Money(row["tope"]) if row["tope"] else translated("tope de cero")


COLUMNS = (
    Column("nombre", _("Cuenta"), "cosa", sort=Folded("nombre")),
    Column("sujeto", _("Sujeto"), under="nombre"),
    Column("siglas", _("Siglas"), where="file"),
    Column("asociacion", _("Tipo de asociación"), where="file"),
    Column("cargo", _("Cargo"), "cosa", sort=True, phone="wide"),
    Column("lugar", _("Lugar"), under="cargo"),
    Column("entidad", _("Entidad"), sort=True, phone="half"),
    Column("estatus", _("Estatus"), where="file"),
    Column("ingresos", _("Ingresos"), "dinero", sort=True, nullable=True, total=True),
    Column("gasto", _("Gasto"), "dinero", sort=True, nullable=True, total=True),
    Column("determinado", _("No reportado"), "dinero", sort=True, nullable=True, total=True),
    Column("tope", _("Tope de gastos"), "dinero", sort=True, nullable=True, show=_cap, source="tope"),
    Column("exceso_pb", _("Sobre su tope"), "porcentaje", sort=True, nullable=True, phone="half"),
    Column("ajustes_negativos", _("Ajustes negativos"), "numero", sort=True, phone="half"),
    Column("renglon", _("Renglón del archivo"), where="file"),
)
"""The columns of the accounts; an amount that the file of a process does not say has no column of it."""


def _columns_told(totals: HistoryTotals) -> tuple[Column, ...]:
    """Return the columns of which the file of a process says something."""
    silent = {name for name in ("ingresos", "gasto", "determinado") if getattr(totals, name) is None}
    if totals.topes is None:
        silent |= {"tope", "exceso_pb"}
    return tuple(column for column in COLUMNS if column.key not in silent)


class Accounts[S](Listing[S]):
    """List the accounts of a past process, among those that `loads` offers."""

    title, file_name = _("Cuentas"), "historico"
    filters = FILTERS
    order = "-gasto"
    columns: Sequence[Column] = COLUMNS
    empty = _("Su archivo no trae cuentas.")

    def loads(self) -> QuerySet[CargaHistorica]:
        """Return the past processes that may be looked at."""
        raise NotImplementedError

    def get(self, request: HttpRequest, seat: S, pk: int = 0) -> HttpResponseBase:
        """Find the past process of that number."""
        self.carga = get_object_or_404(self.loads(), pk=pk)
        self.columns = _columns_told(totals_of(self.carga))
        if "gasto" not in {column.key for column in self.columns}:
            self.order = "-ingresos"
        return super().get(request, seat)

    def query(self) -> QuerySet[Model]:
        """Select its accounts."""
        return accounts_of(self.carga)


def shown(carga: CargaHistorica) -> dict[str, object]:
    """Return what the page of a past process shows beside its accounts."""
    spent, earned = heads_of(carga)
    return {
        "carga": carga,
        "totales": totals_of(carga),
        "gastos": [Bar(head.capitalize(), amount) for head, amount in spent.items() if amount],
        "ingresos": [Bar(head.capitalize(), amount) for head, amount in earned.items() if amount],
    }
