"""Add accounts of a process to the chart, each with the agreement that orders it."""

import re
from dataclasses import dataclass

from django.conf import settings

from sif.books.accounts import chart_of_process
from sif.books.models import Cuenta, CuentaEvidencia, Movimiento
from sif.law.chart import Account, account_below, account_evidence
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Proceso, Usuario
from sif.registry.scope import acting, everything
from sif.registry.selectors import may
from sif.values import Problem, Refused
from sif.values.span import OPEN_END

_CODE = re.compile(r"^\d-\d-\d\d-\d\d-\d{4}$")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account of a process: five segments N-N-NN-NN-NNNN, its name, and the agreement that orders it (`base`).

    Nature, public head, auxiliary and evidence are those of the group above it; `auxiliar` changes only that.
    """

    proceso: Proceso
    codigo: str
    nombre: str
    base: str
    auxiliar: str | None = None


def add_account(new: NewAccount, by: Usuario) -> Cuenta:
    """Add an account to a process, with the evidence the law asks of its group. Raises Refused, PermissionError.

    It stands in the chart of every set of books of that process from now on; it is never changed nor deleted.
    """
    if not may(by, "administrar"):
        raise PermissionError("Las cuentas de un proceso las agrega quien administra el sistema, con su acuerdo.")
    with acting():
        Proceso.objects.select_for_update(no_key=True).get(pk=new.proceso.pk)
        chart = chart_of_process(new.proceso.pk)
        account = account_below(chart, new.codigo.strip(), new.nombre.strip(), auxiliar=new.auxiliar)
        problems = _problems(new, chart, account)
        if problems or account is None:
            raise Refused(*problems)
        row = Cuenta.objects.create(
            codigo=account.codigo,
            nombre=account.nombre,
            naturaleza=account.naturaleza,
            rubro=account.rubro,
            es_gasto=account.es_gasto,
            es_ingreso=account.es_ingreso,
            es_por_cobrar=account.es_por_cobrar,
            es_por_pagar=account.es_por_pagar,
            auxiliar=account.auxiliar,
            oficial=False,
            capturable=True,
            proceso=new.proceso,
            base=new.base.strip(),
            agregada_el=clock.now(),
            agregada_por=by,
        )
        CuentaEvidencia.objects.bulk_create(
            CuentaEvidencia(
                cuenta=row,
                clase_id=each.clase,
                obligatoria=each.obligatoria,
                desde=each.desde,
                hasta=each.hasta or OPEN_END,
            )
            for each in account_evidence(row.codigo, settings.JURISDICTION)
        )
        return row


def _problems(new: NewAccount, chart: dict[str, Account], account: Account | None) -> list[Problem]:
    codigo, found = new.codigo.strip(), []
    other = Cuenta.objects.filter(pk=codigo).select_related("proceso").first()
    if not _CODE.match(codigo):
        found.append(
            Problem(
                "codigo",
                "codigo",
                f"«{codigo}» no tiene los cinco segmentos N-N-NN-NN-NNNN.",
                "Escríbalo como 5-5-01-03-0001.",
            )
        )
    elif other is not None:
        whose = f"la agregó {other.proceso.nombre} ({other.base})" if other.proceso else "es del catálogo"
        found.append(
            Problem("repetida", "codigo", f"{codigo} ya existe: «{other.nombre}», {whose}.", "Use otro código.")
        )
    elif account is None:
        found.append(
            Problem(
                "sin_grupo",
                "codigo",
                f"Ningún grupo del catálogo contiene a {codigo}.",
                "Empiece el código con el de un grupo existente.",
            )
        )
    elif touched := _touched(new.proceso, chart, codigo):
        found.append(
            Problem(
                "con_movimientos",
                "codigo",
                f"«{touched.nombre}» ({touched.codigo}) ya tiene movimientos en el "
                "proceso y dejaría de ser de último nivel.",
                "Agregue la cuenta junto a ella, bajo el mismo grupo.",
            )
        )
    if not 0 < len(new.nombre.strip()) <= 120:
        found.append(Problem("nombre", "nombre", "El nombre lleva de 1 a 120 caracteres.", "Escríbalo o abrévielo."))
    if not 0 < len(new.base.strip()) <= 120:
        found.append(
            Problem("base", "base", "Falta el acuerdo que agrega la cuenta.", "Cítelo, por ejemplo INE/CG301/2020.")
        )
    return found


def _touched(proceso: Proceso, chart: dict[str, Account], codigo: str) -> Account | None:
    """Return the account that takes movements, has some in the process and would have the new one below it.

    Every set of books of the process is locked while it is asked, for who posts reads the chart under that lock.
    """
    above = [each for each in chart.values() if each.capturable and codigo.startswith(each.prefix)]
    if above:
        lock_contabilidades(Contabilidad.objects.filter(etapa__proceso=proceso).values_list("pk", flat=True))
    with everything():
        for each in above:
            if Movimiento.objects.filter(cuenta=each.codigo, contabilidad__etapa__proceso=proceso).exists():
                return each
    return None
