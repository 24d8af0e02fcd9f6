"""Present a signed report that arrived: compare it with the books as they stood, and keep the act once, whole."""

from dataclasses import asdict
from datetime import datetime

from django.db import OperationalError, connection
from psycopg.errors import DiskFull, LockNotAvailable

from sif.books.models import Poliza
from sif.filing.annexes import annexes_in
from sif.filing.authority import AuthorityMissing, Trust, authority_key
from sif.filing.committing import commit, leave_without_effect, refuse_without_effect
from sif.filing.figures import days_of, lines_of, same_figures
from sif.filing.log import next_leaf
from sif.filing.mailing import mail_acuse
from sif.filing.models import Compromiso, Firmado, Informe, Preparacion, Presentacion
from sif.filing.owed import report_of
from sif.filing.preparing import campos_of, last_version, presented_in, stage_now
from sif.filing.refusals import (
    already_presented,
    no_permission,
    not_owed,
    nothing_to_present,
    superseded,
    waits_for_another,
)
from sif.filing.selectors import of_report, ready
from sif.filing.signers import of_two, pair_of, signs_as
from sif.registry import events, trail
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Usuario
from sif.registry.scope import acting, everything, registering
from sif.registry.selectors import may
from sif.signing.acuse import build_acuse, list_archivo
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.efirma import Firma
from sif.values import Problem, Refused

CONTENT_NAME = "informe.json"
PATIENCE_MS = 2_000
"""How long a page waits for the books, once the signature was kept."""


def present(
    informe: Informe,
    certificado_der: bytes,
    sello: str,
    by: Usuario,
    *,
    trust: Trust | None = None,
) -> Presentacion:
    """Present a version with the seal (base64) of its cadena and the certificate (DER) that made it; returns the act.

    Idempotent: a version already presented returns its presentation. What arrives is kept first, by itself (`commit`):
    it is received when it comes, not when whoever was writing in the books lets it through. Raises Refused with the
    codes of signing (es_sello, vencido, aun_no_vigente, rfc_ajeno, revocado, emisor_desconocido, emisor_vencido,
    llave_debil, certificado_debil, certificado_ilegible, sello_invalido, cadena_caduca) or sin_permiso,
    sin_responsable, periodo_en_curso, informe_superado, ya_presentado; and espera_otra_firma, where the signature was
    kept and the law asks for another, which has not come. `trust`: whom to believe (default `trusted()`).
    """
    kept = keep_first(informe, certificado_der, sello, by, trust=trust)
    done = kept if isinstance(kept, Presentacion) else complete(kept)
    if isinstance(done, Compromiso):
        raise Refused(waits_for_another(informe.folio, done))
    return done


def keep_first(
    informe: Informe,
    certificado_der: bytes,
    sello: str,
    by: Usuario,
    *,
    trust: Trust | None = None,
    came: datetime | None = None,
    firmado_el: datetime | None = None,
) -> Presentacion | Compromiso:
    """Keep what arrives signed (`commit`); of a version already presented, return its presentation.

    Of several that arrive together, each is kept before any of them waits for somebody else's books. Raises Refused as
    `present`. trust, came, firmado_el: as `commit`.
    """
    signs_as(informe, by)
    if (done := _presented(informe)) is not None:
        return done
    return commit(informe, certificado_der, sello, by, trust=trust, came=came, firmado_el=firmado_el)


def present_kept(one: Presentacion | Compromiso, *, later: bool = False) -> Presentacion | Compromiso:
    """Present what `keep_first` gave where nothing is in the way; what waits for the worker is returned as it is.

    It waits because the machine is full (later), somebody writes in the books for longer than PATIENCE_MS, the disk of
    the database has no room for its acuse, or the authority has no key to seal with. Raises Refused with why it has no
    effect.
    """
    if isinstance(one, Presentacion):
        return one
    if later:
        refuse_without_effect(one)
        return one
    try:
        return complete(one, patience_ms=PATIENCE_MS)
    except AuthorityMissing as error:
        events.log_exception(error, objeto="filing.compromiso", id=one.pk)
    except OperationalError as error:
        if isinstance(error.__cause__, DiskFull):  # its signature is kept already
            events.log_exception(error, objeto="filing.compromiso", id=one.pk)
        elif not _is_busy(error):
            raise
    return one


def _is_busy(error: Exception) -> bool:
    """Return whether an act ended because somebody held a lock for longer than its patience."""
    return isinstance(error.__cause__, LockNotAvailable)


def complete(one: Compromiso, *, patience_ms: int = 0) -> Presentacion | Compromiso:
    """Make the presentation of the report of a commitment; returns the act.

    Of every signature that waits of that report, of any version, the first that arrived and holds is presented. One
    that waits for the other that the law asks for is returned as it is: the report is presented when that one arrives.

    Idempotent. patience_ms: how long each lock is waited for, then OperationalError is raised; 0 for as long as the
    session waits. Raises Refused with why this commitment has no effect, which is kept.
    """
    informe = one.informe
    with acting():
        if patience_ms:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience_ms}ms"])
        lock_contabilidades([informe.contabilidad_id])  # what is signed is compared with books that nobody writes now
        done = _presented(informe)
        settled: set[int] = set()
        report = (informe.contabilidad_id, informe.periodo_id, informe.tipo)
        for first in of_report(*report) if done is None else ():
            if first.informe_id in settled:
                continue  # another seal of the same version
            version = informe if first.informe_id == informe.pk else first.informe
            made = _settle(version, first)
            if made is not None or first.papel is not None:
                settled.add(version.pk)
            if version is informe:
                done = made or done
    if done is None:
        refuse_without_effect(one)
        if one.papel is None:
            raise AssertionError(f"El compromiso {one.pk} no quedó presentado ni sin efecto.")
    return done or one


def present_alone(informe: Informe, by: Usuario) -> Presentacion:
    """Present a version by the signature of who presents it, while the other that the law asks for has not come.

    What the law asks for is lacking from then on. Raises Refused: sin_permiso, nada_que_presentar, and why it has no
    effect, which is kept.
    """
    if not may(by, "presentar", contabilidad=informe.contabilidad):
        raise Refused(no_permission(by, informe.folio, "presentar"))
    with acting():
        lock_contabilidades([informe.contabilidad_id])
        if (done := _presented(informe)) is not None:
            return done
        own, other = pair_of(informe)
        if own is None or own.papel is None:
            raise Refused(nothing_to_present(informe))
        if (made := _settle(informe, own, alone=True)) is not None:
            if other is None:
                trail.act("presentar_sin_otra_firma", by, made)
            return made
    refuse_without_effect(own)
    raise AssertionError(f"El compromiso {own.pk} no quedó presentado ni sin efecto.")


def _settle(version: Informe, first: Compromiso, *, alone: bool = False) -> Presentacion | None:
    """Present a version by the first signature that waits of it, with the other one where the law asks for two.

    It is compared with the books as they stood when who presents signed. alone: without waiting for the other. Returns
    None where it has no effect, which is kept, and where it waits. The books are locked.
    """
    own, other = (first, None) if first.papel is None else pair_of(version)
    if problem := _fault(version, own or first):
        for each in [first] if first.papel is None else of_two(version):
            leave_without_effect(each, [problem])
        return None
    if own is None or (own.papel is not None and other is None and not alone):
        return None
    made = _keep(version, own, other)
    trail.act("presentar", own.recibido_de, made)
    for each in filter(None, (own, other)):
        mail_acuse(made, each.recibido_de)
    return made


def complete_waiting() -> int:
    """Complete the commitments that wait, in the name of who sent each, in the order of arrival; return how many.

    One whose books somebody holds for longer than PATIENCE_MS waits for the next time; one that breaks is logged, and
    waits too. Neither stops the others.
    """
    with everything():
        found = list(ready().values_list("pk", "recibido_de"))
    done = 0
    for number, person in found:
        try:
            with everything(person):
                one = ready().filter(pk=number).first()
                if one is None:  # completed since, with another of its report
                    continue
                complete(one, patience_ms=PATIENCE_MS)
        except Refused:
            continue  # kept with its reasons
        except Exception as error:
            if not _is_busy(error):
                events.log_exception(error, objeto="filing.compromiso", id=number)
            continue
        done += 1
    return done


def _presented(informe: Informe) -> Presentacion | None:
    return Presentacion.objects.filter(informe=informe.pk).select_related("informe").first()


def _fault(informe: Informe, one: Compromiso) -> Problem | None:
    """Return why a version is not what its books said when a commitment of it arrived, in the stage of that hour.

    The books are locked.
    """
    contabilidad, periodo, moment = informe.contabilidad, informe.periodo, one.recibido_el
    stage = stage_now(contabilidad, periodo, moment)
    if other := presented_in(contabilidad, periodo, stage, informe.tipo, moment):
        return already_presented(informe.folio, other)
    report = report_of(contabilidad, periodo, informe.tipo)
    if report is None:
        return not_owed(contabilidad, periodo, informe.tipo)
    last = last_version(contabilidad, periodo, informe.tipo, moment)
    frozen = informe.contenido
    is_whole = sha256_hex(canonical_json(frozen)) == informe.contenido_sha256
    if last is None or last.pk != informe.pk or informe.etapa_captura != stage or not is_whole:
        return superseded(informe)
    since = Poliza.objects.filter(contabilidad=contabilidad.pk, eslabon__gt=one.eslabon)
    if since.exists():  # the figures of that hour are no longer at hand: of these days, nothing was posted until then
        between = Poliza.objects.filter(
            contabilidad=contabilidad.pk, eslabon__gt=frozen["libros"]["eslabon"], eslabon__lte=one.eslabon
        )
        return superseded(informe) if between.filter(fecha_operacion__lte=days_of(frozen)[1]).exists() else None
    lines, moved = lines_of(contabilidad, report)
    now = {**frozen, "lineas": [asdict(line) for line in lines], "sin_movimientos": not moved}
    return None if same_figures(frozen, now) else superseded(informe)


def _keep(informe: Informe, one: Compromiso, other: Compromiso | None) -> Presentacion:
    """Keep the act: signed by who presents, at the hour of that arrival, with the other signature in its acuse."""
    archivos = [list_archivo(CONTENT_NAME, canonical_json(informe.contenido))]
    archivos += [each.listed for each in annexes_in(informe)]
    firma, *more = (Firma(each.cadena, each.sello, bytes(each.certificado)) for each in (one, other) if each)
    given = Preparacion(informe=informe, serie=one.serie, rfc=one.rfc, preparada_el=one.preparada_el)
    acuse = build_acuse(campos_of(informe, given), firma, archivos, one.recibido_el, authority_key(), *more)
    hoja = next_leaf()  # the last thing that is asked: until the act ends, no other acuse enters the log
    with registering():
        return Presentacion.objects.create(
            informe=informe,
            recibida_el=one.recibido_el,
            acuse=acuse,
            hoja=hoja,
            **{each.name: getattr(one, each.name) for each in Firmado._meta.local_fields},
        )
