"""Auxiliaries as people name them: suppliers by RFC, donors and persons by name, bank accounts by CLABE."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor
from sif.web.goto import plain

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """An auxiliary to choose: its kind and number, the key people type, and its name."""

    tipo: str
    numero: int
    clave: str
    nombre: str

    @property
    def words(self) -> str:
        """As shown in a list and understood when it comes back."""
        return f"{self.clave} {self.nombre}".strip()


def auxiliaries_of(books: Contabilidad) -> list[Auxiliary]:
    """Every auxiliary that the lines of some books may carry."""
    return [*_of_all(books), *_of_subject(books)]


def _of_all(books: Contabilidad) -> Iterator[Auxiliary]:
    for supplier in Proveedor.objects.order_by("nombre"):
        yield Auxiliary("proveedor", supplier.pk, supplier.rfc, supplier.nombre)
    for person in Persona.objects.filter(candidaturas__contabilidad=books):
        yield Auxiliary("persona", person.pk, f"P{person.pk}", person.nombre)


def _of_subject(books: Contabilidad) -> Iterator[Auxiliary]:
    for account in CuentaBancaria.objects.filter(contabilidad=books).order_by("pk"):
        yield Auxiliary("cuenta_bancaria", account.pk, account.clabe, account.banco)
    for donor in Aportante.objects.filter(sujeto=books.sujeto_id).order_by("nombre", "pk"):
        yield Auxiliary("aportante", donor.pk, f"A{donor.pk}", donor.nombre)
    for other in Contabilidad.objects.filter(sujeto=books.sujeto_id).exclude(pk=books.pk).order_by("pk"):
        yield Auxiliary("contabilidad", other.pk, str(other.pk), other.get_clase_display())


def match(text: str, kind: str, known: list[Auxiliary]) -> list[Auxiliary]:
    """The auxiliaries of a kind that a text may mean: the one of that key, or those whose name contains it."""
    wanted = plain(text)
    if not wanted:
        return []
    same = [each for each in known if each.tipo == kind]
    exact = [each for each in same if wanted.split()[0] == plain(each.clave) or wanted == plain(each.nombre)]
    return exact or [each for each in same if wanted in plain(each.words)]


def names_of(keys: Iterable[Key]) -> dict[Key, str]:
    """The words of each auxiliary cited by posted lines, whoever's catalogue it stands in."""
    by_kind: dict[str, set[int]] = {}
    for kind, number in keys:
        if kind and number is not None:
            by_kind.setdefault(kind, set()).add(number)
    return {(kind, number): words for kind, numbers in by_kind.items() for number, words in _named(kind, numbers)}


def _named(kind: str, numbers: set[int]) -> Iterator[tuple[int, str]]:
    if kind == "proveedor":
        yield from ((row.pk, f"{row.rfc} {row.nombre}") for row in Proveedor.objects.filter(pk__in=numbers))
    elif kind == "aportante":
        yield from ((row.pk, f"A{row.pk} {row.nombre}") for row in Aportante.objects.filter(pk__in=numbers))
    elif kind == "persona":
        yield from ((row.pk, f"P{row.pk} {row.nombre}") for row in Persona.objects.filter(pk__in=numbers))
    elif kind == "cuenta_bancaria":
        yield from ((row.pk, f"{row.clabe} {row.banco}") for row in CuentaBancaria.objects.filter(pk__in=numbers))
    else:
        yield from ((number, f"{kind} {number}") for number in numbers)
