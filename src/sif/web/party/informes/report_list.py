"""Show the reports owed by period, their figures and versions."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.filing.annexes import file_in
from sif.filing.later import Key, Later, later_operations
from sif.filing.models import Compromiso
from sif.filing.presenting import CONTENT_NAME
from sif.filing.selectors import Obligation, half_signed
from sif.filing.services import informe_pdf, prepare_informe
from sif.filing.signers import ACTS
from sif.signing.chain import canonical_json
from sif.statements.informe import write_informe
from sif.values import Money, Refused
from sif.web.columns import Column, panel
from sif.web.files import PDF, XLSX, download, sealed_pdf, stored_response, written_file
from sif.web.formats import due_text
from sif.web.party.informes.report_page import place_of, report_at, show, version_of
from sif.web.party.mesa import Mesa, books_name, books_office, party_page
from sif.web.party.report_states import kind_words, span_words
from sif.web.party.signer_words import lacking_words
from sif.web.tables import Empty, Table, Thing, page_of


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return every report owed by the person's books: those that wait, by their term; then those presented."""
    owed = [each for etapa in mesa.etapas for each in mesa.owed_at(etapa)]
    asked = request.GET.get("periodo", "")
    numbers = sorted({each.periodo.numero for each in owed})
    shown = [each for each in owed if asked in ("", str(each.periodo.numero))]
    url = reverse("party:informes")
    tabs = [(_("Todos"), url, len(owed), asked not in map(str, numbers))]
    for number in numbers:
        waiting = sum(each.periodo.numero == number for each in owed)
        tabs.append((_("Periodo %(n)d") % {"n": number}, f"{url}?periodo={number}", waiting, asked == str(number)))
    table = _table(request.GET, mesa, shown, later_operations(mesa.libros.values()))
    several = len(mesa.libros) > 1 and any(mesa.can("presentar", books) for books in mesa.libros.values())
    several = several or any(mesa.can(act, books) for books in mesa.libros.values() for act in ACTS.values())
    context = {"frame": mesa.frame("informes"), "vistas": tabs, "tabla": table, "firma_varios": several}
    return render(request, "party/informes.html", {**context, "reloj": mesa.reloj})


def _when(owed: Obligation, later: Later | None) -> str:
    """Return the term; of a presented report whose books went on, that they ask for a new version."""
    if later is None:
        return str(due_text(owed.vence_el))
    words = ngettext(
        "%(n)d operación después de presentar: pide una nueva versión",
        "%(n)d operaciones después de presentar: piden una nueva versión",
        later.polizas,
    )
    return words % {"n": later.polizas}


def _state(owed: Obligation, halves: Mapping[int, Compromiso]) -> str | tuple[str, str]:
    """Return the state of a report, and whose signature it waits for where it has one of two."""
    one = halves.get(owed.informe_id or 0)
    if one is None:
        return owed.estado
    return "espera_firma", _("Falta la firma de %(who)s") % {"who": lacking_words(one)}


def _table(query: QueryDict, mesa: Mesa, owed: list[Obligation], later: dict[Key, Later]) -> Table:
    """Draw a page of the reports owed, which the law and the books say and no table keeps."""
    shown, page = page_of(sorted(owed, key=_urgency), query)
    halves = half_signed(mesa.libros.values())
    columns = (
        Column(
            "contabilidad",
            _("Contabilidad"),
            "cosa",
            show=lambda each: Thing(
                books_name(mesa.libros[each.contabilidad_id]),
                reverse("party:informe", args=[each.contabilidad_id, each.tipo, each.periodo.numero]),
                debajo=books_office(mesa.libros[each.contabilidad_id]),
                clave=str(each.contabilidad_id),
            ),
        ),
        Column(
            "informe", _("Informe"), "cosa", show=lambda each: Thing(kind_words(each.tipo), debajo=span_words(each))
        ),
        Column(
            "vence",
            _("Vence"),
            show=lambda each: _when(each, later.get((each.contabilidad_id, each.periodo_id, each.tipo))),
        ),
        Column(
            "ingresos",
            _("Ingresos"),
            "dinero",
            show=lambda each: Money(each.ingresos) if each.ingresos is not None else _("sin presentar"),
        ),
        Column(
            "egresos",
            _("Egresos"),
            "dinero",
            show=lambda each: Money(each.egresos) if each.egresos is not None else _("sin presentar"),
        ),
        Column("estado", _("Estado"), "estado", show=lambda each: _state(each, halves)),
    )
    nothing = Empty(_("No se debe ningún informe."), _("La ley no pide informe a estas contabilidades."))
    return panel(_("Informes"), shown, columns, vacia=nothing, pagina=page if owed else None)


def _urgency(owed: Obligation) -> tuple[bool, float, int]:
    done = owed.recibida_el is not None
    instant = owed.vence_el.timestamp()
    return done, -instant if done else instant, owed.contabilidad_id


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int) -> HttpResponse:
    """Return a report of some books: its figures now, its versions, and what to do next."""
    books = mesa.books(number)
    return show(request, mesa, books, report_at(books, periodo, tipo))


@require_POST
@party_page
def prepare(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int) -> HttpResponse:
    """Freeze a version from the books as they stand."""
    books = mesa.books(number)
    report = report_at(books, periodo, tipo)
    nil = "sin_movimientos" in request.POST
    try:
        informe = prepare_informe(books, report.periodo, mesa.usuario, tipo=tipo, sin_movimientos=nil)
    except Refused as refused:
        return show(request, mesa, books, report, tuple(refused.problems), 422)
    messages.success(request, _("Informe %(folio)s generado. Revíselo y fírmelo.") % {"folio": informe.folio})
    return HttpResponseRedirect(reverse("party:informe", args=place_of(informe)))


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Return a version on paper; it says PROYECTO until it is presented."""
    informe = version_of(mesa, number, tipo, periodo, version)
    drawn, name = informe_pdf(informe), f"{informe.folio}.pdf"
    return sealed_pdf(drawn, name) if hasattr(informe, "presentacion") else download(drawn, PDF, name)


@require_safe
@party_page
def workbook(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Return the lines of a version as a workbook."""
    informe = version_of(mesa, number, tipo, periodo, version)
    return written_file(lambda stream: write_informe(stream, informe), XLSX, f"{informe.folio}.xlsx")


@require_safe
@party_page
def content(request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> HttpResponse:
    """Return the content of a version as a JSON file, byte for byte as its digest and its acuse name it."""
    informe = version_of(mesa, number, tipo, periodo, version)
    return download(canonical_json(informe.contenido), "application/json", f"{informe.folio}-{CONTENT_NAME}")


@require_safe
@party_page
def annex(
    request: HttpRequest, mesa: Mesa, number: int, tipo: str, periodo: int, version: int, clave: str
) -> HttpResponseBase:
    """Return the file of an annex of a version, byte for byte as its content and its acuse name it."""
    informe = version_of(mesa, number, tipo, periodo, version)
    found = file_in(informe, clave)
    if found is None:
        raise Http404(_("El informe %(folio)s no tiene ese anexo. Véalos en su página.") % {"folio": informe.folio})
    return stored_response(found[1], f"{informe.folio}-{found[0].archivo}")
