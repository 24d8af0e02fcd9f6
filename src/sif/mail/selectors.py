"""Read messages with what became of each; who sees which, their wall says."""

from collections.abc import Iterable

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sif.mail.models import Intento, Mensaje

QUEUED = "en_cola"
"""The state of a message of which nothing has come yet."""


def messages() -> QuerySet[Mensaje]:
    """Return every message in sight with its state, the words of the server, its hour and how often it was tried.

    They are read for the rows of a page: `in_state` narrows, for asking each of many rows its state takes long.
    """
    own = Intento.objects.filter(mensaje=OuterRef("pk"))
    last, counted = own.order_by("-pk"), own.order_by().values("mensaje").annotate(n=Count("pk"))
    return Mensaje.objects.annotate(
        estado=Coalesce(Subquery(last.values("resultado")[:1]), Value(QUEUED), output_field=CharField()),
        dicho=Coalesce(Subquery(last.values("dicho")[:1]), Value("")),
        estado_el=Coalesce(Subquery(last.values("hecho_el")[:1]), F("encolado_el")),
        veces=Coalesce(Subquery(counted.values("n")), Value(0)),
    )


def in_state(rows: QuerySet[Mensaje], state: str) -> QuerySet[Mensaje]:
    """Keep the messages that stand in a state."""
    if state == QUEUED:
        return rows.exclude(pk__in=Intento.objects.order_by().values("mensaje"))
    return rows.filter(pk__in=_last().filter(resultado=state).values("mensaje"))


def _last() -> QuerySet[Intento]:
    """Return the last attempt of each message."""
    ends = Intento.objects.order_by("mensaje", "-pk").distinct("mensaje").values("pk")
    return Intento.objects.filter(pk__in=ends).order_by()


def messages_of(tipo: str, objetos: Iterable[int]) -> dict[int, list[Mensaje]]:
    """Return the messages about some things of a type, by thing, the last first."""
    found: dict[int, list[Mensaje]] = {}
    for each in messages().filter(tipo=tipo, objeto__in=list(objetos)).select_related("persona").order_by("-pk"):
        found.setdefault(each.objeto or 0, []).append(each)
    return found


def figures() -> dict[str, int]:
    """Return how many messages there are in each state."""
    found = {row["resultado"]: row["n"] for row in _last().values("resultado").annotate(n=Count("pk"))}
    return {QUEUED: Mensaje.objects.count() - sum(found.values()), **found}
