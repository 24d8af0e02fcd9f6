"""Limit the donors, people and suppliers that a person sees to their subject or their books."""

from django.db.models import Model, Q, QuerySet

from sif.books.models import Contrato, Movimiento
from sif.catalogs.models import FichaProveedor, PersonaSujeto
from sif.counterparties.history import suppliers_named
from sif.registry.history import current
from sif.registry.models import Aportante, Persona, Proveedor
from sif.registry.selectors import Reach

_KEYS = {"aportante": ("rfc", "curp", "clave_elector"), "persona": ("curp", "rfc")}


def donors_of(reach: Reach) -> QuerySet[Aportante]:
    """List donors as they stand now, by name: those that some books received from, or that the person captured."""
    seen = Q(sujeto__in=reach.enteros)
    if reach.parciales:
        seen |= Q(sujeto__in=reach.parciales, identidad__in=_donors_used(reach).values("identidad"))
    return current(Aportante.objects.filter(seen)).select_related("sujeto").order_by("nombre", "pk")


def _donors_used(reach: Reach) -> QuerySet[Aportante]:
    return Aportante.objects.filter(
        Q(aportaciones__contabilidad__in=reach.libros)
        | Q(pk__in=_named("aportante", reach))
        | Q(registrada_por=reach.persona)
    )


def people_of(reach: Reach) -> QuerySet[PersonaSujeto]:
    """List the people of the catalogues, by name: those that some books pay or name, or that the person captured."""
    seen = Q(sujeto__in=reach.enteros)
    if reach.parciales:
        seen |= Q(sujeto__in=reach.parciales) & (
            Q(persona__identidad__in=_people_used(reach)) | Q(identidad__in=_captured(PersonaSujeto, reach))
        )
    rows = current(PersonaSujeto.objects.filter(seen)).select_related("persona", "sujeto")
    return rows.order_by("persona__nombre", "pk")


def _captured(model: type[PersonaSujeto | FichaProveedor], reach: Reach) -> set[int]:
    """Return the records of which the person captured a version."""
    rows = model._default_manager.filter(registrada_por=reach.persona)
    return set(rows.values_list("identidad", flat=True))


def _people_used(reach: Reach) -> QuerySet[Persona, object]:
    """Return the identities of the people whom some books pay, name or nominate, in whatever version they cite."""
    used = Persona.objects.filter(
        Q(recibos_repap__contabilidad__in=reach.libros)
        | Q(ceps__contabilidad__in=reach.libros)
        | Q(candidaturas__contabilidad__in=reach.libros)
        | Q(pk__in=_named("persona", reach))
    )
    return used.values("identidad")


def _named(kind: str, reach: Reach) -> set[int]:
    lines = Movimiento.objects.filter(auxiliar_tipo=kind, contabilidad__in=reach.libros)
    return {number for number in lines.values_list("auxiliar_id", flat=True).distinct() if number is not None}


def fichas_of(reach: Reach) -> QuerySet[FichaProveedor]:
    """List what subjects keep of their suppliers: those that some books name, or that the person captured."""
    seen = Q(sujeto__in=reach.enteros)
    if reach.parciales:
        own = Q(proveedor__in=suppliers_named(reach.libros)) | Q(identidad__in=_captured(FichaProveedor, reach))
        seen |= Q(sujeto__in=reach.parciales) & own
    return current(FichaProveedor.objects.filter(seen)).select_related("proveedor", "sujeto", "registrada_por")


def suppliers_of(reach: Reach, books: list[int]) -> QuerySet[Proveedor]:
    """List the suppliers that a person sees: those with a ficha in their reach and those that some books name."""
    lines = Movimiento.objects.filter(auxiliar_tipo="proveedor", contabilidad__in=books)
    kept, agreed = fichas_of(reach).order_by(), Contrato.objects.filter(contabilidad__in=books)
    return Proveedor.objects.filter(
        Q(pk__in=kept.values("proveedor"))
        | Q(pk__in=lines.values("auxiliar_id"))
        | Q(pk__in=agreed.values("proveedor"))
    )


def may_choose(kind: str, reach: Reach, sujeto_id: int, text: str) -> Q:
    """The condition on donors or people of a subject that a person may choose while typing; every row for other kinds.

    Those that the person sees, and the one whose whole key was typed: who holds a key may name its owner.
    """
    if kind not in _KEYS or reach.is_whole(sujeto_id):
        return Q()
    typed = text.strip()
    holds = Q(pk__in=())
    for key in _KEYS[kind] if len(typed) >= 12 else ():
        holds |= Q(**{f"{key}__iexact": typed})
    if kind == "aportante":
        return holds | Q(identidad__in=donors_of(reach).values("identidad"))
    nominated = Persona.objects.filter(candidaturas__contabilidad__in=reach.libros)
    seen = set(people_of(reach).values_list("persona__identidad", flat=True))
    return holds | Q(identidad__in=seen) | Q(identidad__in=nominated.values("identidad"))


def may_cite(kind: str, reach: Reach, sujeto_id: int, number: int) -> bool:
    """Return whether a person may cite by number a donor or a person of a subject, since the number reveals the name.

    A number out of the person's reach is refused as if it did not exist; a number of another kind is always allowed.
    """
    if kind not in _KEYS:
        return True
    rows: QuerySet[Model] = Aportante.objects.all() if kind == "aportante" else Persona.objects.all()
    return rows.filter(may_choose(kind, reach, sujeto_id, ""), pk=number).exists()
