"""Write a prorrateo in the books of the origin and of each campaign at once, and undo it whole."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from sif.apportionment.asked import NewProrrateo, Plan, PlannedPart
from sif.apportionment.cedula import cedula_pdf
from sif.apportionment.mixtures import name_of
from sif.apportionment.models import AvisoPorcentajes, ParteProrrateo, Prorrateo
from sif.apportionment.planning import CEDULA, plan
from sif.apportionment.polizas import expense_posting, origin_posting, part_posting
from sif.books.models import Archivo, Poliza
from sif.books.services import Handed, attach_to_many, post_many, post_poliza, reverse_poliza, store_file
from sif.law.apportionment import load_combinations
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Etapa, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import appointments_kept, may
from sif.registry.spoken_names import named
from sif.values import Problem, Refused, Span

Posted = Sequence[tuple[PlannedPart, Poliza]]


def apportion(new: NewProrrateo, by: Usuario) -> Prorrateo:
    """Share an expense: everything is written at once or nothing is. Raises Refused.

    The expense keeps its head in every campaign, so that it counts against its cap; the origin is left with the
    residue alone, under «diferencia por prorrateo».
    """
    with acting(), appointments_kept():
        lock_contabilidades([new.origen_id, *new.beneficiarios])
        planned = plan(new, by)
        if planned.problemas or planned.fecha is None:
            raise Refused(*planned.problemas)
        return _write(new, planned, planned.fecha, by)


def _write(new: NewProrrateo, planned: Plan, day: date, by: Usuario) -> Prorrateo:
    assert planned.combinacion is not None  # a plan without percentages has a problem that says so
    folio = f"PR-{planned.origen.pk}-{planned.hechos + 1:04d}"
    expense = _expense(new, planned, by)
    items = [origin_posting(planned, folio, day), *(part_posting(planned, part, folio, day) for part in planned.partes)]
    out, *others = post_many(items, by)
    posted = list(zip(planned.partes, others, strict=True))
    row = Prorrateo(
        folio=folio,
        contabilidad=planned.origen,
        gasto=expense,
        poliza=out,
        clase=new.clase,
        criterio=new.criterio,
        detalle=new.detalle.strip(),
        fecha=day,
        inciso=planned.combinacion.inciso,
        total=planned.total.centavos,
        diferencia=planned.diferencia.centavos,
        hecho_el=clock.now(),
        hecho_por=by,
    )
    row.cedula = _attach_cedula(row, planned, posted, by)
    row.save()
    _keep_parts(row, posted)
    return row


def _expense(new: NewProrrateo, planned: Plan, by: Usuario) -> Poliza:
    if new.nuevo is None:
        return Poliza.objects.select_related("periodo", "contabilidad").get(pk=new.gasto_id or 0)
    poliza, support = expense_posting(planned, new.nuevo)
    return post_poliza(poliza, by, support=support)


def _attach_cedula(row: Prorrateo, planned: Plan, posted: Posted, by: Usuario) -> Archivo:
    """Return the cédula as a file, evidence of every póliza it speaks of."""
    kept = store_file(cedula_pdf(row, planned, posted), Handed(row.poliza.contabilidad, by))
    attach_to_many([row.poliza, *(each for _, each in posted)], CEDULA, f"cedula-{row.folio}.pdf", kept, by)
    return kept


def _keep_parts(row: Prorrateo, posted: Posted) -> None:
    ParteProrrateo.objects.bulk_create(
        ParteProrrateo(
            prorrateo=row,
            contabilidad=part.contabilidad,
            poliza=poliza,
            columna=part.columna,
            columna_pb=part.columna_pb,
            tope=part.tope.centavos,
            monto=part.monto.centavos,
        )
        for part, poliza in posted
    )


def reverse_prorrateo(prorrateo: Prorrateo, motivo: str, by: Usuario) -> list[Poliza]:
    """Reverse every póliza of a prorrateo, or none of them; the expense stays in its origin. Raises Refused.

    Returns the reversals, the origin's first. The database refuses a prorrateo reversed in part.
    """
    if not motivo.strip():
        raise Refused(Problem("motivo", "motivo", "Falta el motivo.", "Escriba por qué se revierte."))
    with acting():
        parts = list(prorrateo.partes.select_related("poliza__periodo", "poliza__contabilidad__sujeto").order_by("pk"))
        lock_contabilidades([prorrateo.contabilidad_id, *(part.contabilidad_id for part in parts)])
        whole = (prorrateo.poliza, *(part.poliza for part in parts))
        return [reverse_poliza(each, by, concepto=motivo.strip()) for each in whole]


def inform_percentages(etapa: Etapa, sujeto: SujetoObligado, by: Usuario) -> AvisoPorcentajes:
    """Tell the Comisión the percentages of prorrateo of a campaign, once: they are not changed [LGPP 51.1.b.III].

    They are those of the law on that day [LGPP 83.2]. Raises Refused.
    """
    problems = []
    if not may(by, "presentar", sujeto=sujeto):
        problems.append(
            Problem(
                "ajena",
                "sujeto",
                f"{by.nombre} no presenta avisos {named(sujeto.nombre, 'de')}.",
                "Lo hace su responsable de finanzas.",
            )
        )
    if etapa.tipo != Etapa.Tipo.CAMPANA:
        problems.append(Problem("etapa", "etapa", "Se informan los de una campaña.", "Elija una etapa de campaña."))
    if problems:
        raise Refused(*problems)
    moment = clock.now()
    table = {
        f"{each.inciso}:{each.clave}": dict(each.columnas)
        for each in load_combinations(settings.JURISDICTION)
        if moment.date() in Span(each.desde, each.hasta)
    }
    told = {"porcentajes": table, "informado_el": moment, "informado_por": by}
    with acting():
        row, is_new = AvisoPorcentajes.objects.get_or_create(etapa=etapa, sujeto=sujeto, defaults=told)
    if not is_new:
        seen = f"Ya se informaron el {row.informado_el:%d/%m/%Y} y no se modifican [LGPP 51.1.b.III]."
        raise Refused(Problem("informado", "porcentajes", seen, "No hace falta más."))
    return row


__all__ = ["apportion", "inform_percentages", "name_of", "plan", "reverse_prorrateo"]
