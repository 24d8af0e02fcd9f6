"""Freeze a version of a report from the books as they stand, and give its cadena to be signed."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from sif.filing.annexes import gathered, keep
from sif.filing.certificates import given_certificate
from sif.filing.figures import amount_of, days_of, form_of_books, freeze_content, lines_of, same_figures
from sif.filing.models import Informe, Preparacion
from sif.filing.owed import ReportOwed, report_of
from sif.filing.refusals import (
    already_presented,
    nil_not_said,
    no_permission,
    not_nil,
    not_owed,
    other_stage,
    place_of,
    waits_for_another,
    waits_for_its_acuse,
)
from sif.filing.selectors import of_report, signed_whole
from sif.law.annexes import annexes_of
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Periodo, Usuario, Ventana
from sif.registry.scope import acting
from sif.registry.selectors import may, windows_open
from sif.signing.cadena import CamposInforme, informe_cadena
from sif.signing.certificates import Certificate
from sif.signing.chain import canonical_json, sha256_hex
from sif.values import Money, Refused

NORMAL, CORRECTION = "normal", "correccion"


def prepare_informe(
    contabilidad: Contabilidad, periodo: Periodo, by: Usuario, *, tipo: str = "", sin_movimientos: bool = False
) -> Informe:
    """Freeze the report of some books for a period, with its annexes; a new version only if the last one differs.

    tipo: its kind, where a period has two (the last quarter has its own and the year's); the period's own unless said.
    sin_movimientos: the explicit word that the period had none [LGPP 79.1.b]. Raises Refused: sin_permiso,
    periodo_ajeno, no_lo_debe, ya_presentado, espera_acuse, espera_otra_firma, sin_movimientos_no_declarado,
    hay_movimientos.
    """
    place = place_of(contabilidad, periodo)
    if not (may(by, "presentar", contabilidad=contabilidad) or may(by, "preparar", contabilidad=contabilidad)):
        raise Refused(no_permission(by, place, "preparar"))
    if periodo.etapa_id != contabilidad.etapa_id:
        raise Refused(other_stage(contabilidad, periodo))
    report = report_of(contabilidad, periodo, tipo)
    if report is None:
        raise Refused(not_owed(contabilidad, periodo, tipo))
    with acting():
        lock_contabilidades([contabilidad.pk])
        stage, last = stage_now(contabilidad, periodo), last_version(contabilidad, periodo, report.tipo)
        if presented := presented_in(contabilidad, periodo, stage, report.tipo):
            raise Refused(already_presented(place, presented))
        arrived_ones = of_report(contabilidad.pk, periodo.pk, report.tipo)
        if arrived := arrived_ones.first():
            waits = waits_for_its_acuse if signed_whole(arrived_ones).exists() else waits_for_another
            raise Refused(waits(place, arrived))
        content, moment = _content(contabilidad, report, stage, nil=sin_movimientos), clock.now()
        with gathered(annexes_of(report.tipo, settings.JURISDICTION), contabilidad.pk, content, moment) as files:
            content["anexos"] = [asdict(entry) for entry, _path in files]
            if last is not None and not hasattr(last, "presentacion") and same_figures(last.contenido, content):
                return last
            keep(files)
        return _save(contabilidad, report, content, moment, by)


def _content(contabilidad: Contabilidad, report: ReportOwed, stage: str, *, nil: bool) -> dict[str, object]:
    lines, moved = lines_of(contabilidad, report)
    if nil and moved:
        raise Refused(not_nil(place_of(contabilidad, report.periodo)))
    if not nil and not moved:
        raise Refused(nil_not_said(place_of(contabilidad, report.periodo)))
    return freeze_content(contabilidad, report, lines, stage, nil=nil)


def _save(
    contabilidad: Contabilidad, report: ReportOwed, content: dict[str, Any], moment: datetime, by: Usuario
) -> Informe:
    last = last_version(contabilidad, report.periodo, report.tipo)
    version, kind = last.version + 1 if last else 1, form_of_books(contabilidad, report.tipo)[1]
    return Informe.objects.create(
        contabilidad=contabilidad,
        periodo=report.periodo,
        tipo=report.tipo,
        etapa_captura=content["etapa_captura"],
        version=version,
        folio=f"{report.tipo}-{contabilidad.pk}-P{report.periodo.numero}-V{version}",
        contenido=content,
        contenido_sha256=sha256_hex(canonical_json(content)),
        ingresos=amount_of(content, kind.ingresos),
        egresos=amount_of(content, kind.egresos),
        generado_el=moment,
        generado_por=by,
    )


def stage_now(contabilidad: Contabilidad, periodo: Periodo, at: datetime | None = None) -> str:
    """`correccion` while the subject's window of correction of that period is open (now unless told), or `normal`."""
    return NORMAL if correction_of(contabilidad, periodo.pk, at) is None else CORRECTION


def correction_of(contabilidad: Contabilidad, periodo_id: int, at: datetime | None = None) -> Ventana | None:
    """Return the window in which these books may present a corrected version for that period, open now unless told."""
    rows = windows_open(contabilidad, at)
    return next((row for row in rows if row.tipo == CORRECTION and row.periodo_id == periodo_id), None)


def last_version(contabilidad: Contabilidad, periodo: Periodo, tipo: str, at: datetime | None = None) -> Informe | None:
    """Return the last version of the report of a kind of some books for a period; at: of those made until that hour."""
    rows = Informe.objects.filter(contabilidad=contabilidad.pk, periodo=periodo, tipo=tipo)
    if at is not None:
        rows = rows.filter(generado_el__lte=at)
    return rows.select_related("presentacion").order_by("-version").first()


def presented_in(
    contabilidad: Contabilidad, periodo: Periodo, stage: str, tipo: str, at: datetime | None = None
) -> Informe | None:
    """Return the version presented in a stage, of the correction that is open (now unless told) where it is one.

    Outside the correction any presentation closes the period; each oficio opens a correction of its own.
    """
    rows = Informe.objects.filter(contabilidad=contabilidad.pk, periodo=periodo, tipo=tipo, presentacion__isnull=False)
    if stage == CORRECTION:
        window = correction_of(contabilidad, periodo.pk, at)
        rows = rows.filter(etapa_captura=CORRECTION)
        rows = rows.filter(presentacion__recibida_el__gte=window.abre_el) if window else rows
    return rows.order_by("-version").first()


def cadena_of(informe: Informe, certificado: Certificate | bytes) -> str:
    """Return the cadena to be signed with that certificate, good for 30 minutes from this instant, which is noted.

    Asked again within the same minute for the same certificate it is the same. Raises SigningError
    certificado_ilegible, cadena_valor; Refused if the version was already presented.
    """
    cert = certificado if isinstance(certificado, Certificate) else given_certificate(certificado)
    if hasattr(informe, "presentacion"):
        raise Refused(already_presented(informe.folio, informe))
    moment = (
        clock.now().astimezone(UTC).replace(microsecond=0)
    )  # whole seconds, of a clock that never goes back an hour
    recent = informe.preparaciones.filter(serie=cert.serie, preparada_el__gt=moment - timedelta(minutes=1))
    given = recent.filter(preparada_el__lte=moment).order_by("-preparada_el").first()
    if given is None:
        with acting():
            given = Preparacion.objects.create(informe=informe, serie=cert.serie, rfc=cert.rfc, preparada_el=moment)
    return informe_cadena(campos_of(informe, given))


def campos_of(informe: Informe, given: Preparacion) -> CamposInforme:
    """Build the fields that a signature states, from the data of the database alone."""
    desde, hasta = days_of(informe.contenido)
    return CamposInforme(
        folio=informe.folio,
        version=informe.version,
        sujeto=informe.contenido["sujeto"],
        id_contabilidad=str(informe.contabilidad_id),
        tipo=f"{informe.tipo} {informe.etapa_captura}",
        desde=desde,
        hasta=hasta,
        ingresos=Money(informe.ingresos),
        egresos=Money(informe.egresos),
        contenido=informe.contenido_sha256,
        firmante=given.rfc,
        serie=given.serie,
        preparado_el=given.preparada_el,
    )


def preparations_of(informe: Informe, serie: str) -> list[Preparacion]:
    """Return every hour at which the cadena was given for a certificate, the last first."""
    return list(informe.preparaciones.filter(serie=serie).order_by("-preparada_el"))
