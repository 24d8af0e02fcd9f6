"""Read a file of candidacies (CSV or XLSX) into typed rows and problems, each at its row and column."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from sif.law.sources import data_path, read_data
from sif.registry.candidacy_words import Office, Words, candidacy_words
from sif.registry.file_columns import heads_of, said_columns
from sif.registry.table_files import file_rows
from sif.values import Curp, InvalidKey, InvalidMoney, Money, Problem, Refused, Unread, read_day
from sif.values.texts import is_blank

MAX_BYTES = 20 * 1024 * 1024
NUMBERED = ("distrito", "circunscripcion")  # places that the law numbers in each entity
_ARABIC = re.compile(r"0*([1-9]\d{0,2})(?:[\s.,:–—-]+(.*))?")
_ROMAN = re.compile(r"(?=[IVXL])(X{0,3}|XL|LX{0,3})(IX|IV|V?I{0,3})(?:\s*[.,:–—-]+\s*(.*))?")


@dataclass(frozen=True, slots=True)
class CandidaturaRow:
    """A good row: names as written, keys of the jurisdiction. `titular` False for a substitute, who has no books.

    `aprobada_el`: the day from which it contends, None where the file does not say it.
    `propio`: its label names nobody (an independent candidacy), so that each formula is a subject of its own; `sujeto`
    is then that label with the name of its titular.
    """

    fila: int
    sujeto: str
    sujeto_tipo: str
    siglas: str
    propio: bool
    cargo: str
    cargo_clave: str
    ambito: str
    columna: str
    entidad: str
    lugar: str
    lugar_tipo: str
    formula: str
    nombre: str
    sexo: str
    curp: str
    titular: bool
    tope: Money | None
    acuerdo: str
    aprobada_el: date | None
    acuerdo_aprobacion: str


@dataclass(frozen=True, slots=True)
class CandidaturaSheet:
    """The rows of a file of candidacies: valid rows in order, problems of the invalid rows, and the number of rows."""

    filas: tuple[CandidaturaRow, ...]
    problemas: tuple[Problem, ...]
    total: int


class BadRow(Exception):
    """A row that cannot be read: its code, column, what was seen and the cure."""

    def __init__(self, code: str, column: str, seen: str, cure: str) -> None:
        self.parts = (code, column, seen, cure)
        super().__init__(seen)


def plain(text: str) -> str:
    """Return a name without accents, case or repeated spaces, as names are compared: `Común ` gives `COMUN`."""
    letters = unicodedata.normalize("NFD", text.upper().replace("Ñ", "\0"))
    kept = "".join(char for char in letters if not unicodedata.combining(char)).replace("\0", "Ñ")
    return " ".join(kept.split())


def numbered(lugar: str) -> tuple[str, str]:
    """Return the number of a district and the rest of its name, '' what it does not say: `01-Durango`, (1, DURANGO)."""
    if found := _ARABIC.fullmatch(plain(lugar)):
        return found[1], (found[2] or "").strip()
    if found := _ROMAN.fullmatch(plain(lugar)):
        return str(_units(found[1] + found[2])), (found[3] or "").strip()
    return "", plain(lugar)


def _units(roman: str) -> int:
    """Return the value of a roman numeral."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in roman]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def entity_names(jurisdiction: str) -> dict[str, str]:
    """Return the entities of a jurisdiction as people read them, key to name; the whole country is not among them."""
    words, drawn = (read_data(data_path(jurisdiction, name)) for name in ("candidaturas.yaml", "mapa.yaml"))
    keys = [key for key in words["entidades"].values() if key != "NAC"]
    return {key: drawn["entidades"][drawn["iguales"].get(key, key)]["nombre"] for key in keys}


def read_candidaturas(data: bytes, jurisdiction: str) -> CandidaturaSheet:
    """Read a CSV (UTF-8 or Windows-1252; comma, semicolon or tab) or XLSX. Never raises on what it holds.

    Two layouts are known: that of the candidacies approved, and the public one of INE with 26 columns, without folios.
    """
    words = candidacy_words(jurisdiction)
    if len(data) > MAX_BYTES:
        return _refused("grande", f"Pesa {len(data):,} bytes y se leen hasta {MAX_BYTES:,}.", "Divídalo por entidad.")
    try:
        lines = [*file_rows(data)]
    except Refused as wrong:
        return CandidaturaSheet((), wrong.problems, 0)
    heads = lines[0][1] if lines else ()
    columns = columns_in_effect(heads)
    missing = [words["columnas"][key][0] for key in words["obligatorias"] if key not in columns]
    if missing:
        return _refused(
            "columnas",
            f"Faltan las columnas {', '.join(missing)}; tiene {', '.join(heads)[:200]}.",
            "Diga qué columna es cada una, o póngales ese nombre en el primer renglón.",
        )
    return _read_rows(lines[1:], columns, heads, words)


def _refused(code: str, seen: str, cure: str) -> CandidaturaSheet:
    return CandidaturaSheet((), (Problem(code, "archivo", seen, cure),), 0)


def columns_of(seen: Iterable[str], known: Mapping[str, list[str]]) -> dict[str, int]:
    """Return the place of each known column among the heads of a file, whatever its accents and capitals."""
    by_name = {plain(name): place for place, name in reversed(list(enumerate(seen))) if name}
    found = {}
    for key, names in known.items():
        match = next((by_name[plain(name)] for name in names if plain(name) in by_name), None)
        if match is not None:
            found[key] = match
    return found


def columns_in_effect(heads: tuple[str, ...]) -> dict[str, int]:
    """Return what each column of a file is: as somebody said it of its heads, or else by their names."""
    known = candidacy_words(settings.JURISDICTION)["columnas"]
    return said_columns(heads) or columns_of(heads, known)


def lacks_columns(data: bytes) -> bool:
    """Return whether somebody must say the columns of a file before it is looked at."""
    wanted = candidacy_words(settings.JURISDICTION)["obligatorias"]
    try:
        heads = heads_of(data)
    except Refused:
        return False  # what is not a table is told where its rows would be
    return bool(heads) and not set(wanted) <= columns_in_effect(heads).keys()


def _read_rows(
    lines: Iterable[tuple[int, tuple[str, ...]]], columns: Mapping[str, int], heads: tuple[str, ...], words: Words
) -> CandidaturaSheet:
    good: list[CandidaturaRow] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    total = 0
    for number, written in lines:
        total += 1
        said = {key: " ".join(written[place].split()) for key, place in columns.items() if place < len(written)}
        cells = {key: "" if is_blank(said.get(key, "")) else said[key] for key in columns}
        try:
            row = _row(number, cells, words)
            _refuse_twice(row, seen)
            good.append(row)
        except BadRow as bad:
            code, column, told, cure = bad.parts
            place = heads[columns[column]] if column in columns else column
            problems.append(Problem(code, f"fila {number}, {place}", told, cure))
    return CandidaturaSheet(_of_titulars(good), tuple(problems), total)


def _of_titulars(rows: list[CandidaturaRow]) -> tuple[CandidaturaRow, ...]:
    """Name the subject of who stands alone by the titular of its formula, in each row of it."""
    names = {row.formula: row.sujeto for row in rows if row.propio and row.titular}
    return tuple(replace(row, sujeto=names.get(row.formula, row.sujeto)) if row.propio else row for row in rows)


def _refuse_twice(row: CandidaturaRow, seen: dict[tuple[str, ...], int]) -> None:
    """Refuse the same person for the same office and place as an earlier row, whatever folio each says.

    By the CURP, whoever postulates her; without it, by the name within one subject, since an equal name proves nothing.
    """
    number = numbered(row.lugar)[0] if row.lugar_tipo in NUMBERED else ""
    where = (row.cargo_clave, row.entidad, number or plain(row.lugar))
    keys: list[tuple[str, ...]] = [("nombre", row.sujeto, *where, plain(row.nombre), str(row.titular))]
    if row.curp:
        keys.append(("curp", *where, row.curp))
    for key in keys:
        first = seen.setdefault(key, row.fila)
        if first != row.fila:
            raise BadRow("repetida", key[0], f"Es la misma candidatura de la fila {first}.", "Quite una de las dos.")


def _sexo(cells: dict[str, str], words: Words) -> str:
    sexo = plain(cells.get("sexo", ""))
    if sexo and sexo not in words["sexo"]:
        raise BadRow("sexo", "sexo", f"«{cells['sexo']}» no se conoce.", f"Use uno de: {_list(words['sexo'])}.")
    return sexo


def _fit(cells: dict[str, str]) -> None:
    for key, limit in (("nombre", 120), ("sujeto", 100), ("formula", 30)):
        if len(cells.get(key, "")) > limit:
            raise BadRow("largo", key, f"Tiene {len(cells[key])} caracteres y caben {limit}.", "Abrévielo.")


def _row(number: int, cells: dict[str, str], words: Words) -> CandidaturaRow:
    cargo = words["cargos"].get(plain(cells["cargo"]))
    for key in words["obligatorias"]:
        if not cells[key] and not (key == "entidad" and cargo and cargo["lugar"] == "circunscripcion"):
            raise BadRow("vacia", key, "La celda está vacía.", "Escriba el dato.")
    if cargo is None:
        raise BadRow(
            "cargo", "cargo", f"El cargo «{cells['cargo']}» no se conoce.", f"Use uno de: {_list(words['cargos'])}."
        )
    if plain(cells.get("estado", "")) in words["canceladas"]:
        raise BadRow(
            "cancelada", "estado", "Está cancelada.", "No se abre; cargue a quien la sustituya, si alguien puede."
        )
    entidad = words["entidades"].get(plain(cells["entidad"]) or "NACIONAL")
    if entidad is None:
        raise BadRow("entidad", "entidad", f"La entidad «{cells['entidad']}» no existe.", "Escriba su nombre completo.")
    titular = _one_of(cells, "caracter", words["caracter"], "propietaria") == "propietaria"
    sexo = _sexo(cells, words)
    _fit(cells)
    lugar = place_of(cells, cargo, words)
    cells["formula"] = cells.get("formula") or _own_folio(cells, entidad, lugar)
    sujeto, tipo, own = _sujeto(cells, words)
    return CandidaturaRow(
        fila=number,
        sujeto=sujeto,
        sujeto_tipo=tipo,
        siglas=cells.get("siglas", "")[:16],
        propio=own,
        cargo=cargo["nombre"],
        cargo_clave=cargo["clave"],
        ambito=cargo["ambito"],
        columna=cargo["columna"],
        entidad=entidad,
        lugar=lugar,
        lugar_tipo=cargo["lugar"],
        formula=cells["formula"],
        nombre=cells["nombre"],
        sexo=sexo.lower(),
        curp=_curp(cells),
        titular=titular,
        tope=cap_of(cells, words),
        acuerdo=cells.get("acuerdo", "")[:60],
        aprobada_el=_approved(cells),
        acuerdo_aprobacion=cells.get("acuerdo_aprobacion", "")[:60] if cells.get("aprobada_el") else "",
    )


def place_of(cells: dict[str, str], cargo: Office, words: Words) -> str:
    """Return the place contested: its own column, or the one that says any of them («Distrito 11-ECATEPEC»)."""
    if not cargo["lugar"]:
        return ""
    lugar = bare_place(cells.get(cargo["lugar"]) or cells.get("subnivel", ""), words)
    if plain(lugar) in words["no_aplica"]:
        told = f"«{cells['cargo']}» se contiende en un lugar y no lo dice."
        raise BadRow("lugar", cargo["lugar"], told, "Escríbalo.")
    return lugar[:120]


def bare_place(lugar: str, words: Words) -> str:
    """Return a place without what its office says already: «Distrito 11» and «11» are one."""
    said = f"{plain(lugar)} "
    start = next((start for start in words["antes_del_lugar"] if said.startswith(start)), "")
    return lugar.strip()[len(start) :].strip()


def _own_folio(cells: dict[str, str], entidad: str, lugar: str) -> str:
    """Make the folio of a row that has none: the same candidacy has the same one each time it is read."""
    said = "|".join(map(plain, (cells["sujeto"], cells["cargo"], entidad, lugar, cells["nombre"])))
    return f"SF-{hashlib.sha256(said.encode()).hexdigest()[:16].upper()}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _one_of(cells: dict[str, str], key: str, known: Mapping[str, str], default: str) -> str:
    seen = plain(cells.get(key, ""))
    if seen and seen not in known:
        raise BadRow(key, key, f"«{cells[key]}» no se conoce.", f"Use uno de: {_list(known)}.")
    return known.get(seen, default)


def _sujeto(cells: dict[str, str], words: Words) -> tuple[str, str, bool]:
    name = cells["sujeto"].rstrip(".")
    own = words["propios"].get(plain(name))
    if own is not None:
        return f"{name} {cells['nombre']}"[:120], own, True
    kind = words["asociaciones"].get(plain(cells.get("asociacion", "")))
    is_coalition = any(plain(name).startswith(start) for start in words["coaliciones"])
    return name, kind or ("coalicion" if is_coalition else "partido"), False


def _curp(cells: dict[str, str]) -> str:
    try:
        return str(Curp(cells["curp"])) if cells.get("curp") else ""
    except InvalidKey as error:
        raise BadRow("curp", "curp", error.seen, "Cópiela de la constancia de CURP.") from error


def _approved(cells: dict[str, str]) -> date | None:
    """Read the day of approval of a row, or None where it says none. Raises BadRow."""
    text = cells.get("aprobada_el", "")
    try:
        return read_day(text) if text else None
    except Unread as wrong:
        raise BadRow("aprobacion", "aprobada_el", wrong.seen, wrong.cure) from wrong


def cap_of(cells: dict[str, str], words: Words) -> Money | None:
    """Read the cap of a row, or None where it says none. Raises BadRow."""
    if plain(cells.get("tope", "")) in words["no_aplica"]:
        return None
    try:
        cap = Money.parse(cells["tope"])
    except InvalidMoney as error:
        raise BadRow("tope", "tope", error.seen, error.cure) from error
    if cap.centavos <= 0:
        cure = "Cópielo del acuerdo; si ningún acuerdo lo fija todavía, deje vacía la celda."
        raise BadRow("tope", "tope", f"El tope {cap} no es positivo.", cure)
    return cap


def folios(rows: tuple[CandidaturaRow, ...]) -> Iterator[tuple[CandidaturaRow, str]]:
    """Yield each row with the folio of its candidacy: that of its formula, with the place in it from the second on.

    The titular comes first wherever it stands in the file, for the books are the formula's.
    """
    places: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (not row.titular, row.fila)):
        places[row.formula] = places.get(row.formula, 0) + 1
        place = places[row.formula]
        yield row, row.formula if place == 1 else f"{row.formula}-{place}"
