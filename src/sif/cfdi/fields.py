"""Extract the fields of a Comprobante 3.2, 3.3 or 4.0, naming each missing or wrong attribute."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from sif.cfdi.cadena import CFDI_3, CFDI_4, TFD_NAMESPACE
from sif.cfdi.complements import read_nomina, read_pagos
from sif.cfdi.decimals import scaled
from sif.cfdi.document import INE_NAMESPACE, Cfdi, Concepto, Relacionado, Timbre
from sif.cfdi.ine import read_ine
from sif.values import InvalidKey, Money, Problem, Rfc, Uuid

LEGAL_ZONE = ZoneInfo("America/Mexico_City")
_DECIMALS = 6  # of SAT's t_Importe and of quantities
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
_TFD_TAG = f"{{{TFD_NAMESPACE}}}TimbreFiscalDigital"
_INE_TAG = f"{{{INE_NAMESPACE}}}INE"
_TYPES = {"ingreso": "I", "egreso": "E", "traslado": "T"}
_PESOS = frozenset({"", "MXN", "MN", "M.N.", "PESO", "PESOS", "PESO MEXICANO", "PESOS MEXICANOS"})
_CURE = "Pida al proveedor que cancele esta factura y la sustituya por otra con el dato corregido."


@dataclass(frozen=True, slots=True)
class Words:
    """The attribute names of a version of the Comprobante."""

    fecha: str
    tipo: str
    serie: str
    folio: str
    subtotal: str
    total: str
    forma_pago: str
    metodo_pago: str
    rfc: str
    nombre: str
    descripcion: str
    cantidad: str
    unidad: tuple[str, ...]
    valor_unitario: str
    importe: str
    clave_producto: str
    sello: str
    certificado: str
    no_certificado: str


_MODERN = Words(
    *("Fecha", "TipoDeComprobante", "Serie", "Folio", "SubTotal", "Total", "FormaPago", "MetodoPago", "Rfc", "Nombre"),
    *("Descripcion", "Cantidad"),
    ("Unidad", "ClaveUnidad"),
    *("ValorUnitario", "Importe", "ClaveProdServ", "Sello", "Certificado", "NoCertificado"),
)
# In 3.2 formaDePago tells one payment or several, and metodoDePago the means: the names changed sides in 3.3.
_OLD = Words(
    *(
        "fecha",
        "tipoDeComprobante",
        "serie",
        "folio",
        "subTotal",
        "total",
        "metodoDePago",
        "formaDePago",
        "rfc",
        "nombre",
    ),
    *("descripcion", "cantidad"),
    ("unidad",),
    *("valorUnitario", "importe", "noIdentificacion", "sello", "certificado", "noCertificado"),
)
WORDS = {"3.2": _OLD, "3.3": _MODERN, "4.0": _MODERN}
_NAMESPACES = {"3.2": CFDI_3, "3.3": CFDI_3, "4.0": CFDI_4}


def version_of(root: etree._Element) -> str | None:
    """'3.2', '3.3' or '4.0' if the root is a Comprobante of one of them, else None."""
    version = (root.get("Version") or root.get("version") or "").strip()
    namespace = _NAMESPACES.get(version)
    return version if namespace is not None and root.tag == f"{{{namespace}}}Comprobante" else None


def not_a_cfdi(root: etree._Element) -> Problem:
    """Return the problem of a well-formed XML that is not a CFDI of a supported version."""
    name = etree.QName(root).localname[:60]
    if name == "Comprobante":
        seen = (root.get("Version") or root.get("version") or "(ninguna)")[:20]
        return Problem(
            "cfdi_version",
            "/cfdi:Comprobante/@Version",
            f"El comprobante dice ser de versión «{seen}»; se leen 3.2 y 3.3 (espacio cfd/3) y 4.0 (espacio cfd/4).",
            "Pida al proveedor el CFDI en una versión vigente.",
        )
    return Problem(
        "no_es_cfdi",
        f"/{name}",
        f"El XML es un «{name}», no un comprobante fiscal: su raíz debe ser cfdi:Comprobante.",
        "Elija el XML de la factura. La contabilidad electrónica, los acuses y las retenciones no son CFDI.",
    )


def read_fields(root: etree._Element, version: str, sha256: str, problems: list[Problem]) -> Cfdi | None:
    """Return the invoice, or None when a field without which it cannot be used is missing or unreadable.

    `sha256` is of the received bytes. Everything wrong is added to `problems`.
    """
    words = WORDS[version]
    reader = _Reader(root, f"{{{_NAMESPACES[version]}}}", words, problems)
    fecha = reader.moment(root, words.fecha, "")
    subtotal = reader.money(root, words.subtotal, "")
    total = reader.money(root, words.total, "")
    emisor_rfc, emisor_nombre = reader.party("Emisor")
    receptor_rfc, receptor_nombre = reader.party("Receptor")
    complements = reader.complements()
    timbre = reader.timbre(complements)
    ine = read_ine([element for element in complements if element.tag == _INE_TAG], problems)
    reader.misplaced_ine()
    conceptos = tuple(reader.conceptos())
    if fecha is None or subtotal is None or total is None or not emisor_rfc or not receptor_rfc:
        return None
    currency = root.get("Moneda", "").strip().upper()
    tipo = root.get(words.tipo, "").strip()
    return Cfdi(
        version=version,
        uuid=timbre.uuid if timbre else "",
        tipo=_TYPES.get(tipo.lower(), tipo),
        serie=root.get(words.serie, "").strip(),
        folio=root.get(words.folio, "").strip(),
        fecha=fecha,
        emisor_rfc=emisor_rfc,
        emisor_nombre=emisor_nombre,
        receptor_rfc=receptor_rfc,
        receptor_nombre=receptor_nombre,
        subtotal=subtotal,
        total=total,
        moneda="MXN" if currency in _PESOS else currency,
        forma_pago=root.get(words.forma_pago, "").strip(),
        metodo_pago=root.get(words.metodo_pago, "").strip(),
        conceptos=conceptos,
        ine=ine,
        complementos=tuple(_complement_name(element) for element in complements),
        relacionados=tuple(reader.related()),
        xml_sha256=sha256,
        no_certificado=root.get(words.no_certificado, "").strip(),
        timbre=timbre,
        pagos=read_pagos(complements, problems),
        nomina=read_nomina(complements, problems),
    )


def timbre_element(root: etree._Element, version: str) -> etree._Element | None:
    """Return the TimbreFiscalDigital under Complemento, if there is one."""
    namespace = _NAMESPACES[version]
    return root.find(f"{{{namespace}}}Complemento/{_TFD_TAG}")


def _complement_name(element: etree._Element) -> str:
    name = etree.QName(element).localname
    version = (element.get("Version") or element.get("version") or "").strip()
    return f"{name} {version}".strip()


class _Reader:
    """One pass over one Comprobante; problems gather in the caller's list."""

    def __init__(self, root: etree._Element, prefix: str, words: Words, problems: list[Problem]) -> None:
        self.root, self.prefix, self.words, self.problems = root, prefix, words, problems
        self.children: dict[object, list[etree._Element]] = {}
        for child in root:
            self.children.setdefault(child.tag, []).append(child)

    def wrong(self, codigo: str, place: str, mensaje: str) -> None:
        """Note a problem at a place under the Comprobante."""
        self.problems.append(Problem(codigo, f"/cfdi:Comprobante{place}", mensaje, _CURE))

    def all(self, name: str) -> list[etree._Element]:
        """Return the children of the Comprobante called so."""
        return self.children.get(self.prefix + name, [])

    def text(self, element: etree._Element, name: str, path: str) -> str:
        """Return a required attribute, stripped; '' and a problem when it is absent."""
        value = (element.get(name) or "").strip()
        if not value:
            self.wrong("campo_faltante", f"{path}/@{name}", f"Falta el atributo «{name}», que todo CFDI lleva.")
        return value

    def money(self, element: etree._Element, name: str, path: str) -> Money | None:
        """Return a required amount, in centavos."""
        text = self.text(element, name, path)
        if not text:
            return None
        centavos = scaled(text, 2)
        if centavos is None:
            self.wrong("campo_forma", f"{path}/@{name}", f"«{text[:40]}» no es un importe; se escribe como 1234.50.")
            return None
        if self.words is _MODERN and text.partition(".")[2][2:].strip("0"):  # 3.2 did admit them
            mensaje = f"«{text[:40]}» tiene fracciones de centavo; se tomó como {Money(centavos)}."
            self.wrong("campo_decimales", f"{path}/@{name}", mensaje)
        return Money(centavos)

    def moment(self, element: etree._Element, name: str, path: str) -> datetime | None:
        """Return a required local date and hour, taken in the legal zone."""
        text = self.text(element, name, path)
        if not text:
            return None
        try:
            if _LOCAL_TIME.fullmatch(text) is None:
                raise ValueError(text)
            return datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)
        except ValueError:
            self.wrong("campo_forma", f"{path}/@{name}", f"«{text[:40]}» no es una fecha aaaa-mm-ddThh:mm:ss.")
            return None

    def party(self, name: str) -> tuple[str, str]:
        """RFC and name of Emisor or Receptor; the RFC is kept as written when its form is wrong."""
        found = self.all(name)
        if not found:
            self.wrong("campo_faltante", f"/cfdi:{name}", f"Falta el elemento «{name}», que todo CFDI lleva.")
            return "", ""
        rfc = self.text(found[0], self.words.rfc, f"/cfdi:{name}").upper()
        if rfc:
            try:
                Rfc(rfc)
            except InvalidKey as error:
                self.wrong("rfc_forma", f"/cfdi:{name}/@{self.words.rfc}", str(error)[:300])
        return rfc, (found[0].get(self.words.nombre) or "").strip()

    def conceptos(self) -> Iterator[Concepto]:
        """Yield the lines; an unreadable amount is a problem and counts as zero."""
        words, number = self.words, 0
        for group in self.all("Conceptos"):
            for element in group.iterchildren(self.prefix + "Concepto"):
                number += 1
                yield Concepto(
                    linea=number,
                    descripcion=(element.get(words.descripcion) or "").strip(),
                    unidad=next((value for name in words.unidad if (value := (element.get(name) or "").strip())), ""),
                    cantidad_milesimas=self.amount(element, words.cantidad, 3, number),
                    valor_unitario=Money(self.amount(element, words.valor_unitario, 2, number)),
                    importe=Money(self.amount(element, words.importe, 2, number)),
                    clave_producto=(element.get(words.clave_producto) or "").strip(),
                )
        if number == 0:
            self.wrong("campo_faltante", "/cfdi:Conceptos", "El comprobante no tiene ningún concepto.")

    def amount(self, element: etree._Element, name: str, places: int, number: int) -> int:
        """Return a required figure of line `number`, times 10**places."""
        text = (element.get(name) or "").strip()
        value = scaled(text, places)
        if value is None:
            place = f"/cfdi:Conceptos/cfdi:Concepto[{number}]/@{name}"
            self.wrong("campo_forma", place, f"«{text[:40]}» no es una cantidad; se escribe como 1234.50.")
        elif len(text) > _DECIMALS + 1 and len(text.partition(".")[2]) > _DECIMALS:
            place = f"/cfdi:Conceptos/cfdi:Concepto[{number}]/@{name}"
            self.wrong("campo_decimales", place, f"«{text[:40]}» tiene más de {_DECIMALS} decimales; se redondeó.")
        return value or 0

    def complements(self) -> list[etree._Element]:
        """Return every element under every Complemento, in order."""
        return [element for group in self.all("Complemento") for element in group if isinstance(element.tag, str)]

    def timbre(self, complements: list[etree._Element]) -> Timbre | None:
        """Return the TimbreFiscalDigital; its absence and its repetition are problems."""
        found = [element for element in complements if element.tag == _TFD_TAG]
        path = "/cfdi:Complemento/tfd:TimbreFiscalDigital"
        if not found:
            self.wrong("sin_timbre", path, "El comprobante no tiene timbre fiscal: aún no es un CFDI con validez.")
            return None
        if len(found) > 1:
            self.wrong(
                "timbre_repetido", f"{path}[2]", "El comprobante tiene más de un timbre fiscal; se usó el primero."
            )
        element = found[0]
        old = element.get("version") is not None
        uuid = Uuid.maybe(self.text(element, "UUID", path))
        if uuid is None and element.get("UUID"):
            self.wrong("campo_forma", f"{path}/@UUID", f"«{(element.get('UUID') or '')[:40]}» no es un folio fiscal.")
        return Timbre(
            version=(element.get("Version") or element.get("version") or "").strip(),
            uuid=uuid.text if uuid else "",
            fecha=self.moment(element, "FechaTimbrado", path),
            rfc_pac=(element.get("RfcProvCertif") or "").strip().upper(),
            serie_sat=(element.get("noCertificadoSAT" if old else "NoCertificadoSAT") or "").strip(),
            sello=(element.get("selloSAT" if old else "SelloSAT") or "").strip(),
        )

    def misplaced_ine(self) -> None:
        """An INE complement inside Addenda is outside of what the seal protects, and does not count."""
        for addenda in self.all("Addenda"):
            if next(addenda.iter(_INE_TAG), None) is not None:
                self.wrong(
                    "ine_fuera_de_lugar",
                    "/cfdi:Addenda//ine:INE",
                    "El complemento INE está en la Addenda, que el sello no protege; debe ir en cfdi:Complemento.",
                )

    def related(self) -> Iterator[Relacionado]:
        """Yield the other CFDIs that it names."""
        for group in self.all("CfdiRelacionados"):
            tipo = (group.get("TipoRelacion") or "").strip()
            for element in group.iterchildren(self.prefix + "CfdiRelacionado"):
                yield Relacionado(tipo, (element.get("UUID") or "").strip().upper())
        original = self.root.get("FolioFiscalOrig")
        if original:
            yield Relacionado("", original.strip().upper())
