"""Choose which account of a file of several is loaded."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.banks.reading import accounts_of
from sif.banks.statement import Reading, Statement, same_account
from sif.registry.models import CuentaBancaria
from sif.values import Problem, Refused
from sif.web.columns import Column, panel
from sif.web.party.bancos.account_page import account_crumbs, account_of, account_url, load, show
from sif.web.party.bancos.kept_statement import received
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Table, Thing


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def accounts(request: HttpRequest, mesa: Mesa, number: int, sha256: str) -> HttpResponse:
    """Show the accounts of a file just received and load the one chosen."""
    cuenta = account_of(mesa, number)
    name, data = received(request, sha256)
    try:
        reading, movements = accounts_of(data)
    except Refused as refused:
        return show(request, mesa, cuenta, refused.problems, 422)
    if request.method != "POST":
        return _page(request, mesa, cuenta, name, reading, movements)
    chosen = request.POST.get("elegida", "")
    if chosen not in {each.clave for each in reading.cuentas}:
        nothing = Problem("cuenta", _("cuenta"), _("No eligió ninguna cuenta."), _("Elija la que se carga."))
        return _page(request, mesa, cuenta, name, reading, movements, (nothing,))
    try:
        return load(request, mesa, cuenta, (name, data), elegida=chosen)
    except Refused as refused:
        return _page(request, mesa, cuenta, name, reading, movements, refused.problems[:20])
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _page(
    request: HttpRequest,
    mesa: Mesa,
    cuenta: CuentaBancaria,
    name: str,
    reading: Reading,
    movements: Sequence[int],
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    options = [(each, _why_not(each, cuenta)) for each in reading.cuentas]
    open_ones = [each.clave for each, why in options if not why]
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "nombre": name,
        "tabla": _table(options, movements),
        "opciones": [(each.clave, _words(each)) for each, why in options if not why],
        "elegida": request.POST.get("elegida") or (open_ones[0] if len(open_ones) == 1 else ""),
        "problemas": problems,
        "danados": [each for part in reading.danados for each in part.problemas],
        "volver": account_url(cuenta),
    }
    return render(request, "party/banco_cuentas.html", context, status=422 if problems else 200)


def _why_not(found: Statement, cuenta: CuentaBancaria) -> str:
    """Say why an account of the file is not loaded in this one; '' where it can be."""
    if found.problemas:
        return found.problemas[0].mensaje
    if found.cuenta and not same_account(cuenta.clabe, found.cuenta):
        return _("Es otra cuenta.")
    return ""


def _words(found: Statement) -> str:
    return found.cuenta or _("Sin número, en %(currency)s") % {"currency": found.moneda}


def _table(options: Sequence[tuple[Statement, str]], movements: Sequence[int]) -> Table:
    columns = (
        Column("cuenta", _("Cuenta"), "cosa"),
        Column("moneda", _("Moneda"), phone="third"),
        Column("dias", _("Días"), phone="wide"),
        Column("movimientos", _("Movimientos"), "numero", phone="third"),
        Column("inicial", _("Saldo inicial"), "dinero"),
        Column("final", _("Saldo final"), "dinero"),
    )
    rows = [
        {
            "cuenta": Thing(_words(each), debajo=why),
            "moneda": each.moneda,
            "dias": f"{each.desde:%d/%m/%Y} – {each.hasta:%d/%m/%Y}",
            "movimientos": count,
            "inicial": each.saldo_inicial,
            "final": each.saldo_final,
        }
        for (each, why), count in zip(options, movements, strict=True)
    ]
    return panel(_("Cuentas del archivo"), rows, columns)
