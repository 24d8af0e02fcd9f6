"""Show bank accounts, their open items and proposals, and receive statements."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, F, Model, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sif.banks import selectors
from sif.banks.readers import SHEETS
from sif.banks.reading import format_of, read_all
from sif.banks.services import load_statement
from sif.banks.tasks import MOST_BYTES, ask_to_load
from sif.books.services import Handed, store_file
from sif.registry.models import CuentaBancaria
from sif.sandbox.client import Late
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, Link, Values
from sif.web.lazy import Words
from sif.web.party.bancos.account_page import account_of, account_url, show, tell
from sif.web.party.bancos.bank_pictures import balances_picture
from sif.web.party.desk import PartyListing, books_filter, holder_words, whose
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty
from sif.web.trabajos.following import to_job


def _open_state(row: Values) -> tuple[str, Words]:
    """Return what is left to explain of an account."""
    if row["estado_hasta"] is None:
        return ("sin_dato", _("Falta su estado de cuenta"))
    if not row["pendientes"]:
        return ("completa", _("Todo conciliado"))
    told = {"bank": row["banco_sin_libros"], "books": row["libros_sin_banco"]}
    return ("incompleta", gettext("%(bank)d del banco, %(books)d de libros") % told)


_OPEN = Case(When(hasta=None, then=-1), default=F("lineas_abiertas") + F("movimientos_abiertos"))


class BankAccounts(PartyListing):
    """The accounts of the person's books, with most left to explain first and those without a statement last."""

    page = file_name = "bancos"
    template = "party/bancos.html"
    title = _("Bancos")
    intro = _("Lo que dice el banco, junto a lo que dicen los libros. Lo que nadie explica queda a la vista.")
    filters = {"contabilidad": books_filter()}
    order = "-pendientes"
    columns = (
        Column("cuenta", kind="clave", source="clabe", under="banco"),
        Column("banco", _("Cuenta"), "cosa", link=Link("party:banco")),
        Column("contabilidad", source="contabilidad_id", under="nombre"),
        Column("nombre", _("Contabilidad"), source=whose(), show=lambda row: holder_words(row["nombre"])),
        Column("estado_hasta", _("Estado hasta"), "dia", "hasta", show=lambda row: row["estado_hasta"] or _("Ninguno")),
        Column(
            "saldo_banco",
            _("Saldo del banco"),
            "dinero",
            "saldo_banco",
            show=lambda row: _("Sin estado") if row["saldo_banco"] is None else Money(row["saldo_banco"]),
        ),
        Column("saldo_libros", _("Saldo en libros"), "dinero"),
        Column("banco_sin_libros", source="lineas_abiertas", where="file"),
        Column("libros_sin_banco", source="movimientos_abiertos", where="file"),
        Column("pendientes", _("Por explicar"), "estado", _OPEN, show=_open_state, where="screen"),
        Column(
            "conciliada_hasta",
            _("Conciliada hasta"),
            "dia",
            "cerrada",
            show=lambda row: (
                selectors.month_end(row["conciliada_hasta"]) if row["conciliada_hasta"] else _("Ningún mes")
            ),
            written=lambda row: row["conciliada_hasta"] and selectors.month_end(row["conciliada_hasta"]),
        ),
    )
    empty = Empty(_("Ninguna cuenta bancaria."), _("Aparecen aquí al darse de alta en sus contabilidades."))

    def query(self) -> QuerySet[Model]:
        """Select them with the state of each."""
        return selectors.accounts(self.seat.libros)

    def extra(self) -> Mapping[str, object]:
        """Draw the balances of the accounts that the filter leaves."""
        return {"grafica": balances_picture(self.found[1])}


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return an account: proposals with their reasons, what is open on each side, links, statements."""
    return show(request, mesa, account_of(mesa, number))


@require_POST
@party_page
def receive(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Receive a statement; where its columns were not named, or it has several accounts, a page asks first."""
    cuenta = account_of(mesa, number)
    upload = request.FILES.get("archivo")
    if not isinstance(upload, UploadedFile):
        nothing = Problem(
            "archivo", gettext("archivo"), gettext("No eligió ningún archivo."), gettext("Elija el estado de cuenta.")
        )
        return show(request, mesa, cuenta, (nothing,), 422)
    data, name = upload.read(), upload.name or "estado"
    try:
        return _load(request, mesa, cuenta, name, data)
    except Refused as refused:
        return show(request, mesa, cuenta, refused.problems, 422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _load(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, name: str, data: bytes) -> HttpResponse:
    """Load a file, or keep one that takes long to read: the page that asks for its columns follows the job."""
    try:
        return _at_once(request, mesa, cuenta, name, data)
    except Late:
        return HttpResponseRedirect(_kept(request, mesa, cuenta, (name, data), "party:banco_columnas"))


def _at_once(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, name: str, data: bytes) -> HttpResponse:
    """Load a file, go to the page that must ask something first, or ask for the job of a long one."""
    is_sheet, is_long = format_of(data) in SHEETS, len(data) > MOST_BYTES
    if is_sheet and (is_long or not _loads_alone(cuenta, name, data, request, mesa)):
        return HttpResponseRedirect(_kept(request, mesa, cuenta, (name, data), "party:banco_columnas"))
    if is_long:
        _kept(request, mesa, cuenta, (name, data), "party:banco_cuentas")  # where its job sends who must choose one
        return to_job(request, ask_to_load(cuenta, (name, data), mesa.usuario), mesa.usuario)
    if not is_sheet:
        if len({each.clave for each in read_all(data).cuentas}) > 1:
            return HttpResponseRedirect(_kept(request, mesa, cuenta, (name, data), "party:banco_cuentas"))
        tell(request, load_statement(cuenta, (name, data), mesa.usuario))
    return HttpResponseRedirect(account_url(cuenta))


def _loads_alone(cuenta: CuentaBancaria, name: str, data: bytes, request: HttpRequest, mesa: Mesa) -> bool:
    """Return whether the columns remembered of this bank were enough to load the file."""
    known = selectors.remembered_map(cuenta)
    if known is None:
        return False
    try:
        tell(request, load_statement(cuenta, (name, data), mesa.usuario, mapa=known))
    except Refused as refused:
        if {each.codigo for each in refused.problems} <= {"columnas", "sin_titulos", "sin_saldo", "fecha", "importe"}:
            return False
        raise
    return True


def _kept(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, archivo: tuple[str, bytes], page: str) -> str:
    """Keep a file (name, bytes) of which something may have to be said; returns the address of the page that asks."""
    if not mesa.can("capturar", cuenta.contabilidad):
        raise PermissionDenied(gettext("Su perfil consulta estos libros; no carga estados de cuenta."))
    name, kept = archivo[0], store_file(archivo[1], Handed(cuenta.contabilidad, mesa.usuario))
    # whoever brought the file goes on with it; nobody reaches another's by guessing its digest
    request.session["estados"] = {**request.session.get("estados", {}), kept.sha256: name}
    return reverse(page, args=[cuenta.pk, kept.sha256])
