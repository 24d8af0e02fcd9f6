"""Load the chart of accounts and the classes of evidence from the jurisdiction's data."""

from sif.books.accounts import TRAITS
from sif.books.models import ClaseEvidencia, Cuenta, CuentaEvidencia
from sif.law.chart import account_evidence, load_account_evidence, load_chart, load_evidence_classes
from sif.registry.scope import OPERATOR, acting, everything
from sif.values.span import OPEN_END


def load_catalogs(jurisdiction: str) -> None:
    """Bring the catalogues up to date with the data; nothing is deleted. Loading twice changes nothing.

    An account that a process added stays as it was added, and asks for the evidence that the data say of its group.
    They change under the pass of who holds the machine alone: commands load them, and no page.
    """
    with acting(), everything(OPERATOR):
        own = set(Cuenta.objects.filter(proceso__isnull=False).values_list("pk", flat=True))
        asked = [each for each in load_account_evidence(jurisdiction) if each.cuenta not in own]
        asked += [each for code in sorted(own) for each in account_evidence(code, jurisdiction)]
        Cuenta.objects.bulk_create(
            [
                Cuenta(codigo=account.codigo, **{name: getattr(account, name) for name in TRAITS[1:]})
                for account in load_chart(jurisdiction).values()
                if account.codigo not in own
            ],
            update_conflicts=True,
            unique_fields=["codigo"],
            update_fields=TRAITS[1:],
        )
        ClaseEvidencia.objects.bulk_create(
            [ClaseEvidencia(clave=c.clave, nombre=c.nombre) for c in load_evidence_classes(jurisdiction).values()],
            update_conflicts=True,
            unique_fields=["clave"],
            update_fields=["nombre"],
        )
        CuentaEvidencia.objects.bulk_create(
            [
                CuentaEvidencia(
                    cuenta_id=row.cuenta,
                    clase_id=row.clase,
                    obligatoria=row.obligatoria,
                    desde=row.desde,
                    hasta=row.hasta or OPEN_END,
                )
                for row in asked
            ],
            update_conflicts=True,
            unique_fields=["cuenta", "clase", "desde"],
            update_fields=["obligatoria", "hasta"],
        )
