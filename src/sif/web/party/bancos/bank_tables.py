"""Build the tables of Bancos: accounts, proposals, open items, links, statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.banks import selectors
from sif.banks.matching import Proposal, Reason, raw_data
from sif.banks.models import Enlace, LineaBancaria
from sif.books.models import Movimiento
from sif.books.selectors import reference_of
from sif.registry import clock
from sif.registry.models import CuentaBancaria
from sif.values import Money
from sif.values.texts import capitalized
from sif.web.columns import Column, panel
from sif.web.formats import in_english, moment_words, short_day
from sif.web.party.mesa import poliza_url
from sif.web.tables import Empty, Link, Table, Thing, page_of


def view_table(
    request: HttpRequest, cuenta: CuentaBancaria, view: str, found: Sequence[Proposal], *, able: bool
) -> Table:
    """Return the table of one view of an account."""
    if view == "propuestas":
        return _proposals_table(request, cuenta, found, able=able)
    if view == "banco":
        return _lines_table(request, cuenta)
    if view == "libros":
        return _movements_table(request, cuenta)
    return _links_table(request, cuenta, able=able) if view == "enlaces" else _statements_table(request, cuenta)


def reason_words(code: str, datum: str) -> str:
    """Return a reason as people say it."""
    if code == "dias":
        days = int(datum)
        return ngettext("a %(n)d día", "a %(n)d días", days) % {"n": days} if days else _("el mismo día")
    words = {
        "monto": _("mismo importe"),
        "suma": _("%(d)s que suman justo el importe"),
        "unico": _("nadie más con ese importe"),
        "ambiguo": _("hay otros iguales"),
        "referencia": _("comparten %(d)s"),
        "nombre": _("dice «%(d)s»"),
        "nombre_parecido": _("nombre parecido a «%(d)s»"),
    }
    return words[code] % {"d": datum}


def reasons_words(reasons: Iterable[Reason]) -> str:
    """Return all the reasons of a proposal in one sentence."""
    text = ", ".join(reason_words(each.codigo, each.dato) for each in reasons)
    return f"{capitalized(text)}."


def line_html(line: LineaBancaria) -> SafeString:
    """Return a bank line: its words, and below its day, reference and amount."""
    below = " · ".join(filter(None, (short_day(line.fecha, year=True), line.referencia)))
    return format_html('{}<span class="under">{}</span>', line.descripcion or _("Sin descripción"), below)


def movement_html(movement: Movimiento) -> SafeString:
    """Return a movement of the books: its póliza as a link, and below its day and concept."""
    poliza = movement.poliza
    below = f"{short_day(poliza.fecha_operacion, year=True)} · {poliza.concepto}"
    return format_html(
        '<a href="{}">{}</a><span class="under">{}</span>', poliza_url(poliza), reference_of(poliza), below
    )


def _stack(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((part,) for part in parts))


def button(request: HttpRequest, url: str, words: str, fields: Mapping[str, object], about: str = "") -> SafeString:
    """Return a button that posts some fields, with words for who does not see the row."""
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="button compact" type="submit">{}<span class="visually-hidden"> {}</span></button></form>',
        url,
        get_token(request),
        hidden,
        words,
        about,
    )


def _proposals_table(request: HttpRequest, cuenta: CuentaBancaria, found: Sequence[Proposal], *, able: bool) -> Table:
    shown, page = page_of(found, request.GET)
    lines = LineaBancaria.objects.in_bulk([n for each in shown for n in each.lineas])
    movements = Movimiento.objects.select_related("poliza__periodo").in_bulk(
        [n for each in shown for n in each.movimientos]
    )

    def accept(each: Proposal) -> SafeString:
        fields = {"lineas": _joined(each.lineas), "movimientos": _joined(each.movimientos)}
        fields["desde"] = request.GET.get("desde", "")
        url = reverse("party:banco_aceptar", args=[cuenta.pk])
        return button(request, url, _("Aceptar"), fields, lines[each.lineas[0]].descripcion)

    columns = (
        Column("banco", _("En el banco"), "cosa", show=lambda each: _stack(line_html(lines[n]) for n in each.lineas)),
        Column(
            "libros",
            _("En los libros"),
            show=lambda each: _stack(movement_html(movements[n]) for n in each.movimientos),
            phone="wide",
        ),
        Column("monto", _("Importe"), "dinero", show=lambda each: Money(sum(lines[n].monto for n in each.lineas))),
        Column("nivel", _("Nivel"), "numero"),
        Column("razones", _("Por qué"), show=lambda each: reasons_words(each.razones), phone="wide"),
        Column("aceptar", _("Aceptar"), "accion", show=lambda each: accept(each) if able else ""),
    )
    return panel(_("Propuestas"), shown, columns, pagina=page, vacia=Empty(_("Ninguna propuesta."), _why_none(cuenta)))


def _why_none(cuenta: CuentaBancaria) -> str:
    """Say why nothing is proposed: there is no statement, all of it is matched, or nothing in it looks alike."""
    last = selectors.statements(cuenta).first()
    if last is None:
        return _("Cargue un estado de cuenta; lo que se parezca a una póliza se propone aquí.")
    lines = selectors.open_lines(cuenta).count()
    said = {"day": short_day(last.hasta, year=True), "n": lines}
    if not lines:
        return _("Cada línea de los estados cargados, hasta el %(day)s, tiene su póliza.") % said
    words = ngettext(
        "Los estados cargados llegan al %(day)s. %(n)d línea no se parece a ninguna póliza: está en «Sin póliza».",
        "Los estados cargados llegan al %(day)s. %(n)d líneas no se parecen a ninguna póliza: están en «Sin póliza».",
        lines,
    )
    return words % said


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def explained_state(text: str, days: int) -> object:
    """Return the state of an open item with its explanation, or with the number of days without one."""
    if text:
        return ("en_curso", text)
    words = ngettext("Sin explicar, %(n)d día", "Sin explicar, %(n)d días", max(0, days)) % {"n": max(0, days)}
    return ("vencido" if days > raw_data()["antigua"] else "incompleta", words)


def item_url(cuenta: CuentaBancaria, side: str, number: int) -> str:
    """Return the address of an open item, lado `banco` or `libros`."""
    return reverse("party:banco_partida", args=[cuenta.pk, side, number])


def _lines_table(request: HttpRequest, cuenta: CuentaBancaria) -> Table:
    title, (words, _others), today = _("En el banco y no en los libros"), selectors.explanations(cuenta), clock.today()
    shown, page = page_of(selectors.open_lines(cuenta), request.GET)

    def name(line: LineaBancaria) -> Thing:
        url = item_url(cuenta, "banco", line.pk)
        return Thing(line.descripcion or _("Sin descripción"), url, debajo=line.referencia)

    def state(line: LineaBancaria) -> object:
        return explained_state(words.get(line.pk, ""), (today - line.fecha).days)

    columns = (
        Column("cosa", title, "cosa", show=name),
        Column("fecha", _("Día"), "dia"),
        Column("monto", _("Importe"), "dinero"),
        Column("estado", _("Explicación"), "estado", show=state, phone="wide"),
        _solve(cuenta, "banco"),
    )
    return panel(title, shown, columns, pagina=page, vacia=Empty(_("Todo lo que dice el banco está en los libros.")))


def _solve(cuenta: CuentaBancaria, side: str) -> Column:
    def link(each: LineaBancaria | Movimiento) -> Link:
        return Link(_("Resolver"), item_url(cuenta, side, each.pk))

    return Column("accion", _("Qué sigue"), "accion", show=link)


def _movements_table(request: HttpRequest, cuenta: CuentaBancaria) -> Table:
    last, title = selectors.statements(cuenta).first(), _("En los libros y no en el banco")
    (_others, words), today = selectors.explanations(cuenta), clock.today()
    shown, page = page_of(selectors.open_movements(cuenta, hasta=last.hasta if last else None), request.GET)

    def name(each: Movimiento) -> Thing:
        return Thing(reference_of(each.poliza), item_url(cuenta, "libros", each.pk), debajo=each.poliza.concepto)

    def state(each: Movimiento) -> object:
        return explained_state(words.get(each.pk, ""), (today - each.poliza.fecha_operacion).days)

    columns = (
        Column("cosa", title, "cosa", show=name),
        Column("fecha", _("Día"), "dia", "poliza__fecha_operacion"),
        Column("monto", _("Importe"), "dinero", show=lambda each: Money(each.cargo - each.abono)),
        Column("estado", _("Explicación"), "estado", show=state, phone="wide"),
        _solve(cuenta, "libros"),
    )
    nothing = Empty(_("Todo lo registrado hasta el último estado de cuenta está en el banco."))
    return panel(title, shown, columns, pagina=page, vacia=nothing)


def _links_table(request: HttpRequest, cuenta: CuentaBancaria, *, able: bool) -> Table:
    shown, page = page_of(selectors.links(cuenta), request.GET)

    def lines(each: Enlace) -> list[LineaBancaria]:
        return [side.linea for side in each.lados_banco.all()]

    def undo(each: Enlace) -> SafeString:
        url = reverse("party:banco_deshacer", args=[each.cuenta_id])
        return button(request, url, _("Deshacer"), {"enlace": each.pk}, lines(each)[0].descripcion)

    columns = (
        Column("banco", _("En el banco"), "cosa", show=lambda each: _stack(map(line_html, lines(each)))),
        Column(
            "libros",
            _("En los libros"),
            show=lambda each: _stack(movement_html(side.movimiento) for side in each.lados_libros.all()),
            phone="wide",
        ),
        Column("monto", _("Importe"), "dinero", show=lambda each: Money(sum(line.monto for line in lines(each)))),
        Column("quien", _("Quién y por qué"), show=_who, phone="wide"),
        Column("deshacer", _("Deshacer"), "accion", show=lambda each: undo(each) if able else ""),
    )
    return panel(_("Conciliadas"), shown, columns, pagina=page, vacia=Empty(_("Nada conciliado todavía.")))


def _who(each: Enlace) -> Thing:
    why = ", ".join(reason_words(r["codigo"], r["dato"]) for r in each.razones) or _("a mano")
    who = f"{each.hecho_por.named_at(each.hecho_el)}, {moment_words(each.hecho_el)}"
    return Thing(who, debajo=f"{capitalized(why)}.")


def _statements_table(request: HttpRequest, cuenta: CuentaBancaria) -> Table:
    shown, page = page_of(selectors.statements(cuenta), request.GET)
    columns = (
        Column(
            "archivo",
            _("Archivo"),
            "cosa",
            show=lambda each: Thing(
                each.nombre,
                reverse("party:banco_archivo", args=[cuenta.pk, each.pk]),
                debajo=each.cargado_por.named_at(each.cargado_el),
                clave_debajo=each.formato,
            ),
        ),
        Column("desde", _("Desde"), "dia"),
        Column("hasta", _("Hasta"), "dia"),
        Column("inicial", _("Saldo inicial"), "dinero", "saldo_inicial"),
        Column("final", _("Saldo final"), "dinero", "saldo_final"),
        Column("nuevas", _("Movimientos nuevos"), "numero", "lineas_nuevas"),
        Column("cargado", _("Cargado"), "momento", "cargado_el"),
    )
    nothing = Empty(_("Ningún estado de cuenta cargado."))
    return panel(_("Estados cargados"), shown, columns, pagina=page, vacia=nothing)


def partida_state(each: selectors.Partida) -> object:
    """Return the state of an item of a month."""
    return explained_state(each.explicacion, each.dias)


def month_words(month: date) -> str:
    """Return a month and its year in words: abril de 2026."""
    name = date_format(month, "F")
    return f"{name} {month.year}" if in_english() else f"{name.lower()} de {month.year}"
