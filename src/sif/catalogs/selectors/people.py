"""What is read of suppliers, people and bank accounts by themselves: RNP on a day, doubtful keys, terms that run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from stdnum.mx import rfc as stdnum_rfc

from sif.law.parameters import load_parameters, value_on
from sif.registry import clock
from sif.registry.models import CuentaBancaria, RegistroRnp
from sif.values import Problem


@dataclass(frozen=True, slots=True)
class RnpStatus:
    """The registration of a supplier in the RNP on a day; folio '' where it was never registered."""

    folio: str
    activo: bool
    hasta: date | None


@dataclass(frozen=True, slots=True)
class AccountTerm:
    """The term to tell of a bank account. estado: avisada, avisada_tarde, por_avisar or vencida."""

    estado: str
    vence_el: datetime
    desde: datetime
    base: str
    debe_cancelarse: bool


def rnp_on(suppliers: Iterable[int], day: date) -> dict[int, RnpStatus]:
    """The registration of each supplier on a day, the last one where none was active; absent: never registered."""
    found: dict[int, RnpStatus] = {}
    for row in RegistroRnp.objects.filter(proveedor__in=list(suppliers)).order_by("desde"):
        active = row.desde <= day < row.hasta
        if active or row.proveedor_id not in found or not found[row.proveedor_id].activo:
            found[row.proveedor_id] = RnpStatus(row.folio, active, None if row.hasta.year == 9999 else row.hasta)
    return found


def rfc_doubt(rfc: str, written: str = "") -> Problem | None:
    """A warning where the last character of an RFC is not the one it should have; some real keys differ.

    written: the RFC as the page may show it.
    """
    if not rfc or stdnum_rfc.is_valid(rfc, validate_check_digits=True):
        return None
    return Problem(
        "rfc_dudoso", "rfc", f"El dígito verificador de {written or rfc} no corresponde a su nombre y fecha.",
        "Compárelo con la constancia de situación fiscal.",
    )  # fmt: skip


def accounts_of(contabilidades: Iterable[int]) -> QuerySet[CuentaBancaria]:
    """The bank accounts of some books, with whose they are, their notice and their closing."""
    rows = CuentaBancaria.objects.filter(contabilidad__in=list(contabilidades))
    return rows.select_related("contabilidad__sujeto", "contabilidad__etapa__proceso", "aviso", "cancelacion").order_by(
        "contabilidad_id", "pk"
    )


def term_of(cuenta: CuentaBancaria, now: datetime) -> AccountTerm:
    """The term to tell the authority of an account, by the figure in force when it was opened [RF 54.1]."""
    days = value_on("plazo_aviso_cuenta_dias", cuenta.apertura_el, settings.JURISDICTION)
    span = load_parameters(settings.JURISDICTION)["plazo_aviso_cuenta_dias"].on(cuenta.apertura_el)
    last = cuenta.apertura_el + timedelta(days=days)
    ends = _midnight(last + timedelta(days=1))
    if cuenta.avisada_el:
        state = "avisada" if cuenta.avisada_el <= last else "avisada_tarde"
    else:
        state = "por_avisar" if now < ends else "vencida"
    over = cuenta.contabilidad.etapa.termina_el < now.astimezone(clock.legal_zone()).date()
    closing = over and cuenta.cancelada_el is None and cuenta.tipo != CuentaBancaria.Tipo.ORDINARIA
    return AccountTerm(state, ends, _midnight(cuenta.apertura_el), span.base, closing)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.legal_zone())
