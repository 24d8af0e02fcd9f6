"""Load the chart of accounts and the classes of evidence from the jurisdiction's data."""

from sif.books.models import ClaseEvidencia, Cuenta, CuentaEvidencia
from sif.law.chart import load_account_evidence, load_chart, load_evidence_classes
from sif.registry.scope import OPERATOR, acting, everything
from sif.values.span import OPEN_END

_ACCOUNT = (
    "nombre", "naturaleza", "rubro", "es_gasto", "es_ingreso", "es_por_cobrar", "es_por_pagar", "auxiliar", "oficial",
    "capturable",
)  # fmt: skip


def load_catalogs(jurisdiction: str = "mx") -> None:
    """Bring the catalogues up to date with the data; nothing is deleted. Loading twice changes nothing.

    They change under the pass of who holds the machine alone: commands load them, and no page.
    """
    with acting(), everything(OPERATOR):
        Cuenta.objects.bulk_create(
            [
                Cuenta(codigo=account.codigo, **{name: getattr(account, name) for name in _ACCOUNT})
                for account in load_chart(jurisdiction).values()
            ],
            update_conflicts=True, unique_fields=["codigo"], update_fields=_ACCOUNT,
        )  # fmt: skip
        ClaseEvidencia.objects.bulk_create(
            [ClaseEvidencia(clave=c.clave, nombre=c.nombre) for c in load_evidence_classes(jurisdiction).values()],
            update_conflicts=True, unique_fields=["clave"], update_fields=["nombre"],
        )  # fmt: skip
        CuentaEvidencia.objects.bulk_create(
            [
                CuentaEvidencia(
                    cuenta_id=row.cuenta, clase_id=row.clase, obligatoria=row.obligatoria, desde=row.desde,
                    hasta=row.hasta or OPEN_END,
                )
                for row in load_account_evidence(jurisdiction)
            ],
            update_conflicts=True, unique_fields=["cuenta", "clase", "desde"], update_fields=["obligatoria", "hasta"],
        )  # fmt: skip
