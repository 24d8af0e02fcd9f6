"""Search auxiliaries by key or by words without accents, kind by kind."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from sif.catalogs.models import (
    ActivoFijo,
    Articulo,
    CasaCampana,
    Credito,
    Evento,
    FichaProveedor,
    Proyecto,
    ResolucionPorPagar,
)
from sif.registry import clock
from sif.registry.folding import with_words
from sif.registry.history import current
from sif.registry.masks import masked, shown_rfc
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor

LIMIT = 20
WHOLE_RFC = 13
"""Letters of the RFC of a natural person."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An auxiliary to choose. label: what is read and typed; detail: what tells it from another of the same name.

    identidad: the number that people type, which stays when a version changes the id; None where the id never changes.
    """

    id: int
    label: str
    detail: str
    identidad: int | None = None


Source = Callable[[Contabilidad, str, Q], Iterable[Choice]]


OFFERED = Q(propio=True) | Q(letras=12)


def _every_supplier(sujetos: Collection[int]) -> QuerySet[Any]:
    own = Exists(FichaProveedor.objects.filter(proveedor=OuterRef("pk"), sujeto__in=sujetos))
    return Proveedor.objects.annotate(propio=own).alias(letras=Length("rfc"), rfc_visible=shown_rfc("rfc"))


def suppliers_offered(sujetos: Collection[int]) -> list[tuple[int, str]]:
    """The suppliers that a list offers to some subjects: the number of each, and its name with its RFC as it is shown.

    Every legal person, and the natural persons of their catalogue: those who sell to others are not told.
    """
    rows = _every_supplier(sujetos).filter(OFFERED).order_by("nombre", "pk")
    return [(row.pk, f"{row.nombre} {masked('rfc', row.rfc)}") for row in rows]


def _suppliers(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    """Yield every legal person, and the natural persons of the catalogue, by words; another's, by one whole RFC."""
    every = _every_supplier([books.sujeto_id])
    worded = with_words(every.filter(OFFERED), text, "rfc_visible", "nombre").values("pk")
    typed = next((each.upper() for each in text.split() if len(each) == WHOLE_RFC), "")
    rows = every.filter(Q(pk__in=worded) | Q(rfc=typed))
    for row in rows.order_by("-propio", "nombre", "pk")[:LIMIT]:
        yield Choice(row.pk, row.nombre, row.rfc)


def are_own_suppliers(sujeto: int, numbers: Collection[int]) -> bool:
    """Return whether every one of some suppliers, by number, is in the catalogue of a subject."""
    own = FichaProveedor.objects.filter(sujeto=sujeto, proveedor__in=numbers)
    return set(numbers) <= set(own.values_list("proveedor", flat=True))


def _donors(books: Contabilidad, text: str, among: Q) -> Iterator[Choice]:
    own = current(Aportante.objects.filter(among, sujeto=books.sujeto_id))
    rows = _named_or_keyed(own, text, "rfc", "curp", "clave_elector")
    for row in rows.order_by("nombre", "pk")[:LIMIT]:
        yield Choice(row.pk, row.nombre, _told(row, "rfc", "curp", "clave_elector"), row.identidad)


def _named_or_keyed(rows: QuerySet, text: str, *keys: str) -> QuerySet:  # type: ignore[type-arg]
    """The rows whose name has every word of the text, or that have it as a whole key: of a part, a mask is guessed."""
    keyed = Q(pk__in=())
    for key in keys if text.strip() else ():
        keyed |= Q(**{f"{key}__iexact": text.strip()})
    return rows.filter(Q(pk__in=with_words(rows, text, "nombre").values("pk")) | keyed)


def _told(row: Model, *fields: str) -> str:
    """Return the first of those keys that a person has, masked."""
    return next((masked(name, text) for name in fields if (text := getattr(row, name))), "")


def _persons(books: Contabilidad, text: str, among: Q) -> Iterator[Choice]:
    today = clock.today()
    mine = Q(candidaturas__contabilidad=books) | Q(
        sujetos__sujeto=books.sujeto_id,
        sujetos__desde__lte=today,
        sujetos__hasta__gte=today,
        sujetos__reemplazada_por=None,
    )
    own = Persona.objects.filter(mine).values("identidad")
    rows = _named_or_keyed(current(Persona.objects.filter(among, identidad__in=own)), text, "curp", "rfc")
    for row in rows.order_by("nombre", "pk")[:LIMIT]:
        yield Choice(row.pk, row.nombre, _told(row, "curp", "rfc"), row.identidad)


def _accounts(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    rows = with_words(CuentaBancaria.objects.filter(contabilidad=books), text, "clabe", "banco")
    for row in rows.order_by("cancelacion__fecha", "pk")[:LIMIT]:
        yield Choice(row.pk, f"{row.banco} {row.clabe[-4:]}", row.clabe)


def _events(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    own = current(Evento.objects.filter(contabilidad=books)).exclude(estatus="cancelado")
    rows = with_words(own, text, "nombre", "lugar")
    for row in rows.order_by("-fecha", "pk")[:LIMIT]:
        yield Choice(row.pk, row.nombre, f"{row.numero}, {row.fecha:%d/%m/%Y}", row.identidad)


def _houses(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    rows = with_words(CasaCampana.objects.filter(contabilidad=books, cancelacion=None), text, "nombre", "domicilio")
    for row in rows.order_by("nombre", "pk")[:LIMIT]:
        yield Choice(row.pk, row.nombre, row.domicilio)


def _of_books(model: type[Model], key: str, name: str) -> Source:
    """Return a catalogue of one set of books, found by its key and its name."""

    def source(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
        rows = with_words(model._default_manager.filter(contabilidad=books), text, key, name)
        for row in rows.order_by(key, "pk")[:LIMIT]:
            yield Choice(row.pk, getattr(row, name), getattr(row, key))

    return source


def _projects(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    rows = with_words(Proyecto.objects.filter(sujeto=books.sujeto_id), text, "clave", "nombre")
    for row in rows.order_by("-anio", "clave")[:LIMIT]:
        yield Choice(row.pk, row.nombre, f"{row.clave}, {row.anio}")


def _owed(books: Contabilidad, text: str, _among: Q) -> Iterator[Choice]:
    rows = with_words(ResolucionPorPagar.objects.filter(sujeto=books.sujeto_id), text, "clave", "concepto")
    for row in rows.order_by("-aprobada_el", "pk")[:LIMIT]:
        yield Choice(row.pk, row.concepto, row.clave)


SOURCES: dict[str, Source] = {
    "proveedor": _suppliers,
    "aportante": _donors,
    "persona": _persons,
    "cuenta_bancaria": _accounts,
    "evento": _events,
    "casa": _houses,
    "inventario": _of_books(Articulo, "clave", "nombre"),
    "activo_fijo": _of_books(ActivoFijo, "numero", "descripcion"),
    "credito": _of_books(Credito, "numero", "acreedor"),
    "proyecto": _projects,
    "resolucion": _owed,
}
"""Where each kind is looked up: books and words give the auxiliaries they may mean, among those of a condition."""


def auxiliary_choices(
    kind: str, contabilidad: Contabilidad, text: str, limit: int = LIMIT, among: Q | None = None
) -> list[Choice]:
    """Return the auxiliaries of a kind that some books may use and a text may mean; () for a kind without a catalogue.

    among: of donors and people, those that the person who types may choose.
    """
    source = SOURCES.get(kind)
    return list(islice(source(contabilidad, text, among or Q()), limit)) if source else []
