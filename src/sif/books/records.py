"""Query contracts and their notices, receipts for political activities and CEP."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from sif.books.models import AvisoContratacion, Cep, Contrato, ReciboRepap
from sif.catalogs.selectors.campaign_terms import CampaignTerm, notice_term
from sif.law.parameters import load_parameters, uma_on
from sif.registry.models import Etapa, Persona
from sif.values import Money

REPAP_CAP, CEP_CASH_CAP = "tope_repap_persona_anual_uma", "tope_cep_efectivo_uma"
NOTICED = (Etapa.Tipo.PRECAMPANA, Etapa.Tipo.APOYO_CIUDADANO, Etapa.Tipo.CAMPANA)
"""Stages whose contracts are noticed one by one; in the ordinary one they are reported by quarter."""


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract with its notices, the first first. `plazo` None: its stage asks for none.

    `estado`: sin_aviso, a_tiempo, extemporaneo, cancelado or no_aplica.
    """

    contrato: Contrato
    avisos: tuple[AvisoContratacion, ...]
    plazo: CampaignTerm | None
    estado: str

    @property
    def vigente(self) -> AvisoContratacion | None:
        """The notice that says the contract as it stands."""
        return self.avisos[-1] if self.avisos else None


@dataclass(frozen=True, slots=True)
class CapUse:
    """The use of a legal cap by a person, and whether the figure of the cap was confirmed."""

    usado: Money
    tope: Money
    base: str
    confirmado: bool

    @property
    def resta(self) -> Money:
        """Return the remainder of the cap; negative once over."""
        return self.tope - self.usado


def contracts(contabilidades: Iterable[int], q: str = "") -> QuerySet[Contrato]:
    """Contracts of some books, the last signed first, with what a row needs."""
    found = Contrato.objects.filter(contabilidad__in=list(contabilidades))
    if q.strip():
        text = q.strip()
        found = found.filter(
            Q(objeto__icontains=text)
            | Q(proveedor__nombre__icontains=text)
            | Q(proveedor__rfc__iexact=text)
            | Q(avisos__folio__iexact=text)
        ).distinct()
    return (
        found.select_related("contabilidad__etapa", "contabilidad__candidatura__persona", "proveedor")
        .prefetch_related("avisos")
        .order_by("-suscrito_el", "-pk")
    )


def contract_row(contrato: Contrato) -> ContractRow:
    """Return a contract with its notices and its term."""
    notices = tuple(sorted(contrato.avisos.all(), key=lambda row: row.pk))
    if contrato.contabilidad.etapa.tipo not in NOTICED:
        return ContractRow(contrato, notices, None, "a_tiempo" if notices else "no_aplica")
    term = notice_term(contrato.suscrito_el, contrato.entrega_el)
    if not notices:
        return ContractRow(contrato, notices, term, "sin_aviso")
    if notices[-1].tipo == "cancelacion":
        return ContractRow(contrato, notices, term, "cancelado")
    in_time = term.met_by(notices[0].presentado_el)
    return ContractRow(contrato, notices, term, "a_tiempo" if in_time else "extemporaneo")


def contracts_to_notice(contabilidades: Iterable[int], moment: datetime) -> list[ContractRow]:
    """Contracts without notice whose term still runs at an instant, the first to end first."""
    rows = [contract_row(row) for row in contracts(contabilidades).filter(avisos__isnull=True)]
    running = [row for row in rows if row.plazo is not None and row.plazo.met_by(moment)]
    return sorted(running, key=lambda row: row.plazo.vence_el if row.plazo else moment)


def repap(contabilidades: Iterable[int], q: str = "") -> QuerySet[ReciboRepap]:
    """REPAP receipts of some books, the last first."""
    found = ReciboRepap.objects.filter(_words(q, "actividad"), contabilidad__in=list(contabilidades))
    return found.select_related(*_RECEIPT).order_by("-expedido_el", "-pk")


def ceps(contabilidades: Iterable[int], q: str = "") -> QuerySet[Cep]:
    """CEP of some books: paid and unsigned first, then the last first."""
    found = Cep.objects.filter(_words(q, "seccion"), contabilidad__in=list(contabilidades))
    return found.select_related(*_RECEIPT, "firma").order_by("-expedido_el", "-pk")


def unsigned_paid_ceps(contabilidades: Iterable[int]) -> QuerySet[Cep]:
    """CEP that pay somebody, in force, and nobody signed."""
    return ceps(contabilidades).filter(oneroso=True, firma=None, cancelacion=None)


def repap_use(sujeto_id: int, persona_id: int, day: date) -> CapUse:
    """Sum a subject's REPAP payments to a person in the year of a day, in all its books, against the yearly cap."""
    whose = Persona.objects.filter(pk=persona_id).values("identidad")
    paid = ReciboRepap.objects.filter(
        contabilidad__sujeto=sujeto_id, persona__identidad__in=whose, pagado_el__year=day.year, cancelacion=None
    )
    return _use(paid.aggregate(sum=Sum("monto"))["sum"] or 0, REPAP_CAP, day)


def cep_cash_use(contabilidad_id: int, persona_id: int, day: date) -> CapUse:
    """Sum the cash payments of some books to a person by CEP, against the cap on cash."""
    whose = Persona.objects.filter(pk=persona_id).values("identidad")
    paid = Cep.objects.filter(
        contabilidad=contabilidad_id, persona__identidad__in=whose, medio="efectivo", cancelacion=None
    )
    return _use(paid.aggregate(sum=Sum("monto"))["sum"] or 0, CEP_CASH_CAP, day)


_RECEIPT = (
    "persona",
    "contabilidad__sujeto",
    "contabilidad__candidatura__persona",
    "poliza__periodo",
    "expedido_por",
    "cancelacion",
)


def _use(used: int, clave: str, day: date) -> CapUse:
    figure = load_parameters(settings.JURISDICTION)[clave].on(day)
    cap = uma_on(day, settings.JURISDICTION) * figure.valor
    return CapUse(Money(used), cap, figure.base, figure.estatus == "confirmado")


def _words(q: str, other: str) -> Q:
    text = q.strip()
    if not text:
        return Q()
    return Q(folio__icontains=text) | Q(persona__nombre__icontains=text) | Q(**{f"{other}__icontains": text})
