"""Verify the seals of an invoice, and whether their certificates may have made them."""

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from sif.cfdi.cadena import NoCadena, cadena_of, cadena_of_timbre
from sif.cfdi.document import Cfdi, SealState
from sif.cfdi.fields import WORDS, timbre_element
from sif.cfdi.trust import Trust, certificate_in
from sif.signing.certificates import Certificate
from sif.signing.problems import SigningError
from sif.values import Problem

_SHA1 = hashes.SHA1()  # noqa: S303  the digest of CFDI 3.2, in force until 2017
_SHA256 = hashes.SHA256()
_PADDING = padding.PKCS1v15()
_ROOT = "/cfdi:Comprobante"
_TFD = f"{_ROOT}/cfdi:Complemento/tfd:TimbreFiscalDigital"
_CURE_SEAL = "El archivo cambió después de sellarse o no es el original. Pida al proveedor el XML tal como se timbró."
_CURE_OTHER = "Pida al proveedor el XML original y valídelo en el portal del SAT antes de aceptarlo."


def check_seal(root: etree._Element, version: str, cfdi: Cfdi | None, trust: Trust) -> tuple[SealState, list[Problem]]:
    """Return the state of the seal of the issuer, and everything wrong with it or with its certificate."""
    words = WORDS[version]
    sello = "".join((root.get(words.sello) or "").split())
    written = "".join((root.get(words.certificado) or "").split())
    if not sello:
        mensaje = "El comprobante no tiene sello de su emisor: no es una factura emitida."
        return "ausente", [Problem("sin_sello", f"{_ROOT}/@{words.sello}", mensaje, _CURE_OTHER)]
    place = f"{_ROOT}/@{words.certificado}"
    if not written:
        mensaje = "El comprobante no trae el certificado con que se selló."
        return "no_verificable", [Problem("sin_certificado", place, mensaje, _CURE_OTHER)]
    certificate = certificate_in(written)
    if isinstance(certificate, SigningError):
        mensaje = f"No se puede leer el certificado del comprobante. {certificate.problems[0].mensaje}"
        return "no_verificable", [Problem(certificate.problems[0].codigo, place, mensaje, _CURE_OTHER)]
    try:
        cadena = cadena_of(root, version)
    except NoCadena:
        mensaje = "No se puede formar la cadena original de este comprobante."
        return "no_verificable", [Problem("sin_cadena", _ROOT, mensaje, _CURE_OTHER)]
    problems: list[Problem] = []
    algorithm = _SHA1 if version == "3.2" else _SHA256
    good = _is_signed(cadena, sello, certificate.public_key, algorithm)
    if not good:
        mensaje = "El sello no corresponde al contenido del comprobante."
        problems.append(Problem("sello_invalido", f"{_ROOT}/@{words.sello}", mensaje, _CURE_SEAL))
    if cfdi is not None:
        problems += _judge_issuer(cfdi, certificate, place, trust)
    return ("valido" if good else "invalido"), problems


def check_timbre(root: etree._Element, cfdi: Cfdi, version: str, trust: Trust) -> tuple[SealState, list[Problem]]:
    """Return the state of the seal of the PAC; `no_verificable` while its certificate is not at hand."""
    element, timbre = timbre_element(root, version), cfdi.timbre
    if element is None or timbre is None:
        return "ausente", []
    problems: list[Problem] = []
    sealed = element.get("SelloCFD") or element.get("selloCFD") or ""
    own = root.get(WORDS[version].sello) or ""
    if "".join(sealed.split()) != "".join(own.split()):
        mensaje = "El timbre certifica otro sello, no el de este comprobante."
        problems.append(Problem("timbre_ajeno", f"{_TFD}/@SelloCFD", mensaje, _CURE_SEAL))
    stamper = trust.stampers.get(timbre.serie_sat)
    if not timbre.sello:
        problems.append(
            Problem("timbre_sin_sello", f"{_TFD}/@SelloSAT", "El timbre no tiene sello del SAT.", _CURE_OTHER)
        )
        return "ausente", problems
    if stamper is None:
        return "no_verificable", problems
    try:
        cadena = cadena_of_timbre(element)
    except NoCadena:
        mensaje = f"El timbre dice versión «{timbre.version[:20]}»; se leen 1.0 y 1.1."
        problems.append(Problem("timbre_version", f"{_TFD}/@Version", mensaje, _CURE_OTHER))
        return "no_verificable", problems
    algorithm = _SHA1 if timbre.version == "1.0" else _SHA256
    good = _is_signed(cadena, timbre.sello, stamper.public_key, algorithm)
    if not good:
        mensaje = "El sello del timbre no corresponde a lo que el timbre dice."
        problems.append(Problem("timbre_invalido", f"{_TFD}/@SelloSAT", mensaje, _CURE_SEAL))
    at = timbre.fecha or cfdi.fecha
    problems += _judge_dates(stamper, at, f"{_TFD}/@NoCertificadoSAT")
    problems += trust.judge(stamper, at, f"{_TFD}/@NoCertificadoSAT")
    return ("valido" if good else "invalido"), problems


def _is_signed(cadena: bytes, sello: str, key: RSAPublicKey, algorithm: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(b64decode(sello, validate=False), cadena, _PADDING, algorithm)
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _judge_issuer(cfdi: Cfdi, certificate: Certificate, place: str, trust: Trust) -> list[Problem]:
    """Number, holder, validity on the date of issue, and authority of the issuer's certificate."""
    problems = []
    if cfdi.no_certificado != certificate.serie:
        mensaje = (
            f"Dice NoCertificado {cfdi.no_certificado[:30] or '(vacío)'} y el certificado es el {certificate.serie}."
        )
        problems.append(
            Problem("certificado_numero", f"{_ROOT}/@{WORDS[cfdi.version].no_certificado}", mensaje, _CURE_OTHER)
        )
    if cfdi.emisor_rfc != certificate.rfc:
        mensaje = (
            f"El certificado es del RFC {certificate.rfc or '(vacío)'} y el emisor dice ser {cfdi.emisor_rfc[:20]}."
        )
        problems.append(Problem("rfc_ajeno", f"{_ROOT}/cfdi:Emisor/@{WORDS[cfdi.version].rfc}", mensaje, _CURE_OTHER))
    problems += _judge_dates(certificate, cfdi.fecha, place)
    weak = (
        {"llave_debil", "certificado_debil"} if cfdi.version == "3.2" else set()
    )  # 1024 bits and SHA-1 were the rule then
    return problems + [problem for problem in trust.judge(certificate, cfdi.fecha, place) if problem.codigo not in weak]


def _judge_dates(certificate: Certificate, at: datetime, place: str) -> list[Problem]:
    if certificate.desde <= at <= certificate.hasta:
        return []
    desde, hasta = certificate.desde.date().isoformat(), certificate.hasta.date().isoformat()
    mensaje = f"El certificado {certificate.serie} vale del {desde} al {hasta}; se usó el {at.date().isoformat()}."
    codigo = "vencido" if at > certificate.hasta else "aun_no_vigente"
    return [Problem(codigo, place, mensaje, _CURE_OTHER)]
