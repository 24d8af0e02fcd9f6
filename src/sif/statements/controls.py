"""Query the controls over the books: pólizas, evidence, and late records."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from sif.books.models import Evidencia, Poliza
from sif.law.parameters import NotInForce, Parameter, load_parameters
from sif.registry import clock
from sif.statements.asked import Asked, begins
from sif.statements.ledgers import SUBTYPES, TYPES, reference_of, to_poliza
from sif.statements.report import Line, ListRows, QueryRows, Row
from sif.values import Money

CLASSES = {
    "ordinaria": "Ordinaria",
    "transferencia": "Transferencia",
    "reclasificacion": "Reclasificación",
    "prorrateo": "Prorrateo",
}
_HEAD = (
    "contabilidad_id",
    "tipo",
    "periodo__numero",
    "subtipo",
    "numero",
    "clase",
    "fecha_operacion",
    "registrada_el",
    "registrada_por__nombre",
    "concepto",
    "total",
    "eslabon",
)
NOT_NEW = ("transferencia", "reclasificacion")
"""Classes of póliza that move what was already recorded; they are never late by themselves."""


def _polizas(asked: Asked) -> QuerySet[Poliza]:
    found = Poliza.objects.filter(asked.of_polizas() & asked.within(""))
    if asked.cuentas:
        touched = found.filter(begins("movimientos__cuenta__codigo", asked.cuentas)).values("pk")
        found = found.filter(pk__in=touched)
    return found


def polizas(asked: Asked) -> QueryRows:
    """Return every póliza, with its days, its amount and how many files support it."""
    base = _polizas(asked)
    ordered = (
        base.annotate(vigentes=Count("evidencias", filter=Q(evidencias__sin_efecto__isnull=True)))
        .order_by("fecha_operacion", "contabilidad_id", "eslabon")
        .values(*_HEAD, "vigentes", "revierte_a_id", "reversion__id")
    )
    return QueryRows(ordered, base, _poliza_lines, {"total": "total"})


def _poliza_lines(rows: Sequence[Row]) -> list[Line]:
    return [
        Line(
            {
                "poliza": reference_of(row, ""),
                "contabilidad": str(row["contabilidad_id"]),
                "periodo": row["periodo__numero"],
                "tipo": TYPES[row["tipo"]],
                "subtipo": SUBTYPES[row["subtipo"]],
                "clase": CLASSES[row["clase"]],
                "fecha_operacion": row["fecha_operacion"],
                "fecha_registro": clock.legal_day(row["registrada_el"]),
                "dias": (clock.legal_day(row["registrada_el"]) - row["fecha_operacion"]).days,
                "concepto": row["concepto"],
                "registro": row["registrada_por__nombre"],
                "evidencias": row["vigentes"],
                "total": Money(row["total"]),
                "estado": _state(row),
            },
            {"poliza": to_poliza(row, "")},
        )
        for row in rows
    ]


def _state(row: dict[str, object]) -> str:
    if row["revierte_a_id"] is not None:
        return "Revierte a otra"
    return "Revertida" if row["reversion__id"] is not None else "Registrada"


def evidencias(asked: Asked) -> QueryRows:
    """Return every file attached to a póliza, those left without effect too."""
    base = Evidencia.objects.filter(asked.of_polizas("poliza__") & asked.within())
    if asked.cuentas:
        base = base.filter(poliza__in=_polizas(asked).values("pk"))
    head = (
        f"poliza__{name}" for name in ("tipo", "periodo__numero", "subtipo", "numero", "fecha_operacion", "eslabon")
    )
    ordered = base.order_by("cargada_el", "pk").values(
        "contabilidad_id",
        "clase__nombre",
        "nombre",
        "archivo__bytes",
        "archivo__tipo",
        "archivo_id",
        "cargada_el",
        "cargada_por__nombre",
        "sin_efecto__motivo",
        *head,
    )
    return QueryRows(ordered, base, _evidence_lines)


def _evidence_lines(rows: Sequence[dict[str, object]]) -> list[Line]:
    return [
        Line(
            {
                "poliza": reference_of(row),
                "contabilidad": str(row["contabilidad_id"]),
                "clase": row["clase__nombre"],
                "archivo": row["nombre"],
                "bytes": row["archivo__bytes"],
                "tipo": row["archivo__tipo"],
                "alta": row["cargada_el"],
                "usuario": row["cargada_por__nombre"],
                "estado": "Vigente" if row["sin_efecto__motivo"] is None else "Sin efecto",
                "motivo": row["sin_efecto__motivo"] or "",
                "sha256": row["archivo_id"],
            },
            {"poliza": to_poliza(row)},
        )
        for row in rows
    ]


def extemporaneos(asked: Asked) -> ListRows:
    """Pólizas recorded after the term of their day, with what subsists of them once reversed; transfers are not new.

    The term is the parameter `plazo_registro_dias` of the day of the operation [RF 38.1].
    """
    term = load_parameters(settings.JURISDICTION)["plazo_registro_dias"]
    found = (
        _polizas(asked)
        .filter(revierte_a__isnull=True)
        .exclude(clase__in=NOT_NEW)
        .annotate(revertido=F("reversion__total"))
        .order_by("fecha_operacion", "contabilidad_id", "eslabon")
        .values(*_HEAD, "revertido")
    )
    lines = [_late_line(row, days) for row in found.iterator() if (days := _term(term, row["fecha_operacion"])) >= 0]
    return ListRows([line for line in lines if line is not None], ("importe",))


def _term(term: Parameter, day: date) -> int:
    try:
        return term.on(day).valor
    except NotInForce:
        return -1


def _late_line(row: Row, term: int) -> Line | None:
    days = (clock.legal_day(row["registrada_el"]) - row["fecha_operacion"]).days
    net = row["total"] + (row["revertido"] or 0)
    if days <= term or net == 0:
        return None
    return Line(
        {
            "poliza": reference_of(row, ""),
            "contabilidad": str(row["contabilidad_id"]),
            "fecha_operacion": row["fecha_operacion"],
            "fecha_registro": clock.legal_day(row["registrada_el"]),
            "dias": days,
            "plazo": term,
            "concepto": row["concepto"],
            "importe": Money(net),
        },
        {"poliza": to_poliza(row, "")},
    )
