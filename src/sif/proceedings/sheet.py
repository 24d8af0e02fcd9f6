"""The content of a document as data: what its PDF, its DOCX and its text say, in the same order and words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sif.registry.clock import legal_zone
from sif.rulebook.printing import spanish_day
from sif.values import Money

Block = dict[str, Any]


def pesos(centavos: int) -> str:
    """An amount as a document of law writes it: $1,234.50."""
    shown = str(Money(abs(centavos)))
    return f"−${shown}" if centavos < 0 else f"${shown}"


def percent(basis_points: int) -> str:
    """Basis points as people read them: 5318 is 53.18 %."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def legal_day(moment: datetime | date) -> str:
    """A day in words, in the legal zone: 15 de julio de 2018."""
    return spanish_day(moment.astimezone(legal_zone()).date() if isinstance(moment, datetime) else moment)


def legal_hour(moment: datetime) -> str:
    """An hour of the legal zone: 23:59 horas."""
    return f"{moment.astimezone(legal_zone()):%H:%M} horas"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 hallazgo, 3 hallazgos."""
    return f"{number:,} {one if number == 1 else many}"


def paragraph(text: str, articulo: str = "") -> Block:
    """A paragraph, with the article that supports it where there is one."""
    return {"tipo": "parrafo", "texto": " ".join(text.split()), "articulo": articulo}


def fact(label: str, text: str) -> Block:
    """A labelled sentence: Solicitud. Presente el archivo."""
    return {"tipo": "dato", "rotulo": label, "texto": " ".join(text.split())}


def table(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], total: Sequence[str] = ()) -> Block:
    """A table. columns: (head, kind) with kind texto, clave or monto; total: a last row, as long as the columns."""
    if any(len(row) != len(columns) for row in ([*rows, total] if total else rows)):
        raise ValueError("Un renglón de la tabla no tiene tantas celdas como columnas hay.")
    return {
        "tipo": "tabla",
        "columnas": [{"titulo": head, "clase": kind} for head, kind in columns],
        "filas": [list(row) for row in rows],
        "total": list(total),
    }


def section(title: str, *blocks: Block, level: int = 1) -> dict[str, Any]:
    """A titled part of the document; level 1 or 2."""
    return {"titulo": title, "nivel": level, "bloques": list(blocks)}


def _block_lines(block: Mapping[str, Any]) -> Iterator[str]:
    if block["tipo"] == "parrafo":
        yield f"{block['texto']} [{block['articulo']}]" if block["articulo"] else block["texto"]
    elif block["tipo"] == "dato":
        yield f"{block['rotulo']}. {block['texto']}"
    else:
        yield " | ".join(column["titulo"] for column in block["columnas"])
        for row in [*block["filas"], *([block["total"]] if block["total"] else [])]:
            yield " | ".join(row)


def plain_text(data: Mapping[str, Any]) -> str:
    """The document as text, line by line: what both of its files must say."""
    lines = [data["organo"], data["titulo"], data["numero"], data["asunto"], data["lugar_fecha"]]
    if data["proyecto"]:
        lines.insert(0, "PROYECTO")
    lines += [f"{row['rotulo']}: {row['texto']}" for row in data["recuadro"]]
    lines += data["destinatario"]
    for part in data["secciones"]:
        lines.append(part["titulo"])
        for block in part["bloques"]:
            lines += _block_lines(block)
    return "\n".join([*lines, *data["firma"], ""])
