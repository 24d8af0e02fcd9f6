"""The gate of publication: what the law makes public goes into the published tables, and no donor with it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from sif.audit.models import Hallazgo
from sif.audit.selectors import coverage_of, last_run
from sif.books.models import Movimiento
from sif.disclosure.layout import layout
from sif.disclosure.models import (
    ContabilidadPublicada,
    DocumentoPublicado,
    ProcesoPublicado,
    ReglaPublicada,
    SancionPublicada,
)
from sif.filing.selectors import obligations
from sif.proceedings.models import Dictamen, Documento, Resolucion, Sancion, Voto
from sif.proceedings.selectors import determined_by_contabilidad
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa
from sif.registry.scope import everything
from sif.rulebook import load_rules
from sif.rulebook.rule import PLACEHOLDER, Rule

Amounts = dict[int, dict[str, int]]
OTHER = "OTROS"  # accounts without an official heading: the ordinary spending of a party's own books


def publish_etapa(etapa: Etapa) -> ProcesoPublicado:
    """Copy a stage to the published tables; run again, it leaves the same rows with the figures of now. All or nothing.

    Sanctions and unreported amounts come only from approved resoluciones [LGPP 82.1.c].
    """
    moment = clock.now()
    with everything(), transaction.atomic():
        proceso = _publish_process(etapa, moment)
        _replace(ContabilidadPublicada, proceso, "id_contabilidad", list(_statements(etapa, proceso, moment)))
        _replace(SancionPublicada, proceso, "conclusion", [_sanction(proceso, row) for row in _sanctions(etapa)])
        _replace(DocumentoPublicado, proceso, "clave", list(_documents(etapa, proceso)))
        _replace(ReglaPublicada, proceso, "regla", list(_rules(etapa, proceso)))
    return proceso


def published_key(etapa: Etapa) -> str:
    """The key of a stage in the published tables."""
    return f"{etapa.proceso.clave}-{etapa.tipo}"


def _publish_process(etapa: Etapa, moment: datetime) -> ProcesoPublicado:
    proceso = etapa.proceso
    return ProcesoPublicado.objects.update_or_create(
        clave=published_key(etapa),
        defaults={
            "nombre": f"{proceso.nombre}, {etapa.get_tipo_display().lower()}", "ambito": proceso.ambito,
            "entidad": proceso.entidad, "inicia_el": etapa.inicia_el, "termina_el": etapa.termina_el,
            "jornada_el": proceso.jornada_el, "datos_al": moment,
        },
    )[0]  # fmt: skip


def _replace(model: type[Any], proceso: ProcesoPublicado, key: str, rows: list[Any]) -> None:
    """The rows of a process are those and no others; the ones already there keep their number."""
    table = model._default_manager
    table.filter(proceso=proceso).exclude(**{f"{key}__in": [getattr(row, key) for row in rows]}).delete()
    unique = ["proceso", key] if model in (SancionPublicada, ReglaPublicada) else [key]
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key and field.name not in unique]
    table.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=names)


def _statements(etapa: Etapa, proceso: ProcesoPublicado, moment: datetime) -> Iterable[ContabilidadPublicada]:
    spent, earned = _by_heading(etapa, "es_gasto"), _by_heading(etapa, "es_ingreso")
    unreported = determined_by_contabilidad(etapa, only_approved=True)
    due = _reports(etapa, moment)
    books = Contabilidad.objects.filter(etapa=etapa).select_related(
        "sujeto", "candidatura__persona", "candidatura__cargo", "candidatura__territorio"
    )
    for row in books.order_by("pk"):
        heads, origins = spent.get(row.pk, {}), earned.get(row.pk, {})
        yield ContabilidadPublicada(
            proceso=proceso, id_contabilidad=row.pk, clase=row.clase, **_who(row), tope=row.tope,
            estatus=row.estatus, aprobada_el=row.habilitada_el, cancelada_el=row.cancelada_el,
            ingresos=sum(origins.values()), egresos=sum(heads.values()), no_reportado=unreported.get(row.pk, 0),
            diferencia_prorrateo=heads.get(layout(settings.JURISDICTION)["diferencia"], 0), rubros=heads,
            ingresos_por_origen=origins, datos_al=moment, **due[row.pk],
        )  # fmt: skip


def _who(row: Contabilidad) -> dict[str, str]:
    candidatura = row.candidatura
    return {
        "nombre": candidatura.persona.nombre if candidatura else row.sujeto.nombre,
        "cargo": candidatura.cargo.nombre if candidatura else "",
        "territorio": candidatura.territorio.nombre if candidatura else "",
        "entidad": candidatura.territorio.entidad if candidatura else row.etapa.proceso.entidad,
        "sujeto": row.sujeto.nombre,
        "siglas": row.sujeto.siglas,
        "tipo_asociacion": layout(settings.JURISDICTION)["asociaciones"][row.sujeto.tipo],
    }


def _by_heading(etapa: Etapa, kind: str) -> Amounts:
    """Net centavos by contabilidad and heading of the accounts of a kind; only headings with a line."""
    rows = (
        Movimiento.objects.filter(contabilidad__etapa=etapa, **{f"cuenta__{kind}": True})
        .values_list("contabilidad_id", "cuenta__rubro")
        .annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
        .order_by("contabilidad_id", "cuenta__rubro")
    )
    found: Amounts = defaultdict(dict)
    for number, head, cargos, abonos in rows:
        found[number][head or OTHER] = cargos - abonos if kind == "es_gasto" else abonos - cargos
    return found


def _reports(etapa: Etapa, moment: datetime) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(
        lambda: {"informes_debidos": 0, "informes_presentados": 0, "informes_tarde": 0}
    )
    for due in obligations(etapa):
        if due.vence_el > moment and due.recibida_el is None:
            continue
        row = counts[due.contabilidad_id]
        row["informes_debidos"] += 1
        if due.recibida_el is not None:
            row["informes_presentados"] += 1
            row["informes_tarde"] += due.recibida_el >= due.vence_el
    return counts


def _sanctions(etapa: Etapa) -> Iterable[Sancion]:
    return (
        Sancion.objects.filter(
            resolucion__dictamen__etapa=etapa, resolucion__estado=Resolucion.Estado.APROBADA
        )
        .select_related("conclusion__observacion", "resolucion__dictamen__sujeto")
        .prefetch_related("partes__sujeto", "resolucion__votos")
        .order_by("pk")
    )  # fmt: skip


def _sanction(proceso: ProcesoPublicado, row: Sancion) -> SancionPublicada:
    conclusion, resolucion = row.conclusion, row.resolucion
    votes = [vote.sentido for vote in resolucion.votos.all()]
    parts = sorted(row.partes.all(), key=lambda part: part.sujeto.numero)
    return SancionPublicada(
        proceso=proceso, conclusion=conclusion.clave, resolucion=resolucion.numero,
        sujeto=resolucion.dictamen.sujeto.nombre, siglas=resolucion.dictamen.sujeto.siglas,
        conducta=conclusion.conducta, articulo=conclusion.articulo, regla=conclusion.observacion.regla,
        monto_involucrado=row.monto_involucrado, umas=row.umas, forma=row.forma, monto=row.monto,
        partes=[{"siglas": part.sujeto.siglas, "monto": part.monto} for part in parts], 
        votada_el=resolucion.votada_el or resolucion.elaborada_el,
        votos_a_favor=votes.count(Voto.Sentido.A_FAVOR), votos_en_contra=votes.count(Voto.Sentido.EN_CONTRA),
    )  # fmt: skip


def _documents(etapa: Etapa, proceso: ProcesoPublicado) -> Iterable[DocumentoPublicado]:
    approved = Dictamen.objects.filter(etapa=etapa, resolucion__estado=Resolucion.Estado.APROBADA)
    for dictamen in approved.select_related("sujeto", "documento", "resolucion__documento").order_by("pk"):
        for documento in (dictamen.documento, dictamen.resolucion.documento):
            if documento is not None:
                yield _document(proceso, documento, dictamen)


def _document(proceso: ProcesoPublicado, documento: Documento, dictamen: Dictamen) -> DocumentoPublicado:
    return DocumentoPublicado(
        proceso=proceso, clave=documento.clave, titulo=documento.titulo, siglas=dictamen.sujeto.siglas,
        pdf_sha256=documento.pdf_sha256, publicado_el=dictamen.resolucion.votada_el or documento.hecho_el,
    )  # fmt: skip


def _rules(etapa: Etapa, proceso: ProcesoPublicado) -> Iterable[ReglaPublicada]:
    corrida = last_run(etapa)
    if corrida is None:
        return
    known = {rule.id: rule for rule in load_rules(settings.JURISDICTION)}
    ran = dict(Hallazgo.objects.filter(corrida=corrida).values_list("regla", "regla_digest"))
    for row in coverage_of(corrida):
        rule = known.get(row.regla)
        if rule is not None:
            yield ReglaPublicada(
                proceso=proceso, regla=row.regla, titulo=rule.title, texto=_rule_text(rule, ran.get(row.regla)),
                fundamento=[{"articulo": b.article, "dice": b.says, "estatus": b.status} for b in rule.basis],
                juzgadas=row.juzgadas, hallazgos=row.hallazgo, sin_dato=row.sin_dato,
            )  # fmt: skip


def _rule_text(rule: Rule, digest: str | None) -> str:
    """What the rule says when it finds something, a line each, with its blanks named."""
    lines = [
        PLACEHOLDER.sub(lambda blank: f"‹{blank[1].replace('_', ' ')}›", outcome.says)
        for outcome in rule.outcomes
        if outcome.state == "hallazgo"
    ]
    if digest is not None and digest != rule.digest:
        lines.append("El archivo de la regla cambió después de esta corrida; se publica su texto de hoy.")
    return "\n".join(lines)
