"""Sum the means of a subject: its public money by month, and what it was already sanctioned [LGIPE 458.5.c]."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from sif.catalogs.models import CargaDeTabla
from sif.proceedings.models import ParteSancion, Resolucion, ResolucionVotada, Sancion
from sif.proceedings.selectors import integrantes_on
from sif.registry import clock
from sif.registry.models import Ambito, Etapa, Proceso, SujetoObligado
from sif.values import Money

LIST, ORDINARY = "financiamiento", "ordinario"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The economic capacity of a subject at a session.

    conceptos: public money of the year by kind, from the loaded accord; None without a list that names the year.
    anteriores: earlier resoluciones with the amount that each makes the subject pay; en_curso_pb: basis points of each
    ministración that these take now.
    """

    anio: int
    conceptos: dict[str, Money] | None
    anteriores: tuple[tuple[str, Money], ...]
    en_curso_pb: int

    @property
    def mensual(self) -> Money:
        """The monthly ministración: a twelfth of the ordinary money, which is given by months [LGPP 51.1.a.III]."""
        return Money((self.conceptos or {}).get(ORDINARY, Money(0)).centavos // 12)

    @property
    def pendiente(self) -> Money:
        """Return the sum of the earlier resoluciones; no payment of a sanction is recorded."""
        return sum((amount for _, amount in self.anteriores), Money(0))


def capacity_of(sujeto: SujetoObligado, proceso: Proceso, sesion: date, at: datetime) -> Capacity:
    """Return the capacity of a subject for a session, by what was loaded and voted until a moment.

    Public money, and what is reduced of it, are of the ámbito and state of the process that is resolved: a party has
    federal ministraciones and others of each state. Earlier sanctions are all of them.
    """
    found = ResolucionVotada.objects.filter(
        estado=Resolucion.Estado.APROBADA, votada_el__lte=at, resolucion__dictamen__sujeto=sujeto
    ).select_related("resolucion__dictamen__etapa__proceso")
    paid = {row.resolucion.numero: _total(row.resolucion) for row in found}
    for number, amount in _shares(sujeto, at).items():
        paid[number] = paid.get(number, Money(0)) + amount
    purse = (proceso.ambito, proceso.entidad)
    running = sum(_running(row, sesion) for row in found if _purse_of(row) == purse)
    before = tuple((number, amount) for number, amount in sorted(paid.items()) if amount)
    return Capacity(sesion.year, _granted(sujeto, purse, sesion.year, at), before, running)


def capacities_of(sujeto: SujetoObligado, etapa: Etapa, sesion: date, at: datetime) -> list[tuple[str, Capacity]]:
    """The capacity of who answers, by acronym: a subject, or each member that a coalition had as its stage ended."""
    answer = integrantes_on(sujeto, etapa.termina_el) or [sujeto]
    return [(each.siglas, capacity_of(each, etapa.proceso, sesion, at)) for each in answer]


def _purse_of(voted: ResolucionVotada) -> tuple[str, str]:
    proceso = voted.resolucion.dictamen.etapa.proceso
    return proceso.ambito, proceso.entidad


def _granted(sujeto: SujetoObligado, purse: tuple[str, str], anio: int, at: datetime) -> dict[str, Money] | None:
    lists = CargaDeTabla.objects.filter(tabla=LIST, cargada_el__lte=at).order_by("-al", "-pk")
    for loaded in lists[:1]:
        rows = loaded.filas.filter(valores__sujeto_id=sujeto.pk, valores__anio=anio).values_list("valores", flat=True)
        found: dict[str, Money] = {}
        for row in rows:
            if (row.get("ambito") or Ambito.FEDERAL, row.get("entidad") or "") != purse:
                continue
            found[row["concepto"]] = found.get(row["concepto"], Money(0)) + Money(int(row["monto"]))
        return found or None
    return None


def _total(resolucion: Resolucion) -> Money:
    return Money(resolucion.sanciones.aggregate(total=Sum("monto"))["total"] or 0)


def _shares(sujeto: SujetoObligado, at: datetime) -> dict[str, Money]:
    """Sum the parts of a subject in the sanctions of its coalitions, by resolución approved up to the moment `at`."""
    rows = ParteSancion.objects.filter(
        sujeto=sujeto,
        sancion__resolucion__votacion__estado=Resolucion.Estado.APROBADA,
        sancion__resolucion__votacion__votada_el__lte=at,
    )
    totals = rows.values("sancion__resolucion__numero").annotate(total=Sum("monto"))
    return {row["sancion__resolucion__numero"]: Money(row["total"]) for row in totals}


def _running(voted: ResolucionVotada, sesion: date) -> int:
    """Basis points that the reductions of a resolución still take of each ministración at a session.

    Those of one resolución are taken one after the other, so that they never add up.
    """
    rows = Sancion.objects.filter(resolucion=voted.resolucion, meses__isnull=False)
    months, share = 0, 0
    for row in rows:
        months, share = months + (row.meses or 0), max(share, row.porcentaje_mensual_pb or 0)
    began = clock.legal_day(voted.votada_el)
    gone = (sesion.year - began.year) * 12 + sesion.month - began.month
    return share if gone < months else 0
