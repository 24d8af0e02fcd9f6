"""Gather what the law makes public of a stage, as one JSON text that a publication names by its digest."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Model, Sum

from sif.audit.models import Hallazgo
from sif.books.models import Movimiento
from sif.disclosure.layout import layout
from sif.disclosure.leaving import LEFT, STAYS, leaving_in
from sif.disclosure.members import members_on
from sif.disclosure.models import (
    ContabilidadPublicada,
    DocumentoPublicado,
    ProcesoPublicado,
    ReglaPublicada,
    SancionPublicada,
)
from sif.disclosure.reports import count_by_books, count_by_kind
from sif.disclosure.selectors import approved_subjects
from sif.filing.selectors import obligations
from sif.proceedings.grounds import Ground, kept_grounds, standing
from sif.proceedings.models import Documento, Resolucion, Sancion, Voto
from sif.proceedings.selectors import determined_by_contabilidad
from sif.registry.approvals import approval_of
from sif.registry.clock import midnight
from sif.registry.emblems import figures_on
from sif.registry.models import Contabilidad, Etapa
from sif.registry.selectors import with_state
from sif.rulebook import load_rules
from sif.rulebook.rule import Rule, without_data
from sif.statutes.selectors import confirmed_articles

Amounts = dict[int, dict[str, int]]
FORMAT = "sif-publicacion/7"
WITH_OTHER_RULES = "sif-publicacion/1"
"""The form whose rules said other things. Until `/3`, 0 of unreported was also what nobody had resolved; `/2` is that
form without the approval of candidacies, `/4` is without emblems, `/5` called every candidacy that left cancelled and
said nothing of the reports whose term still ran, and `/6` did not say who makes up a coalition."""
OTHER = "OTROS"  # accounts without an official heading: the ordinary spending of a party's own books
TABLES: dict[str, tuple[type[Model], str]] = {
    "contabilidades": (ContabilidadPublicada, "id_contabilidad"),
    "sanciones": (SancionPublicada, "conclusion"),
    "documentos": (DocumentoPublicado, "clave"),
    "reglas": (ReglaPublicada, "regla"),
}
"""Each part of the content: the published table that shows it, and the key of its rows within a stage."""
_LEFT_OUT = frozenset({"id", "proceso_id", "datos_al"})


def gather(etapa: Etapa, moment: datetime) -> bytes:
    """Write the public content of a stage as JSON: the same figures give the same bytes, whenever they are read.

    Sanctions, unreported amounts, documents and rules come only from approved resoluciones [LGPP 82.1.c]: an amount is
    null while none of its subject was approved, and 0 where one was and left nothing unreported.
    """
    owed = obligations(etapa)
    content = {
        "formato": FORMAT,
        "proceso": _fields(_process(etapa, count_by_kind(owed, moment))),
        "contabilidades": [_fields(row) for row in _statements(etapa, count_by_books(owed, moment))],
        "sanciones": [_fields(row) for row in _sanction_rows(etapa)],
        "documentos": [_fields(row) for row in _documents(etapa)],
        "reglas": [_fields(row) for row in _rules(etapa)],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=lambda day: day.isoformat()).encode()


def read_rows(content: dict[str, Any], part: str) -> list[Any]:
    """Build the rows of a published table from a part of a content."""
    model, _key = TABLES[part]
    return [_row(model, values) for values in content[part]]


def read_process(content: dict[str, Any]) -> ProcesoPublicado:
    """Build the row of the process of a content."""
    row: ProcesoPublicado = _row(ProcesoPublicado, content["proceso"])
    return row


def _row(model: type[Any], values: dict[str, Any]) -> Any:
    return model(**{name: model._meta.get_field(name).to_python(value) for name, value in values.items()})


def _fields(row: Model) -> dict[str, object]:
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in _LEFT_OUT}


def published_key(etapa: Etapa) -> str:
    """Return the key of a stage in the published tables."""
    return f"{etapa.proceso.clave}-{etapa.tipo}"


def _process(etapa: Etapa, reports: dict[str, dict[str, object]]) -> ProcesoPublicado:
    proceso, kind = etapa.proceso, str(etapa.get_tipo_display()).lower()
    is_said = kind in proceso.nombre.lower().split()
    return ProcesoPublicado(
        clave=published_key(etapa),
        nombre=proceso.nombre if is_said else f"{proceso.nombre}, {kind}",
        ambito=proceso.ambito,
        entidad=proceso.entidad,
        inicia_el=etapa.inicia_el,
        termina_el=etapa.termina_el,
        jornada_el=proceso.jornada_el,
        sin_voto=not approved_subjects(etapa),
        informes=reports,
    )


def _statements(etapa: Etapa, due: dict[int, dict[str, object]]) -> Iterable[ContabilidadPublicada]:
    spent, earned = _by_heading(etapa, "es_gasto"), _by_heading(etapa, "es_ingreso")
    unreported, resolved = determined_by_contabilidad(etapa, only_approved=True), approved_subjects(etapa)
    figures, shares, left = figures_on(etapa.termina_el), members_on(etapa.termina_el), leaving_in(etapa)
    books = with_state(Contabilidad.objects.filter(etapa=etapa)).select_related(
        "sujeto", "candidatura__persona", "candidatura__cargo", "candidatura__territorio"
    )
    for row in books.order_by("pk"):
        heads, origins = spent.get(row.pk, {}), earned.get(row.pk, {})
        gone = left.get(row.candidatura_id or 0, STAYS)
        yield ContabilidadPublicada(
            id_contabilidad=row.pk,
            clase=row.clase,
            **_who(row),
            emblema=figures.get(row.sujeto_id, ""),
            integrantes=[asdict(each) for each in shares.get(row.sujeto_id, ())],
            tope=row.tope,
            estatus=LEFT if gone["baja"] else row.estatus,
            aprobada_el=row.habilitada_el,
            cancelada_el=midnight(gone["baja_desde"]) if gone["baja_desde"] else row.cancelada_el,
            ingresos=sum(origins.values()),
            egresos=sum(heads.values()),
            no_reportado=unreported.get(row.pk, 0 if row.sujeto_id in resolved else None),
            diferencia_prorrateo=heads.get(layout(settings.JURISDICTION)["diferencia"], 0),
            rubros=heads,
            ingresos_por_origen=origins,
            **due[row.pk],
            **approval_of(row.candidatura),
            **gone,
        )


def _who(row: Contabilidad) -> dict[str, str]:
    candidatura = row.candidatura
    return {
        "nombre": candidatura.persona.nombre if candidatura else row.sujeto.nombre,
        "cargo": candidatura.cargo.nombre if candidatura else "",
        "territorio": candidatura.territorio.lugar if candidatura else "",
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


def _sanctions(etapa: Etapa) -> Iterable[Sancion]:
    return (
        Sancion.objects.filter(
            resolucion__dictamen__etapa=etapa, resolucion__votacion__estado=Resolucion.Estado.APROBADA
        )
        .select_related("conclusion__observacion", "resolucion__dictamen__sujeto")
        .prefetch_related("partes__sujeto", "resolucion__votos", "resolucion__votacion")
        .order_by("resolucion", "pk")
    )


def _sanction_rows(etapa: Etapa) -> Iterator[SancionPublicada]:
    """Yield the sanctions voted in a stage, each with how its articles stood when the council voted them."""
    for resolucion, rows in groupby(_sanctions(etapa), key=lambda row: row.resolucion):
        grounds = kept_grounds(resolucion)
        for row in rows:
            yield _sanction(row, grounds.get(row.conclusion_id, ()))


def _sanction(row: Sancion, bases: Iterable[Ground]) -> SancionPublicada:
    conclusion, resolucion = row.conclusion, row.resolucion
    votes = [vote.sentido for vote in resolucion.votos.all()]
    parts = sorted(row.partes.all(), key=lambda part: part.sujeto.numero)
    return SancionPublicada(
        conclusion=conclusion.clave,
        resolucion=resolucion.numero,
        sujeto=resolucion.dictamen.sujeto.nombre,
        siglas=resolucion.dictamen.sujeto.siglas,
        conducta=conclusion.conducta,
        articulo=standing(conclusion.articulo, bases),
        regla=conclusion.observacion.regla,
        monto_involucrado=row.monto_involucrado,
        umas=row.umas,
        forma=row.forma,
        monto=row.monto,
        partes=[{"siglas": part.sujeto.siglas, "monto": part.monto} for part in parts],
        votada_el=resolucion.votada_el or resolucion.elaborada_el,
        votos_a_favor=votes.count(Voto.Sentido.A_FAVOR),
        votos_en_contra=votes.count(Voto.Sentido.EN_CONTRA),
    )


def _documents(etapa: Etapa) -> Iterable[DocumentoPublicado]:
    approved = Resolucion.objects.filter(dictamen__etapa=etapa, votacion__estado=Resolucion.Estado.APROBADA)
    rows = approved.select_related("dictamen__sujeto", "dictamen__cierre__documento", "votacion__documento")
    for row in rows.order_by("dictamen_id"):
        for documento in (row.dictamen.documento, row.documento):
            if documento is not None:
                yield _document(documento, row)


def _document(documento: Documento, resolucion: Resolucion) -> DocumentoPublicado:
    return DocumentoPublicado(
        clave=documento.clave,
        titulo=documento.titulo,
        siglas=resolucion.dictamen.sujeto.siglas,
        pdf_sha256=documento.pdf_sha256,
        publicado_el=resolucion.votada_el or documento.hecho_el,
    )


def _rules(etapa: Etapa) -> Iterable[ReglaPublicada]:
    """The rules that approved resoluciones sanction by; how often one fired or what it examined is not public."""
    known = {rule.id: rule for rule in load_rules(settings.JURISDICTION)}
    sanctions = list(_sanctions(etapa))
    counts = Counter(row.conclusion.observacion.regla for row in sanctions)
    adopted = {row.conclusion.observacion_id for row in sanctions}
    digests = dict(Hallazgo.objects.filter(observaciones__in=adopted).values_list("regla", "regla_digest"))
    for key in sorted(counts.keys() & known.keys()):
        rule = known[key]
        yield ReglaPublicada(
            regla=key,
            titulo=rule.title,
            texto=_rule_text(rule, digests.get(key)),
            sancionadas=counts[key],
            fundamento=list(_basis(rule)),
        )


def _basis(rule: Rule) -> Iterable[dict[str, str | list[str]]]:
    """Return the bases of a rule: read by the project, confirmed by this authority, or `por confirmar`.

    funda: the only outcomes that one grounds; none where it grounds them all.
    """
    here = confirmed_articles(rule)
    for each in rule.basis:
        status = "confirmado" if each.status != "leído" and each.article in here else each.status
        yield {"articulo": each.article, "dice": each.says, "estatus": status, "funda": list(each.outcomes)}


def _rule_text(rule: Rule, digest: str | None) -> str:
    """Return the messages of the findings of a rule, a line each, without the data of any case."""
    lines = [without_data(outcome.says) for outcome in rule.outcomes if outcome.state == "hallazgo"]
    if digest is not None and digest != rule.digest:
        lines.append("El archivo de la regla cambió después de esta corrida; se publica su texto de hoy.")
    return "\n".join(lines)
