"""Bandeja de CFDI: files are dropped, each with its checks in words, and each becomes the draft of its póliza."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sif.books.models import Borrador, Comprobante, Recepcion
from sif.books.selectors import inbox
from sif.books.services import Reception, propose_poliza, receive_many, save_borrador
from sif.books.services.propuestas import account_for
from sif.law.chart import load_chart
from sif.registry.clock import legal_zone
from sif.registry.selectors import windows_open
from sif.values import Money, Problem
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.party.typed import draft_url, from_proposal
from sif.web.tables import Column, Empty, Row, Table, Thing, page_number, pager_for


@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The inbox; a post receives files into the books chosen and tells what became of each."""
    if request.method != "POST":
        return _show(request, mesa)
    number = request.POST.get("contabilidad", "")
    files = request.FILES.getlist("archivos")
    problems = []
    if not number.isdecimal():
        problems.append(Problem("contabilidad", _("contabilidad"), _("Falta en qué contabilidad."), _("Elíjala.")))
    if not files:
        problems.append(
            Problem("archivos", _("archivos"), _("No eligió ningún archivo."), _("Elija archivos XML o un ZIP."))
        )
    if problems:
        return _show(request, mesa, problems=problems, status=422)
    try:
        answers = receive_many(
            [(each.name or "archivo", each.read()) for each in files], mesa.books(int(number)), mesa.usuario
        )
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return _show(request, mesa, answers=answers)


def _show(
    request: HttpRequest,
    mesa: Mesa,
    *,
    answers: Sequence[Reception] = (),
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    view = request.GET.get("vista", "")
    asked = request.GET.get("q", "").strip()
    waiting = inbox(mesa.libros)
    warned = waiting.exclude(problemas=[])
    found = {"listos": waiting.filter(problemas=[]), "avisos": warned}.get(view, waiting)
    if asked:
        same = Q(comprobante__emisor_nombre__icontains=asked) | Q(comprobante__emisor_rfc__iexact=asked)
        found = found.filter(same | Q(comprobante__uuid__iexact=asked))
    url = reverse("party:cfdi")
    tabs = [
        (_("Todos"), url, waiting.count(), view not in ("listos", "avisos")),
        (_("Listos"), f"{url}?vista=listos", waiting.filter(problemas=[]).count(), view == "listos"),
        (_("Con aviso"), f"{url}?vista=avisos", warned.count(), view == "avisos"),
    ]
    mine = [each for each in mesa.libros.values() if mesa.can("capturar", each)]
    mine.sort(key=lambda each: (not windows_open(each), each.pk))  # those that may record today come first
    offered = [(each.pk, books_name(each)) for each in mine]
    context = {
        "frame": mesa.frame("cfdi"), "libros": offered, "elegida": request.POST.get("contabilidad", ""),
        "problemas": problems, "vistas": tabs, "q": asked, "tabla": _table(request, mesa, found, warned.count()),
        "respuestas": _answers(answers),
        "leidos": ngettext("%(n)d comprobante leído", "%(n)d comprobantes leídos", len(answers)) % {"n": len(answers)},
    }  # fmt: skip
    return render(request, "party/cfdi.html", context, status=status)


def _answers(answers: Sequence[Reception]) -> list[dict[str, Any]]:
    """Each file that did not enter, or entered with warnings; those that are right stay quiet."""
    return [
        {"archivo": each.archivo, "entro": each.recepcion is not None, "problemas": each.problemas}
        for each in answers
        if each.problemas
    ]


def _table(request: HttpRequest, mesa: Mesa, found: Any, warned: int) -> Table:
    page = pager_for(page_number(request.GET), found.count())
    columns = (
        Column("emisor", _("Emisor y folio"), "cosa"),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("fecha", _("Fecha"), "dia"),
        Column("total", _("Total"), "dinero"),
        Column("comprobaciones", _("Comprobaciones"), "estado", telefono="wide"),
        Column("propuesta", _("Propuesta")),
        Column("abrir", _("Qué sigue"), "accion"),
    )
    shown = found.prefetch_related("comprobante__conceptos")[max(0, page.desde - 1) : page.hasta]
    rows = [_row(request, each) for each in shown]
    nothing = Empty(
        _("La bandeja está vacía."), _("Suelte las facturas; el sistema las comprueba y propone la póliza.")
    )
    return Table(_("CFDI sin póliza"), columns, rows, pagina=page, vacia=nothing)


def _row(request: HttpRequest, each: Recepcion) -> Row:
    invoice = each.comprobante
    account = load_chart(settings.JURISDICTION).get(_account(invoice))
    return Row(
        {
            "emisor": Thing(invoice.emisor_nombre, debajo=invoice.emisor_rfc, clave_debajo=invoice.uuid[:8]),
            "contabilidad": str(each.contabilidad_id),
            "fecha": invoice.fecha.date(),
            "total": Money(invoice.total),
            "comprobaciones": _checked(each),
            "propuesta": f"{account.prefix.rstrip('-')} {account.nombre}" if account else _("Elija la cuenta"),
            "abrir": _open_button(request, each),
        }
    )


def _account(invoice: Comprobante) -> str:
    """The account that its largest line suggests; '' when none does."""
    lines = sorted(invoice.conceptos.all(), key=lambda line: -line.importe)
    day = invoice.fecha.astimezone(legal_zone()).date()
    return account_for(lines[0].descripcion, lines[0].clave_producto, day)[0] if lines else ""


def _checked(each: Recepcion) -> object:
    """That nothing was seen wrong, quietly; or the first thing seen wrong, in words, and how many more."""
    if not each.problemas:
        return ("completa", _("Sin problemas"))
    first, rest = each.problemas[0], len(each.problemas) - 1
    more = ngettext(" y %(n)d aviso más", " y %(n)d avisos más", rest) % {"n": rest} if rest else ""
    return ("incompleta", f"{first['mensaje']}{more}")


def _open_button(request: HttpRequest, each: Recepcion) -> object:
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="button compact" type="submit">{}<span class="visually-hidden"> {}</span></button></form>',
        reverse("party:proponer", args=[each.contabilidad_id, each.pk]), get_token(request), _("Abrir"),
        each.comprobante.emisor_nombre,
    )  # fmt: skip


def _received(mesa: Mesa, number: int, recepcion: int) -> Recepcion:
    books = mesa.books(number)
    rows = Recepcion.objects.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa")
    found = rows.filter(contabilidad=books, pk=recepcion).first()
    if found is None:
        raise Http404(_("Ese comprobante no está en la bandeja de la contabilidad %(n)d.") % {"n": number})
    return found


@require_POST
@party_page
def propose(request: HttpRequest, mesa: Mesa, number: int, recepcion: int) -> HttpResponse:
    """Open the draft of the póliza that an invoice suggests; the one already begun, if there is."""
    received = _received(mesa, number, recepcion)
    begun = Borrador.objects.filter(contabilidad=received.contabilidad, comprobante=received.comprobante).first()
    if begun is None:
        if not inbox([number]).filter(pk=received.pk).exists():
            messages.info(request, _("Ese comprobante ya está en una póliza."))
            return HttpResponseRedirect(reverse("party:cfdi"))
        proposal = propose_poliza(received)
        content = from_proposal(proposal)
        try:
            begun = save_borrador(received.contabilidad, content, mesa.usuario, comprobante=received.comprobante)
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    return HttpResponseRedirect(draft_url(begun))
