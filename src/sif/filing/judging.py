"""Judge who signs a report and what they sign: the server verifies only the text that it rebuilds itself."""

from dataclasses import dataclass
from datetime import datetime

from sif.filing.authority import Trust, trusted
from sif.filing.certificates import given_certificate
from sif.filing.models import Informe, Preparacion
from sif.filing.preparing import cadena_of, campos_of, preparations_of
from sif.filing.refusals import not_ended
from sif.filing.signers import rfc_of, signs_as
from sif.registry import clock
from sif.registry.models import Usuario
from sif.signing.authorities import issuers_of
from sif.signing.cadena import informe_cadena
from sif.signing.certificates import Certificate, judge_certificate
from sif.signing.efirma import Firma, judge_firma
from sif.signing.problems import problem
from sif.signing.revocation import Revocacion, judge_revocacion
from sif.values import Problem, Refused


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature already judged: when it came, what was signed, when its cadena was given, by whom, if revoked."""

    recibida_el: datetime
    firma: Firma
    given: Preparacion
    cert: Certificate
    revocacion: Revocacion
    emisor_sha256: str


def _check_time(informe: Informe) -> None:
    if clock.today() <= informe.periodo.hasta:
        raise Refused(not_ended(informe.folio, informe.periodo))


def give_cadena(informe: Informe, certificado_der: bytes, by: Usuario, *, trust: Trust | None = None) -> str:
    """Judge the certificate (DER) of who is going to sign, and return the cadena of a version for it.

    A person learns that the certificate does not serve before opening a key. Raises Refused: sin_permiso,
    sin_responsable, misma_persona, periodo_en_curso, ya_presentado, and the codes of signing that need no seal.
    """
    rfc = rfc_of(informe, signs_as(informe, by), by)
    _check_time(informe)
    cert = given_certificate(certificado_der)
    problems, _answer = _judge_signer(cert, clock.now(), trust or trusted(), rfc)
    if problems:
        raise Refused(*problems)
    return cadena_of(informe, cert)


def _judge_signer(cert: Certificate, moment: datetime, trust: Trust, rfc: str) -> tuple[list[Problem], Revocacion]:
    problems = judge_certificate(cert, moment, trust.authorities, rfc=rfc)
    answer = trust.revocation(cert, moment)
    return problems + judge_revocacion(cert, answer), answer


def judge_signed(
    informe: Informe, certificado_der: bytes, sello: str, trust: Trust, moment: datetime, rfc: str
) -> Signed:
    """Verify a signature: its certificate, revocation and sello; not its hour, which makes it late and no less signed.

    rfc: whose e.firma signs, as `signers.rfc_of` says.
    Raises Refused with every problem found.
    """
    _check_time(informe)
    cert = given_certificate(certificado_der)
    problems, answer = _judge_signer(cert, moment, trust, rfc)
    firma, given = _match(informe, cert, sello)
    if firma is None or given is None:
        problems.append(problem("sello_invalido", f"firma {informe.folio}", folio=informe.folio))
    if problems or firma is None or given is None:
        raise Refused(*problems)
    path = issuers_of(cert.der, trust.authorities) or []
    return Signed(moment, firma, given, cert, answer, path[0].sha256 if path else "")


def _match(informe: Informe, cert: Certificate, sello: str) -> tuple[Firma | None, Preparacion | None]:
    """Return the cadena, among those given for this certificate, that the seal signs: rebuilt here, never received."""
    for given in preparations_of(informe, cert.serie):
        firma = Firma(informe_cadena(campos_of(informe, given)), sello, cert.der)
        if not judge_firma(firma, cert, informe.folio):
            return firma, given
    return None, None
