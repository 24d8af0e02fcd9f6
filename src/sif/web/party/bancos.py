"""Show bank accounts, their open items and proposals, and receive statements."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sif.banks import selectors
from sif.banks.matching import weights
from sif.banks.readers import SHEETS
from sif.banks.reading import format_of, read_all
from sif.banks.services import Loaded, load_statement
from sif.banks.statement import StatementRefused
from sif.banks.tasks import MOST_BYTES, ask_to_load
from sif.books.services import EvidenciaRefused, store_file
from sif.registry.models import CuentaBancaria
from sif.values import Money, Problem
from sif.web.columns import Column, Link, Values
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.party import bancos_tablas as tables
from sif.web.party.bancos_words import loaded_words, warned_words
from sif.web.party.desk import PartyListing, books_filter, whose
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Empty
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_day

VIEWS = ("propuestas", "banco", "libros", "enlaces", "estados")


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
    title = _("Bancos")
    intro = _("Lo que dice el banco, junto a lo que dicen los libros. Lo que nadie explica queda a la vista.")
    filters = {"contabilidad": books_filter()}
    order = "-pendientes"
    columns = (
        Column("cuenta", kind="clave", source="clabe", under="banco"),
        Column("banco", _("Cuenta"), "cosa", link=Link("party:banco")),
        Column("contabilidad", source="contabilidad_id", under="nombre"),
        Column("nombre", _("Contabilidad"), source=whose()),
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

    def query(self) -> QuerySet[Any]:
        """Select them with the state of each."""
        return selectors.accounts(self.seat.libros)


def account_of(mesa: Mesa, number: int) -> CuentaBancaria:
    """A bank account of the person's books. Raises Http404."""
    rows = CuentaBancaria.objects.select_related("contabilidad__sujeto", "contabilidad__etapa__proceso")
    found = rows.filter(pk=number, contabilidad__in=mesa.libros).first()
    if found is None:
        raise Http404(gettext("No hay una cuenta bancaria con el número %(number)d.") % {"number": number})
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
    since = typed_day(request.GET.get("desde", ""))
    found = selectors.proposals(cuenta, since)
    following = selectors.proposals_go_on(cuenta, since)
    last = selectors.statements(cuenta).first()
    in_books = selectors.open_movements(cuenta, hasta=last.hasta if last else None)
    counts = {
        "propuestas": len(found),
        "banco": selectors.open_lines(cuenta).count(),
        "libros": in_books.count(),
        "enlaces": selectors.links(cuenta).count(),
        "estados": selectors.statements(cuenta).count(),
    }
    sure = [each for each in found if each.nivel >= weights().bloque]
    able = mesa.can("capturar", cuenta.contabilidad)
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "nombre": books_name(cuenta.contabilidad),
        "problemas": problems,
        "vistas": _tabs(cuenta, view, counts),
        "tabla": tables.view_table(request, cuenta, view, found, able=able),
        "vista": view,
        "puede": able,
        "seguras": len(sure),
        "nivel": weights().bloque,
        "ultimo": last,
        "libros": selectors.book_balance(cuenta),
        "meses": [(tables.month_words(each), month_url(cuenta, each)) for each in selectors.months(cuenta)[:6]],
        "cuentas": counts,
        "desde": since,
        "comparadas": selectors.MOST_PROPOSED,
        "siguen": following,
        "siguientes": account_url(cuenta, "propuestas") + f"&desde={following}" if following else "",
        "primeras": account_url(cuenta, "propuestas"),
    }
    return render(request, "party/banco.html", context, status=status)


def month_url(cuenta: CuentaBancaria, month: Any) -> str:
    """The address of the reconciliation of a month."""
    return reverse("party:conciliacion", args=[cuenta.pk, month.year, month.month])


def _tabs(cuenta: CuentaBancaria, view: str, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    words = {
        "propuestas": gettext("Propuestas"),
        "banco": gettext("Sin póliza"),
        "libros": gettext("Sin banco"),
        "enlaces": gettext("Conciliadas"),
        "estados": gettext("Estados cargados"),
    }
    return [(words[key], account_url(cuenta, key), counts[key], key == view) for key in VIEWS]


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
    except StatementRefused as refused:
        return show(request, mesa, cuenta, refused.problems, 422)
    except EvidenciaRefused as refused:
        return show(request, mesa, cuenta, (refused.problem,), 422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _load(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, name: str, data: bytes) -> HttpResponse:
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


def _kept(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, archivo: tuple[str, bytes], page: str) -> str:
    """Keep a file (name, bytes) of which something may have to be said; returns the address of the page that asks."""
    if not mesa.can("capturar", cuenta.contabilidad):
        raise PermissionDenied(gettext("Su perfil consulta estos libros; no carga estados de cuenta."))
    name, kept = archivo[0], store_file(archivo[1])
    # whoever brought the file goes on with it; nobody reaches another's by guessing its digest
    request.session["estados"] = {**request.session.get("estados", {}), kept.sha256: name}
    return reverse(page, args=[cuenta.pk, kept.sha256])


def tell(request: HttpRequest, loaded: Loaded) -> None:
    """Say what became of a file, and what is odd in it."""
    for words in warned_words(loaded.avisos):
        messages.warning(request, words)
    say = messages.info if loaded.repetido else messages.success
    say(request, loaded_words(loaded.nuevas, loaded.conocidas, is_again=loaded.repetido))
