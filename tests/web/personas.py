"""The table of who may see each address, and the rows that it must have."""

from pathlib import Path

from web.walk import Page, every_page

TABLE = Path(__file__).with_name("personas.txt")
ALLOWED, REFUSED, SIGN_IN = "s", "n", "e"  # reached; 403 or 401; sent to sign in


def declared() -> tuple[list[str], dict[str, str]]:
    """The people of the table, and for each name of an address what each of them is answered."""
    head, *rows = [line.split(maxsplit=1) for line in TABLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    return " ".join(head).split(), {name: answers for answers, name in rows}


def every_row() -> dict[str, tuple[Page, str]]:
    """Every row that the table must have: the page and the method by which it is asked."""
    rows = {}
    for name, page in every_page().items():
        method = next((each for each in ("GET", "POST", "HEAD") if each in page.methods), "GET")
        rows[name] = page, method
        if method == "GET" and "POST" in page.methods:
            rows[f"{name} POST"] = page, "POST"
    return rows
