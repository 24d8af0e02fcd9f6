"""Auxiliaries as people name them: by the key they carry or by words, looked up kind by kind as they are typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model

from sif.books.models import Contrato
from sif.books.references import may_name
from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana, Credito, Evento, Proyecto, ResolucionPorPagar
from sif.catalogs.selectors.auxiliaries import Choice, auxiliary_choices
from sif.counterparties.seen import may_choose
from sif.registry.history import current
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor
from sif.registry.selectors import Reach
from sif.registry.versions import Version
from sif.web.goto import plain

Key = tuple[str, int | None]
LIMIT = 20
_NUMBERED = re.compile(r"^([ap#])(\d{1,18})$")
_LETTERS = {"aportante": "a", "persona": "p"}
_NAMES: dict[str, tuple[type[Model], str]] = {
    "proveedor": (Proveedor, "{0.rfc} {0.nombre}"),
    "aportante": (Aportante, "A{0.identidad} {0.nombre}"),
    "persona": (Persona, "P{0.identidad} {0.nombre}"),
    "cuenta_bancaria": (CuentaBancaria, "{0.clabe} {0.banco}"),
    "casa": (CasaCampana, "#{0.pk} {0.nombre}"),
    "evento": (Evento, "#{0.identidad} {0.numero} {0.nombre}"),
    "inventario": (Articulo, "#{0.pk} {0.clave} {0.nombre}"),
    "activo_fijo": (ActivoFijo, "#{0.pk} {0.numero} {0.descripcion}"),
    "credito": (Credito, "#{0.pk} {0.numero} {0.acreedor}"),
    "proyecto": (Proyecto, "#{0.pk} {0.clave} {0.nombre}"),
    "resolucion": (ResolucionPorPagar, "#{0.pk} {0.clave} {0.concepto}"),
    "contrato": (Contrato, "#{0.pk} {0.objeto}"),
}
"""How a posted auxiliary is written: first the key that finds it again, then its name."""


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """An auxiliary to choose: its kind and number, the key people type, its name, and what tells it from its like."""

    tipo: str
    numero: int
    clave: str
    nombre: str
    detalle: str = ""

    @property
    def words(self) -> str:
        """As written in a line and understood when it comes back."""
        return f"{self.clave} {self.nombre}".strip()


def find(books: Contabilidad, kind: str, text: str, reach: Reach, limit: int = LIMIT) -> list[Auxiliary]:
    """Return the auxiliaries of a kind that some books may use and a text may mean, by key or by words.

    reach: of who types; of donors and people they choose among those they see.
    """
    if kind == "contabilidad":
        return list(_sisters(books, text))[:limit]
    if kind == "contrato":
        return list(_contracts(books, text))[:limit]
    among = may_choose(kind, reach, books.sujeto_id, text)
    return [_auxiliary(kind, choice) for choice in auxiliary_choices(kind, books, text, limit, among)]


def _auxiliary(kind: str, choice: Choice) -> Auxiliary:
    letter = _LETTERS.get(kind, "#").upper()
    carried = choice.detail if kind in ("proveedor", "cuenta_bancaria") else ""
    return Auxiliary(
        kind, choice.id, carried or f"{letter}{choice.identidad or choice.id}", choice.label, choice.detail
    )


def _sisters(books: Contabilidad, text: str) -> Iterator[Auxiliary]:
    others = Contabilidad.objects.filter(sujeto=books.sujeto_id, etapa=books.etapa_id).exclude(pk=books.pk)
    for other in others.select_related("candidatura__persona").order_by("pk"):
        found = Auxiliary("contabilidad", other.pk, str(other.pk), other.titular)
        if _has_words(found.words, text):
            yield found


def _contracts(books: Contabilidad, text: str) -> Iterator[Auxiliary]:
    for contract in Contrato.objects.filter(contabilidad=books).select_related("proveedor").order_by("pk"):
        found = Auxiliary("contrato", contract.pk, f"#{contract.pk}", contract.objeto, contract.proveedor.nombre)
        if _has_words(f"{found.words} {found.detalle}", text):
            yield found


def _has_words(seen: str, wanted: str) -> bool:
    return all(word in plain(seen) for word in plain(wanted).split())


def match(books: Contabilidad, kind: str, text: str, reach: Reach) -> list[Auxiliary]:
    """The auxiliaries of a kind that a text means: the one of that key or that name, or those with all its words.

    A number alone means a donor or a person only to who sees them; with their whole name, to who wrote it.
    """
    wanted = plain(text)
    if not wanted:
        return []
    numbered = _NUMBERED.match(wanted.split()[0])
    if numbered and numbered[1] == _LETTERS.get(kind, "#") and kind in _NAMES:
        row = _numbered(kind, int(numbered[2]))
        if row is None or not may_name([books], kind, row.pk):
            return []
        words = _NAMES[kind][1].format(row).strip()
        among = type(row)._default_manager.filter(may_choose(kind, reach, books.sujeto_id, ""), pk=row.pk)
        if wanted != plain(words) and not among.exists():
            return []
        return [Auxiliary(kind, row.pk, *_split(words))]
    found = find(books, kind, text, reach)
    exact = [each for each in found if wanted.split()[0] == plain(each.clave) or wanted == plain(each.nombre)]
    return exact or found


def _numbered(kind: str, number: int) -> Model | None:
    """Return the record that people know by a number, as it stands now."""
    model = _NAMES[kind][0]
    rows = model._default_manager.all()
    rows = current(rows).filter(identidad=number) if issubclass(model, Version) else rows.filter(pk=number)
    return rows.first()


def _split(named: str) -> tuple[str, str]:
    clave, _sep, nombre = named.partition(" ")
    return clave, nombre


def names_of(keys: Iterable[Key]) -> dict[Key, str]:
    """Return the words of each auxiliary cited by posted lines, whoever's catalogue it stands in."""
    by_kind: dict[str, set[int]] = {}
    for kind, number in keys:
        if kind and number is not None:
            by_kind.setdefault(kind, set()).add(number)
    return {(kind, number): words for kind, numbers in by_kind.items() for number, words in _named(kind, numbers)}


def _named(kind: str, numbers: set[int]) -> Iterator[tuple[int, str]]:
    if kind in _NAMES:
        model, form = _NAMES[kind]
        yield from ((row.pk, form.format(row).strip()) for row in model._default_manager.filter(pk__in=numbers))
    else:
        yield from ((number, str(number)) for number in numbers)
