"""Only what runs confined imports a library that opens files; any other module that does has its reason here."""

import ast

from architecture.meanings import modules

READERS = frozenset(
    {
        "PIL", "pypdfium2", "pikepdf", "openpyxl", "python_calamine", "xlrd", "docx", "lxml", "defusedxml", "zipfile",
        "tarfile", "gzip", "bz2", "lzma", "mt940", "ofxtools", "csv",
    }
)  # fmt: skip
CONFINED = ("sif/sandbox/", "sif/cfdi/", "sif/banks/readers/", "sif/batch/sat.py", "sif/statutes/openers.py")
"""Rooms and modules that the file servers load (`settings.ABRIDORES`), or what these import."""
OTHERS = {
    "sif/banks/write.py": "escribe los estados inventados de la demostración",
    "sif/books/services/estatus.py": "lee la respuesta del servicio del SAT, de 64 KB a lo más",
    "sif/commands/libros_traer.py": "lee las equivalencias de quien opera la máquina, un CSV suyo",
    "sif/demo/emblems.py": "dibuja los emblemas inventados",
    "sif/demo/inbox.py": "dibuja la evidencia inventada",
    "sif/demo/lotes.py": "escribe lotes inventados",
    "sif/disclosure/layout.py": "escribe el archivo público y lee el propio",
    "sif/notices/joining.py": "junta los PDF que este programa acaba de dibujar",
    "sif/notices/docx.py": "escribe los DOCX de los oficios",
    "sif/signing/bundle.py": "lee en la máquina de quien comprueba un paquete, sin comprimir y de 64 MB a lo más",
    "sif/signing/authorities.py": "lee los certificados del SAT que vienen con el programa",
    "sif/statements/sat/package.py": "escribe el ZIP de la contabilidad electrónica",
    "sif/statements/sat/schema.py": "valida el XML que este programa acaba de escribir",
    "sif/statements/sat/writing.py": "escribe el XML de la contabilidad electrónica",
    "sif/values/cells.py": "escribe el CSV de las listas",
}


def _imported(tree: ast.AST) -> set[str]:
    """The libraries that a module imports, wherever it does."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def test_who_opens_files_is_confined_or_says_why_not() -> None:
    opening = {path for path, module in modules().items() if _imported(module.tree) & READERS}
    assert len([path for path in opening if path.startswith(CONFINED)]) > 10
    assert {path for path in opening if not path.startswith(CONFINED)} == set(OTHERS)
