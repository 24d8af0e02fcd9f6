"""What each column of a file of candidacies is, as a person said it once for every file with those heads."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import not_ahead, publish, record, signed

TABLE = "registry_columnasarchivo"


class Migration(migrations.Migration):
    dependencies = [("registry", "0053_people_found")]
    operations = [
        migrations.CreateModel(
            name="ColumnasArchivo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("encabezado", models.CharField(max_length=64)),
                ("columnas", models.JSONField()),
                ("dicho_el", models.DateTimeField()),
                (
                    "dicho_por",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
            ],
            options={"verbose_name": "columnas de un archivo"},
        ),
        migrations.RunSQL(publish(TABLE) + record(TABLE) + signed(TABLE, "dicho_por_id") + not_ahead(TABLE, "dicho_el")),
    ]
