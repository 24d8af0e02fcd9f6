"""Query prorrateos and transfers as typed rows for pages, statements and the authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, FilteredRelation, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, IsNull

from sif.apportionment.mixtures import name_of
from sif.apportionment.models import AvisoPorcentajes, ParteProrrateo, Prorrateo
from sif.apportionment.planning import expense_lines
from sif.books.models import LadoTransferencia, Movimiento, Poliza
from sif.books.selectors import reference_of
from sif.law.apportionment import load_combinations
from sif.law.chart import beginning_of, evidence_for, load_chart
from sif.law.parameters import value_on
from sif.registry.models import Contabilidad, Etapa, SujetoObligado
from sif.registry.selectors import windows_open, with_state
from sif.values import Money


@dataclass(frozen=True, slots=True)
class ParteRow:
    """The part of one campaign in a prorrateo, with the póliza that recorded the part."""

    folio: str
    fecha: date
    origen_id: int
    contabilidad_id: int
    candidatura: str
    cargo: str
    columna: str
    columna_pb: int
    tope: Money
    monto: Money
    poliza: str
    asiento: int
    revertida: bool


@dataclass(frozen=True, slots=True)
class TransferRow:
    """Both sides of a transfer. sale, entra: None where that side is not recorded (or is out of sight)."""

    folio: str
    fecha: date
    forma: str
    origen_id: int
    destino_id: int
    sale: Money | None
    entra: Money | None
    poliza_salida: tuple[str, int] | None
    poliza_entrada: tuple[str, int] | None
    revertida: bool

    @property
    def diferencia(self) -> Money:
        """Return the amount that left and did not arrive; negative if more arrived than left."""
        return (self.sale or Money(0)) - (self.entra or Money(0))


@dataclass(frozen=True, slots=True)
class AvisoRow:
    """The notice of percentages of a subject for a stage, given or not, with the last day to give it."""

    etapa: Etapa
    sujeto: SujetoObligado
    vence_el: date
    informado_el: datetime | None
    informado_por: str

    def is_late(self, zone_day: date) -> bool:
        """Told after its last day, or not told by that day."""
        return zone_day > self.vence_el


def of_books(contabilidades: Iterable[int]) -> QuerySet[Prorrateo]:
    """Prorrateos whose origin is among some books, the last first."""
    return (
        Prorrateo.objects.filter(contabilidad__in=list(contabilidades))
        .select_related("contabilidad__sujeto", "gasto__periodo", "poliza__periodo", "poliza__reversion", "hecho_por")
        .prefetch_related("partes")
        .order_by("-hecho_el", "-pk")
    )


def prorrateos(contabilidades: Iterable[int]) -> QuerySet[Prorrateo]:
    """Select the prorrateos whose origin is among some books, with `beneficiarios`, `repartido` and `revertido`."""
    parts = ParteProrrateo.objects.filter(prorrateo=OuterRef("pk")).order_by().values("prorrateo")
    return Prorrateo.objects.filter(contabilidad__in=list(contabilidades)).annotate(
        beneficiarios=Coalesce(Subquery(parts.annotate(n=Count("pk")).values("n")), 0),
        repartido=F("total") - F("diferencia"),
        revertido=IsNull(F("poliza__reversion"), False),
    )


def partes_of(contabilidades: Iterable[int], prorrateo: Prorrateo | None = None) -> list[ParteRow]:
    """Return the parts that fell to some books (of one prorrateo if given), in order of prorrateo and books."""
    rows = ParteProrrateo.objects.filter(contabilidad__in=list(contabilidades)).select_related(
        "prorrateo",
        "contabilidad__candidatura__persona",
        "contabilidad__candidatura__cargo",
        "contabilidad__candidatura__territorio",
        "poliza__periodo",
        "poliza__reversion",
    )
    if prorrateo is not None:
        rows = rows.filter(prorrateo=prorrateo)
    return [_part(each) for each in rows.order_by("prorrateo_id", "contabilidad_id")]


def _part(each: ParteProrrateo) -> ParteRow:
    candidatura = each.contabilidad.candidatura
    return ParteRow(
        each.prorrateo.folio,
        each.prorrateo.fecha,
        each.prorrateo.contabilidad_id,
        each.contabilidad_id,
        name_of(each.contabilidad) if candidatura is None else candidatura.persona.nombre,
        "" if candidatura is None else f"{candidatura.cargo.nombre}, {candidatura.territorio.lugar}",
        each.columna,
        each.columna_pb,
        Money(each.tope),
        Money(each.monto),
        reference_of(each.poliza),
        each.poliza.eslabon,
        hasattr(each.poliza, "reversion"),
    )


def transfers(contabilidades: Iterable[int], *, prorrateadas: bool = False) -> QuerySet[Any, Any]:
    """Select the transfers that touch some books, both sides in one row; with those of prorrateos if asked.

    By `folio`, `origen` and `destino`: `primero`, the number of its first side; `fecha` and `forma`; `sale` and
    `entra`, NULL where that side is not recorded or is out of sight; `diferencia`; `eslabon_salida` and
    `eslabon_entrada` of their pólizas; and `revertida`, when nothing of it stands: it then shows what it was.
    """
    numbers, out, into = list(contabilidades), Q(lado="salida"), Q(lado="entrada")
    sides = LadoTransferencia.objects.filter(Q(contabilidad__in=numbers) | Q(contraparte__in=numbers))
    if not prorrateadas:
        sides = sides.exclude(poliza__clase=Poliza.Clase.PRORRATEO)
    # a reversal carries no side of its own, so a side stands or falls with its póliza: reversals are a short list,
    # joined once and not asked of each amount
    undone = FilteredRelation("poliza__reversion", condition=Q(poliza__reversion__revierte_a__isnull=False))
    stands = Q(deshecha__isnull=True)
    grouped = sides.annotate(deshecha=undone).values(
        "folio",
        origen=Case(When(out, then="contabilidad"), default="contraparte"),
        destino=Case(When(out, then="contraparte"), default="contabilidad"),
    )
    return grouped.annotate(
        primero=Min("pk"),
        revertida=Exact(Count("pk", filter=stands), 0),
        fecha=Coalesce(Max("fecha", filter=out), Max("fecha")),
        forma=Coalesce(Max("forma", filter=out), Max("forma")),
        sale=_shown(Sum("monto", filter=out), Sum("monto", filter=out & stands)),
        entra=_shown(Sum("monto", filter=into), Sum("monto", filter=into & stands)),
        diferencia=Coalesce("sale", 0) - Coalesce("entra", 0),
        eslabon_salida=Max("poliza__eslabon", filter=out),
        eslabon_entrada=Max("poliza__eslabon", filter=into),
    ).order_by("-fecha", "-primero")


def _shown(every: Sum, standing: Sum) -> Case:
    return Case(When(revertida=True, then=every), default=standing)


def transferencias(contabilidades: Iterable[int], *, prorrateadas: bool = False) -> list[TransferRow]:
    """List the transfers that touch some books with the references of their pólizas, the last first."""
    rows = list(transfers(contabilidades, prorrateadas=prorrateadas))
    ends = {(row[books], row[link]) for row in rows for books, link in _ENDS if row[link]}
    cited = Poliza.objects.filter(
        contabilidad__in={books for books, _ in ends}, eslabon__in={link for _, link in ends}
    ).select_related("periodo")
    references = {(each.contabilidad_id, each.eslabon): reference_of(each) for each in cited}

    def poliza(row: dict[str, Any], end: int) -> tuple[str, int] | None:
        books, link = (row[name] for name in _ENDS[end])
        return (references[books, link], link) if link else None

    return [
        TransferRow(
            row["folio"],
            row["fecha"],
            row["forma"],
            row["origen"],
            row["destino"],
            None if row["sale"] is None else Money(row["sale"]),
            None if row["entra"] is None else Money(row["entra"]),
            poliza(row, 0),
            poliza(row, 1),
            row["revertida"],
        )
        for row in rows
    ]


_ENDS = (("origen", "eslabon_salida"), ("destino", "eslabon_entrada"))


def shareable_expenses(contabilidades: Iterable[Contabilidad]) -> QuerySet[Poliza]:
    """Posted expenses of concentradoras that may be shared now: standing, not shared yet, in a period that is open."""
    pools = [each for each in contabilidades if each.clase == Contabilidad.Clase.CONCENTRADORA]
    open_now = {(each.pk, window.periodo_id) for each in pools for window in windows_open(each)}
    live = Prorrateo.objects.filter(poliza__reversion__isnull=True).values("gasto_id")
    spent = Movimiento.objects.filter(cuenta__in=shareable_accounts(), cargo__gt=0).values("poliza_id")
    return (
        Poliza.objects.filter(
            contabilidad__in=[number for number, _ in open_now],
            periodo__in=[period for _, period in open_now],
            contabilidad__cancelacion=None,
            contabilidad__etapa__tipo=Etapa.Tipo.CAMPANA,
            clase=Poliza.Clase.ORDINARIA,
            revierte_a__isnull=True,
            reversion__isnull=True,
            pk__in=spent,
        )
        .exclude(pk__in=live)
        .select_related("contabilidad__sujeto", "contabilidad__etapa__proceso", "periodo")
        .order_by("-fecha_operacion", "-pk")
    )


def shareable_accounts(day: date | None = None) -> list[str]:
    """Return the accounts of campaign expense whose evidence may be a cédula de prorrateo."""
    when = day or date.today()  # noqa: DTZ011 - the table of evidence changes by years
    return [
        account.codigo
        for account in load_chart(settings.JURISDICTION).values()
        if account.es_gasto
        and account.capturable
        and account.auxiliar == "proveedor"
        and account.codigo.startswith(beginning_of("gastos_campana", settings.JURISDICTION))
        and "cedula_prorrateo" in evidence_for(frozenset({account.codigo}), when, settings.JURISDICTION)
    ]


def candidates_for(origen: Contabilidad, reachable: Iterable[int]) -> list[Contabilidad]:
    """The campaigns of a subject that may benefit, in the same stage or in the other ámbito's that runs with it."""
    found = Contabilidad.objects.filter(
        pk__in=list(reachable),
        sujeto=origen.sujeto_id,
        clase=Contabilidad.Clase.CANDIDATURA,
        etapa__tipo=Etapa.Tipo.CAMPANA,
        etapa__inicia_el__lte=origen.etapa.termina_el,
        etapa__termina_el__gte=origen.etapa.inicia_el,
    )
    rows = with_state(found).select_related(
        "etapa__proceso", "sujeto", "candidatura__persona", "candidatura__cargo", "candidatura__territorio"
    )
    same = [each for each in rows if each.etapa_id == origen.etapa_id]
    crossed = [each for each in rows if each.etapa.proceso.ambito != origen.etapa.proceso.ambito]
    return sorted([*same, *crossed], key=_by_office)


def _by_office(books: Contabilidad) -> tuple[int, str, str, int]:
    candidatura = books.candidatura
    assert candidatura is not None
    return "PSDL".find(candidatura.cargo.columna), candidatura.cargo.nombre, candidatura.territorio.nombre, books.pk


def avisos(etapas: Iterable[Etapa], sujetos: Iterable[SujetoObligado]) -> list[AvisoRow]:
    """Return whether each subject told its percentages for each campaign among some stages, with the last day to."""
    campaigns = [each for each in etapas if each.tipo == Etapa.Tipo.CAMPANA]
    told = {
        (each.etapa_id, each.sujeto_id): each
        for each in AvisoPorcentajes.objects.filter(etapa__in=campaigns).select_related("informado_por")
    }
    return [
        AvisoRow(
            etapa,
            sujeto,
            etapa.inicia_el - timedelta(days=value_on("prorrateo_aviso_dias", etapa.inicia_el, settings.JURISDICTION)),
            row.informado_el if row else None,
            row.informado_por.named_at(row.informado_el) if row else "",
        )
        for etapa in campaigns
        for sujeto in sujetos
        for row in [told.get((etapa.pk, sujeto.pk))]
    ]


__all__ = [
    "AvisoRow",
    "ParteRow",
    "TransferRow",
    "avisos",
    "candidates_for",
    "expense_lines",
    "load_combinations",
    "of_books",
    "partes_of",
    "prorrateos",
    "shareable_accounts",
    "shareable_expenses",
    "transferencias",
    "transfers",
]
