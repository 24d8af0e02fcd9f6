"""Present a signed report: the server believes only what it rebuilds itself, and keeps the act once, whole."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sif.filing.authority import Trust, authority_key, trusted
from sif.filing.certificates import given_certificate
from sif.filing.figures import lines_of, same_figures
from sif.filing.log import next_leaf
from sif.filing.mailing import mail_acuse
from sif.filing.models import Informe, Preparacion, Presentacion
from sif.filing.owed import report_of
from sif.filing.preparing import cadena_of, campos_of, last_version, preparations_of, presented_in, stage_now
from sif.filing.refusals import already_presented, no_permission, no_signer, not_ended, not_owed, superseded
from sif.registry import clock, trail
from sif.registry.locks import lock_contabilidades
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.proofs import is_proven, record_proof
from sif.registry.scope import acting, registering
from sif.registry.selectors import may, responsable_of
from sif.signing.acuse import build_acuse, list_archivo
from sif.signing.authorities import issuers_of
from sif.signing.cadena import informe_cadena, judge_hour
from sif.signing.certificates import Certificate, judge_certificate
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.efirma import Firma, judge_firma
from sif.signing.problems import problem
from sif.signing.revocation import Revocacion, judge_revocacion
from sif.values import Problem, Refused

CONTENT_NAME = "informe.json"


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signature already judged: when it came, what was signed, when its cadena was given, by whom, if revoked."""

    recibida_el: datetime
    firma: Firma
    given: Preparacion
    cert: Certificate
    revocacion: Revocacion
    emisor_sha256: str


def present(
    informe: Informe,
    certificado_der: bytes,
    sello: str,
    by: Usuario,
    *,
    trust: Trust | None = None,
    came: datetime | None = None,
) -> Presentacion:
    """Present a version with the seal (base64) of its cadena and the certificate (DER) that made it; returns the act.

    Idempotent: a version already presented returns its presentation. All or nothing. It is received when it comes, not
    when whoever was writing in the books lets it through. Raises Refused with the
    codes of signing (es_sello, vencido, aun_no_vigente, rfc_ajeno, revocado, emisor_desconocido, emisor_vencido,
    llave_debil, certificado_debil, certificado_ilegible, sello_invalido, cadena_caduca) or sin_permiso,
    sin_responsable, periodo_en_curso, informe_superado, ya_presentado. `trust`: whom to believe (default `trusted()`).
    `came`: when the seal arrived, of several that arrived together; now unless told.
    """
    if not may(by, "presentar", contabilidad=informe.contabilidad):
        raise Refused(no_permission(by, informe.folio, "presentar"))
    if (done := _presented(informe)) is not None:
        return done
    _check_time(informe)
    signed = _judge(informe, certificado_der, sello, trust or trusted(), came or clock.now())
    with acting():
        lock_contabilidades([informe.contabilidad_id])  # what is signed is compared with books that nobody writes now
        if (done := _presented(informe)) is not None:
            return done
        _check_current(informe, signed.recibida_el)
        made = _keep(informe, signed, next_leaf())
        trail.act("presentar", by, made)
        mail_acuse(made, by)
        if by.rfc == signed.cert.rfc and not is_proven(by):  # who signs a report shows that the account is theirs
            record_proof(by, by.rfc, (made.cadena, made.sello), signed.cert.der, signed.cert.serie)
        return made


def _presented(informe: Informe) -> Presentacion | None:
    return Presentacion.objects.filter(informe=informe.pk).select_related("informe").first()


def _check_time(informe: Informe) -> None:
    if clock.today() <= informe.periodo.hasta:
        raise Refused(not_ended(informe.folio, informe.periodo))


def _check_current(informe: Informe, moment: datetime) -> None:
    """The version still says what the books say, in the stage of that moment. The books are locked."""
    contabilidad, periodo = informe.contabilidad, informe.periodo
    stage = stage_now(contabilidad, periodo, moment)
    if other := presented_in(contabilidad, periodo, stage, informe.tipo):
        raise Refused(already_presented(informe.folio, other))
    report = report_of(contabilidad, periodo, informe.tipo)
    if report is None:
        raise Refused(not_owed(contabilidad, periodo, informe.tipo))
    last = last_version(contabilidad, periodo, informe.tipo)
    lines, moved = lines_of(contabilidad, report)
    frozen = informe.contenido
    now = {**frozen, "lineas": [asdict(line) for line in lines], "sin_movimientos": not moved}
    is_whole = sha256_hex(canonical_json(frozen)) == informe.contenido_sha256
    if last is None or last.pk != informe.pk or informe.etapa_captura != stage or not is_whole:
        raise Refused(superseded(informe))
    if not same_figures(frozen, now):
        raise Refused(superseded(informe))


def give_cadena(informe: Informe, certificado_der: bytes, by: Usuario, *, trust: Trust | None = None) -> str:
    """Judge the certificate (DER) of who is going to sign, and return the cadena of a version for it.

    A person learns that the certificate does not serve before opening a key. Raises Refused: sin_permiso,
    sin_responsable, periodo_en_curso, ya_presentado, and the codes of signing that need no seal.
    """
    if not may(by, "presentar", contabilidad=informe.contabilidad):
        raise Refused(no_permission(by, informe.folio, "presentar"))
    _check_time(informe)
    cert = given_certificate(certificado_der)
    problems, _answer = _judge_signer(informe, cert, clock.now(), trust or trusted())
    if problems:
        raise Refused(*problems)
    return cadena_of(informe, cert)


def _judge_signer(
    informe: Informe, cert: Certificate, moment: datetime, trust: Trust
) -> tuple[list[Problem], Revocacion]:
    problems = judge_certificate(cert, moment, trust.authorities, rfc=_signer_rfc(informe.contabilidad.sujeto))
    answer = trust.revocation(cert, moment)
    return problems + judge_revocacion(cert, answer), answer


def _judge(informe: Informe, certificado_der: bytes, sello: str, trust: Trust, moment: datetime) -> _Signed:
    """Verify a signature: its certificate, revocation, sello and hour.

    Raises Refused with every problem found.
    """
    cert = given_certificate(certificado_der)
    problems, answer = _judge_signer(informe, cert, moment, trust)
    firma, given = _match(informe, cert, sello)
    if firma is None or given is None:
        problems.append(problem("sello_invalido", f"firma {informe.folio}", folio=informe.folio))
    else:
        problems += judge_hour(given.preparada_el, moment, informe.folio)
    if problems or firma is None or given is None:
        raise Refused(*problems)
    path = issuers_of(cert.der, trust.authorities) or []
    return _Signed(moment, firma, given, cert, answer, path[0].sha256 if path else "")


def _signer_rfc(sujeto: SujetoObligado) -> str:
    responsable = responsable_of(sujeto)
    if responsable is None or not responsable.rfc:
        raise Refused(no_signer(sujeto, sujeto.siglas))
    return responsable.rfc


def _match(informe: Informe, cert: Certificate, sello: str) -> tuple[Firma | None, Preparacion | None]:
    """Return the cadena, among those given for this certificate, that the seal signs: rebuilt here, never received."""
    for given in preparations_of(informe, cert.serie):
        firma = Firma(informe_cadena(campos_of(informe, given)), sello, cert.der)
        if not judge_firma(firma, cert, informe.folio):
            return firma, given
    return None, None


def _keep(informe: Informe, signed: _Signed, hoja: int) -> Presentacion:
    moment = signed.recibida_el
    archivos = [list_archivo(CONTENT_NAME, canonical_json(informe.contenido))]
    acuse = build_acuse(campos_of(informe, signed.given), signed.firma, archivos, moment, authority_key())
    with registering():
        return Presentacion.objects.create(
            informe=informe,
            recibida_el=moment,
            preparada_el=signed.given.preparada_el,
            cadena=signed.firma.cadena,
            sello=signed.firma.sello,
            certificado=signed.cert.der,
            rfc=signed.cert.rfc,
            nombre=signed.cert.nombre,
            serie=signed.cert.serie,
            emisor_sha256=signed.emisor_sha256,
            revocacion=signed.revocacion.estado,
            acuse=acuse,
            hoja=hoja,
        )
