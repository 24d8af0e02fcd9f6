"""Prove with an e.firma which person an account is of: the cadena to sign, and what is judged of its seal."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sif.filing.authority import Trust, trusted
from sif.filing.certificates import given_certificate
from sif.registry import clock
from sif.registry.eyes import person_rfc
from sif.registry.models import PruebaRfc, Usuario
from sif.registry.proofs import claim_of, record_proof
from sif.signing.cadena import cuenta_cadena, judge_hour
from sif.signing.certificates import Certificate, judge_certificate
from sif.signing.efirma import Firma, judge_firma
from sif.signing.revocation import judge_revocacion
from sif.values import InvalidKey, Problem, Refused


@dataclass(frozen=True, slots=True)
class Reto:
    """The challenge of a proof: an unpredictable text, and the moment of its issue."""

    texto: str
    dado_el: datetime


def new_reto() -> Reto:
    """Make a challenge, at this hour."""
    return Reto(secrets.token_hex(16), clock.now().replace(microsecond=0))


def proof_cadena(user: Usuario, certificado_der: bytes, reto: Reto) -> str:
    """Return what the person of an account signs to prove the RFC of a certificate. Raises Refused."""
    return _cadena(user, given_certificate(certificado_der), reto)


def _cadena(user: Usuario, cert: Certificate, reto: Reto) -> str:
    return cuenta_cadena(f"{user.pk} {user.username}", cert.rfc, cert.serie, reto.texto, reto.dado_el)


def prove_rfc(
    user: Usuario, certificado_der: bytes, sello: str, reto: Reto, *, trust: Trust | None = None
) -> PruebaRfc:
    """Take a seal (base64) of the cadena of a challenge for the proof of the RFC of an account.

    The certificate is judged as that of who signs a report: e.firma, in force, of a known authority, not revoked. An
    account that says an RFC proves that one and no other. Raises Refused with every problem found.
    """
    cert, moment, believed = given_certificate(certificado_der), clock.now(), trust or trusted()
    problems = [*judge_certificate(cert, moment, believed.authorities), *_another(cert, claim_of(user))]
    problems += judge_revocacion(cert, believed.revocation(cert, moment))
    firma = Firma(_cadena(user, cert, reto), sello, cert.der)
    problems += judge_firma(firma, cert, user.username) + judge_hour(reto.dado_el, moment, user.username)
    if problems:
        raise Refused(*problems)
    return record_proof(user, cert.rfc, (firma.cadena, sello), cert.der, cert.serie)


def _another(cert: Certificate, claim: str) -> Iterator[Problem]:
    """Say that the certificate is of no natural person, or of another RFC than the account says."""
    place, cure = f"certificado {cert.serie}", "Firme con su e.firma de persona física."
    try:
        person_rfc(cert.rfc)
    except InvalidKey as wrong:
        yield Problem("rfc_de_otra_clase", place, str(wrong), cure)
        return
    if claim and cert.rfc != claim:
        seen = f"La cuenta dice el RFC {claim} y el certificado es de {cert.rfc}."
        cure = "Firme con la e.firma de ese RFC; si no es el suyo, pida una invitación con el que lo es."
        yield Problem("rfc_ajeno", place, seen, cure)
