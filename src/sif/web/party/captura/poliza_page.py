"""Show a póliza with its lines, its place in the chain and its term."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sif.batch.selectors import lot_of
from sif.books import selectors
from sif.books.models import Poliza
from sif.books.selectors import substitute_of, substituted_by
from sif.law.parameters import value_on
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.selectors import contabilidades_of, windows_open
from sif.values import Money, Problem
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.party.auxiliaries import names_of
from sif.web.party.books_search import OFFERED
from sif.web.party.evidence_panel import panel_context
from sif.web.party.mesa import Mesa, books_crumb, books_name, poliza_url
from sif.web.tables import Table, Thing


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """A link of the chain as drawn: its number, reference, address and digest."""

    asiento: int
    referencia: str
    url: str
    huella: bytes


def show(
    request: HttpRequest, mesa: Mesa, poliza: Poliza, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    """Return the page of a póliza, with what could not be done if it was asked something."""
    broken = selectors.verify_neighbours(poliza)
    reversal, right, wrong = getattr(poliza, "reversion", None), substitute_of(poliza), substituted_by(poliza)
    context = {
        "frame": mesa.frame(
            "polizas", books_crumb(poliza.contabilidad), Crumb(short(poliza)), etapa=stage_of(mesa, poliza)
        ),
        "poliza": poliza,
        "referencia": selectors.reference_of(poliza),
        "corta": short(poliza),
        "nombre": books_name(poliza.contabilidad),
        "tabla": lines_table(poliza),
        "problemas": problems,
        **panel_context(mesa, poliza),
        "lote": lot_of(poliza),
        "usos": poliza.comprobantes.select_related("comprobante"),
        "plazo": _term(poliza),
        "cadena": _chain(poliza),
        "rota": broken is not None,
        "rota_en": broken,
        "reversion": reversal,
        "reversion_url": poliza_url(reversal) if reversal else "",
        "reversion_ref": selectors.reference_of(reversal) if reversal else "",
        "revierte_url": poliza_url(poliza.revierte_a) if poliza.revierte_a else "",
        "revierte_ref": selectors.reference_of(poliza.revierte_a) if poliza.revierte_a else "",
        "sustituta": (selectors.reference_of(right), poliza_url(right)) if right else None,
        "sustituye": (selectors.reference_of(wrong), poliza_url(wrong)) if wrong else None,
        "captura": mesa.can("capturar", poliza.contabilidad),
        **_others(mesa, poliza),
        "motivo": request.POST.get("motivo"),
        "otra": request.POST.get("otra", ""),
        "corregible": _correctable(mesa, poliza),
    }
    return render(request, "party/poliza.html", context, status=status)


def _others(mesa: Mesa, poliza: Poliza) -> dict[str, object]:
    """Return the books of its stage that a copy is offered in, its own first; where they are more, by number too."""
    own = Case(When(pk=poliza.contabilidad_id, then=Value(0)), default=Value(1))
    books = contabilidades_of(mesa.usuario, "capturar").filter(etapa=poliza.contabilidad.etapa_id)
    found = list(books.order_by(own, "pk")[: OFFERED + 1])
    return {"destinos": found[:OFFERED], "hay_mas_destinos": len(found) > OFFERED}


def stage_of(mesa: Mesa, poliza: Poliza) -> Etapa:
    """Return the stage of its books, as the desk knows it."""
    return mesa.books(poliza.contabilidad_id).etapa


def short(poliza: Poliza) -> str:
    """Its reference without its books."""
    return selectors.reference_of(poliza).split(";")[0]


def is_open(poliza: Poliza) -> bool:
    """Return whether its period may still be written."""
    return any(window.periodo_id == poliza.periodo_id for window in windows_open(poliza.contabilidad))


def _correctable(mesa: Mesa, poliza: Poliza) -> bool:
    """Return whether it may be reversed, or recorded again after it was."""
    return poliza.revierte_a_id is None and substitute_of(poliza) is None and mesa.can("capturar", poliza.contabilidad)


def _term(poliza: Poliza) -> dict[str, object]:
    """Days between operation and registration, beside the term of [RF 38.1]."""
    registered = clock.legal_day(poliza.registrada_el)
    days = (registered - poliza.fecha_operacion).days
    limit = value_on("plazo_registro_dias", poliza.fecha_operacion, settings.JURISDICTION)
    return {"dias": days, "limite": limit, "tarde": max(0, days - limit)}


def lines_table(poliza: Poliza) -> Table:
    """Its lines as posted."""
    columns = (
        Column("linea", _("Línea"), "numero", phone="hidden"),
        Column("cuenta", _("Cuenta"), "cosa", show=lambda line: Thing(line.cuenta.nombre, clave_debajo=line.cuenta_id)),
        Column(
            "auxiliar", _("Auxiliar"), "texto", show=lambda line: names.get((line.auxiliar_tipo, line.auxiliar_id), "")
        ),
        Column("concepto", _("Concepto")),
        Column("cargo", _("Cargo"), "dinero", show=lambda line: Money(line.cargo) if line.cargo else ""),
        Column("abono", _("Abono"), "dinero", show=lambda line: Money(line.abono) if line.abono else ""),
    )
    lines = list(poliza.movimientos.select_related("cuenta").order_by("linea"))
    names = names_of((line.auxiliar_tipo, line.auxiliar_id) for line in lines)
    sums = {"cargo": Money(sum(line.cargo for line in lines)), "abono": Money(sum(line.abono for line in lines))}
    return panel(_("Movimientos"), lines, columns, totales=sums, palabra_total=_("Sumas iguales"))


def _chain(poliza: Poliza) -> dict[str, ChainPlace | None]:
    around = Poliza.objects.filter(
        contabilidad=poliza.contabilidad_id, eslabon__in=(poliza.eslabon - 1, poliza.eslabon, poliza.eslabon + 1)
    ).select_related("periodo")
    places = {
        each.eslabon: ChainPlace(each.eslabon, short(each), poliza_url(each), bytes(each.huella)) for each in around
    }
    names = {"anterior": -1, "este": 0, "siguiente": 1}
    return {name: places.get(poliza.eslabon + step) for name, step in names.items()}
