"""The prorrateo wizard: the expense, its class, the campaigns, what each would carry, and the confirmation."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.apportionment.asked import Plan
from sif.apportionment.mixtures import CRITERIA
from sif.apportionment.planning import plan
from sif.apportionment.selectors import candidates_for, expense_lines, shareable_accounts, shareable_expenses
from sif.apportionment.services import apportion
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.catalogs.selectors.auxiliaries import suppliers_offered
from sif.law.chart import load_chart
from sif.registry.models import Contabilidad, Etapa
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, panel
from sif.web.lazy import Words
from sif.web.party.mesa import Mesa, books_crumb, books_name, books_office, party_page, poliza_url, strangers_words
from sif.web.party.prorrateo import class_words
from sif.web.party.prorrateo.class_words import CLASSES, CLASSES_HELP, column_words, with_residue
from sif.web.party.prorrateo.wizard_request import Asked
from sif.web.tables import Empty, Link, Spending, Table, Thing, page_of


@require_safe
@party_page
def choose(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Render the choice of an expense: one already posted in a concentradora, or one to write now."""
    asked = request.GET.get("q", "").strip()
    found = shareable_expenses(mesa.libros.values())
    if asked:
        found = found.filter(concepto__icontains=asked)
    rows, pager = page_of(found, request.GET)
    columns = (
        Column(
            "gasto",
            _("Gasto"),
            "cosa",
            show=lambda each: Thing(reference_of(each), poliza_url(each), debajo=each.concepto),
        ),
        Column("fecha", _("Operación"), "dia", "fecha_operacion", phone="half"),
        Column("origen", _("Concentradora"), "clave", "contabilidad_id", phone="half"),
        Column("monto", _("Importe del gasto"), "dinero", show=_amount, phone="half"),
        Column("accion", _("Acción"), "accion", show=_share_link),
    )
    nothing = Empty(
        _("Ninguna concentradora tiene gastos sin prorratear en un periodo abierto."),
        _("Escriba aquí el gasto y prorratéelo a la vez."),
    )
    table = panel(_("Gastos que pueden prorratearse"), rows, columns, pagina=pager, vacia=nothing)
    pools = [each for each in mesa.libros.values() if _is_pool(each) and mesa.can("capturar", each)]
    context = {"frame": mesa.frame("prorrateo"), "tabla": table, "q": asked, "concentradoras": pools}
    return render(request, "party/prorrateo_gasto.html", context)


def _is_pool(books: Contabilidad) -> bool:
    return books.clase == Contabilidad.Clase.CONCENTRADORA and books.etapa.tipo == Etapa.Tipo.CAMPANA


def _amount(expense: Poliza) -> Money:
    return Money(sum(line.monto.centavos for line in expense_lines(expense)))


def _share_link(expense: Poliza) -> Link:
    return Link(
        _("Prorratear"), reverse("party:prorratear", args=[expense.contabilidad_id, expense.eslabon]), "diagram-3"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def posted(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Share an expense that is already in the books."""
    origin = mesa.books(number)
    rows = Poliza.objects.select_related("periodo", "contabilidad")
    expense = rows.filter(contabilidad=origin, eslabon=asiento).first()
    if expense is None:
        raise Http404(_("La contabilidad %(books)d no tiene el asiento %(n)d.") % {"books": number, "n": asiento})
    return _wizard(request, mesa, origin, expense)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def written(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Write an expense of a concentradora and share it in the same act."""
    return _wizard(request, mesa, mesa.books(number), None)


def _wizard(request: HttpRequest, mesa: Mesa, origin: Contabilidad, expense: Poliza | None) -> HttpResponse:
    if not mesa.can("capturar", origin):
        raise PermissionDenied(strangers_words())
    typed = request.POST if request.method == "POST" else request.GET
    asked = Asked(typed, candidates_for(origin, mesa.libros))
    new, problems = asked.order(origin, expense)
    if request.method != "POST":
        shown = asked.value("hacer") == "ver"
        planned = plan(new, mesa.usuario) if shown and not problems else None
        return _show(request, _context(mesa, origin, expense, asked), planned, problems if shown else [])
    try:
        if problems:
            raise Refused(*problems)
        done = apportion(new, mesa.usuario)
    except Refused as refused:
        return _show(request, _context(mesa, origin, expense, asked), None, list(refused.problems))
    said = _("Se registró el prorrateo %(folio)s con %(n)d pólizas y su cédula.")
    messages.success(request, said % {"folio": done.folio, "n": len(new.beneficiarios) + 1})
    return HttpResponseRedirect(reverse("party:prorrateo_ficha", args=[done.folio]))


def _context(mesa: Mesa, origin: Contabilidad, expense: Poliza | None, asked: Asked) -> dict[str, object]:
    """Return the form as typed, over the expense it shares."""
    return {
        "frame": mesa.frame("prorrateo", books_crumb(origin), etapa=origin.etapa),
        "origen": origin,
        "origen_nombre": books_name(origin),
        "gasto": expense,
        "pedido": asked,
        "gasto_ref": reference_of(expense) if expense else "",
        "gasto_url": poliza_url(expense) if expense else "",
        "lineas": _lines(expense),
        "clases": [(key, words, CLASSES_HELP[key]) for key, words in CLASSES.items()],
        "criterios": _criteria(),
        "filas": [(b, books_name(b), books_office(b)) for b in asked.vistas],
        "quedan": asked.kept,
        **({} if expense else _to_write(origin)),
    }


def _show(
    request: HttpRequest, context: dict[str, object], planned: Plan | None, problems: list[Problem]
) -> HttpResponse:
    """Return the form, and below it what is wrong or what would be written."""
    found = [*problems, *(planned.problemas if planned else ())]
    seen = planned if not found else None
    extra = 1 if context["gasto"] is None else 0
    context |= {
        "problemas": found,
        "plan": seen,
        "previa": _preview(seen) if seen else None,
        "polizas": len(seen.partes) + 1 + extra if seen else 0,
    }
    refused = bool(found) and request.method == "POST"
    return render(request, "party/prorratear.html", context, status=422 if refused else 200)


def _to_write(origin: Contabilidad) -> dict[str, object]:
    chart = load_chart(settings.JURISDICTION)
    return {
        "cuentas": [(code, chart[code].nombre) for code in shareable_accounts()],
        "proveedores": suppliers_offered([origin.sujeto_id]),
    }


def _criteria() -> list[tuple[str, list[tuple[str, Words]]]]:
    words = class_words.CRITERIA
    groups = (("generico", _("Gasto genérico")), ("conjunto", _("Gasto conjunto o personalizado")))
    return [(title, [(key, words[key]) for key in words if key in CRITERIA[kind]]) for kind, title in groups]


def _lines(expense: Poliza | None) -> list[tuple[str, str, Money]]:
    chart = load_chart(settings.JURISDICTION)
    return [(line.cuenta, chart[line.cuenta].nombre, line.monto) for line in expense_lines(expense)] if expense else []


def _preview(planned: Plan) -> Table:
    """Return the table of the share of each campaign, with its cap before and after, and the line of the residue."""
    columns = (
        Column(
            "candidatura",
            _("Candidatura"),
            "cosa",
            show=lambda part: Thing(
                books_name(part.contabilidad),
                clave=str(part.contabilidad.pk),
                debajo=books_office(part.contabilidad),
            ),
        ),
        Column(
            "columna", _("Tipo de campaña"), show=lambda part: column_words(part.columna, part.columna_pb), phone="half"
        ),
        Column("parte", _("Parte del gasto"), "porcentaje", show=lambda part: part.millonesimas // 100, phone="half"),
        Column("importe", _("Importe"), "dinero", "monto", phone="half"),
        Column("tope", _("Tope"), "dinero", phone="half"),
        Column("antes", _("Tope antes"), "tope", show=lambda part: Spending(part.gastado, part.tope), phone="row"),
        Column("despues", _("Tope después"), "tope", show=lambda part: Spending(part.despues, part.tope), phone="row"),
    )
    table = panel(
        _("Vista previa"),
        planned.partes,
        columns,
        look=lambda part: {"resaltada": part.despues.centavos > part.tope.centavos},
        totales={"importe": planned.total},
        palabra_total=_("Gasto"),
    )
    return with_residue(table, planned.diferencia)
