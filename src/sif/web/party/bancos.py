"""Show bank accounts, their open items and proposals, and receive statements."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.banks import selectors
from sif.banks.matching import weights
from sif.banks.reading import format_of
from sif.banks.services import Loaded, load_statement
from sif.banks.statement import StatementRefused
from sif.books.services import EvidenciaRefused, store_file
from sif.registry.models import CuentaBancaria
from sif.values import Problem
from sif.web.files import csv_file, xlsx_file
from sif.web.frame import Crumb
from sif.web.party import bancos_tablas as tables
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page

HEAD = (
    "cuenta", "banco", "contabilidad", "nombre", "estado_hasta", "saldo_banco", "saldo_libros", "banco_sin_libros",
    "libros_sin_banco", "conciliada_hasta",
)  # fmt: skip
VIEWS = ("propuestas", "banco", "libros", "enlaces", "estados")


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The accounts of the person's books; ?formato=csv or xlsx gives them as a file."""
    asked = request.GET.get("contabilidad", "")
    numbers = [number for number in mesa.libros if asked in ("", str(number))]
    rows = selectors.accounts(numbers)
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        return write("bancos", HEAD, (_file_row(row) for row in rows))
    context = {
        "frame": mesa.frame("bancos"), "tabla": tables.accounts_table(request, rows),
        "libros": [(str(each.pk), books_name(each)) for each in mesa.libros.values()], "elegida": asked,
    }  # fmt: skip
    return render(request, "party/bancos.html", context)


def _file_row(row: selectors.AccountRow) -> tuple[object, ...]:
    books = row.cuenta.contabilidad
    return (
        row.cuenta.clabe, row.cuenta.banco, books.pk, books_name(books), row.hasta, row.saldo_banco, row.saldo_libros,
        row.lineas_abiertas, row.movimientos_abiertos, row.cerrada_hasta,
    )  # fmt: skip


def account_of(mesa: Mesa, number: int) -> CuentaBancaria:
    """A bank account of the person's books. Raises Http404."""
    rows = CuentaBancaria.objects.select_related("contabilidad__sujeto", "contabilidad__etapa__proceso")
    found = rows.filter(pk=number, contabilidad__in=mesa.libros).first()
    if found is None:
        raise Http404(_("No hay una cuenta bancaria con el número %(number)d.") % {"number": number})
    found.contabilidad = mesa.libros[found.contabilidad_id]
    return found


def account_crumbs(cuenta: CuentaBancaria) -> tuple[Crumb, ...]:
    """The steps of the context bar down to an account."""
    return books_crumb(cuenta.contabilidad), Crumb(cuenta.banco, account_url(cuenta), cuenta.clabe[-4:])


def account_url(cuenta: CuentaBancaria, view: str = "") -> str:
    """The address of an account, at one of VIEWS."""
    return reverse("party:banco", args=[cuenta.pk]) + (f"?vista={view}" if view else "")


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """An account: proposals with their reasons, what is open on each side, links, statements."""
    return show(request, mesa, account_of(mesa, number))


def show(
    request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    """The page of an account, with what went wrong, if anything."""
    view = request.GET.get("vista", "")
    view = view if view in VIEWS else VIEWS[0]
    found = selectors.proposals(cuenta)
    last = selectors.statements(cuenta).first()
    in_books = selectors.open_movements(cuenta, hasta=last.hasta if last else None)
    counts = {
        "propuestas": len(found), "banco": selectors.open_lines(cuenta).count(), "libros": in_books.count(),
        "enlaces": selectors.links(cuenta).count(), "estados": selectors.statements(cuenta).count(),
    }  # fmt: skip
    sure = [each for each in found if each.nivel >= weights().bloque]
    able = mesa.can("capturar", cuenta.contabilidad)
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), etapa=cuenta.contabilidad.etapa), "cuenta": cuenta,
        "nombre": books_name(cuenta.contabilidad), "problemas": problems, "vistas": _tabs(cuenta, view, counts),
        "tabla": tables.view_table(request, cuenta, view, found, able=able), "vista": view, "puede": able,
        "seguras": len(sure), "nivel": weights().bloque, "ultimo": last, "libros": selectors.book_balance(cuenta),
        "meses": [(tables.month_words(each), month_url(cuenta, each)) for each in selectors.months(cuenta)[:6]],
        "cuentas": counts,
    }  # fmt: skip
    return render(request, "party/banco.html", context, status=status)


def month_url(cuenta: CuentaBancaria, month: Any) -> str:
    """The address of the reconciliation of a month."""
    return reverse("party:conciliacion", args=[cuenta.pk, month.year, month.month])


def _tabs(cuenta: CuentaBancaria, view: str, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    words = {
        "propuestas": _("Propuestas"), "banco": _("Sin póliza"), "libros": _("Sin banco"),
        "enlaces": _("Conciliadas"), "estados": _("Estados cargados"),
    }  # fmt: skip
    return [(words[key], account_url(cuenta, key), counts[key], key == view) for key in VIEWS]


@require_POST
@party_page
def receive(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Receive a statement; a CSV whose columns nobody has named yet goes to be named."""
    cuenta = account_of(mesa, number)
    upload = request.FILES.get("archivo")
    if not isinstance(upload, UploadedFile):
        nothing = Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija el estado de cuenta."))
        return show(request, mesa, cuenta, (nothing,), 422)
    data, name = upload.read(), upload.name or "estado"
    try:
        if format_of(data) == "csv":
            if not _loads_alone(cuenta, name, data, request, mesa):
                return _to_columns(request, mesa, cuenta, name, data)
        else:
            tell(request, load_statement(cuenta, (name, data), mesa.usuario))
    except StatementRefused as refused:
        return show(request, mesa, cuenta, refused.problems, 422)
    except EvidenciaRefused as refused:
        return show(request, mesa, cuenta, (refused.problem,), 422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return HttpResponseRedirect(account_url(cuenta))


def _loads_alone(cuenta: CuentaBancaria, name: str, data: bytes, request: HttpRequest, mesa: Mesa) -> bool:
    """Whether the columns remembered of this bank were enough to load the file."""
    known = selectors.remembered_map(cuenta)
    if known is None:
        return False
    try:
        tell(request, load_statement(cuenta, (name, data), mesa.usuario, mapa=known))
    except StatementRefused as refused:
        if {each.codigo for each in refused.problems} <= {"columnas", "sin_titulos", "sin_saldo", "fecha", "importe"}:
            return False
        raise
    return True


def _to_columns(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, name: str, data: bytes) -> HttpResponse:
    if not mesa.can("capturar", cuenta.contabilidad):
        raise PermissionDenied(_("Su perfil consulta estos libros; no carga estados de cuenta."))
    kept = store_file(data)
    # whoever brought the file goes on with it; nobody reaches another's by guessing its digest
    request.session["estados"] = {**request.session.get("estados", {}), kept.sha256: name}
    return HttpResponseRedirect(reverse("party:banco_columnas", args=[cuenta.pk, kept.sha256]))


def tell(request: HttpRequest, loaded: Loaded) -> None:
    """Say what became of a file."""
    if loaded.repetido:
        messages.info(request, _("Ese estado ya estaba cargado: nada cambió."))
        return
    new = ngettext("%(n)d movimiento nuevo", "%(n)d movimientos nuevos", loaded.nuevas) % {"n": loaded.nuevas}
    words = _("Estado de cuenta cargado: %(new)s") % {"new": new}
    known = _(" y %(n)d que ya estaban") % {"n": loaded.conocidas} if loaded.conocidas else ""
    messages.success(request, f"{words}{known}.")
