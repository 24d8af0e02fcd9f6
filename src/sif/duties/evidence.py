"""Read what proves that a duty was met: reports, notices, statements, events, answers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Model, Q, QuerySet
from django.db.models.functions import TruncDate

from sif.apportionment.models import AvisoPorcentajes
from sif.banks.models import EstadoDeCuenta
from sif.books.models import Contrato
from sif.books.records import NOTICED
from sif.catalogs.models import Evento
from sif.filing.models import Deposito, Presentacion
from sif.proceedings.models import Oficio
from sif.registry import clock
from sif.registry.leaving_models import LEFT, with_ends
from sif.registry.models import Contabilidad, CuentaBancaria

FEW = 1_000
"""Names that are asked by number; of more, all of what is reached are read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The legal day on which something was met, and the folio or number that proves it."""

    dia: date
    folio: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of a query of duties: subjects, stages and books by number, None for all.

    libros: for a person who sees only some books. al: the legal day of the query; a later act counts as not done.
    """

    al: date
    sujetos: frozenset[int] | None = None
    etapas: frozenset[int] | None = None
    libros: frozenset[int] | None = None

    def books(self, path: str = "contabilidad") -> Q:
        """Narrow rows by the books they are of; '' for the books themselves."""
        at = f"{path}__" if path else ""
        found = Q()
        for key, numbers in (("sujeto", self.sujetos), ("etapa", self.etapas), ("pk", self.libros)):
            if numbers is not None:
                found &= Q(**{f"{at}{key}__in": numbers})
        return found

    @property
    def end(self) -> datetime:
        """The first instant after the day."""
        return clock.midnight(self.al + timedelta(days=1))


def presented(reach: Reach) -> dict[tuple[int, str], dict[int, tuple[date, str]]]:
    """The first presentation of each report by period and kind: its day and folio by books; '' is the first of any."""
    rows = Presentacion.objects.filter(reach.books("informe__contabilidad"), recibida_el__lt=reach.end)
    found: dict[tuple[int, str], dict[int, tuple[date, str]]] = defaultdict(dict)
    rows = rows.annotate(dia=TruncDate("recibida_el", tzinfo=clock.legal_zone())).order_by("recibida_el", "pk")
    for books, period, tipo, dia, folio in rows.values_list(
        "informe__contabilidad_id", "informe__periodo_id", "informe__tipo", "dia", "informe__folio"
    ):
        found[period, tipo].setdefault(books, (dia, folio))
        found[period, ""].setdefault(books, (dia, folio))
    return found


def percentages(reach: Reach) -> dict[tuple[int, int, str], Proof]:
    """Return the percentages of prorrateo told, by stage, subject and duty."""
    rows = _of_subjects(AvisoPorcentajes.objects.filter(informado_el__lt=reach.end), reach)
    return {
        (etapa, sujeto, "POR"): Proof(clock.legal_day(moment), f"PP-{pk}")
        for pk, etapa, sujeto, moment in rows.values_list("pk", "etapa", "sujeto", "informado_el")
    }


def deposited(reach: Reach) -> dict[tuple[int, str, int, date | None], list[Proof]]:
    """Return the deposits for each duty in order, by subject, kind, and the stage or the last day of its period."""
    rows = Deposito.objects.filter(depositado_el__lt=reach.end).order_by("depositado_el", "pk")
    if reach.sujetos is not None:
        rows = rows.filter(sujeto__in=reach.sujetos)
    found: dict[tuple[int, str, int, date | None], list[Proof]] = defaultdict(list)
    fields = ("sujeto_id", "obligacion", "etapa_id", "hasta", "cumplida_el", "folio")
    for sujeto, kind, etapa, hasta, day, folio in rows.values_list(*fields):
        found[sujeto, kind, etapa or 0, None if etapa else hasta].append(Proof(day, folio))
    return found


def _of_subjects(rows: QuerySet[Model], reach: Reach) -> QuerySet[Model]:
    if reach.sujetos is not None:
        rows = rows.filter(sujeto__in=reach.sujetos)
    return rows if reach.etapas is None else rows.filter(etapa__in=reach.etapas)


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract signed in a stage in which it must be told, and its first notice."""

    pk: int
    contabilidad: int
    objeto: str
    suscrito_el: date
    entrega_el: date | None
    aviso: Proof | None


def contracts(reach: Reach) -> Iterator[Signed]:
    """Yield the contracts of precampaigns, support and campaigns, with the notice of each."""
    rows = Contrato.objects.filter(reach.books(), contabilidad__etapa__tipo__in=NOTICED, suscrito_el__lte=reach.al)
    rows = rows.annotate(
        avisado_el=Min("avisos__presentado_el", filter=Q(avisos__presentado_el__lt=reach.end)),
        folio=Min("avisos__folio", filter=Q(avisos__tipo="nuevo")),
    )
    fields = ("pk", "contabilidad_id", "objeto", "suscrito_el", "entrega_el", "avisado_el", "folio")
    for pk, books, what, signed, delivered, told, folio in rows.order_by("pk").values_list(*fields):
        proof = Proof(clock.legal_day(told), folio or "") if told else None
        yield Signed(pk, books, what, signed, delivered, proof)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Bank accounts of the same days: when they opened and closed, and when the authority was told.

    cuentas: the number of each, with that of its books.
    """

    apertura_el: date
    cancelada_el: date | None
    avisada_el: date | None
    cuentas: Sequence[tuple[int, int]]


def accounts(reach: Reach) -> Iterator[Accounts]:
    """Yield the bank accounts of some books, those of the same days together."""
    rows = CuentaBancaria.objects.filter(reach.books(), apertura_el__lte=reach.al).order_by()
    found = rows.values_list("apertura_el", "cancelacion__fecha", "aviso__fecha").annotate(
        cuentas=ArrayAgg("pk", order_by="pk"), libros=ArrayAgg("contabilidad_id", order_by="pk")
    )
    for opened, closed, told, numbers, books in found.order_by("apertura_el", "cancelacion__fecha", "aviso__fecha"):
        known = told if told and told <= reach.al else None
        yield Accounts(opened, closed, known, list(zip(numbers, books, strict=True)))


def banks(reach: Reach, numbers: Collection[int]) -> dict[int, str]:
    """Return the bank of each of some accounts; of many, those of all that are reached."""
    rows = CuentaBancaria.objects.filter(reach.books() if len(numbers) > FEW else Q(pk__in=numbers))
    return dict(rows.values_list("pk", "banco"))


def loads(reach: Reach) -> dict[int, list[tuple[date, date, date]]]:
    """Return the statements of each account: their days, and the legal day on which each was loaded."""
    found: dict[int, list[tuple[date, date, date]]] = defaultdict(list)
    loaded = EstadoDeCuenta.objects.filter(reach.books(), cargado_el__lt=reach.end).order_by("cargado_el", "pk")
    for cuenta, desde, hasta, moment in loaded.values_list("cuenta_id", "desde", "hasta", "cargado_el"):
        found[cuenta].append((desde, hasta, clock.legal_day(moment)))
    return found


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as it was first registered: of which books, its day, and the legal day on which it was registered."""

    identidad: int
    contabilidad: int
    nombre: str
    fecha: date
    registrado_el: date


def events(reach: Reach) -> Iterator[Announced]:
    """Yield the events of the agenda by their first version."""
    rows = Evento.objects.filter(reach.books(), version=1, registrada_el__lt=reach.end).order_by("pk")
    for identity, books, name, day, moment in rows.values_list(
        "identidad", "contabilidad_id", "nombre", "fecha", "registrada_el"
    ):
        yield Announced(identity, books, name, day, clock.legal_day(moment))


@dataclass(frozen=True, slots=True)
class Asked:
    """An oficio with its last instant to answer, and the day on which the last of its observations was answered.

    segundo: whether it follows another, whose answers it appraises. tipo: the kind of its subject.
    """

    pk: int
    etapa: int
    sujeto: int
    numero: str
    notificado_el: date
    vence_el: date
    contestado: Proof | None
    segundo: bool = False
    tipo: str = ""


def oficios(reach: Reach) -> Iterator[Asked]:
    """Yield the oficios notified that grant a term to answer, each with its whole answer or None.

    What was left without effect is not asked: an oficio of which nothing stands asks nothing.
    """

    def standing(asked: str) -> Q:
        left = f"{asked}__sin_efecto"
        return Q(**{left: None}) | Q(**{f"{left}__hecho_el__gte": reach.end})

    given = Q(respuestas__presentada_el__lt=reach.end) & standing("respuestas__observacion")
    rows = _of_subjects(Oficio.objects.filter(notificado_el__lt=reach.end), reach).annotate(
        pedidas=Count("observaciones", distinct=True, filter=standing("observaciones")),
        contestadas=Count("respuestas__observacion", distinct=True, filter=given),
        ultima=Max("respuestas__presentada_el", filter=Q(respuestas__presentada_el__lt=reach.end)),
    )
    fields = ("pk", "etapa_id", "sujeto_id", "numero", "notificado_el", "vence_el", "pedidas", "contestadas", "ultima")
    found = rows.filter(pedidas__gt=0).order_by("pk").values_list(*fields, "primero_id", "sujeto__tipo")
    for pk, etapa, sujeto, number, told, due, asked, answered, last, first, tipo in found:
        whole = Proof(clock.legal_day(last), number) if last and answered >= asked else None
        days = clock.legal_day(told), clock.legal_day(due)
        yield Asked(pk, etapa, sujeto, number, *days, whole, first is not None, tipo)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Books that are alike as far as duties are concerned: whose, of which stage and kind, and the days they lived."""

    etapa: int
    sujeto: int
    clase: str
    abierta_el: date
    cancelada_el: date | None
    libros: Sequence[int]


def cohorts_of(reach: Reach) -> Iterator[Cohort]:
    """Yield the books whose duties are asked, those that are alike together: a national process has them by tens of
    thousands, opened and ended on few days."""
    zone = clock.legal_zone()
    rows = with_ends(Contabilidad.objects.filter(reach.books(""))).order_by()
    rows = rows.annotate(
        abre=TruncDate("habilitada_el", tzinfo=zone), termina=TruncDate("cancelacion__hecho_el", tzinfo=zone)
    )
    fields = ("etapa_id", "sujeto_id", "clase", "candidatura__aprobada_el", "abre", "termina", LEFT)
    found = rows.values_list(*fields).annotate(libros=ArrayAgg("pk"))
    for etapa, sujeto, kind, approved, opened, ended, left, numbers in found:
        last = [day for day in (ended, left - timedelta(days=1) if left else None) if day]
        yield Cohort(etapa, sujeto, kind, approved or opened, min(last, default=None), numbers)


def holders(reach: Reach, numbers: Collection[int]) -> dict[int, str]:
    """Return the holder of each of some books: the candidate, or the kind of books.

    For many books, the holders of all the books in reach are read.
    """
    rows = Contabilidad.objects.filter(reach.books("") if len(numbers) > FEW else Q(pk__in=numbers))
    names = dict(Contabilidad.Clase.choices)
    found = rows.values_list("pk", "clase", "candidatura__persona__nombre")
    return {pk: person or str(names[kind]) for pk, kind, person in found}


def months(first: date, last: date) -> Iterable[tuple[date, date]]:
    """Return the months that two days span, each by its first and its last day."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=32)).replace(day=1)
        yield month, following - timedelta(days=1)
        month = following
