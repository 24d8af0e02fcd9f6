"""Show a candidacy: spending against its cap, income, reports and sanctions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.disclosure import catalog
from sif.disclosure.catalog import Process, PublicSanction, Statement
from sif.disclosure.leaving import CHANGED
from sif.law.leaving import load_causes
from sif.values import Money
from sif.web.columns import Column, panel
from sif.web.formats import local, long_day, percent, share
from sif.web.gauges import Bar
from sif.web.lazy import law_words
from sif.web.public.listas import rule_urls, sanction_columns, unresolved_words
from sif.web.public.stage import Stages, absent, found_stage, public_page
from sif.web.public.words import OFFICIAL_HEADS, cents_of_each_peso, head_words


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of the review: its day, tone, icon and words."""

    dia: date
    tono: str
    icono: str
    titulo: str
    detalle: str = ""


@require_safe
def page(request: HttpRequest, numero: int) -> HttpResponse:
    """Return the statement of the books of that number; 404 when they are not published."""
    row = catalog.contabilidad(numero)
    if row is None:
        raise absent("contabilidades", numero, f"La contabilidad {numero} no está publicada.")
    every = tuple(catalog.processes())
    stages = Stages(every, found_stage(every, row.proceso))
    sanctions = catalog.sanciones(row.proceso, row.siglas)
    context = {
        "row": row,
        "spending": spending_words(row),
        "excess": excess_words(row),
        "unresolved": unresolved_words() if row.no_reportado is None else "",
        "income": _bars(row.ingresos_por_origen),
        "spent": _bars(row.rubros),
        "still": [head_words(head) for head in OFFICIAL_HEADS if not row.rubros.get(head)],
        "missing": row.informes_debidos - row.informes_presentados,
        "leaving": _since(row),
        "members": _members(row),
        "documents": catalog.documentos(row.proceso, row.siglas),
        "steps": _steps(row, stages.actual, sanctions),
        **_sanctions(sanctions, stages),
    }
    return public_page(request, "candidatura", "candidaturas", stages, context)


def spending_words(row: Statement) -> str:
    """Return the reported spending as a part of the cap, in centavos of each peso, in words; never as illegal."""
    spent, cap = row.egresos, row.tope
    if not spent:
        return _("No ha reportado gasto.")
    if not cap:
        return ""
    if spent > cap:
        return _("Reportó un gasto mayor que su tope: %(share)s.") % {"share": share(spent, cap)}
    cents = cents_of_each_peso(spent, cap)
    if cents < 1:
        return _("Ha gastado menos de un centavo de cada peso que la ley le permite.")
    return ngettext(
        "Ha gastado %(count)s centavo de cada peso que la ley le permite.",
        "Ha gastado %(count)s centavos de cada peso que la ley le permite.",
        cents,
    ) % {"count": cents}


def excess_words(row: Statement) -> str:
    """Return the part of the cap reached with the unreported spending, in words; '' where there is none, or no cap."""
    cap = row.tope
    if not cap or not row.no_reportado:
        return ""
    if row.total > cap:
        return _("Con lo que la autoridad encontró sin reportar, supera su tope por %(share)s.") % {
            "share": _beyond(row.total, cap)
        }
    return _("Con lo que la autoridad encontró sin reportar, llega a %(share)s de su tope.") % {
        "share": share(row.total, cap)
    }


def leaving_words(row: Statement) -> str:
    """Return why a candidacy no longer contends, as the law calls it: «Renuncia»; '' where it is not known."""
    if not row.baja:
        return ""
    if row.baja == CHANGED:
        return _("Cambio de coalición")
    causes = load_causes(settings.JURISDICTION)
    return law_words(causes[row.baja].nombre) if row.baja in causes else row.baja


def _since(row: Statement) -> str:
    if not row.baja or row.baja_desde is None:
        return ""
    words = {"cause": leaving_words(row), "day": long_day(row.baja_desde)}
    return _("%(cause)s: no contiende desde el %(day)s") % words


def substitute_words(row: Statement) -> str:
    """Return who took the place of a candidacy, in words; '' where nobody did."""
    return _("La sustituye %(name)s.") % {"name": row.sustituta} if row.sustituta else ""


def _members(row: Statement) -> dict[str, object]:
    """Return who makes up a coalition with what share, since when and by which accord; nothing of who is none."""
    if not row.integrantes:
        return {}
    columns = (
        Column("partido", _("Partido"), source="nombre"),
        Column("siglas", _("Siglas"), source="siglas"),
        Column("parte", _("Participación"), "porcentaje", show=lambda each: percent(each.participacion_pb)),
    )
    words = {"day": long_day(date.fromisoformat(row.integrantes[0].desde)), "accord": row.integrantes[0].acuerdo}
    since = _("Desde el %(day)s, por el acuerdo %(accord)s.") if words["accord"] else _("Desde el %(day)s.")
    return {"tabla": panel(_("Quiénes la forman"), row.integrantes, columns), "desde": since % words}


def _beyond(spent: Money, cap: Money) -> str:
    """Return the part above the cap, with the same decimals that tell spent from cap: 0.03 % for 100.03 %."""
    whole, _point, decimals = share(spent, cap).partition(".")
    return f"{int(whole) - 100}.{decimals}"


def _bars(amounts: Mapping[str, Money]) -> list[Bar]:
    return [Bar(head_words(head), amount) for head, amount in amounts.items() if amount]


def _sanctions(rows: list[PublicSanction], stages: Stages) -> dict[str, object]:
    total = Money(sum(row.monto.centavos for row in rows))
    words = ngettext("Suma de %(count)s sanción", "Suma de %(count)s sanciones", len(rows)) % {"count": len(rows)}
    columns = sanction_columns(rule_urls(rows, stages.query))
    title = _("Sanciones del sujeto obligado")
    table = panel(title, rows, columns, totales={"sancion": total}, palabra_total=words)
    return {"sanctions": rows, "sanctions_table": table}


def _steps(row: Statement, process: Process | None, sanctions: list[PublicSanction]) -> list[Step]:
    """Return the events of some books, in order of day."""
    done = ("bien", "check-circle-fill")
    opened = _("Se abre su contabilidad, la %(number)s.") % {"number": row.id_contabilidad}
    if row.clase == "candidatura" and row.contiende_desde is None:
        opened += " " + _("No consta el día en que se aprobó la candidatura.")
    steps = [Step(local(row.aprobada_el).date(), *done, _("Cuenta abierta"), opened)]
    if row.contiende_desde:
        steps.insert(0, Step(row.contiende_desde, *done, _("Candidatura aprobada"), row.acuerdo_aprobacion))
    if row.cancelada_el:
        words = leaving_words(row) or _("Candidatura cancelada")
        steps.append(Step(local(row.cancelada_el).date(), "grave", "x-octagon-fill", words, substitute_words(row)))
    if process:
        ended = process.termina_el <= local(process.datos_al).date()
        look = ("bien", "check-circle-fill") if ended else ("neutro", "circle")
        steps.append(Step(process.termina_el, *look, _("Fin de la campaña")))
        if process.jornada_el:
            past = process.jornada_el <= local(process.datos_al).date()
            look = ("bien", "check-circle-fill") if past else ("neutro", "circle")
            steps.append(Step(process.jornada_el, *look, _("Jornada electoral")))
    for resolution, day in sorted({(each.resolucion, local(each.votada_el).date()) for each in sanctions}):
        steps.append(Step(day, "bien", "check-circle-fill", _("El Consejo resolvió"), resolution))
    return sorted(steps, key=lambda step: step.dia)
