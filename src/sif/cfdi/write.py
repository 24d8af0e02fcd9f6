"""Write invoices: a CFDI 4.0 with its INE complement, sealed by its issuer and stamped by a provider (PAC)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from sif.cfdi.cadena import CFDI_4, TFD_NAMESPACE, cadena_of, cadena_of_timbre
from sif.cfdi.document import ComplementoIne, Donataria, Nomina, PagoCfdi, Relacionado
from sif.cfdi.fields import LEGAL_ZONE
from sif.cfdi.write_complements import PREFIXES, add_donataria, add_ine, add_nomina, add_pagos
from sif.signing.certificates import Certificate, read_certificate
from sif.signing.efirma import open_key
from sif.values import Money

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION = f"{CFDI_4} http://www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd"
_NSMAP = {"cfdi": CFDI_4, "xsi": _XSI}
_IVA = "002"


@dataclass(frozen=True, slots=True)
class Sealer:
    """A certificate of digital seal with its opened key: open it once and seal many."""

    certificate: Certificate
    private_key: RSAPrivateKey = field(repr=False)
    base64: str = field(repr=False)

    @classmethod
    def open(cls, cer: bytes, key: bytes, password: str) -> "Sealer":
        """From the .cer and .key files (DER). Raises SigningError when either cannot be opened."""
        return cls(read_certificate(cer), open_key(key, password), b64encode(cer).decode("ascii"))

    def seal(self, cadena: bytes) -> str:
        """RSA-SHA256 of a cadena original, in base64."""
        return b64encode(self.private_key.sign(cadena, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


@dataclass(frozen=True, slots=True)
class Linea:
    """A line to invoice; `cantidad_milesimas` times `valor_unitario` gives its amount, half up to the centavo.

    `clave_producto` and `clave_unidad` are of SAT's catalogues; `iva_pb` the rate of IVA in basis points (0 if none).
    """

    descripcion: str
    cantidad_milesimas: int
    valor_unitario: Money
    clave_producto: str
    clave_unidad: str = "E48"
    unidad: str = "Servicio"
    iva_pb: int = 1600

    @property
    def importe(self) -> Money:
        """Quantity by unit value."""
        return Money((self.cantidad_milesimas * self.valor_unitario.centavos + 500) // 1000)

    @property
    def iva(self) -> Money:
        """The tax transferred by this line."""
        return self.importe.portion(self.iva_pb)


@dataclass(frozen=True, slots=True)
class Contribuyente:
    """Issuer or receiver: its RFC, its name, the key of its tax regime and its postal code."""

    rfc: str
    nombre: str
    regimen: str = "601"
    codigo_postal: str = "06000"


@dataclass(frozen=True, slots=True)
class Factura:
    """The content of an invoice to write. `fecha` aware; `uuid` is the folio fiscal that the PAC assigns."""

    uuid: str
    serie: str
    folio: str
    fecha: datetime
    emisor: Contribuyente
    receptor: Contribuyente
    lineas: Sequence[Linea]
    ine: ComplementoIne | None = None
    forma_pago: str = "03"
    metodo_pago: str = "PUE"
    uso: str = "G03"
    tipo: str = "I"
    relacionados: Sequence[Relacionado] = ()
    pagos: Sequence[PagoCfdi] = ()
    nomina: Nomina | None = None
    donataria: Donataria | None = None

    @property
    def subtotal(self) -> Money:
        """The sum of its lines."""
        return Money(sum(linea.importe.centavos for linea in self.lineas))

    @property
    def iva(self) -> Money:
        """The sum of the tax of its lines."""
        return Money(sum(linea.iva.centavos for linea in self.lineas))

    @property
    def descuento(self) -> Money:
        """Return the deductions of a payroll, which its invoice declares as a discount; zero without payroll."""
        return self.nomina.deducciones if self.nomina else Money(0)

    @property
    def total(self) -> Money:
        """Subtotal and tax, less the discount."""
        return self.subtotal + self.iva - self.descuento


def payment_of(factura: Factura, pagos: Sequence[PagoCfdi]) -> Factura:
    """Return the comprobante of type P for these payments, with the issuer, receiver, folio and date of `factura`."""
    line = Linea("Pago", 1000, Money(0), "84111506", "ACT", "", iva_pb=0)
    return replace(
        factura, tipo="P", lineas=(line,), forma_pago="", metodo_pago="", uso="CP01", ine=None, pagos=tuple(pagos)
    )


def payroll_of(factura: Factura, nomina: Nomina) -> Factura:
    """Return the comprobante of type N for this payroll, with the issuer, receiver, folio and date of `factura`."""
    line = Linea("Pago de nómina", 1000, nomina.percepciones, "84111505", "ACT", "", iva_pb=0)
    return replace(
        factura, tipo="N", lineas=(line,), forma_pago="", metodo_pago="PUE", uso="CN01", ine=None, nomina=nomina
    )


def donation_of(factura: Factura, donataria: Donataria, monto: Money) -> Factura:
    """The comprobante of a donation, with the issuer (who receives it), receiver (who gives), folio and date given."""
    line = Linea("Donativo", 1000, monto, "84101600", "ACT", "", iva_pb=0)
    return replace(factura, lineas=(line,), uso="D04", ine=None, donataria=donataria)


def build_cfdi(factura: Factura, emisor: Sealer, pac: Sealer | None) -> bytes:
    """The XML of this invoice, UTF-8, sealed by `emisor` and, if `pac` is given, stamped one minute later by it."""
    root = _comprobante(factura, emisor)
    complement = _add(root, "Complemento") if _prefixes(factura) or pac is not None else root
    if factura.ine is not None:
        add_ine(complement, factura.ine)
    if factura.pagos:
        add_pagos(complement, factura.pagos)
    if factura.nomina is not None:
        add_nomina(complement, factura.nomina)
    if factura.donataria is not None:
        add_donataria(complement, factura.donataria)
    sello = emisor.seal(cadena_of(root, "4.0"))
    root.set("Sello", sello)
    if pac is not None:
        _stamp(complement, sello, factura, pac)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _prefixes(factura: Factura) -> list[str]:
    """Return the prefixes of its complements, besides the timbre."""
    parts = (factura.ine, factura.pagos, factura.nomina, factura.donataria)
    return [prefix for prefix, part in zip(PREFIXES, parts, strict=True) if part]


def _comprobante(factura: Factura, emisor: Sealer) -> etree._Element:
    used = [PREFIXES[prefix] for prefix in _prefixes(factura)]
    spaces = {prefix: PREFIXES[prefix][0] for prefix in _prefixes(factura)}
    root = etree.Element(f"{{{CFDI_4}}}Comprobante", nsmap={**_NSMAP, **spaces})
    location = " ".join((_LOCATION, *(f"{space} {place}" for space, place in used)))
    root.set(f"{{{_XSI}}}schemaLocation", location)
    attributes = {
        "Version": "4.0",
        "Serie": factura.serie,
        "Folio": factura.folio,
        "Fecha": _local(factura.fecha),
        "FormaPago": factura.forma_pago,
        "NoCertificado": emisor.certificate.serie,
        "Certificado": emisor.base64,
        "SubTotal": factura.subtotal.plain(),
        "Descuento": factura.descuento.plain() if factura.descuento else "",
        "Moneda": "XXX" if factura.pagos else "MXN",
        "Total": factura.total.plain(),
        "TipoDeComprobante": factura.tipo,
        "Exportacion": "01",
        "MetodoPago": factura.metodo_pago,
        "LugarExpedicion": factura.emisor.codigo_postal,
    }
    for name, value in attributes.items():
        if value:
            root.set(name, value)
    for related in factura.relacionados:
        group = _add(root, "CfdiRelacionados", TipoRelacion=related.tipo)
        _add(group, "CfdiRelacionado", UUID=related.uuid)
    seller, buyer = factura.emisor, factura.receptor
    _add(root, "Emisor", Rfc=seller.rfc, Nombre=seller.nombre, RegimenFiscal=seller.regimen)
    _add(
        root,
        "Receptor",
        Rfc=buyer.rfc,
        Nombre=buyer.nombre,
        DomicilioFiscalReceptor=buyer.codigo_postal,
        RegimenFiscalReceptor=buyer.regimen,
        UsoCFDI=factura.uso,
    )
    conceptos = _add(root, "Conceptos")
    for linea in factura.lineas:
        _concepto(conceptos, linea)
    if factura.descuento:
        conceptos[0].set("Descuento", factura.descuento.plain())
    _taxes(root, factura)
    return root


def _concepto(conceptos: etree._Element, linea: Linea) -> None:
    element = _add(
        conceptos,
        "Concepto",
        ClaveProdServ=linea.clave_producto,
        Cantidad=_thousandths(linea.cantidad_milesimas),
        ClaveUnidad=linea.clave_unidad,
        Unidad=linea.unidad,
        Descripcion=linea.descripcion,
        ValorUnitario=linea.valor_unitario.plain(),
        Importe=linea.importe.plain(),
        ObjetoImp="02" if linea.iva_pb else "01",
    )
    if not linea.unidad:
        del element.attrib["Unidad"]
    if linea.iva_pb:
        transfers = _add(_add(element, "Impuestos"), "Traslados")
        _transfer(transfers, linea.importe, linea.iva_pb, linea.iva)


def _taxes(root: etree._Element, factura: Factura) -> None:
    """The sums of IVA, one row for each rate."""
    rates = sorted({linea.iva_pb for linea in factura.lineas if linea.iva_pb})
    if not rates:
        return
    taxes = _add(root, "Impuestos", TotalImpuestosTrasladados=factura.iva.plain())
    transfers = _add(taxes, "Traslados")
    for rate in rates:
        lines = [linea for linea in factura.lineas if linea.iva_pb == rate]
        base = Money(sum(linea.importe.centavos for linea in lines))
        _transfer(transfers, base, rate, Money(sum(linea.iva.centavos for linea in lines)))


def _transfer(parent: etree._Element, base: Money, rate: int, importe: Money) -> None:
    tasa = f"{rate // 10_000}.{rate % 10_000:04d}00"
    values = {"Base": base.plain(), "Impuesto": _IVA, "TipoFactor": "Tasa", "TasaOCuota": tasa}
    _add(parent, "Traslado", **values, Importe=importe.plain())


def _stamp(complement: etree._Element, sello: str, factura: Factura, pac: Sealer) -> None:
    attributes = {
        "Version": "1.1",
        "UUID": factura.uuid,
        "FechaTimbrado": _local(factura.fecha + timedelta(minutes=1)),
        "RfcProvCertif": pac.certificate.rfc,
        "SelloCFD": sello,
        "NoCertificadoSAT": pac.certificate.serie,
    }
    tag, nsmap = f"{{{TFD_NAMESPACE}}}TimbreFiscalDigital", {"tfd": TFD_NAMESPACE}
    timbre = etree.SubElement(complement, tag, attributes, nsmap)
    timbre.set("SelloSAT", pac.seal(cadena_of_timbre(timbre)))


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CFDI_4}}}{name}", attributes)


def _local(at: datetime) -> str:
    return at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def _thousandths(quantity: int) -> str:
    whole, rest = divmod(quantity, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)
