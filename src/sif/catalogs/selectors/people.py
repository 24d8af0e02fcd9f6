"""Query suppliers, people and bank accounts: RNP on a day, doubtful keys, running terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from stdnum.mx import rfc as stdnum_rfc

from sif.law.parameters import load_parameters, value_on
from sif.registry import clock
from sif.registry.models import CuentaBancaria, Proveedor, RegistroRnp
from sif.values import Problem

TERM = "plazo_aviso_cuenta_dias"


@dataclass(frozen=True, slots=True)
class AccountTerm:
    """The term to tell of a bank account. estado: avisada, avisada_tarde, por_avisar or vencida."""

    estado: str
    vence_el: datetime
    desde: datetime
    base: str
    debe_cancelarse: bool


def with_rnp(suppliers: QuerySet[Proveedor], day: date) -> QuerySet[Proveedor]:
    """Add to suppliers `rnp_activo` on a day, and `folio_rnp` of the last registration active then, or of the last."""
    own, runs = RegistroRnp.objects.filter(proveedor=OuterRef("pk")), Q(desde__lte=day, hasta__gt=day)
    last = own.order_by(Case(When(runs, then=0), default=1), "-desde")
    return suppliers.annotate(
        rnp_activo=Exists(own.filter(runs)), folio_rnp=Coalesce(Subquery(last.values("folio")[:1]), Value(""))
    )


def rfc_doubt(rfc: str, written: str = "") -> Problem | None:
    """Return a warning where the last character of an RFC is not the one it should have; some real keys differ.

    written: the RFC as the page may show it.
    """
    if not rfc or stdnum_rfc.is_valid(rfc, validate_check_digits=True):
        return None
    return Problem(
        "rfc_dudoso",
        "rfc",
        f"El dígito verificador de {written or rfc} no corresponde a su nombre y fecha.",
        "Compárelo con la constancia de situación fiscal.",
    )


def accounts_on(contabilidades: Iterable[int], now: datetime) -> QuerySet[CuentaBancaria]:
    """Select the bank accounts of some books with `ultimo_dia`, the last to tell of each in time, and its `estado`.

    The state is what `state_of` says of one.
    """
    today = clock.legal_day(now)
    spans = load_parameters(settings.JURISDICTION)[TERM].valores
    last = [
        When(apertura_el__gte=span.desde, then=Cast(F("apertura_el") + Value(timedelta(days=span.valor)), DateField()))
        for span in sorted(spans, key=lambda span: span.desde, reverse=True)
    ]
    rows = CuentaBancaria.objects.filter(contabilidad__in=list(contabilidades))
    rows = rows.annotate(ultimo_dia=Case(*last, output_field=DateField()))
    late = Q(aviso=None, ultimo_dia__lt=today)
    over = Q(contabilidad__etapa__termina_el__lt=today) & ~Q(tipo=CuentaBancaria.Tipo.ORDINARIA)
    states = (
        (Q(cancelacion__isnull=False), "cancelada"),
        (over & ~late, "por_cancelar"),
        (late, "vencida"),
        (Q(aviso=None), "por_avisar"),
        (Q(aviso__fecha__lte=F("ultimo_dia")), "avisada"),
    )
    told = [When(condition, then=Value(state)) for condition, state in states]
    return rows.annotate(estado=Case(*told, default=Value("avisada_tarde"), output_field=CharField()))


def state_of(cuenta: CuentaBancaria, term: AccountTerm) -> str:
    """Return cancelada, por_cancelar, or how the notice of an account stands."""
    if cuenta.cancelada_el:
        return "cancelada"
    return "por_cancelar" if term.debe_cancelarse and term.estado != "vencida" else term.estado


def term_of(cuenta: CuentaBancaria, now: datetime) -> AccountTerm:
    """Return the term to tell the authority of an account, by the figure in force when it was opened [RF 54.1]."""
    days = value_on(TERM, cuenta.apertura_el, settings.JURISDICTION)
    span = load_parameters(settings.JURISDICTION)[TERM].on(cuenta.apertura_el)
    last = cuenta.apertura_el + timedelta(days=days)
    ends = end_of(last)
    if cuenta.avisada_el:
        state = "avisada" if cuenta.avisada_el <= last else "avisada_tarde"
    else:
        state = "por_avisar" if now < ends else "vencida"
    over = cuenta.contabilidad.etapa.termina_el < clock.legal_day(now)
    closing = over and cuenta.cancelada_el is None and cuenta.tipo != CuentaBancaria.Tipo.ORDINARIA
    return AccountTerm(state, ends, clock.midnight(cuenta.apertura_el), span.base, closing)


def end_of(day: date) -> datetime:
    """Return the instant at which a day ends."""
    return clock.midnight(day + timedelta(days=1))
