"""Write as text what a cell of a workbook holds."""

from datetime import datetime, time
from decimal import Decimal


def text_of(cell: object) -> str:
    """Return the text of a cell: a number keeps the fifteen figures that the sheet shows; a formula keeps its sign."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float):
        return f"{Decimal(format(cell, '.15g')):f}"
    if isinstance(cell, dict):
        if "d" in cell:
            return day_text(cell["d"])
        if "h" in cell:
            return str(cell["h"])
        # an error value (#REF!) is what a formula left: it is told as one
        return f"={cell.get('e') or cell.get('f') or 'fórmula'}".replace("==", "=")
    return str(cell)


def day_text(text: str) -> str:
    """Return a day of a sheet as written by hand: without its hour when that is midnight."""
    if "T" not in text:
        return text
    value = datetime.fromisoformat(text)
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
