"""Read the chart of accounts of some books: the jurisdiction's plus those added by their process."""

from collections.abc import Iterator

from django.conf import settings

from sif.books.models import Cuenta
from sif.law.chart import Account, account_of, beginning_of, load_chart, merged
from sif.registry.models import Contabilidad

TRAITS = (
    "codigo",
    "nombre",
    "naturaleza",
    "rubro",
    "es_gasto",
    "es_ingreso",
    "es_por_cobrar",
    "es_por_pagar",
    "auxiliar",
    "oficial",
    "capturable",
)


def account_for_role(role: str) -> str:
    """Return the code of the account that this installation's chart gives to a role of `law.chart.ROLES`."""
    return account_of(role, settings.JURISDICTION)


def beginning_for_role(role: str) -> str:
    """Return the prefix of the codes of a role's account and of every account below."""
    return beginning_of(role, settings.JURISDICTION)


def cash_beginnings() -> tuple[str, ...]:
    """Beginnings of the accounts that are money in hand: caja and bancos."""
    return beginning_for_role("caja"), beginning_for_role("bancos")


def accounts_of(contabilidad: Contabilidad) -> dict[str, Account]:
    """Return every account of some books by code, in order; one that has others below it takes no movements."""
    return chart_of_process(contabilidad.etapa.proceso_id)


def chart_of_process(proceso_id: int) -> dict[str, Account]:
    """Return every account of a process by code, in order: the jurisdiction's chart and what the process added."""
    return merged(load_chart(settings.JURISDICTION), process_accounts(proceso_id))


def process_accounts(proceso_id: int) -> Iterator[Account]:
    """Yield the accounts that a process added, in order of code."""
    for row in Cuenta.objects.filter(proceso=proceso_id).order_by("codigo").values(*TRAITS):
        yield Account(**row)


def every_account() -> dict[str, Account]:
    """The jurisdiction's accounts and those that any process added, to name what was posted, whoever posted it."""
    rows = Cuenta.objects.filter(proceso__isnull=False).order_by("codigo").values(*TRAITS)
    return merged(load_chart(settings.JURISDICTION), (Account(**row) for row in rows))
