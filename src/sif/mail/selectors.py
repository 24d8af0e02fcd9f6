"""Read messages with what became of each; who sees which, their wall says."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sif.mail.models import Intento, Mensaje

QUEUED = "en_cola"
"""The state of a message of which nothing has come yet."""


def messages() -> QuerySet[Mensaje]:
    """Return every message in sight with its state, the words of the server, its hour and how often it was tried."""
    last = Intento.objects.filter(mensaje=OuterRef("pk")).order_by("-pk")
    told = Coalesce(Subquery(last.values("resultado")[:1]), Value(QUEUED), output_field=CharField())
    return Mensaje.objects.annotate(
        estado=told, dicho=Coalesce(Subquery(last.values("dicho")[:1]), Value("")),
        estado_el=Coalesce(Subquery(last.values("hecho_el")[:1]), F("encolado_el")), veces=Count("hechos"),
    )  # fmt: skip


def messages_of(tipo: str, objetos: Iterable[int]) -> dict[int, list[Mensaje]]:
    """Return the messages about some things of a type, by thing, the last first."""
    found: dict[int, list[Mensaje]] = {}
    for each in messages().filter(tipo=tipo, objeto__in=list(objetos)).select_related("persona").order_by("-pk"):
        found.setdefault(each.objeto or 0, []).append(each)
    return found


def figures() -> dict[str, int]:
    """Return how many messages there are in each state."""
    known: QuerySet[Any] = messages().order_by()  # its state is an annotation
    rows = known.values("estado").annotate(n=Count("pk", distinct=True))
    return {row["estado"]: row["n"] for row in rows}
