"""Looks at whole personal keys: a record, walled by the subject whose catalogue was looked at."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, seen, wall


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_ends_of_appointments")]

    operations = [
        migrations.CreateModel(
            name="Mirada",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tipo", models.CharField(max_length=20)),
                ("objeto", models.BigIntegerField(null=True)),
                ("campos", models.CharField(help_text="los campos vistos, separados por comas", max_length=60)),
                ("renglones", models.PositiveIntegerField(default=1)),
                ("motivo", models.CharField(max_length=200)),
                ("mirada_el", models.DateTimeField()),
                (
                    "persona",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="miradas",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sujeto",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="miradas",
                        to="registry.sujetoobligado",
                    ),
                ),
            ],
            options={
                "verbose_name": "mirada a datos personales",
                "indexes": [models.Index(fields=["sujeto", "-id"], name="mirada_del_sujeto")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("motivo__regex", "\\S")), name="mirada_con_motivo"
                    )
                ],
            },
        ),
        migrations.RunSQL(wall("registry_mirada", seen("sujeto_id", "sif_sujetos()"))),
        migrations.RunSQL(record("registry_mirada")),
    ]
