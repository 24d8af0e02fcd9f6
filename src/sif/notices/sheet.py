"""Define the content of a document as data for its PDF, DOCX and text."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import urlencode

from django.conf import settings

from sif.signing.chain import canonical_json, sha256_hex

LOOKUP = "/verificar/codigo/"
"""Where the public site says what the document of a code is; whoever draws documents knows no page."""


class Paragraph(TypedDict):
    """A paragraph with its article, '' where none supports it; `numeral`: its own number."""

    tipo: Literal["parrafo"]
    texto: str
    articulo: str
    numeral: NotRequired[str]


class Fact(TypedDict):
    """A labelled sentence."""

    tipo: Literal["dato"]
    rotulo: str
    texto: str


class Exact(TypedDict):
    """A labelled text to be copied letter by letter."""

    tipo: Literal["codigo"]
    rotulo: str
    texto: str


class Head(TypedDict):
    """The head of a column and its kind: texto, clave or monto."""

    titulo: str
    clase: str


class Grid(TypedDict):
    """A table; `sumas`, the places of the rows that are sums; `tramo`, which rows of the whole table these are."""

    tipo: Literal["tabla"]
    columnas: list[Head]
    filas: list[list[str]]
    total: list[str]
    sumas: NotRequired[list[int]]
    tramo: NotRequired[dict[str, object]]


type Block = Paragraph | Fact | Exact | Grid


class Section(TypedDict):
    """A titled part of a document; `continua`: it goes on from the part before."""

    titulo: str
    nivel: int
    bloques: list[Block]
    continua: NotRequired[bool]


KEYS = (
    "organo",
    "titulo",
    "numero",
    "asunto",
    "lugar_fecha",
    "proyecto",
    "recuadro",
    "destinatario",
    "secciones",
    "firma",
)
"""What every sheet says; `sealed` fills `huella`, `codigo` and `verificar` where the sheet does not say them.

A sheet with `consulta` is of a document that the public finds by its code: its QR leads there.
"""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: they are misread
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def paragraph(text: str, articulo: str = "", numeral: str = "") -> Block:
    """Return a paragraph, with the article that supports it where there is one.

    numeral: its own number, such as PRIMERO or IV; letters that number paragraphs give it no other.
    """
    made: Paragraph = {"tipo": "parrafo", "texto": " ".join(text.split()), "articulo": articulo}
    return {**made, "numeral": numeral} if numeral else made


def is_numbered(block: Block) -> bool:
    """Return whether a block takes the next number of the paragraphs of its document."""
    return block["tipo"] == "parrafo" and "numeral" not in block


def fact(label: str, text: str) -> Block:
    """Return a labelled sentence: Folio. IC-41201-1-1."""
    return {"tipo": "dato", "rotulo": label, "texto": " ".join(text.split())}


def exact(label: str, text: str) -> Block:
    """Return a text to be copied letter by letter, such as a cadena, a sello or a digest."""
    return {"tipo": "codigo", "rotulo": label, "texto": text}


def table(
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] = (),
    sums: Sequence[int] | None = None,
) -> Block:
    """A table. columns: (head, kind) with kind texto, clave or monto; total: a last row, as long as the columns.

    sums: the places of the rows that are sums, where the letter draws them apart.
    """
    if any(len(row) != len(columns) for row in ([*rows, total] if total else rows)):
        raise ValueError("Un renglón de la tabla no tiene tantas celdas como columnas hay.")
    heads: list[Head] = [{"titulo": head, "clase": kind} for head, kind in columns]
    made: Grid = {"tipo": "tabla", "columnas": heads, "filas": [list(row) for row in rows], "total": list(total)}
    return made if sums is None else {**made, "sumas": list(sums)}


def section(title: str, *blocks: Block, level: int = 1) -> Section:
    """Return a titled part of the document; level 1 or 2."""
    return {"titulo": title, "nivel": level, "bloques": list(blocks)}


def sealed(data: Mapping[str, object]) -> dict[str, Any]:
    """Return the sheet with its foot: `huella` (SHA-256 of its content unless it names its own), `codigo` and QR text.

    Raises ValueError naming what the sheet lacks, or a value that has no single writing.
    """
    if missing := [key for key in KEYS if key not in data]:
        raise ValueError(f"A la hoja le falta {', '.join(missing)}; lleva siempre {', '.join(KEYS)}.")
    huella = str(data.get("huella") or sha256_hex(canonical_json(data)))
    codigo = str(data.get("codigo") or code_of(huella))
    said = (
        address_of(str(data["numero"]), codigo) if data.get("consulta") else f"SIF {data['numero']} {codigo} {huella}"
    )
    verificar = str(data.get("verificar") or said)
    return {**data, "huella": huella, "codigo": codigo, "verificar": verificar, "direccion": lookup_address()}


def code_of(huella: str) -> str:
    """Return the verification code of a digest: 16 letters that are not misread, in groups of four (80 bits)."""
    number = int.from_bytes(hashlib.sha256(bytes.fromhex(huella)).digest()[:10], "big")
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))
    return " ".join(letters[place : place + 4] for place in range(0, 16, 4))


def address_of(numero: str, codigo: str) -> str:
    """Return the public address that says what a document is, which its QR leads to."""
    return f"{lookup_address()}?{urlencode({'numero': numero, 'codigo': codigo})}"


def lookup_address() -> str:
    """Return the public address where the number and the code of a document are typed."""
    return f"{settings.SITIO}{LOOKUP}"


def read_code(typed: str) -> str:
    """Return a code as documents print it, however it was typed; '' for what is no code."""
    letters = re.sub(r"[\s-]", "", typed).upper().translate(_MISREAD)
    if len(letters) != 16 or not set(letters) <= set(_ALPHABET):
        return ""
    return " ".join(letters[place : place + 4] for place in range(0, 16, 4))


def groups_of_four(text: str) -> str:
    """Return a digest as a document prints it."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def _block_lines(block: Block) -> Iterator[str]:
    if block["tipo"] == "parrafo":
        own = f"{block['numeral']}. " if "numeral" in block else ""
        yield f"{own}{block['texto']}{f' [{block["articulo"]}]' if block['articulo'] else ''}"
    elif block["tipo"] == "dato":
        yield f"{block['rotulo']}. {block['texto']}"
    elif block["tipo"] == "codigo":
        yield from (block["rotulo"], block["texto"])
    else:
        yield " | ".join(column["titulo"] for column in block["columnas"])
        for row in [*block["filas"], *([block["total"]] if block["total"] else [])]:
            yield " | ".join(row)


def plain_text(data: Mapping[str, Any]) -> str:
    """Return the document as text, line by line: what both of its files must say."""
    lines = ["PROYECTO"] if data["proyecto"] else []
    lines += [data["organo"], data["titulo"], data["numero"], data["asunto"], data["lugar_fecha"]]
    lines += [f"{row['rotulo']}: {row['texto']}" for row in data["recuadro"]]
    lines += data["destinatario"]
    for part in data["secciones"]:
        lines.append(part["titulo"])
        for block in part["bloques"]:
            lines += _block_lines(block)
    return "\n".join([*lines, *data["firma"], ""])
