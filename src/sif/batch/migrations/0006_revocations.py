"""A key never changes: revoking it is an act beside it. Revocations of before keep their hour, and nobody's name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record

KEEP = """
INSERT INTO batch_revocacionclave (clave_id, motivo, revocada_el)
    SELECT id, '', revocada_el FROM batch_claveapi WHERE revocada_el IS NOT NULL ORDER BY revocada_el;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("batch", "0005_records"),
        ("registry", "0010_records_of_the_registry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RevocacionClave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "motivo",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("persona", "La revocó quien la hizo"),
                            ("credencial", "Cambió la contraseña o el factor de la persona"),
                            ("cuenta", "Se deshabilitó la cuenta de la persona"),
                        ],
                        max_length=10,
                    ),
                ),
                ("revocada_el", models.DateTimeField()),
                (
                    "clave",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revocacion", to="batch.claveapi"
                    ),
                ),
                (
                    "revocada_por",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "revocación de clave"},
        ),
        migrations.RunSQL(KEEP),
        migrations.RemoveField(model_name="claveapi", name="revocada_el"),
        migrations.RunSQL(record("batch_claveapi") + record("batch_revocacionclave")),
    ]
