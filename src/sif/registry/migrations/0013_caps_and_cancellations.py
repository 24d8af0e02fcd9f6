"""The cap and the cancellation of some books are rows beside them, and the row of the books never changes."""

from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record

NEW = ("registry_cancelacioncontabilidad", "registry_topecontabilidad")
# who cancelled and why was not kept before
KEPT = """
INSERT INTO registry_topecontabilidad (contabilidad_id, tope, acuerdo, fijado_el)
    SELECT id, tope, tope_acuerdo, habilitada_el FROM registry_contabilidad WHERE tope IS NOT NULL ORDER BY id;
INSERT INTO registry_cancelacioncontabilidad (contabilidad_id, motivo, hecho_el)
    SELECT id, '', coalesce(cancelada_el, habilitada_el) FROM registry_contabilidad WHERE estatus = 'cancelada' ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def number() -> tuple[str, models.BigAutoField]:
    """Return the key of a table."""
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def author() -> models.ForeignKey:
    """Return the column of who did it."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_acts_on_accounts")]

    operations = [
        migrations.CreateModel(
            name="CancelacionContabilidad",
            fields=[
                number(),
                ("hecho_el", models.DateTimeField()),
                (
                    "contabilidad",
                    models.OneToOneField("registry.contabilidad", models.PROTECT, related_name="cancelacion"),
                ),
                ("motivo", models.CharField(max_length=200)),
                ("hecho_por", author()),
            ],
            options={"verbose_name": "cancelación de contabilidad"},
        ),
        migrations.CreateModel(
            name="TopeContabilidad",
            fields=[
                number(),
                ("tope", models.BigIntegerField()),
                ("acuerdo", models.CharField(blank=True, max_length=60)),
                ("fijado_el", models.DateTimeField()),
                ("contabilidad", models.ForeignKey("registry.contabilidad", models.PROTECT, related_name="topes")),
                ("fijado_por", author()),
            ],
            options={
                "verbose_name": "tope de gastos",
                "constraints": [models.CheckConstraint(condition=models.Q(tope__gt=0), name="tope_positivo")],
            },
        ),
        migrations.RunSQL(KEPT),
        migrations.RemoveConstraint("contabilidad", "contabilidad_tope_positivo"),
        *(
            migrations.RemoveField("contabilidad", name)
            for name in ("tope", "tope_acuerdo", "estatus", "cancelada_el")
        ),
        migrations.RunSQL("".join(map(record, NEW)) + record("registry_contabilidad", lock=True)),
    ]
