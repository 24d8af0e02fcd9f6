"""Build the cadena original of a CFDI and of its timbre, the text that their seals sign."""

import importlib.util
from contextlib import suppress
from functools import cache
from pathlib import Path

from lxml import etree

from sif.cfdi.cadena_compiler import Beyond, Plan, read_plan, squeeze

CFDI_3 = "http://www.sat.gob.mx/cfd/3"
CFDI_4 = "http://www.sat.gob.mx/cfd/4"
TFD_NAMESPACE = "http://www.sat.gob.mx/TimbreFiscalDigital"
SHEETS = {
    "3.2": "3/cadenaoriginal_3_2/cadenaoriginal_3_2.xslt",
    "3.3": "3/cadenaoriginal_3_3/cadenaoriginal_3_3.xslt",
    "4.0": "4/cadenaoriginal_4_0/cadenaoriginal_4_0.xslt",
}
# Order of the attributes of the timbre in SAT's cadenaoriginal_TFD_1_1 and _1_0; Leyenda is optional.
_TFD_FIELDS = {
    "1.1": ("Version", "UUID", "FechaTimbrado", "RfcProvCertif", "Leyenda", "SelloCFD", "NoCertificadoSAT"),
    "1.0": ("version", "UUID", "FechaTimbrado", "selloCFD", "noCertificadoSAT"),
}
_TFD_OPTIONAL = frozenset({"Leyenda"})


# the stubs of lxml do not know this class
_NOTHING = etree.XSLTAccessControl(  # type: ignore[call-arg]
    read_file=False, write_file=False, create_dir=False, read_network=False, write_network=False
)


class NoCadena(Exception):
    """The cadena cannot be computed for this document."""


def cadena_of(root: etree._Element, version: str) -> bytes:
    """Return the cadena original of a Comprobante, UTF-8, by SAT's stylesheet of its version. Raises NoCadena."""
    with suppress(Beyond):
        return plan(version).cadena_of(root).encode("utf-8")
    return transformed(root, version)


def transformed(root: etree._Element, version: str) -> bytes:
    """Return the same by running the stylesheet. Raises NoCadena."""
    try:
        return str(sheet(version)(root)).encode("utf-8")
    except (etree.XSLTError, ValueError, MemoryError) as error:
        raise NoCadena(str(error)) from error


def cadena_of_timbre(timbre: etree._Element) -> bytes:
    """Return the cadena of a TimbreFiscalDigital 1.0 or 1.1, UTF-8. Raises NoCadena for another version.

    Written out rather than transformed: it is a list of attributes. A test holds it equal to SAT's stylesheet.
    """
    version = timbre.get("Version") or timbre.get("version") or ""
    fields = _TFD_FIELDS.get(version)
    if fields is None:
        raise NoCadena(f"timbre {version}")
    words = []
    for field in fields:
        value = timbre.get(field)
        if value is not None or field not in _TFD_OPTIONAL:
            words.append(squeeze(value or ""))
    return f"||{'|'.join(words)}||".encode()


@cache
def plan(version: str) -> Plan:
    """Compile SAT's stylesheet of a version, cached for the process."""
    return read_plan(_sheets_folder() / SHEETS[version])


@cache
def sheet(version: str) -> etree.XSLT:
    """SAT's stylesheet, compiled once, which may read or write nothing while it runs."""
    path = _sheets_folder() / SHEETS[version]
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XSLT(etree.parse(path, parser), access_control=_NOTHING)


@cache
def _sheets_folder() -> Path:
    """The stylesheets are data of the satcfdi distribution; its code is not imported."""
    return satcfdi_folder() / "transform" / "schemas" / "www.sat.gob.mx" / "sitio_internet" / "cfd"


@cache
def satcfdi_folder() -> Path:
    """Return the folder of the satcfdi package, with SAT's stylesheets and certificates of authorities.

    Raises RuntimeError if the package is not installed.
    """
    spec = importlib.util.find_spec("satcfdi")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("Falta la distribución satcfdi, que trae las hojas de estilo del SAT. Ejecute `make setup`.")
    return Path(next(iter(spec.submodule_search_locations)))
