"""Looks of the authority at papers and whole keys of a hallazgo: a record that only the authority reads."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, reserve


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0012_versions_of_observaciones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="MiradaAuditoria",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("archivo", models.CharField(blank=True, max_length=64)),
                (
                    "campos",
                    models.CharField(blank=True, help_text="los campos vistos, separados por comas", max_length=60),
                ),
                ("motivo", models.CharField(max_length=200)),
                ("propia", models.BooleanField(help_text="si el hallazgo era de quien miró")),
                ("mirada_el", models.DateTimeField()),
                (
                    "hallazgo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="miradas", to="audit.hallazgo"
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mirada de la autoridad",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("motivo__regex", "\\S")), name="mirada_de_auditoria_con_motivo"
                    )
                ],
                "indexes": [models.Index(fields=["hallazgo", "persona", "mirada_el"], name="mirada_de_auditoria")],
            },
        ),
        migrations.RunSQL(reserve("audit_miradaauditoria") + record("audit_miradaauditoria")),
    ]
