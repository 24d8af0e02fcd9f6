"""Draw the agreements of a coalition: who makes it up with what share, since when, and by which accord."""

from collections.abc import Iterable

from django.utils.translation import gettext as translated

from sif.registry import clock
from sif.registry.coalitions import Agreement, agreements_of
from sif.registry.models import IntegranteCoalicion, SujetoObligado
from sif.web.formats import percent


def shares_said(parts: Iterable[IntegranteCoalicion]) -> str:
    """Write the members of an agreement with their shares, the largest first."""
    ordered = sorted(parts, key=lambda each: (-each.participacion_pb, each.sujeto.siglas))
    return " · ".join(f"{each.sujeto.siglas} {percent(each.participacion_pb)}" for each in ordered)


def agreements_drawn(coalicion: SujetoObligado) -> list[dict[str, object]]:
    """Return the agreements of a coalition as its sheet shows them, the last first."""
    return [
        {"convenio": each.convenio, "partes": shares_said(each.partes), "rige": _span(each), "hasta": each.hasta}
        for each in agreements_of(coalicion)
    ]


def _span(each: Agreement) -> str:
    """Say from which day to which an agreement rules."""
    first = f"{each.convenio.desde:%d/%m/%Y}"
    if each.hasta is None:
        words = translated("Rige desde el %(first)s") if each.convenio.desde <= clock.today() else ""
        return (words or translated("Regirá desde el %(first)s")) % {"first": first}
    if each.hasta == each.convenio.desde:
        return translated("No rigió ningún día: lo corrigió el que le sigue, también del %(first)s") % {"first": first}
    words = translated("Rigió desde el %(first)s y hasta antes del %(end)s")
    return words % {"first": first, "end": f"{each.hasta:%d/%m/%Y}"}
