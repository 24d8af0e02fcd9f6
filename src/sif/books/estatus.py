"""Derive the current SAT status of an invoice from every answer that was recorded."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sif.books.models import Comprobante, EstatusComprobante, UsoComprobante

UNKNOWN = "desconocido"


def with_estatus(rows: QuerySet[Comprobante]) -> QuerySet[Comprobante]:
    """Annotate the last status of each invoice, `estatus_sat`, and its day, `estatus_el`; of one day, the last noted.

    An invoice of which nothing was noted is «desconocido», without a day.
    """
    last = EstatusComprobante.objects.filter(comprobante=OuterRef("pk")).order_by("-al", "-pk")
    return rows.annotate(
        estatus_sat=Coalesce(Subquery(last.values("estatus")[:1]), Value(UNKNOWN)),
        estatus_el=Subquery(last.values("al")[:1]),
    )


def estatus_of(numbers: Collection[int]) -> dict[int, tuple[str, date | None]]:
    """Return the last status and its day of each invoice of which SAT said something."""
    said = EstatusComprobante.objects.filter(comprobante__in=numbers)
    last = said.order_by("comprobante", "-al", "-pk").distinct("comprobante")
    return {row.comprobante_id: (row.estatus, row.al) for row in last}


def least_known() -> QuerySet[Comprobante]:
    """List the invoices that SAT has not cancelled, those never asked first, then those asked longest ago.

    Of one day, those that a póliza uses go first: what anybody drops in an inbox delays no word on what is recorded.
    """
    last, used = (
        F("estatus_el").asc(nulls_first=True),
        Exists(UsoComprobante.objects.filter(comprobante=OuterRef("pk"))),
    )
    rows = with_estatus(Comprobante.objects.all()).filter(~Q(estatus_sat="cancelado"))
    return rows.order_by(last, used.desc(), "pk")


def status_figures() -> dict[str, int]:
    """Count the invoices of every inbox by their last status."""
    rows: QuerySet[Model] = with_estatus(Comprobante.objects.all())
    return dict(rows.values_list("estatus_sat").annotate(n=Count("pk")).order_by())


def last_asked() -> EstatusComprobante | None:
    """Return the last word of SAT that was written down, of any invoice."""
    return EstatusComprobante.objects.select_related("anotado_por").order_by("-anotado_el", "-pk").first()
