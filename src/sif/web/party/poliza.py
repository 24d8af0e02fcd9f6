"""A posted póliza: its lines, evidence, invoice and place in the chain; and how it is corrected with another."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books import selectors
from sif.books.models import Archivo, ClaseEvidencia, Evidencia, Poliza
from sif.books.services import EvidenciaRefused, PolizaRefused, attach_evidencia, read_file, reverse_poliza, store_file
from sif.law.parameters import value_on
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad, Etapa
from sif.registry.selectors import windows_open
from sif.values import Money, Problem
from sif.web.frame import Crumb
from sif.web.party.auxiliaries import names_of
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.polizas import poliza_url
from sif.web.tables import Column, Row, Table, Thing


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """A link of the chain as drawn: its number, reference, address and digest."""

    asiento: int
    referencia: str
    url: str
    huella: bytes


def _find(mesa: Mesa, number: int, asiento: int) -> Poliza:
    books = mesa.books(number)
    rows = Poliza.objects.select_related("contabilidad__sujeto", "periodo", "registrada_por", "revierte_a__periodo")
    poliza = rows.filter(contabilidad=books, eslabon=asiento).first()
    if poliza is None:
        raise Http404(_("La contabilidad %(books)d no tiene el asiento %(n)d.") % {"books": number, "n": asiento})
    return poliza


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """The póliza as it was posted."""
    return _show(request, mesa, _find(mesa, number, asiento))


def _show(
    request: HttpRequest, mesa: Mesa, poliza: Poliza, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    broken = selectors.verify_chain(poliza.contabilidad_id)
    missing = [m.clase for m in selectors.missing_evidence([poliza.contabilidad_id]) if m.poliza_id == poliza.pk]
    names = dict(ClaseEvidencia.objects.values_list("pk", "nombre"))
    reversal = getattr(poliza, "reversion", None)
    context = {
        "frame": mesa.frame(
            "polizas", books_crumb(poliza.contabilidad), Crumb(_short(poliza)), etapa=_stage(mesa, poliza)
        ),
        "poliza": poliza, "referencia": selectors.reference_of(poliza), "corta": _short(poliza),
        "nombre": books_name(poliza.contabilidad), "tabla": _lines(poliza), "problemas": problems,
        "evidencias": poliza.evidencias.select_related("clase", "archivo", "sin_efecto").order_by("pk"),
        "faltan": [names.get(clase, clase) for clase in missing], "clases": sorted(names.items(), key=lambda p: p[1]),
        "usos": poliza.comprobantes.select_related("comprobante"), "plazo": _term(poliza),
        "cadena": _chain(poliza), "rota": broken is not None and broken <= poliza.eslabon, "rota_en": broken,
        "reversion": reversal, "reversion_url": poliza_url(reversal) if reversal else "",
        "reversion_ref": selectors.reference_of(reversal) if reversal else "",
        "revierte_url": poliza_url(poliza.revierte_a) if poliza.revierte_a else "",
        "revierte_ref": selectors.reference_of(poliza.revierte_a) if poliza.revierte_a else "",
        "abierta": _is_open(poliza) and mesa.can("capturar", poliza.contabilidad), "motivo": request.POST.get("motivo"),
        "corregible": _correctable(mesa, poliza),
    }  # fmt: skip
    return render(request, "party/poliza.html", context, status=status)


def _stage(mesa: Mesa, poliza: Poliza) -> Etapa:
    return mesa.books(poliza.contabilidad_id).etapa


def _short(poliza: Poliza) -> str:
    return selectors.reference_of(poliza).split(";")[0]


def _is_open(poliza: Poliza) -> bool:
    return any(window.periodo_id == poliza.periodo_id for window in windows_open(poliza.contabilidad))


def _correctable(mesa: Mesa, poliza: Poliza) -> bool:
    apart = poliza.revierte_a_id is None and not hasattr(poliza, "reversion")
    return apart and mesa.can("capturar", poliza.contabilidad)


def _term(poliza: Poliza) -> dict[str, Any]:
    """Days between operation and registration, beside the term of [RF 38.1]."""
    registered = poliza.registrada_el.astimezone(legal_zone()).date()
    days = (registered - poliza.fecha_operacion).days
    limit = value_on("plazo_registro_dias", poliza.fecha_operacion)
    return {"dias": days, "limite": limit, "tarde": max(0, days - limit)}


def _lines(poliza: Poliza) -> Table:
    columns = (
        Column("linea", _("Línea"), "numero", telefono="hidden"),
        Column("cuenta", _("Cuenta"), "cosa"),
        Column("auxiliar", _("Auxiliar"), "texto"),
        Column("concepto", _("Concepto")),
        Column("cargo", _("Cargo"), "dinero"),
        Column("abono", _("Abono"), "dinero"),
    )
    lines = list(poliza.movimientos.select_related("cuenta").order_by("linea"))
    names = names_of((line.auxiliar_tipo, line.auxiliar_id) for line in lines)
    rows = [
        Row(
            {
                "linea": line.linea, "cuenta": Thing(line.cuenta.nombre, clave_debajo=line.cuenta_id),
                "auxiliar": names.get((line.auxiliar_tipo, line.auxiliar_id), ""), "concepto": line.concepto,
                "cargo": Money(line.cargo) if line.cargo else "", "abono": Money(line.abono) if line.abono else "",
            }
        )
        for line in lines
    ]  # fmt: skip
    sums = {"cargo": Money(sum(line.cargo for line in lines)), "abono": Money(sum(line.abono for line in lines))}
    return Table(_("Movimientos"), columns, rows, sums, _("Sumas iguales"))


def _chain(poliza: Poliza) -> dict[str, ChainPlace | None]:
    around = Poliza.objects.filter(
        contabilidad=poliza.contabilidad_id, eslabon__in=(poliza.eslabon - 1, poliza.eslabon, poliza.eslabon + 1)
    ).select_related("periodo")
    places = {
        each.eslabon: ChainPlace(each.eslabon, _short(each), poliza_url(each), bytes(each.huella)) for each in around
    }
    names = {"anterior": -1, "este": 0, "siguiente": 1}
    return {name: places.get(poliza.eslabon + step) for name, step in names.items()}


@party_page
def correct(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """«Corregir con otra póliza»: what will be written, the reason, and then the póliza that reverses this one."""
    poliza = _find(mesa, number, asiento)
    if request.method != "POST":
        return _confirm(request, mesa, poliza)
    reason = request.POST.get("motivo", "").strip()
    if not reason:
        problem = Problem("motivo", _("motivo"), _("Falta el motivo."), _("Escriba por qué se corrige."))
        return _confirm(request, mesa, poliza, (problem,), 422)
    try:
        reversal = reverse_poliza(poliza, mesa.usuario, concepto=reason)
    except PolizaRefused as refused:
        if hasattr(poliza, "reversion"):
            return HttpResponseRedirect(poliza_url(poliza))
        return _confirm(request, mesa, poliza, refused.problems, 422)
    messages.success(
        request,
        _("La póliza %(new)s revierte a %(old)s.")
        % {"new": selectors.reference_of(reversal), "old": selectors.reference_of(poliza)},
    )
    return HttpResponseRedirect(poliza_url(reversal))


def _confirm(
    request: HttpRequest, mesa: Mesa, poliza: Poliza, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    context = {
        "frame": mesa.frame(
            "polizas", books_crumb(poliza.contabilidad), Crumb(_short(poliza), poliza_url(poliza)),
            etapa=_stage(mesa, poliza),
        ),
        "poliza": poliza, "corta": _short(poliza), "url": poliza_url(poliza), "tabla": _lines(poliza),
        "motivo": request.POST.get("motivo", ""), "problemas": problems, "abierta": _is_open(poliza),
    }  # fmt: skip
    return render(request, "party/corregir.html", context, status=status)


@require_POST
@party_page
def attach(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Attach a file of evidence to the póliza, while its period is open."""
    poliza = _find(mesa, number, asiento)
    upload = request.FILES.get("archivo")
    if upload is None:
        problem = Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija el archivo y su clase."))
        return _show(request, mesa, poliza, (problem,), 422)
    try:
        kept = store_file(upload.read())
        if poliza.evidencias.filter(archivo=kept, clase=request.POST.get("clase", "")).exists():
            return HttpResponseRedirect(poliza_url(poliza))
        attach_evidencia(poliza, request.POST.get("clase", ""), upload.name or "archivo", kept, mesa.usuario)
    except EvidenciaRefused as refused:
        return _show(request, mesa, poliza, (refused.problem,), 422)
    messages.success(request, _("Evidencia adjunta: %(name)s.") % {"name": upload.name})
    return HttpResponseRedirect(poliza_url(poliza))


@require_safe
@party_page
def download(request: HttpRequest, mesa: Mesa, number: int, evidencia: int) -> HttpResponse:
    """A file of evidence, as it was attached; never shown inside the page of this site."""
    books: Contabilidad = mesa.books(number)
    found = Evidencia.objects.select_related("archivo").filter(contabilidad=books, pk=evidencia).first()
    if found is None:
        raise Http404(_("Esa evidencia no está en la contabilidad %(books)d.") % {"books": number})
    return file_response(found.archivo, found.nombre)


def file_response(archivo: Archivo, name: str) -> HttpResponse:
    """A stored file to download under a name."""
    response = HttpResponse(read_file(archivo.sha256), content_type=archivo.tipo)
    clean = "".join(letter for letter in name if letter.isprintable() and letter not in '"\\/') or "archivo"
    response.headers["Content-Disposition"] = content_disposition_header(True, clean) or "attachment"
    return response
