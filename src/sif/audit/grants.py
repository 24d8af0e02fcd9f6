"""Write what an accord grants to one subject: the list of public financing that rules read, whole, with that row.

A list is never changed: each act loads another, which says its accord, and the earlier ones stay (`authority_lists`).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from sif.audit.authority_lists import Cell, load_table, loadable, must_load, written
from sif.catalogs.models import CargaDeTabla, RenglonDeTabla
from sif.registry import clock, trail
from sif.registry.candidaturas import entity_names
from sif.registry.locks import hold
from sif.registry.models import Ambito, SujetoObligado, Usuario
from sif.registry.scope import acting, everything
from sif.values import Money, Problem, Refused, csv_writer

LIST = "financiamiento"
LETTERS = 120  # of an accord


@dataclass(frozen=True, slots=True)
class NewGrant:
    """The grant of an accord to a subject in a year: for what, of which ámbito and entity, and how much."""

    anio: int
    concepto: str
    ambito: str
    entidad: str
    monto: Money | None
    acuerdo: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A row of the last list: what was granted to a subject."""

    anio: int
    concepto: str
    ambito: str
    entidad: str
    monto: Money


def concepts() -> tuple[str, ...]:
    """Return for what public money is granted, as the list says it."""
    spec = loadable(settings.JURISDICTION).get(LIST)
    return spec.valores["concepto"] if spec else ()


def last_list() -> CargaDeTabla | None:
    """Return the list of public financing that rules read today, or None."""
    with everything():
        return CargaDeTabla.objects.filter(tabla=LIST).order_by("-al", "-pk").first()


def grants_of(sujeto: SujetoObligado) -> list[Granted]:
    """Return what the last list grants to a subject, the last year first."""
    loaded = last_list()
    if loaded is None:
        return []
    with everything():
        rows = [each.valores for each in loaded.filas.filter(valores__sujeto_id=sujeto.pk)]
    found = [Granted(row["anio"], *_key(row)[2:], Money(row["monto"])) for row in rows]
    return sorted(found, key=lambda each: (-each.anio, each.ambito, each.entidad, each.concepto))


def _key(row: dict[str, Cell]) -> tuple[int, int, str, str, str]:
    """Return what makes a row of the list another one: subject, year, concept, ámbito and entity."""
    concept, ambito, entity = (str(row.get(name) or "") for name in ("concepto", "ambito", "entidad"))
    return int(row["sujeto_id"] or 0), int(row["anio"] or 0), concept, ambito or Ambito.FEDERAL, entity


def grant(sujeto: SujetoObligado, new: NewGrant, by: Usuario) -> CargaDeTabla:
    """Load the list again with what an accord grants to a subject, in the place of what it said of the same.

    Raises Refused with each problem at its field, and PermissionError for whoever is not of the authority.
    """
    must_load(by)
    with everything(by.pk), acting():
        hold(f"catalogs.cargadetabla:{LIST}")
        before = last_list()
        rows = list(before.filas.order_by("numero")) if before else []
        row: dict[str, Cell] = {
            "sujeto_id": sujeto.pk,
            "anio": new.anio,
            "concepto": new.concepto,
            "ambito": new.ambito,
            "entidad": new.entidad.strip(),
            "monto": new.monto.centavos if new.monto else 0,
        }
        same = [each for each in rows if _key(each.valores) == _key(row)]
        if problems := [*_problems(new, [each.valores["monto"] for each in same])]:
            raise Refused(*problems)
        kept = [each for each in rows if each not in same]
        made = load_table(LIST, _file(kept, row), clock.today(), by, archivo=new.acuerdo.strip())
        trail.act("otorgar_financiamiento", by, sujeto)
    return made


def _problems(new: NewGrant, before: list[Cell]) -> Iterator[Problem]:
    this_year = clock.today().year
    if not this_year - 10 <= new.anio <= this_year + 1:
        yield Problem("anio", "anio", f"{new.anio} no es un año que se lleve.", "Escriba uno de los últimos diez.")
    if new.concepto not in concepts():
        yield Problem("concepto", "concepto", "No es algo para lo que se otorgue.", "Elija uno de la lista.")
    is_local = new.ambito == Ambito.LOCAL
    if new.ambito not in Ambito.values or is_local != bool(new.entidad):
        cure = "Elija la entidad que lo otorga." if is_local else "Déjela en «Todo el país»."
        yield Problem("entidad", "entidad", "El financiamiento local es de una entidad; el federal, de ninguna.", cure)
    elif is_local and new.entidad not in entity_names(settings.JURISDICTION):
        yield Problem("entidad", "entidad", "Esa entidad no se conoce.", "Elija una de la lista.")
    if new.monto is None or new.monto.centavos <= 0:
        yield Problem("monto", "monto", "Falta el importe, o es cero.", "Escriba el del acuerdo.")
    elif before == [new.monto.centavos]:
        yield Problem("igual", "monto", "La lista ya dice ese importe.", "No hace falta escribirlo otra vez.")
    if not 1 <= len(new.acuerdo.strip()) <= LETTERS:
        yield Problem("acuerdo", "acuerdo", "Falta el acuerdo que lo otorga, o es muy largo.", "Escriba su número.")


def _file(kept: list[RenglonDeTabla], row: dict[str, Cell]) -> bytes:
    """Write a list as a file that can be loaded: the rows that stay as they were, and the new one without number."""
    spec, out = loadable(settings.JURISDICTION)[LIST], io.StringIO()
    write = csv_writer(out)
    write([column.name for column in spec.columns])
    for cells in written(spec, kept):
        write(cells)
    new = RenglonDeTabla(valores={spec.number: None, **row})
    for cells in written(spec, [new]):
        write(cells)
    return out.getvalue().encode()
