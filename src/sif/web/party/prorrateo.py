"""Prorrateo: the expenses shared, each with its parts and its cédula, undone whole, and the percentages told before."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.apportionment import selectors
from sif.apportionment.models import ParteProrrateo, Prorrateo
from sif.apportionment.selectors import AvisoRow, ParteRow, ProrrateoRow
from sif.apportionment.services import ProrrateoRefused, inform_percentages, reverse_prorrateo
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.registry.clock import legal_zone
from sif.registry.selectors import may
from sif.values import Money, Problem
from sif.web.files import csv_file, xlsx_file
from sif.web.party.evidencias import file_response
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.polizas import poliza_url
from sif.web.party.prorrateo_words import classes, column_words, criteria, file_links
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, order_asked, page_number, pager_for

HEAD = (
    "folio", "fecha", "clasificacion", "criterio", "origen", "gasto", "poliza", "concepto", "total", "repartido",
    "diferencia", "beneficiarios", "revertido", "registrado_el", "registro",
)  # fmt: skip
PART_HEAD = (
    "folio", "contabilidad", "candidatura", "cargo", "columna", "porcentaje_columna_pb", "tope", "importe", "poliza",
)  # fmt: skip


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every prorrateo of the person's books; ?q= narrows it, ?formato=csv or xlsx gives it as a file."""
    asked = request.GET.get("q", "").strip().casefold()
    rows = [
        row
        for row in selectors.prorrateos(mesa.libros)
        if asked in f"{row.folio} {row.concepto} {row.gasto} {row.origen_id}".casefold()
    ]
    columns = _columns()
    order = order_asked(request.GET, columns, "-fecha")
    rows.sort(key=lambda row: (getattr(row, order.removeprefix("-")), row.id), reverse=order.startswith("-"))
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        return write("prorrateos", HEAD, (_file_row(row) for row in rows))
    pager = pager_for(page_number(request.GET), len(rows))
    told = [_told(mesa, row) for row in selectors.avisos(mesa.etapas, mesa.sujetos)]
    waiting = selectors.shareable_expenses(mesa.libros.values()).count()
    nothing = Empty(
        _("Todavía no hay prorrateos."), _("Se reparte un gasto de la concentradora entre las campañas que benefició."),
        (Link(_("Prorratear un gasto"), reverse("party:prorrateo_gasto"), "diagram-3"),),
    )  # fmt: skip
    table = Table(
        _("Prorrateos"), columns, [_row(row) for row in rows[max(0, pager.desde - 1) : pager.hasta]], _totals(rows),
        _("Suma de los que subsisten"), order, pager, vacia=nothing,
        exportar=file_links(request.GET),
    )  # fmt: skip
    context = {"frame": mesa.frame("prorrateo"), "tabla": table, "q": request.GET.get("q", ""), "avisos": told}
    return render(request, "party/prorrateo.html", {**context, "por_prorratear": waiting})


def _columns() -> tuple[Column, ...]:
    return (
        Column("folio", _("Prorrateo"), "cosa", ordenable=True),
        Column("fecha", _("Operación"), "dia", ordenable=True, telefono="half"),
        Column("origen", _("Origen"), "clave", telefono="half"),
        Column("beneficiarios", _("Campañas"), "numero", ordenable=True, telefono="third"),
        Column("total", _("Gasto"), "dinero", ordenable=True, telefono="third"),
        Column("diferencia", _("Diferencia por prorrateo"), "dinero", telefono="third"),
        Column("estado", _("Estado"), "estado"),
    )


def _row(row: ProrrateoRow) -> Row:
    words = f"{classes()[row.clase]} · {row.concepto}"
    return Row(
        {
            "folio": Thing(row.folio, reverse("party:prorrateo_ficha", args=[row.folio]), debajo=words),
            "fecha": row.fecha, "origen": str(row.origen_id), "beneficiarios": row.beneficiarios, "total": row.total,
            "diferencia": row.diferencia, "estado": ("corregida", _("Revertido")) if row.revertido else "registrada",
        }
    )  # fmt: skip


def _totals(rows: list[ProrrateoRow]) -> dict[str, object]:
    live = [row for row in rows if not row.revertido]
    return {
        "total": Money(sum(row.total.centavos for row in live)),
        "diferencia": Money(sum(row.diferencia.centavos for row in live)),
    }


def _file_row(row: ProrrateoRow) -> tuple[object, ...]:
    return (
        row.folio, row.fecha, row.clase, row.criterio, row.origen_id, row.gasto, row.poliza, row.concepto, row.total,
        row.repartido, row.diferencia, row.beneficiarios, "si" if row.revertido else "no", row.hecho_el, row.hecho_por,
    )  # fmt: skip


def _told(mesa: Mesa, row: AvisoRow) -> dict[str, object]:
    """The percentages of a campaign as the list shows them: told (when, late or not) or still to be told."""
    day = (row.informado_el or mesa.ahora).astimezone(legal_zone()).date()
    late = row.is_late(day)
    if row.informado_el is None:
        state, words = ("vencido", _("No se informaron en plazo")) if late else ("por_venir", _("Por informar"))
    else:
        state, words = ("extemporanea", _("Informados tarde")) if late else ("cumplido", _("Informados en plazo"))
    return {
        "aviso": row, "estado": state, "palabras": words,
        "puede": row.informado_el is None and may(mesa.usuario, "presentar", sujeto=row.sujeto),
    }  # fmt: skip


@require_POST
@party_page
def inform(request: HttpRequest, mesa: Mesa, etapa: int, sujeto: int) -> HttpResponse:
    """Tell the percentages of law for a campaign: once, and they are not changed."""
    stage = next((each for each in mesa.etapas if each.pk == etapa), None)
    subject = next((each for each in mesa.sujetos if each.pk == sujeto), None)
    if stage is None or subject is None:
        raise PermissionDenied(_("Esa campaña es de otro sujeto."))
    try:
        inform_percentages(stage, subject, mesa.usuario)
    except ProrrateoRefused as refused:
        messages.error(request, " ".join(f"{p.mensaje} {p.cura}" for p in refused.problems))
    else:
        messages.success(request, _("Se informaron los porcentajes de prorrateo."))
    return HttpResponseRedirect(reverse("party:prorrateo"))


def _find(mesa: Mesa, folio: str) -> Prorrateo:
    found = selectors.of_books(mesa.libros).filter(folio=folio).first()
    if found is None:
        raise Http404(_("No hay un prorrateo con el folio %(folio)s en sus contabilidades.") % {"folio": folio})
    return found


@require_safe
@party_page
def of_poliza(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """From a póliza of class prorrateo to the prorrateo it is part of."""
    books = mesa.books(number)
    poliza = Poliza.objects.filter(contabilidad=books, eslabon=asiento).first()
    original = poliza.revierte_a if poliza and poliza.revierte_a else poliza
    own = Prorrateo.objects.filter(poliza=original).first()
    part = ParteProrrateo.objects.filter(poliza=original, prorrateo__contabilidad__in=mesa.libros).first()
    found = own or (part.prorrateo if part else None)
    if found is None:
        raise Http404(_("Esa póliza no es de un prorrateo de sus contabilidades."))
    return HttpResponseRedirect(reverse("party:prorrateo_ficha", args=[found.folio]))


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponse:
    """A prorrateo: the expense, its parts with their pólizas, the difference and the cédula."""
    found = _find(mesa, folio)
    parts = selectors.partes_of(mesa.libros, found)
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        rows = [
            (
                row.folio, row.contabilidad_id, row.candidatura, row.cargo, row.columna, row.columna_pb, row.tope,
                row.monto, row.poliza,
            )
            for row in parts
        ]  # fmt: skip
        return write(f"prorrateo-{found.folio}", PART_HEAD, rows)
    return _show(request, mesa, found, parts)


def _show(
    request: HttpRequest, mesa: Mesa, found: Prorrateo, parts: list[ParteRow], problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    undone, origin = hasattr(found.poliza, "reversion"), mesa.books(found.contabilidad_id)
    context = {
        "frame": mesa.frame("prorrateo", books_crumb(origin), etapa=origin.etapa),
        "prorrateo": found, "clase": classes()[found.clase], "criterio": criteria()[found.criterio],
        "origen": books_name(found.contabilidad), "gasto_ref": reference_of(found.gasto),
        "gasto_url": poliza_url(found.gasto), "poliza_ref": reference_of(found.poliza),
        "poliza_url": poliza_url(found.poliza), "revertido": undone, "problemas": problems,
        "reversion_url": poliza_url(found.poliza.reversion) if undone else "",
        "reversion": found.poliza.reversion.concepto if undone else "", "total": Money(found.total),
        "tabla": _parts_table(request, found, parts), "repartido": Money(found.total - found.diferencia),
        "diferencia": Money(found.diferencia), "articulo": f"LGPP 83.2.{found.inciso}",
        "puede": not undone and mesa.can("capturar", found.contabilidad), "motivo": request.POST.get("motivo", ""),
    }  # fmt: skip
    return render(request, "party/prorrateo_ficha.html", context, status=422 if problems else 200)


def _parts_table(request: HttpRequest, found: Prorrateo, parts: list[ParteRow]) -> Table:
    columns = (
        Column("candidatura", _("Candidatura"), "cosa"),
        Column("id", _("ID"), "clave", telefono="half"),
        Column("columna", _("Tipo de campaña"), telefono="half"),
        Column("tope", _("Tope"), "dinero", telefono="third"),
        Column("importe", _("Importe"), "dinero", telefono="third"),
        Column("poliza", _("Póliza"), "clave", telefono="third"),
    )
    rows = [
        Row(
            {
                "id": Thing(str(row.contabilidad_id), reverse("party:contabilidad", args=[row.contabilidad_id])),
                "candidatura": Thing(row.candidatura, debajo=row.cargo),
                "columna": column_words(row.columna, row.columna_pb), "tope": row.tope, "importe": row.monto,
                "poliza": Thing(
                    row.poliza.split(";")[0], reverse("party:poliza", args=[row.contabilidad_id, row.asiento])
                ),
            }
        )
        for row in parts
    ]  # fmt: skip
    rows.append(residue_row(Money(found.diferencia)))
    export = file_links(request.GET)
    return Table(_("Partes"), columns, rows, {"importe": Money(found.total)}, _("Gasto"), exportar=export)


def residue_row(amount: Money) -> Row:
    """The visible line of the residue, after the parts."""
    words = _("Queda en la concentradora: nadie carga lo que no se puede repartir.")
    return Row({"candidatura": Thing(_("Diferencia por prorrateo"), debajo=words), "importe": amount})


@require_safe
@party_page
def cedula(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponseBase:
    """The cédula as it was attached to every póliza."""
    found = _find(mesa, folio)
    return file_response(found.cedula, f"cedula-{found.folio}.pdf")


@require_POST
@party_page
def undo(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponse:
    """Reverse every póliza of the prorrateo, or none."""
    found = _find(mesa, folio)
    try:
        done = reverse_prorrateo(found, request.POST.get("motivo", ""), mesa.usuario)
    except ProrrateoRefused as refused:
        return _show(request, mesa, found, selectors.partes_of(mesa.libros, found), refused.problems)
    messages.success(
        request, _("El prorrateo %(folio)s quedó revertido con %(n)d pólizas.") % {"folio": folio, "n": len(done)}
    )
    return HttpResponseRedirect(reverse("party:prorrateo_ficha", args=[folio]))
