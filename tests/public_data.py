"""Find the public files that tests read: laws, invoices, certificates of test and official figures (data/README.md)."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def public(*parts: str) -> Path:
    """Return the path of a public file or folder. Raises LookupError naming it if it is not in the repository."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        raise LookupError(f"Falta tests/data/{'/'.join(parts)}: está en el repositorio; recupérelo con git checkout.")
    return path
