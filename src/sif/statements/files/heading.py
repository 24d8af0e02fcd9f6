"""Build the heading of a book: owner, filter and instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sif.ledger.poliza import AUXILIARIES
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad
from sif.statements.asked import Asked
from sif.statements.ledgers import SUBTYPES, TYPES
from sif.statements.names import names_of, written
from sif.statements.report import Report


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a book: its title, the subject, its books and the filter, each in words; and the instant."""

    titulo: str
    sujeto: str
    contabilidad: str
    filtros: tuple[tuple[str, str], ...]
    hecho_el: datetime

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Label and words of each line below the title."""
        made = self.hecho_el.astimezone(legal_zone())
        return [
            ("Sujeto obligado", self.sujeto),
            ("Contabilidad", self.contabilidad),
            *self.filtros,
            ("Hecho el", f"{made:%d/%m/%Y %H:%M} (hora del centro)"),
        ]


def file_name(report: Report, asked: Asked) -> str:
    """Return the name of a file: the book, its contabilidad when it is one, and its days."""
    parts = [report.clave]
    if len(asked.contabilidades) == 1:
        parts.append(str(asked.contabilidades[0]))
    parts += [f"p{asked.periodo}"] if asked.periodo is not None else []
    parts += [day.isoformat() for day in (asked.desde, asked.hasta) if day]
    return "-".join(parts)


def heading(report: Report, asked: Asked, books: Sequence[Contabilidad], moment: datetime) -> Heading:
    """Return the heading of a report over some books (all of asked.contabilidades, with their sujeto) at an instant."""
    sujetos = {each.sujeto.nombre: None for each in books}
    return Heading(report.titulo, ", ".join(sujetos), books_in_words(books), filters_in_words(report, asked), moment)


def books_in_words(books: Sequence[Contabilidad]) -> str:
    """Return one set of books with its name; a few by number; many by how many they are."""
    if len(books) == 1:
        return f"{books[0].pk}, {books[0].titular}"
    if len(books) <= 8:
        return ", ".join(str(each.pk) for each in books)
    return f"{len(books)} contabilidades, de la {books[0].pk} a la {books[-1].pk}"


def filters_in_words(report: Report, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the filter in words, only what narrows."""
    said = [("Periodo", str(asked.periodo) if asked.periodo is not None else ""), ("Días", _days(asked))]
    said += [
        ("Cuenta", ", ".join(asked.cuentas)),
        ("Tipo", TYPES.get(asked.tipo, "")),
        ("Subtipo", SUBTYPES.get(asked.subtipo, "")),
        ("Auxiliar", _auxiliary(asked)),
        ("Texto", asked.texto),
        ("Pólizas", "solo las que tocan caja o bancos" if asked.efectivo else ""),
        ("Sin contar", "las que abren los libros o cierran sus resultados" if asked.operaciones else ""),
        ("Nivel", str(asked.nivel) if "nivel" in report.filtros and asked.nivel < 5 else ""),
    ]
    return tuple((label, words) for label, words in said if words)


def _days(asked: Asked) -> str:
    def day(value: date) -> str:
        return value.isoformat()

    if asked.desde and asked.hasta:
        return f"del {day(asked.desde)} al {day(asked.hasta)}"
    if asked.desde:
        return f"desde el {day(asked.desde)}"
    return f"hasta el {day(asked.hasta)}" if asked.hasta else ""


def _auxiliary(asked: Asked) -> str:
    if not asked.auxiliar_tipo:
        return ""
    kind = AUXILIARIES.get(asked.auxiliar_tipo, asked.auxiliar_tipo)
    if asked.auxiliar_id is None:
        return kind
    key = (asked.auxiliar_tipo, asked.auxiliar_id)
    return f"{kind}: {written(names_of([key]), *key)}"
