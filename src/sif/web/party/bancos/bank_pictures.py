"""Build the pictures of Bancos: balances by month, bank beside books, and what is left to match."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.banks.monthly import AccountMonth, bank_balances
from sif.banks.selectors import months_of
from sif.registry.models import CuentaBancaria
from sif.web.charts import MOST, Chart, Point, over_time
from sif.web.formats import short_month

SHOWN = 12  # months


def balances_picture(cuentas: QuerySet[Model]) -> Chart:
    """Return the chart of the bank balance at each end of month, for the accounts with the highest balance.

    cuentas: the accounts as annotated by `selectors.accounts`.
    """
    rows = cuentas.filter(hasta__isnull=False).order_by(F("saldo_banco").desc(), "pk")
    names = {pk: f"{bank} ·{clabe[-4:]}" for pk, bank, clabe in rows.values_list("pk", "banco", "clabe")[:MOST]}
    held = {(cuenta, mes): saldo for cuenta, mes, saldo in bank_balances(names)}
    months = months_of([mes for _cuenta, mes in held])[-SHOWN:]
    points = [_point(mes, *(held.get((cuenta, mes)) for cuenta in names)) for mes in months]
    return Chart(
        _("¿Cuánto había en el banco al cerrar cada mes?"),
        over_time(points),
        _("Mes"),
        list(names.values()) or [_("Saldo")],
        points,
        vacia=_("Ninguna cuenta tiene estados; al cargarlos se dibujan aquí sus saldos."),
        nota=_("Las cuatro cuentas con más saldo, según su último estado del mes"),
    )


def sides_picture(months: Sequence[AccountMonth]) -> Chart:
    """Return the chart of the balance of an account by month, according to the bank and to the books."""
    points = [
        _point(each.mes, None if each.banco is None else each.banco.centavos, each.libros.centavos)
        for each in months[-SHOWN:]
    ]
    return Chart(
        _("¿Dicen lo mismo el banco y los libros?"),
        over_time(points),
        _("Mes"),
        (_("Según el banco"), _("Según los libros")),
        points,
        vacia=_("Ni el banco ni los libros dicen nada de esta cuenta todavía."),
        nota=_("Saldo al cerrar cada mes; el del banco, según su último estado del mes"),
    )


def matched_picture(cuenta: CuentaBancaria, months: Sequence[AccountMonth]) -> Chart:
    """Return the chart of the operations of each month: matched, in the bank alone and in the books alone."""
    return Chart(
        _("¿Qué falta por conciliar, mes a mes?"),
        "apiladas",
        _("Mes"),
        (_("Conciliadas"), _("En el banco y no en los libros"), _("En los libros y no en el banco")),
        [
            _point(
                each.mes,
                each.conciliadas,
                each.banco_sin_libros,
                each.libros_sin_banco,
                url=reverse("party:conciliacion", args=[cuenta.pk, each.mes.year, each.mes.month]),
            )
            for each in months[-SHOWN:]
        ],
        "numero",
        nota=_("Operaciones, como están hoy"),
        vacia=_("Esta cuenta no tiene operaciones todavía."),
    )


def _point(mes: date, *values: int | None, url: str = "") -> Point:
    words = short_month(mes)
    return Point(words, values, url, words)
