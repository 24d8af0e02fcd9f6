"""Receive the signature of a report in one light transaction: what arrives is kept, and its hour is that of arrival."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, Value, When

from sif.books.models import Poliza
from sif.filing.authority import Trust, trusted
from sif.filing.judging import Signed, judge_signed
from sif.filing.models import CLOCKS, Compromiso, CompromisoSinEfecto, Informe, Presentacion
from sif.filing.selectors import signed_whole
from sif.filing.signers import rfc_of, signs_as
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import Etapa, Usuario
from sif.registry.proofs import is_proven, record_proof
from sif.registry.scope import acting, registering
from sif.signing.acuse_form import OTHER
from sif.signing.cadena import judge_hour
from sif.signing.chain import sha256_hex
from sif.values import Problem, Refused


def commit(
    informe: Informe,
    certificado_der: bytes,
    sello: str,
    by: Usuario,
    *,
    trust: Trust | None = None,
    came: datetime | None = None,
    firmado_el: datetime | None = None,
) -> Compromiso:
    """Keep the seal (base64) of a version's cadena with the certificate (DER) that made it, as they arrive.

    It reads no figures, waits for nobody who writes in the books, and makes no acuse: `presenting.complete` does. The
    same seal again is the same commitment. A seal that holds and came too late is kept without effect. Raises Refused
    as `presenting.present` for what does not hold, and keeps nothing of it.

    came: when the seal arrived, of several that arrived together; now unless told. firmado_el: what the computer of who
    signed says of its hour; one that no clock says is not kept.
    """
    capacity = signs_as(informe, by)
    rfc = rfc_of(informe, capacity, by)
    signed = judge_signed(informe, certificado_der, sello, trust or trusted(), came or clock.now(), rfc)
    huella = sha256_hex(f"{signed.firma.cadena}\n{signed.firma.sello}".encode())
    with acting():
        hold(f"filing.compromiso:{huella}")
        if (known := Compromiso.objects.filter(huella=huella).first()) is not None:
            return known
        made = _keep(informe, signed, huella, by, firmado_el, capacity)
        if late := judge_hour(signed.given.preparada_el, signed.recibida_el, informe.folio):
            leave_without_effect(made, late)
        if by.rfc == signed.cert.rfc and not is_proven(by):  # who signs a report shows that the account is theirs
            record_proof(by, by.rfc, (made.cadena, made.sello), signed.cert.der, signed.cert.serie)
        return made


def _keep(
    informe: Informe, signed: Signed, huella: str, by: Usuario, firmado_el: datetime | None, capacity: str | None
) -> Compromiso:
    books = Poliza.objects.filter(contabilidad=informe.contabilidad_id)
    last = books.aggregate(Max("eslabon"))["eslabon__max"] or 0
    with registering():
        return Compromiso.objects.create(
            informe=informe,
            huella=huella,
            recibido_el=signed.recibida_el,
            firmado_el=firmado_el if firmado_el and CLOCKS[0] <= firmado_el < CLOCKS[1] else None,
            preparada_el=signed.given.preparada_el,
            cadena=signed.firma.cadena,
            sello=signed.firma.sello,
            certificado=signed.cert.der,
            rfc=signed.cert.rfc,
            nombre=signed.cert.nombre,
            serie=signed.cert.serie,
            emisor_sha256=signed.emisor_sha256,
            revocacion=signed.revocacion.estado,
            eslabon=last,
            recibido_de=by,
            papel=capacity,
        )


def leave_without_effect(one: Compromiso, problems: list[Problem]) -> None:
    """Keep why a commitment does not become the presentation of its report, in the act that finds it so."""
    told = [problem.as_dict() for problem in problems]
    with registering():
        CompromisoSinEfecto.objects.create(compromiso=one, problemas=told, hecho_el=clock.now())


def refuse_without_effect(one: Compromiso) -> None:
    """Raise Refused with why a commitment has no effect, where it has none."""
    ended = CompromisoSinEfecto.objects.filter(compromiso=one).first()
    if ended is not None:
        raise Refused(*(Problem(**told) for told in ended.problemas))


def arrivals_of(informes: Iterable[Informe]) -> list[Compromiso]:
    """Return every signature that arrived of some versions, the last first, with why some have no effect."""
    rows = Compromiso.objects.filter(informe__in=[each.pk for each in informes])
    return list(rows.select_related("informe__presentacion", "sin_efecto").order_by("-recibido_el", "-pk"))


def said_elsewhere(made: Presentacion) -> datetime | None:
    """Return the hour that the computer of who signed a presentation said, where it said one."""
    return (
        Compromiso.objects.filter(informe=made.informe_id, sello=made.sello)
        .values_list("firmado_el", flat=True)
        .first()
    )


def signatures_of(made: Presentacion) -> list[Compromiso]:
    """Return the two signatures of a presentation, in the order of arrival; nothing of one that has a single one."""
    other = made.acuse.get(OTHER)
    if other is None:
        return []
    rows = Compromiso.objects.filter(informe=made.informe_id, sello__in=[made.sello, other["sello"]])
    return list(rows.order_by("recibido_el", "pk"))


def is_waiting(informe: Informe, arrived: Iterable[Compromiso]) -> bool:
    """Return whether one of the signatures that arrived is of a version and in force, so that nobody signs it again."""
    return any(one.informe_id == informe.pk and not hasattr(one, "sin_efecto") for one in arrived)


def unfiled_of(etapa: Etapa) -> QuerySet[Compromiso]:
    """List the signatures of a stage that wait for their acuse or are without effect, the last that arrived first.

    Each says its `estado`: en_curso, espera_firma (the other that the law asks for has not come) or sin_efectos.
    """
    rows = Compromiso.objects.filter(informe__contabilidad__etapa=etapa)
    ended = Q(sin_efecto__isnull=False)
    others = Compromiso.objects.filter(informe=OuterRef("informe"), sin_efecto__isnull=True)
    alone = Q(papel__isnull=False) & ~Exists(signed_whole(others))
    state = Case(
        When(ended, then=Value("sin_efectos")), When(alone, then=Value("espera_firma")), default=Value("en_curso")
    )
    return rows.filter(ended | Q(informe__presentacion__isnull=True)).annotate(estado=state).order_by("-pk")
