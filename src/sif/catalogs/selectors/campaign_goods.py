"""Query houses, articles, assets and debts; depreciation is derived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Case, DateField, ExpressionWrapper, F, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractDay, ExtractMonth, ExtractYear, Greatest, Least

from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana, Credito, Proyecto, ResolucionPorPagar
from sif.registry.models import SujetoObligado
from sif.values import Money


@dataclass(frozen=True, slots=True)
class AssetRow:
    """An asset on a day: months used, what it lost and what remains. Written off, it stops on that day."""

    activo: ActivoFijo
    meses: int
    depreciacion: Money
    valor: Money


def casas(contabilidades: Iterable[int], q: str = "") -> QuerySet[CasaCampana]:
    """Houses of some books, by their first day."""
    found = _found(CasaCampana, contabilidades, q, ("nombre", "propietario", "municipio", "domicilio"))
    return found.select_related("cancelacion").order_by("desde", "pk")


def articulos(contabilidades: Iterable[int], q: str = "") -> QuerySet[Articulo]:
    """Articles of some books, by key."""
    return _found(Articulo, contabilidades, q, ("clave", "nombre")).order_by("contabilidad_id", "clave")


def assets_on(contabilidades: Iterable[int], al: date) -> QuerySet[ActivoFijo]:
    """Select the assets of some books with `meses`, `depreciacion` and `valor` on a day, as `asset_row` has them."""
    until = Least(Coalesce("baja__desde", Value(al)), Value(al), output_field=DateField())
    gone = Case(When(adquirido_el__day__gt=ExtractDay(until), then=1), default=0)
    months = (
        12 * (ExtractYear(until) - ExtractYear("adquirido_el")) + ExtractMonth(until) - ExtractMonth("adquirido_el")
    )
    rows = ActivoFijo.objects.filter(contabilidad__in=list(contabilidades))
    rows = rows.annotate(al=Value(al), meses=Cast(Greatest(months - gone, 0), BigIntegerField()))
    used = Least("meses", "vida_meses", output_field=BigIntegerField())
    parts = (2 * F("costo") * used + F("vida_meses")) / (2 * F("vida_meses"))
    lost = ExpressionWrapper(parts, output_field=BigIntegerField())
    rows = rows.annotate(depreciacion=Case(When(vida_meses__gt=0, then=lost), default=0))
    return rows.annotate(valor=F("costo") - F("depreciacion"))


def creditos(contabilidades: Iterable[int], q: str = "") -> QuerySet[Credito]:
    """Credits of some books, the first to fall due first."""
    return _found(Credito, contabilidades, q, ("numero", "acreedor")).order_by("vence_el", "pk")


def proyectos(sujetos: Iterable[SujetoObligado], q: str = "") -> QuerySet[Proyecto]:
    """Projects of the yearly programme of some subjects, the last year first."""
    found = Proyecto.objects.filter(_words(q, ("clave", "nombre")), sujeto__in=list(sujetos))
    return found.select_related("sujeto").order_by("-anio", "clave")


def resoluciones_por_pagar(sujetos: Iterable[SujetoObligado], q: str = "") -> QuerySet[ResolucionPorPagar]:
    """Resolutions that some subjects owe, the last approved first."""
    found = ResolucionPorPagar.objects.filter(_words(q, ("clave", "concepto")), sujeto__in=list(sujetos))
    return found.select_related("sujeto").order_by("-aprobada_el", "clave")


def asset_row(activo: ActivoFijo, al: date) -> AssetRow:
    """Return an asset on a day: the cost in equal parts over its useful life, by whole months, to the centavo."""
    until = min(al, activo.baja_el) if activo.baja_el else al
    months = max(0, whole_months(activo.adquirido_el, until))
    used = min(months, activo.vida_meses)
    lost = (2 * activo.costo * used + activo.vida_meses) // (2 * activo.vida_meses) if activo.vida_meses else 0
    return AssetRow(activo, months, Money(lost), Money(activo.costo - lost))


def whole_months(desde: date, hasta: date) -> int:
    """Months completed between two days."""
    months = (hasta.year - desde.year) * 12 + hasta.month - desde.month
    return months - 1 if hasta.day < desde.day else months


def _found[M: Model](model: type[M], contabilidades: Iterable[int], q: str, names: tuple[str, ...]) -> QuerySet[M]:
    rows = model._default_manager.filter(_words(q, names), contabilidad__in=list(contabilidades))
    return rows.select_related("contabilidad__candidatura__persona")


def _words(q: str, names: tuple[str, ...]) -> Q:
    found = Q()
    for name in names if q.strip() else ():
        found |= Q(**{f"{name}__icontains": q.strip()})
    return found
