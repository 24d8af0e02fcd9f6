"""The notice and the closing of a bank account are acts beside its row, which never changes."""

from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import of_same_books, record, wall

ACTS = ("registry_avisocuenta", "registry_cancelacioncuenta")
# who recorded the day was not kept before, nor when: the act gets the start of its day
KEPT = """
INSERT INTO registry_avisocuenta (cuenta_id, contabilidad_id, fecha, hecho_el)
    SELECT id, contabilidad_id, avisada_el, avisada_el::timestamp AT TIME ZONE 'UTC' FROM registry_cuentabancaria
    WHERE avisada_el IS NOT NULL ORDER BY id;
INSERT INTO registry_cancelacioncuenta (cuenta_id, contabilidad_id, fecha, hecho_el)
    SELECT id, contabilidad_id, cancelada_el, cancelada_el::timestamp AT TIME ZONE 'UTC' FROM registry_cuentabancaria
    WHERE cancelada_el IS NOT NULL ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def act(name: str, verbose_name: str, related_name: str) -> migrations.CreateModel:
    """Return the operation that makes the table of an act on an account, dated by the bank or by the notice."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("hecho_el", models.DateTimeField()),
            ("fecha", models.DateField()),
            ("contabilidad", models.ForeignKey("registry.contabilidad", models.PROTECT, related_name="+")),
            (
                "cuenta",
                models.OneToOneField("registry.cuentabancaria", models.PROTECT, related_name=related_name),
            ),
            ("hecho_por", author),
        ],
        options={"verbose_name": verbose_name},
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_published_roots")]

    operations = [
        act("AvisoCuenta", "aviso de cuenta bancaria", "aviso"),
        act("CancelacionCuenta", "cancelación de cuenta bancaria", "cancelacion"),
        migrations.RunSQL(KEPT),
        migrations.RemoveField("cuentabancaria", "avisada_el"),
        migrations.RemoveField("cuentabancaria", "cancelada_el"),
        migrations.AddConstraint(
            "cuentabancaria",
            models.UniqueConstraint(fields=["id", "contabilidad"], name="cuenta_con_su_contabilidad"),
        ),
        migrations.RunSQL("".join(of_same_books(table, "cuenta_id", "registry_cuentabancaria") for table in ACTS)),
        migrations.RunSQL("".join(map(wall, ACTS))),
        migrations.RunSQL("".join(map(record, [*ACTS, "registry_cuentabancaria"]))),
    ]
