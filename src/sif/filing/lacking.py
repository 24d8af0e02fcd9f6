"""Reports that the books of a stage owe, as queries: how many were not presented, and the first of them."""

from dataclasses import dataclass

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate

from sif.filing.models import Informe
from sif.filing.owed import ReportOwed, reports_asked
from sif.filing.selectors import arrived
from sif.registry import clock
from sif.registry.leaving_models import standing_ends
from sif.registry.models import Contabilidad, Etapa
from sif.registry.windows import normal_windows


@dataclass(frozen=True, slots=True)
class ReportOfBooks:
    """A report that a stage asks: the books that lived a day of it, those that presented it, and those that owe it."""

    informe: ReportOwed
    vivieron: QuerySet[Contabilidad]
    presentaron: QuerySet[Contabilidad]
    faltan: QuerySet[Contabilidad]


def reports_of_stage(etapa: Etapa) -> list[ReportOfBooks]:
    """Return the reports that a stage asks, each with its books, as `selectors.obligations` says of each of them.

    For stages of many books, of which a page shows the first: nothing is read until a query is asked.
    """
    windows = normal_windows([etapa.pk]).get(etapa.pk, [])
    if not windows:
        return []
    books = Contabilidad.objects.filter(etapa=etapa)
    kinds = books.order_by("sujeto__tipo", "clase").values_list("sujeto__tipo", "clase").distinct()
    return [
        _of_books(books.filter(sujeto__tipo=tipo, clase=clase), report)
        for tipo, clase in kinds
        for report in reports_asked(windows[0].periodo.etapa, windows, tipo, clase)
    ]


def _of_books(books: QuerySet[Contabilidad], report: ReportOwed) -> ReportOfBooks:
    presented = Exists(
        Informe.objects.filter(
            Q(presentacion__isnull=False) | Exists(arrived()),
            contabilidad=OuterRef("pk"),
            periodo=report.periodo,
            tipo=report.tipo,
        )
    )
    lived = _lived(books, report)
    return ReportOfBooks(report, lived, books.filter(presented), lived.filter(~presented))


def _lived(books: QuerySet[Contabilidad], report: ReportOwed) -> QuerySet[Contabilidad]:
    """Return the books of which a day of a report is one: from their first day to their cancellation or their leaving.

    Who leaves a candidacy on a day contended until the day before.
    """
    zone = clock.legal_zone()
    began = Coalesce("candidatura__aprobada_el", TruncDate("habilitada_el", tzinfo=zone))
    asked = books.annotate(
        primero=Greatest(began, report.desde, output_field=DateField()),
        cancelada=TruncDate("cancelacion__hecho_el", tzinfo=zone),
    ).filter(Q(cancelada=None) | Q(cancelada__gte=F("primero")), primero__lte=report.hasta)
    left = standing_ends().filter(candidatura=OuterRef("candidatura"), desde__lte=OuterRef("primero"))
    return asked.filter(~Exists(left))
