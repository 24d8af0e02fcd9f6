"""Rows of lots without the indexes that another index already serves: they come by hundreds of thousands."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batch", "0002_walls")]
    operations = [
        migrations.AlterField(
            "filalote",
            "lote",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="filas", to="batch.lote"
            ),
        ),
        migrations.AlterField(
            "filalote",
            "contabilidad",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="registry.contabilidad",
            ),
        ),
        migrations.AlterField(
            "polizacargada",
            "contabilidad",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="polizas_cargadas",
                to="registry.contabilidad",
            ),
        ),
    ]  # fmt: skip
