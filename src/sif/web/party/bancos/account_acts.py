"""Handle the acts on a bank account: accept, undo, link, explain, open a draft."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.banks import selectors
from sif.banks.models import Enlace, EstadoDeCuenta, ExplicacionPendiente, LineaBancaria
from sif.banks.services import accept, accept_all, explain, link, undo
from sif.books.models import Borrador, Movimiento
from sif.books.selectors import reference_of
from sif.books.services import read_file, save_borrador
from sif.registry import clock
from sif.registry.models import CuentaBancaria
from sif.registry.selectors import windows_open
from sif.values import Money, Problem, Refused
from sif.web.frame import Crumb
from sif.web.party.bancos import bank_tables as tables
from sif.web.party.bancos.account_page import account_crumbs, account_of, account_url, show
from sif.web.party.draft_content import Content, blank, blank_line, draft_url, tidy
from sif.web.party.mesa import Mesa, party_page
from sif.web.typed import typed_day, typed_number

_NEAR_DAYS = 45
_SHOWN = 12


def _numbers(text: str) -> list[int]:
    return [number for part in text.split(",") if (number := typed_number(part))][:100]


def _done(request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, act: Callable[[], str]) -> HttpResponse:
    """Do an act and say so, or show the account with why it was refused."""
    try:
        messages.success(request, act())
    except Refused as refused:
        return show(request, mesa, cuenta, refused.problems, 409)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return HttpResponseRedirect(account_url(cuenta, request.POST.get("vista", "")))


@require_POST
@party_page
def take(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Accept one proposal (`lineas`, `movimientos`), or all that are sure enough (`todas`)."""
    cuenta, since = account_of(mesa, number), typed_day(request.POST.get("desde", ""))

    def act() -> str:
        if "todas" in request.POST:
            n = len(accept_all(cuenta, mesa.usuario, desde=since))
            return ngettext("%(n)d propuesta aceptada.", "%(n)d propuestas aceptadas.", n) % {"n": n}
        lines, movements = _numbers(request.POST.get("lineas", "")), _numbers(request.POST.get("movimientos", ""))
        accept(cuenta, lines, movements, mesa.usuario, desde=since)
        return _("Propuesta aceptada.")

    return _done(request, mesa, cuenta, act)


@require_POST
@party_page
def back(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Undo a link while its month is open."""
    cuenta = account_of(mesa, number)
    made = Enlace.objects.filter(cuenta=cuenta, pk__in=_numbers(request.POST.get("enlace", ""))).first()
    if made is None:
        raise Http404(_("Ese enlace no es de esta cuenta."))
    made.cuenta = cuenta

    def act() -> str:
        undo(made, mesa.usuario)
        return _("Enlace deshecho: sus partes vuelven a estar pendientes.")

    return _done(request, mesa, cuenta, act)


@require_POST
@party_page
def by_hand(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Link the line or movement of an item with those chosen on the other side."""
    cuenta = account_of(mesa, number)
    lines, movements = _numbers(request.POST.get("lineas", "")), _numbers(request.POST.get("movimientos", ""))
    chosen = [number for each in request.POST.getlist("elegir") if (number := typed_number(each))][:100]

    def act() -> str:
        link(cuenta, lines or chosen, movements or chosen, mesa.usuario)
        return _("Conciliadas a mano.")

    return _done(request, mesa, cuenta, act)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def item(request: HttpRequest, mesa: Mesa, number: int, lado: str, partida: int) -> HttpResponse:
    """Return an open item: what may be its other side, its notes; a post writes a note."""
    cuenta = account_of(mesa, number)
    which = {"linea": partida} if lado == "banco" else {"movimiento": partida}
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            explain(cuenta, request.POST.get("texto", ""), mesa.usuario, **which)
            messages.success(request, _("Explicación guardada."))
            return HttpResponseRedirect(account_url(cuenta, lado))
        except Refused as refused:
            problems = refused.problems
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    context = _item(cuenta, lado, partida)
    notes = ExplicacionPendiente.objects.filter(cuenta=cuenta, **{f"{k}_id": v for k, v in which.items()})
    crumb = Crumb(_("Partida"), request.path)
    context |= {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), crumb, etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "lado": lado,
        "partida": partida,
        "problemas": problems,
        "notas": notes.select_related("escrita_por").order_by("-pk"),
        "volver": account_url(cuenta, lado),
        "puede": mesa.can("capturar", cuenta.contabilidad),
        "abierta": bool(windows_open(cuenta.contabilidad)),
    }
    return render(request, "party/banco_partida.html", context, status=422 if problems else 200)


def _item(cuenta: CuentaBancaria, side: str, number: int) -> dict[str, object]:
    """The item in words, and its likely other sides: those of its sign, equal amounts first, then the nearest."""
    line = selectors.open_lines(cuenta).filter(pk=number).first() if side == "banco" else None
    movement = selectors.open_movements(cuenta).filter(pk=number).first() if side == "libros" else None
    if line is not None:
        others = [
            (each.pk, tables.movement_html(each), Money(each.cargo - each.abono), each.poliza.fecha_operacion)
            for each in selectors.open_movements(cuenta)
        ]
        title, day, amount, below = line.descripcion, line.fecha, Money(line.monto), line.referencia
    elif movement is not None:
        others = [
            (each.pk, tables.line_html(each), Money(each.monto), each.fecha) for each in selectors.open_lines(cuenta)
        ]
        title, day, amount = reference_of(movement.poliza), movement.poliza.fecha_operacion, _signed(movement)
        below = movement.poliza.concepto
    else:
        raise Http404(_("Esa partida ya está conciliada o no es de esta cuenta."))
    near = [
        each for each in others if abs((each[3] - day).days) <= _NEAR_DAYS and each[2].centavos * amount.centavos > 0
    ]
    near.sort(key=lambda each: (each[2] != amount, abs((each[3] - day).days), each[0]))
    return {
        "titulo": title or _("Sin descripción"),
        "dia": day,
        "monto": amount,
        "debajo": below,
        "otros": near[:_SHOWN],
        "dias": (clock.today() - day).days,
        "linea": line,
    }


def _signed(movement: Movimiento) -> Money:
    return Money(movement.cargo - movement.abono)


@require_POST
@party_page
def record(request: HttpRequest, mesa: Mesa, number: int, linea: int) -> HttpResponse:
    """Open the draft of the póliza of a bank line that the books lack, the one begun if there is; nothing is posted."""
    cuenta = account_of(mesa, number)
    line = selectors.open_lines(cuenta).select_related("estado").filter(pk=linea).first()
    if line is None:
        raise Http404(_("Ese movimiento ya está conciliado o no es de esta cuenta."))
    content = _content(cuenta, line)
    begun = Borrador.objects.filter(contabilidad=cuenta.contabilidad, contenido__razon=content["razon"]).first()
    try:
        draft = begun or save_borrador(cuenta.contabilidad, content, mesa.usuario)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return HttpResponseRedirect(draft_url(draft))


def _content(cuenta: CuentaBancaria, line: LineaBancaria) -> Content:
    """Return the bank's side filled in, and the other one as its words suggest."""
    hint = selectors.suggestion(line)
    amount = tidy(Money(abs(line.monto)).plain())
    into = line.monto > 0
    own = f"{cuenta.clabe} {cuenta.banco}"
    bank = {
        **blank_line(),
        "cuenta": selectors.bank_account_code(),
        "auxiliar": own,
        "cargo" if into else "abono": amount,
        "concepto": line.descripcion[:300],
    }
    other = {
        **blank_line(),
        "cuenta": hint.get("cuenta", ""),
        "auxiliar": own if hint else "",
        "abono" if into else "cargo": amount,
        "concepto": hint.get("concepto", ""),
    }
    words = hint.get("concepto") or line.descripcion
    return {
        **blank(_window(cuenta, line.fecha)),
        "subtipo": "IG" if into else "EG",
        "fecha": f"{line.fecha:%d/%m/%Y}",
        "concepto": f"{words} {line.referencia}".strip()[:500],
        "lineas": [bank, other] if into else [other, bank],
        "razon": _("Lo dice el estado de cuenta %(file)s, movimiento %(n)d, y no está en los libros.")
        % {"file": line.estado.nombre, "n": line.lugar},
        "evidencias": [
            {"clase": "estado_cuenta", "nombre": line.estado.nombre, "sha256": line.estado.archivo_id},
        ],
    }


def _window(cuenta: CuentaBancaria, day: date) -> str:
    """Return the open window of the period of a day; the last open one where that period is closed."""
    opened = windows_open(cuenta.contabilidad)
    same = [each for each in opened if each.periodo.desde <= day <= each.periodo.hasta]
    chosen = same or opened[-1:]
    return f"{chosen[0].periodo_id}:{chosen[0].tipo}" if chosen else ""


@require_safe
@party_page
def file(request: HttpRequest, mesa: Mesa, number: int, estado: int) -> HttpResponse:
    """Return the file of a statement as it was loaded, to download."""
    cuenta = account_of(mesa, number)
    row = EstadoDeCuenta.objects.filter(cuenta=cuenta, pk=estado).first()
    if row is None:
        raise Http404(_("Ese estado de cuenta no es de esta cuenta."))
    response = HttpResponse(read_file(row.archivo_id), content_type="application/octet-stream")
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in row.nombre)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
