"""Order books of a person in the database, those that may record today first."""

from django.db.models import Case, Q, QuerySet, Value, When

from sif.registry.models import Contabilidad
from sif.web.party.mesa import Mesa

OFFERED = 50
"""The most books that a page offers in a select; any other is named by its number."""


def open_first(mesa: Mesa, books: QuerySet[Contabilidad]) -> QuerySet[Contabilidad]:
    """Order books by number, those that may record today first."""
    closed = Case(When(_open(mesa, books), then=Value(0)), default=Value(1))
    return books.annotate(cerrada=closed).order_by("cerrada", "pk")


def open_today(mesa: Mesa, books: QuerySet[Contabilidad]) -> QuerySet[Contabilidad]:
    """Filter the books that may record today."""
    return books.filter(_open(mesa, books))


def _open(mesa: Mesa, books: QuerySet[Contabilidad]) -> Q:
    """Say which books have a window open; windows are of a subject at a stage, whatever its books."""
    pairs = books.order_by().values_list("etapa", "sujeto").distinct()
    opened = [
        Q(etapa=etapa, sujeto=sujeto)
        for etapa, sujeto in pairs
        if mesa.windows(Contabilidad(etapa_id=etapa, sujeto_id=sujeto))
    ]
    return Q(*opened, _connector=Q.OR) if opened else Q(pk__in=[])
