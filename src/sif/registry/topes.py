"""Set the caps of an accord from its file: a row for each office and place, or for every place of an office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from sif.registry import trail
from sif.registry.candidacy_words import Office, Words, candidacy_words
from sif.registry.candidaturas import BadRow, cap_of, columns_of, place_of, plain
from sif.registry.closed import closed_problem
from sif.registry.demarcations import Demarcations
from sif.registry.locks import lock_contabilidades, lock_etapa
from sif.registry.models import Contabilidad, Etapa, TopeContabilidad, Usuario, place_words
from sif.registry.scope import acting
from sif.registry.services import set_topes
from sif.registry.sujetos import must_administer
from sif.registry.table_files import cap_lines
from sif.values import Money, Problem, Refused

WANTED = ("cargo", "tope")


@dataclass(frozen=True, slots=True)
class CapRow:
    """The cap of an office in a place, and the books that it reaches; without place, every one of the office.

    lugar: the place as a person reads it, «Distrito 1».
    """

    fila: int
    cargo: str
    entidad: str
    lugar: str
    tope: Money
    contabilidades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CapSheet:
    """The caps that a file would set in a stage, and the problems of the file."""

    filas: tuple[CapRow, ...]
    problemas: tuple[Problem, ...]

    @property
    def caps(self) -> dict[int, int]:
        """The cap of each book in centavos; a row of a place rules over one of every place."""
        found: dict[int, int] = {}
        for row in sorted(self.filas, key=lambda row: bool(row.lugar)):
            found |= dict.fromkeys(row.contabilidades, row.tope.centavos)
        return found


def read_topes(data: bytes, etapa: Etapa) -> CapSheet:
    """Read a file of caps (CSV or XLSX) against the books of a stage. Never raises on what it holds."""
    words = candidacy_words(settings.JURISDICTION)
    try:
        lines = cap_lines(data)
    except Refused as wrong:
        return CapSheet((), wrong.problems)
    columns = columns_of(lines[0][1] if lines else (), words["columnas"])
    missing = [words["columnas"][key][0] for key in WANTED if key not in columns]
    if missing:
        told = f"Faltan las columnas {', '.join(missing)}."
        return CapSheet((), (Problem("columnas", "archivo", told, "Póngales ese nombre en el primer renglón."),))
    known = {plain(name) for names in words["columnas"].values() for name in names}
    strange = [name for name in lines[0][1] if name and plain(name) not in known]
    if strange:
        told = f"No se conoce la columna {', '.join(f'«{name}»' for name in strange)}."
        cure = "El lugar va en DISTRITO, CIRCUNSCRIPCION o MUNICIPIO; quite las columnas que no sean del tope."
        return CapSheet((), (Problem("columnas", "archivo", told, cure),))
    return _read(lines[1:], columns, words, _books(etapa), etapa)


Books = Mapping[tuple[str, str], Sequence[tuple[str, int]]]
"""Books with the entity of each, by office and territory; under the territory '' stand those of every one."""


def _books(etapa: Etapa) -> Books:
    """Gather the books of the candidacies of a stage."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    rows = Contabilidad.objects.filter(etapa=etapa, candidatura__isnull=False, cancelacion=None)
    place = ("candidatura__cargo__clave", "candidatura__territorio__entidad", "candidatura__territorio__clave")
    for pk, office, state, territory in rows.values_list("pk", *place):
        for where in (territory, ""):
            found.setdefault((office, where), []).append((state, pk))
    return found


def _read(
    lines: list[tuple[int, tuple[str, ...]]],
    columns: Mapping[str, int],
    words: Words,
    books: Books,
    etapa: Etapa,
) -> CapSheet:
    good: list[CapRow] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], int] = {}
    places = Demarcations(etapa.proceso_id)
    for number, written in lines:
        cells = {key: " ".join(written[at].split()) if at < len(written) else "" for key, at in columns.items()}
        try:
            row, place = _row(number, cells, words, books, etapa, places)
            first = seen.setdefault((row.cargo, row.entidad, place), number)
            if first != number:
                raise BadRow("repetida", "cargo", f"Ya dijo su tope la fila {first}.", "Quite una de las dos.")
            good.append(row)
        except BadRow as bad:
            code, column, told, cure = bad.parts
            problems.append(Problem(code, f"fila {number}, {column}", told, cure))
    return CapSheet(tuple(good), tuple(problems))


def _row(
    number: int,
    cells: dict[str, str],
    words: Words,
    books: Books,
    etapa: Etapa,
    places: Demarcations,
) -> tuple[CapRow, str]:
    """Read a row, with the key of its place: '' for every one."""
    cargo = words["cargos"].get(plain(cells["cargo"]))
    if cargo is None:
        raise BadRow("cargo", "cargo", f"El cargo «{cells['cargo']}» no se conoce.", "Escríbalo como en candidaturas.")
    said = plain(cells.get("entidad", ""))
    entidad = words["entidades"].get(said, "") if said else etapa.proceso.entidad
    if said and not entidad:
        raise BadRow("entidad", "entidad", f"La entidad «{cells['entidad']}» no existe.", "Escriba su nombre completo.")
    cap = cap_of(cells, words)
    if cap is None:
        raise BadRow("tope", "tope", "No dice el tope.", "Cópielo del acuerdo.")
    lugar = _place(cells, cargo, words)
    if unsaid := places.problem(entidad, lugar, cargo["lugar"]) if lugar else None:
        raise BadRow(unsaid.codigo, cargo["lugar"], unsaid.mensaje, unsaid.cura)
    keys = places.keys(entidad, lugar, cargo["lugar"]) if lugar else ("",)
    there = [each for key in keys for each in books.get((cargo["clave"], key), ())]
    reached = [pk for state, pk in there if entidad in ("", "NAC") or state == entidad]
    if not reached:
        told = "Nadie contiende por ese cargo en ese lugar."
        raise BadRow("nadie", "lugar", told, "Revise cómo se escribe, o cargue antes sus candidaturas.")
    where = place_words(lugar, cargo["lugar"])
    return CapRow(number, cargo["nombre"], entidad, where, cap, tuple(reached)), keys[0]


def _place(cells: dict[str, str], cargo: Office, words: Words) -> str:
    """Return the place of a row, or '' for every place of the office."""
    try:
        return place_of(cells, cargo, words)
    except BadRow:
        return ""


def caps_now(sheet: CapSheet) -> dict[int, TopeContabilidad]:
    """Return the cap in force of each book that a file reaches and has one: the last one, with its accord."""
    rows = TopeContabilidad.objects.filter(contabilidad__in=list(sheet.caps))
    last = rows.order_by("contabilidad", "-pk").distinct("contabilidad")
    return {row.contabilidad_id: row for row in last}


def caps_problems(sheet: CapSheet, etapa: Etapa, acuerdo: str) -> list[Problem]:
    """Return why the caps of a file would not be fixed in a stage by an accord."""
    problems = [*sheet.problemas, *filter(None, [closed_problem(etapa)])]
    if not 1 <= len(acuerdo.strip()) <= 60:
        problems.append(
            Problem("acuerdo", "acuerdo", "Un tope lo fija un acuerdo.", "Escríbalo, en 60 letras o menos.")
        )
    if not sheet.filas and not problems:
        problems.append(Problem("nada", "archivo", "El archivo no trae ningún tope.", "Cargue otro."))
    return problems


def fix_topes(data: bytes, etapa: Etapa, acuerdo: str, by: Usuario) -> int:
    """Set the caps of a file by the accord that fixes them, all or none; return how many books have another cap now.

    Raises Refused where a row is wrong, nothing is said, or no accord is cited.
    """
    must_administer(by)
    with acting():
        lock_etapa(etapa.pk)
        sheet = read_topes(data, etapa)
        if problems := caps_problems(sheet, etapa, acuerdo):
            raise Refused(*problems)
        lock_contabilidades(sheet.caps)
        must_administer(by)
        changed = set_topes(sheet.caps, acuerdo.strip(), by)
        trail.act("fijar_topes", by, etapa)
    return changed
