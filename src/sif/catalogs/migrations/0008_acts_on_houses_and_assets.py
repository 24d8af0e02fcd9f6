"""A house is cancelled and an asset written off by an act beside its row, which never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import of_same_books, record, wall

ACTS = {
    "catalogs_cancelacioncasa": ("casa_id", "catalogs_casacampana"),
    "catalogs_bajaactivo": ("activo_id", "catalogs_activofijo"),
}
# who did it was not kept before, nor the instant of a write-off: it gets its day
KEPT = """
INSERT INTO catalogs_cancelacioncasa (casa_id, contabilidad_id, motivo, hecho_el)
    SELECT id, contabilidad_id, motivo, cancelada_el FROM catalogs_casacampana WHERE cancelada_el IS NOT NULL ORDER BY id;
INSERT INTO catalogs_bajaactivo (activo_id, contabilidad_id, desde, motivo, hecho_el)
    SELECT id, contabilidad_id, baja_el, motivo, baja_el::timestamp AT TIME ZONE 'UTC' FROM catalogs_activofijo
    WHERE baja_el IS NOT NULL ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogs", "0007_records_of_catalogues"),
        ("registry", "0009_records_of_rnp"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CancelacionCasa",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                ("motivo", models.CharField(max_length=200)),
                (
                    "casa",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelacion",
                        to="catalogs.casacampana",
                    ),
                ),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
                    ),
                ),
                (
                    "hecho_por",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "cancelación de casa de campaña"},
        ),
        migrations.CreateModel(
            name="BajaActivo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                ("desde", models.DateField()),
                ("motivo", models.CharField(max_length=200)),
                (
                    "activo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="baja", to="catalogs.activofijo"
                    ),
                ),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
                    ),
                ),
                (
                    "hecho_por",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "baja de activo fijo"},
        ),
        migrations.RunSQL(KEPT),
        migrations.RemoveField("casacampana", "cancelada_el"),
        migrations.RemoveField("casacampana", "motivo"),
        migrations.RemoveField("activofijo", "baja_el"),
        migrations.RemoveField("activofijo", "motivo"),
        migrations.AddConstraint(
            "casacampana", models.UniqueConstraint(fields=["id", "contabilidad"], name="casa_con_su_contabilidad")
        ),
        migrations.AddConstraint(
            "activofijo", models.UniqueConstraint(fields=["id", "contabilidad"], name="activo_con_su_contabilidad")
        ),
        migrations.RunSQL("".join(of_same_books(table, *of) for table, of in ACTS.items())),
        migrations.RunSQL("".join(map(wall, ACTS))),
        migrations.RunSQL("".join(map(record, [*ACTS, "catalogs_casacampana", "catalogs_activofijo"]))),
    ]
