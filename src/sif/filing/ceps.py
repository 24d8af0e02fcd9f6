"""Sign a CEP: rebuild its cadena and verify the e.firma of the Responsable de Finanzas."""

from sif.books.models import Cep
from sif.books.records import unsigned_paid_ceps
from sif.books.services.registros import keep_signature
from sif.filing.authority import Trust, trusted
from sif.filing.certificates import given_certificate
from sif.registry import clock
from sif.registry.corrections import books_at
from sif.registry.models import Usuario
from sif.registry.selectors import may, responsable_of
from sif.signing.cadena import build
from sif.signing.certificates import Certificate, judge_certificate, read_certificate
from sif.signing.efirma import Firma, judge_firma, verify
from sif.signing.revocation import judge_revocacion
from sif.values import Money, Problem, Refused

FIELDS = (
    "folio",
    "id_contabilidad",
    "sujeto",
    "persona",
    "representacion",
    "seccion",
    "oneroso",
    "monto",
    "medio",
    "pagado_el",
    "firmante",
    "serie",
)
"""What a signed CEP states, in the order of its cadena; monto in whole centavos, oneroso as oneroso or gratuito."""


def cep_cadena(cep: Cep, cert: Certificate) -> str:
    """`||1.0|CEP|folio|id_contabilidad|…|firmante|serie||`: what that certificate signs. Raises SigningError."""
    books = books_at(cep.contabilidad, cep.firmado_el) if cep.firmado_el else cep.contabilidad
    values = (
        cep.folio,
        str(books.pk),
        books.sujeto.siglas,
        cep.persona.nombre,
        cep.representacion,
        cep.seccion,
        "oneroso" if cep.oneroso else "gratuito",
        str(cep.monto),
        cep.medio,
        cep.pagado_el.isoformat() if cep.pagado_el else "",
        cert.rfc,
        cert.serie,
    )
    return build("CEP", values)


def cadena_of_cep(cep: Cep, certificado_der: bytes) -> str:
    """Return the cadena to sign elsewhere with a certificate. Raises SigningError on a file that is not one."""
    return cep_cadena(cep, given_certificate(certificado_der))


def sign_cep(cep: Cep, certificado_der: bytes, sello: str, by: Usuario, *, trust: Trust | None = None) -> Cep:
    """Keep the seal (base64) of a CEP made with a certificate (DER).

    Raises Refused with the codes of signing, or sin_permiso, sin_responsable, firmado, cancelado.
    """
    books = cep.contabilidad
    if not may(by, "presentar", contabilidad=books):
        raise Refused(
            Problem(
                "sin_permiso",
                "registro",
                f"{by.nombre} no firma por la contabilidad {books.pk}.",
                "Firma el Responsable de Finanzas del sujeto.",
            )
        )
    signer = responsable_of(books.sujeto)
    if signer is None or not signer.rfc:
        raise Refused(
            Problem(
                "sin_responsable",
                "registro",
                f"{books.sujeto.nombre} no tiene un Responsable de Finanzas con RFC.",
                "Registre su nombramiento y su RFC; después firme con su e.firma.",
            )
        )
    cert = _judged(cep, certificado_der, sello, signer.rfc, trust or trusted())
    return keep_signature(cep, sello, cert.der, cert.serie, by)


def is_signature_sound(cep: Cep) -> bool:
    """Return whether the seal kept is of what the CEP says now, by the certificate kept."""
    if cep.firmado_el is None:
        return False
    cert = read_certificate(bytes(cep.firma.certificado))
    return verify(cep_cadena(cep, cert), cep.firma.sello, cert)


def _judged(cep: Cep, certificado_der: bytes, sello: str, rfc: str, trust: Trust) -> Certificate:
    moment = clock.now()
    cert = given_certificate(certificado_der)
    firma = Firma(cep_cadena(cep, cert), sello, cert.der)
    problems = judge_certificate(cert, moment, trust.authorities, rfc=rfc)
    problems += judge_revocacion(cert, trust.revocation(cert, moment))
    problems += judge_firma(firma, cert, cep.folio)
    if problems:
        raise Refused(*problems)
    return cert


def amount_unsigned(contabilidades: list[int]) -> Money:
    """Return the sum of CEP that pay somebody and nobody signed."""
    return Money(sum(unsigned_paid_ceps(contabilidades).values_list("monto", flat=True)))
