"""Indexes for the lines of an auxiliary and the last pólizas registered in some books."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0014_contracts_are_records")]
    operations = [
        migrations.AddIndex(
            "movimiento",
            models.Index(
                fields=["contabilidad", "auxiliar_tipo", "auxiliar_id"], name="movimiento_por_auxiliar",
                condition=models.Q(auxiliar_id__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "poliza", models.Index(fields=["contabilidad", "registrada_el"], name="poliza_por_registro")
        ),
    ]  # fmt: skip
