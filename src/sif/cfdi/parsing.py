"""Parse received bytes into an XML tree without network, entities or unbounded memory."""

import re

from lxml import etree

from sif.values import Problem, Refused

MAX_BYTES = 8 * 1024 * 1024  # the largest real invoices (thousands of lines) stay under 5 MB
MAX_MARKS = 200_000  # "<" characters: elements, closings and comments
MAX_EQUALS = 1_000_000  # "=" characters bound the attributes
_DEEP_CHECK_FROM = 256 * 1024
_CURE_AGAIN = (
    "Pida al proveedor el XML original, tal como lo entregó su proveedor de certificación, y súbalo sin abrirlo."
)
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_KINDS = (
    (b"MZ", "un programa de Windows"),
    (b"\x7fELF", "un programa"),
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "un ZIP u hoja de cálculo"),
    (b"\x89PNG", "una imagen"),
    (b"\xff\xd8\xff", "una imagen"),
    (b"Rar!", "un archivo RAR"),
    (b"7z\xbc\xaf", "un archivo 7z"),
)


class Unreadable(Refused):
    """The bytes are not an XML that may be read."""


def parse(data: bytes) -> tuple[etree._Element, list[Problem]]:
    """Return the root element and what had to be forgiven to reach it. Raises Unreadable, and nothing else.

    Only UTF-8, ISO-8859-1 and Windows-1252 are read: all three keep ASCII as it is, so that a DOCTYPE cannot hide
    behind another encoding from the search for it.
    """
    _check_size(data)
    text = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    text = text.lstrip(b" \t\r\n")
    if not text:
        raise _unreadable("archivo_vacio", "archivo", "El archivo está vacío; se espera el XML de un CFDI.")
    _check_kind(text)
    forgiven: list[Problem] = []
    encoding = _encoding(data, text, forgiven)
    _refuse_doctype(text)
    try:
        root = etree.fromstring(text, _parser(encoding))
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from error
    except (ValueError, MemoryError, RecursionError, LookupError) as error:
        raise _unreadable("xml_mal_formado", "archivo", "El XML no se puede leer.") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    if len(text) > _DEEP_CHECK_FROM:
        _refuse_nested_concepts(root)
    return root, forgiven


def _parser(encoding: str) -> etree.XMLParser:
    """Return a parser of its own for each file, so that threads share none; making one costs 5 microseconds."""
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,  # keeps libxml2's own walls: depth 256, 10 MB a text, entity amplification
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _unreadable(codigo: str, donde: str, mensaje: str, cura: str = _CURE_AGAIN) -> Unreadable:
    return Unreadable(Problem(codigo, donde, mensaje, cura))


def _doctype() -> Unreadable:
    return _unreadable(
        "xml_doctype",
        "prólogo",
        "El XML declara un DOCTYPE, que sirve para leer archivos ajenos o agotar la memoria; un CFDI no lo lleva.",
    )


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise _unreadable(
            "archivo_grande",
            "archivo",
            f"El archivo mide {len(data):,} bytes y un CFDI admite hasta {MAX_BYTES:,}.",
            "Compruebe que es un solo CFDI; si lo es, pida al proveedor que divida la factura.",
        )
    if data.count(b"<") > MAX_MARKS or data.count(b"=") > MAX_EQUALS:
        raise _unreadable(
            "xml_excesivo",
            "archivo",
            f"El XML tiene más de {MAX_MARKS:,} marcas o {MAX_EQUALS:,} atributos, lejos de los de una factura.",
        )


def _check_kind(text: bytes) -> None:
    for mark, kind in _KINDS:
        if text.startswith(mark):
            raise _unreadable("no_es_xml", "archivo", f"El archivo es {kind}, no el XML de un CFDI.")
    if b"\x00" in text[:4096] or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unreadable(
            "codificacion", "archivo", "El archivo es binario o está en UTF-16; un CFDI se escribe en UTF-8."
        )
    if not text.startswith(b"<"):
        raise _unreadable("no_es_xml", "byte 1", "El archivo no empieza con «<»: no es un XML.")


def _encoding(data: bytes, text: bytes, forgiven: list[Problem]) -> str:
    declared = _ENCODING.match(text)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if data.startswith(b"\xef\xbb\xbf"):
        name = "utf-8"
    encoding = ENCODINGS.get(name)
    if encoding is None:
        raise _unreadable(
            "codificacion", "declaración XML", f"El XML declara la codificación «{name}»; un CFDI se escribe en UTF-8."
        )
    if encoding != "utf-8" or text.isascii():
        return encoding
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        forgiven.append(
            Problem(
                "codificacion",
                f"byte {error.start + 1}",
                "El XML dice estar en UTF-8 y tiene bytes de otra codificación; se leyó como Windows-1252.",
                _CURE_AGAIN,
            )
        )
        return "windows-1252"
    return encoding


def _refuse_doctype(text: bytes) -> None:
    """Walk the prolog (declaration, comments, instructions) up to the first tag; a DOCTYPE can stand only there."""
    at = 0
    while True:
        start = text.find(b"<", at)
        if start < 0:
            raise _unreadable("xml_mal_formado", "archivo", "El XML no tiene ningún elemento.")
        if text.startswith(b"<?", start):
            end = text.find(b"?>", start + 2)
        elif text.startswith(b"<!--", start):
            end = text.find(b"-->", start + 4)
        elif text.startswith(b"<!", start):
            raise _doctype()
        else:
            return
        if end < 0:
            raise _unreadable("xml_mal_formado", "archivo", "El XML está cortado antes de su primer elemento.")
        at = end + 2


def _syntax(error: etree.XMLSyntaxError) -> Unreadable:
    line, column = error.position
    place = f"línea {line}, columna {column}"
    reason = (error.msg or "").lower()
    if "depth" in reason:
        return _unreadable("xml_profundo", place, "El XML tiene más de 256 elementos uno dentro de otro.")
    if "huge" in reason or "too long" in reason or "maximum" in reason:
        return _unreadable("xml_excesivo", place, "El XML tiene un texto o un nombre desmedido.")
    return _unreadable("xml_mal_formado", place, "El XML está incompleto o mal formado en ese lugar.")


_NESTED = etree.XPath(
    "boolean(//*[local-name()='Concepto' or local-name()='PorCuentadeTerceros' or local-name()='VentaVehiculos']"
    "[ancestor::*[local-name()='Concepto' or local-name()='PorCuentadeTerceros'][2]])"
)


def _refuse_nested_concepts(root: etree._Element) -> None:
    """The cadena visits the descendants of each Concepto: in a large file, nesting them would multiply the work."""
    if _NESTED(root):
        raise _unreadable("xml_estructura", "cfdi:Conceptos", "El XML tiene conceptos unos dentro de otros.")
