"""Find books of a person in the database: by their number and words, those that may record today first."""

from django.db.models import Case, Q, QuerySet, Value, When

from sif.registry.folding import with_words
from sif.registry.models import Contabilidad
from sif.web.party.mesa import Mesa

SAID = ("pk", "candidatura__persona__nombre", "candidatura__cargo__nombre", "candidatura__territorio__nombre", "clase")
"""What the words of a search are looked for in."""
OFFERED = 50
"""The most books that a page offers in a select; any other is named by its number."""


def said(books: QuerySet[Contabilidad], text: str) -> QuerySet[Contabilidad]:
    """Filter the books in which every word of a text stands: their number, holder, office, place or kind."""
    return with_words(books, text, *SAID)


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
