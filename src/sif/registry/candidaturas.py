"""Read a CSV of candidacies into typed rows, telling of each bad row its number, its column and the cure."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sif.law.sources import data_path, read_data
from sif.values import Curp, InvalidKey, InvalidMoney, Money, Problem

MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CandidaturaRow:
    """A good row: names as written, keys of the jurisdiction. `titular` False for a substitute, who has no books."""

    fila: int
    sujeto: str
    sujeto_tipo: str
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


@dataclass(frozen=True, slots=True)
class CandidaturaSheet:
    """What a file held: good rows in their order, problems of the others, and how many rows it had."""

    filas: tuple[CandidaturaRow, ...]
    problemas: tuple[Problem, ...]
    total: int


class _BadRow(Exception):
    def __init__(self, code: str, column: str, seen: str, cure: str) -> None:
        self.parts = (code, column, seen, cure)
        super().__init__(seen)


def plain(text: str) -> str:
    """A name without accents, case or repeated spaces, as names are compared: `Común ` gives `COMUN`."""
    letters = unicodedata.normalize("NFD", text.upper().replace("Ñ", "\0"))
    kept = "".join(char for char in letters if not unicodedata.combining(char)).replace("\0", "Ñ")
    return " ".join(kept.split())


def entities(jurisdiction: str = "mx") -> dict[str, str]:
    """Return the entities of a jurisdiction, name to key; the one for the whole country is not among them."""
    words = read_data(data_path(jurisdiction, "candidaturas.yaml"))
    return {name: key for name, key in words["entidades"].items() if key != "NAC"}


def read_candidaturas(data: bytes, jurisdiction: str = "mx") -> CandidaturaSheet:
    """Read the bytes of a CSV (UTF-8 or Windows-1252; comma, semicolon or tab). Never raises on what they hold."""
    words = read_data(data_path(jurisdiction, "candidaturas.yaml"))
    if len(data) > MAX_BYTES:
        return _refused("grande", f"Pesa {len(data):,} bytes y se leen hasta {MAX_BYTES:,}.", "Divídalo por entidad.")
    text = _decode(data)
    if "\0" in text or not text.strip():
        return _refused(
            "no_es_csv", "El archivo está vacío o no es texto.", "Guárdelo como CSV UTF-8 y cárguelo otra vez."
        )
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    columns = _columns(list(reader.fieldnames or []), words["columnas"])
    missing = [words["columnas"][key][0] for key in words["obligatorias"] if key not in columns]
    if missing:
        return _refused(
            "columnas", f"Faltan las columnas {', '.join(missing)}; tiene {', '.join(reader.fieldnames or [])[:200]}.",
            "Póngales ese nombre en el primer renglón.",
        )  # fmt: skip
    return _read_rows(reader, columns, words)


def _refused(code: str, seen: str, cure: str) -> CandidaturaSheet:
    return CandidaturaSheet((), (Problem(code, "archivo", seen, cure),), 0)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.splitlines()[0]
    chosen = max(",;\t", key=first.count)

    class Dialect(csv.excel):
        delimiter = chosen

    return Dialect


def _columns(seen: list[str], known: Mapping[str, list[str]]) -> dict[str, str]:
    by_name = {plain(name): name for name in seen if name}
    found = {}
    for key, names in known.items():
        match = next((by_name[plain(name)] for name in names if plain(name) in by_name), None)
        if match is not None:
            found[key] = match
    return found


def _read_rows(reader: "csv.DictReader[str]", columns: dict[str, str], words: dict[str, Any]) -> CandidaturaSheet:
    good: list[CandidaturaRow] = []
    problems: list[Problem] = []
    total = 0
    try:
        for row in reader:
            total += 1
            number = reader.line_num
            cells = {key: " ".join((row.get(name) or "").split()) for key, name in columns.items()}
            try:
                good.append(_row(number, cells, words))
            except _BadRow as bad:
                code, column, seen, cure = bad.parts
                problems.append(Problem(code, f"fila {number}, {columns.get(column, column)}", seen, cure))
    except csv.Error as error:
        problems.append(
            Problem("no_es_csv", f"fila {reader.line_num}", f"No se puede leer: {error}.", "Revise comillas y comas.")
        )
    return CandidaturaSheet(tuple(good), tuple(problems), total)


def _row(number: int, cells: dict[str, str], words: dict[str, Any]) -> CandidaturaRow:
    for key in words["obligatorias"]:
        if not cells[key]:
            raise _BadRow("vacia", key, "La celda está vacía.", "Escriba el dato.")
    cargo = words["cargos"].get(plain(cells["cargo"]))
    if cargo is None:
        raise _BadRow(
            "cargo", "cargo", f"El cargo «{cells['cargo']}» no se conoce.", f"Use uno de: {_list(words['cargos'])}."
        )
    entidad = words["entidades"].get(plain(cells["entidad"]))
    if entidad is None:
        raise _BadRow(
            "entidad", "entidad", f"La entidad «{cells['entidad']}» no existe.", "Escriba su nombre completo."
        )
    lugar = cells.get(cargo["lugar"], "") if cargo["lugar"] else ""
    if cargo["lugar"] and plain(lugar) in words["no_aplica"]:
        raise _BadRow(
            "lugar", cargo["lugar"], f"«{cells['cargo']}» se contiende en un lugar y no lo dice.", "Escríbalo."
        )
    titular = _one_of(cells, "caracter", words["caracter"], "propietaria") == "propietaria"
    sexo = plain(cells.get("sexo", ""))
    if sexo and sexo not in words["sexo"]:
        raise _BadRow("sexo", "sexo", f"«{cells['sexo']}» no se conoce.", f"Use uno de: {_list(words['sexo'])}.")
    sujeto, tipo = _sujeto(cells, words)
    for key, limit in (("nombre", 120), ("sujeto", 100), ("formula", 30)):
        if len(cells[key]) > limit:
            raise _BadRow("largo", key, f"Tiene {len(cells[key])} caracteres y caben {limit}.", "Abrévielo.")
    return CandidaturaRow(
        fila=number, sujeto=sujeto, sujeto_tipo=tipo, cargo=plain(cells["cargo"]), cargo_clave=cargo["clave"],
        ambito=cargo["ambito"], columna=cargo["columna"], entidad=entidad, lugar=lugar, lugar_tipo=cargo["lugar"],
        formula=cells["formula"], nombre=cells["nombre"], sexo=sexo.lower(), curp=_curp(cells), titular=titular,
        tope=_cap(cells, words), acuerdo=cells.get("acuerdo", "")[:60],
    )  # fmt: skip


def _list(names: Any) -> str:
    return ", ".join(names)


def _one_of(cells: dict[str, str], key: str, known: Mapping[str, str], default: str) -> str:
    seen = plain(cells.get(key, ""))
    if seen and seen not in known:
        raise _BadRow(key, key, f"«{cells[key]}» no se conoce.", f"Use uno de: {_list(known)}.")
    return known.get(seen, default)


def _sujeto(cells: dict[str, str], words: dict[str, Any]) -> tuple[str, str]:
    name = cells["sujeto"].rstrip(".")
    own = words["propios"].get(plain(name))
    if own is not None:
        return f"{name} {cells['formula']}", own
    is_coalition = any(plain(name).startswith(start) for start in words["coaliciones"])
    return name, "coalicion" if is_coalition else "partido"


def _curp(cells: dict[str, str]) -> str:
    try:
        return str(Curp(cells["curp"])) if cells.get("curp") else ""
    except InvalidKey as error:
        raise _BadRow("curp", "curp", str(error), "Cópiela de la constancia de CURP.") from error


def _cap(cells: dict[str, str], words: dict[str, Any]) -> Money | None:
    if plain(cells.get("tope", "")) in words["no_aplica"]:
        return None
    try:
        cap = Money.parse(cells["tope"])
    except InvalidMoney as error:
        raise _BadRow("tope", "tope", str(error), "Escriba pesos y centavos, por ejemplo 1,234.50.") from error
    if cap.centavos <= 0:
        raise _BadRow("tope", "tope", f"El tope {cap} no es positivo.", "Cópielo del acuerdo.")
    return cap


def folios(rows: tuple[CandidaturaRow, ...]) -> Iterator[tuple[CandidaturaRow, str]]:
    """Each row with the folio of its candidacy: that of its formula, with the place in it from the second on.

    The titular comes first wherever it stands in the file, for the books are the formula's.
    """
    places: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (not row.titular, row.fila)):
        places[row.formula] = places.get(row.formula, 0) + 1
        place = places[row.formula]
        yield row, row.formula if place == 1 else f"{row.formula}-{place}"
