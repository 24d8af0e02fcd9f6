"""Prorrateo: the expenses shared, each with its parts and its cédula, undone whole, and the percentages told before."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sif.apportionment import selectors
from sif.apportionment.models import ParteProrrateo, Prorrateo
from sif.apportionment.selectors import AvisoRow, ParteRow
from sif.apportionment.services import inform_percentages, reverse_prorrateo
from sif.books.models import Poliza
from sif.books.selectors import reference_of, reference_text
from sif.registry import clock
from sif.registry.selectors import may
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, Link, file_asked, panel
from sif.web.files import stored_response
from sif.web.filters import words
from sif.web.law import basis_on, figure_on
from sif.web.party.desk import PartyListing, name_columns, poliza_columns
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page, poliza_url
from sif.web.party.prorrateo.class_words import CLASSES, CRITERIA, column_words, with_residue
from sif.web.party.prorrateo.shares_picture import shares_picture
from sif.web.tables import Empty, Table, file_links
from sif.web.tables import Link as Button

_STANDING = {name: Case(When(revertido=False, then=name), default=0) for name in ("total", "diferencia")}
STATES = {True: ("corregida", _("Revertido")), False: ("registrada", _("Registrada"))}


class Shared(PartyListing):
    """The prorrateos of the person's books, the last expense first, and the percentages told."""

    page, file_name, template = "prorrateo", "prorrateos", "party/prorrateo.html"
    title, article = _("Prorrateo"), "LGPP 83"
    intro = _("Un gasto de la concentradora, repartido entre las campañas que benefició.")
    filters = {"q": words(_("Folio, concepto o contabilidad"), "folio", "gasto__concepto", "cita", "contabilidad_id")}
    order = "-fecha"
    columns = (
        Column("folio", _("Prorrateo"), "cosa", sort=True, link=Link("party:prorrateo_ficha", ("folio",))),
        Column(
            "que",
            show=lambda row: f"{CLASSES[row['clasificacion']]} · {row['concepto']}",
            under="folio",
            where="screen",
        ),
        Column("fecha", _("Operación"), "dia", sort=True, phone="half"),
        Column("clasificacion", source="clase", where="file"),
        Column("criterio", where="file"),
        Column("origen", _("Origen"), "clave", source="contabilidad_id", phone="half"),
        *poliza_columns("gasto", "gasto", "eslabon_gasto"),
        *poliza_columns(),
        Column("concepto", source="gasto__concepto", where="file"),
        Column("total", _("Gasto"), "dinero", sort=True, total=_STANDING["total"], phone="third"),
        Column("repartido", kind="dinero", where="file"),
        Column("diferencia", _("Diferencia por prorrateo"), "dinero", total=_STANDING["diferencia"], phone="third"),
        Column("beneficiarios", _("Campañas"), "numero", sort=True, phone="third"),
        Column("revertido", _("Estado"), "estado", states=STATES),
        Column("registrado_el", source="hecho_el", where="file"),
        *name_columns("registro", "hecho_por", "hecho_el"),
    )
    total_words = _("Suma de los que subsisten")
    empty = Empty(
        _("Todavía no hay prorrateos."), _("Se reparte un gasto de la concentradora entre las campañas que benefició.")
    )
    unmatched = _("Ningún prorrateo responde a este filtro.")
    create = Button(_("Prorratear un gasto"), "party:prorrateo_gasto", "diagram-3")

    def query(self) -> QuerySet[Model]:
        """Select them with the text of the reference of the expense."""
        return selectors.prorrateos(self.seat.libros).alias(cita=reference_text("gasto"))

    def extra(self) -> Mapping[str, object]:
        """Tell the percentages told, and the expenses that may be shared."""
        told = [_told(self.seat, row) for row in selectors.avisos(self.seat.etapas, self.seat.sujetos)]
        waiting = selectors.shareable_expenses(self.seat.libros.values()).count()
        return {"porcentajes": told, "por_prorratear": waiting}


def _told(mesa: Mesa, row: AvisoRow) -> dict[str, object]:
    """Return the percentages of a campaign as the list shows them: told (when, late or not) or still to be told."""
    day = clock.legal_day(row.informado_el or mesa.ahora)
    late = row.is_late(day)
    if row.informado_el is None:
        state, words = (
            ("vencido", gettext("No se informaron en plazo")) if late else ("por_venir", gettext("Por informar"))
        )
    else:
        state, words = (
            ("extemporanea", gettext("Informados tarde")) if late else ("cumplido", gettext("Informados en plazo"))
        )
    return {
        "aviso": row,
        "plazo": figure_on("prorrateo_aviso_dias", row.etapa.inicia_el),
        "articulo": basis_on("prorrateo_aviso_dias", row.etapa.inicia_el),
        "estado": state,
        "palabras": words,
        "puede": row.informado_el is None and may(mesa.usuario, "presentar", sujeto=row.sujeto),
    }


@require_POST
@party_page
def inform(request: HttpRequest, mesa: Mesa, etapa: int, sujeto: int) -> HttpResponse:
    """Tell the percentages of law for a campaign: once, and they are not changed."""
    stage = next((each for each in mesa.etapas if each.pk == etapa), None)
    subject = next((each for each in mesa.sujetos if each.pk == sujeto), None)
    if stage is None or subject is None:
        raise PermissionDenied(gettext("Esa campaña es de otro sujeto."))
    try:
        inform_percentages(stage, subject, mesa.usuario)
    except Refused as refused:
        messages.error(request, " ".join(f"{p.mensaje} {p.cura}" for p in refused.problems))
    else:
        messages.success(request, gettext("Se informaron los porcentajes de prorrateo."))
    return HttpResponseRedirect(reverse("party:prorrateo"))


def _find(mesa: Mesa, folio: str) -> Prorrateo:
    found = selectors.of_books(mesa.libros).filter(folio=folio).first()
    if found is None:
        raise Http404(gettext("No hay un prorrateo con el folio %(folio)s en sus contabilidades.") % {"folio": folio})
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
        raise Http404(gettext("Esa póliza no es de un prorrateo de sus contabilidades."))
    return HttpResponseRedirect(reverse("party:prorrateo_ficha", args=[found.folio]))


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponse:
    """Return a prorrateo: the expense, its parts with their pólizas, the difference and the cédula."""
    found = _find(mesa, folio)
    parts = selectors.partes_of(mesa.libros, found)
    if file := file_asked(request, f"prorrateo-{found.folio}", parts, PARTS):
        return file
    return _show(request, mesa, found, parts)


def _show(
    request: HttpRequest, mesa: Mesa, found: Prorrateo, parts: list[ParteRow], problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    undone, origin = hasattr(found.poliza, "reversion"), mesa.books(found.contabilidad_id)
    context = {
        "frame": mesa.frame("prorrateo", books_crumb(origin), etapa=origin.etapa),
        "prorrateo": found,
        "clase": CLASSES[found.clase],
        "criterio": CRITERIA[found.criterio],
        "origen": books_name(found.contabilidad),
        "gasto_ref": reference_of(found.gasto),
        "gasto_url": poliza_url(found.gasto),
        "poliza_ref": reference_of(found.poliza),
        "poliza_url": poliza_url(found.poliza),
        "revertido": undone,
        "problemas": problems,
        "reversion_url": poliza_url(found.poliza.reversion) if undone else "",
        "reversion": found.poliza.reversion.concepto if undone else "",
        "total": Money(found.total),
        "tabla": _parts_table(request, found, parts),
        "grafica": shares_picture(found, parts),
        "repartido": Money(found.total - found.diferencia),
        "diferencia": Money(found.diferencia),
        "articulo": f"LGPP 83.2.{found.inciso}",
        "puede": not undone and mesa.can("capturar", found.contabilidad),
        "motivo": request.POST.get("motivo", ""),
    }
    return render(request, "party/prorrateo_ficha.html", context, status=422 if problems else 200)


PARTS = (
    Column("folio", where="file"),
    Column("contabilidad", source="contabilidad_id", where="file"),
    Column("candidatura", _("Candidatura"), "cosa"),
    Column("cargo", under="candidatura"),
    Column(
        "id",
        _("ID"),
        "clave",
        "contabilidad_id",
        link=Link("party:contabilidad", ("contabilidad_id",)),
        where="screen",
        phone="half",
    ),
    Column("columna", _("Tipo de campaña"), show=lambda row: column_words(row.columna, row.columna_pb), phone="half"),
    Column("porcentaje_columna_pb", source="columna_pb", where="file"),
    Column("tope", _("Tope"), "dinero", phone="third"),
    Column("importe", _("Importe"), "dinero", "monto", phone="third"),
    Column(
        "poliza",
        _("Póliza"),
        "clave",
        show=lambda row: row.poliza.split(";")[0],
        link=Link("party:poliza", ("contabilidad_id", "asiento")),
        phone="third",
    ),
)
"""What fell to a campaign."""


def _parts_table(request: HttpRequest, found: Prorrateo, parts: list[ParteRow]) -> Table:
    table = panel(
        gettext("Partes"), parts, PARTS, totales={"importe": Money(found.total)}, palabra_total=gettext("Gasto")
    )
    return replace(with_residue(table, Money(found.diferencia)), exportar=file_links(request.GET))


@require_safe
@party_page
def cedula(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponseBase:
    """Return the cédula as it was attached to every póliza."""
    found = _find(mesa, folio)
    return stored_response(found.cedula, f"cedula-{found.folio}.pdf")


@require_POST
@party_page
def undo(request: HttpRequest, mesa: Mesa, folio: str) -> HttpResponse:
    """Reverse every póliza of the prorrateo, or none."""
    found = _find(mesa, folio)
    try:
        done = reverse_prorrateo(found, request.POST.get("motivo", ""), mesa.usuario)
    except Refused as refused:
        return _show(request, mesa, found, selectors.partes_of(mesa.libros, found), refused.problems)
    messages.success(
        request, gettext("El prorrateo %(folio)s quedó revertido con %(n)d pólizas.") % {"folio": folio, "n": len(done)}
    )
    return HttpResponseRedirect(reverse("party:prorrateo_ficha", args=[folio]))
