"""The emblem of a subject is a record: each from its day on, by its accord."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import REGISTRY, not_ahead, read_by_all, record, signed

TABLE = "registry_emblemasujeto"


def _of(model: str, name: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, related_name=name)


class Migration(migrations.Migration):
    dependencies = [("registry", "0060_external_auditor_one_at_a_time")]
    operations = [
        migrations.CreateModel(
            name="EmblemaSujeto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("acuerdo", models.CharField(help_text="acuerdo o documento que lo registra", max_length=120)),
                ("desde", models.DateField()),
                ("archivo", models.CharField(help_text="nombre del archivo, como llegó", max_length=160)),
                ("sha256", models.CharField(max_length=64)),
                ("figura_sha256", models.CharField(max_length=64)),
                ("registrado_el", models.DateTimeField()),
                ("registrado_por", _of(settings.AUTH_USER_MODEL)),
                ("sujeto", _of("registry.sujetoobligado", "emblemas")),
            ],
            options={
                "verbose_name": "emblema de sujeto",
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(acuerdo="")
                        & ~Q(archivo="")
                        & Q(sha256__regex=r"^[0-9a-f]{64}$", figura_sha256__regex=r"^[0-9a-f]{64}$"),
                        name="emblema_completo",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            record(TABLE)
            + read_by_all(TABLE, REGISTRY)
            + signed(TABLE, "registrado_por_id")
            + not_ahead(TABLE, "registrado_el")
        ),
    ]
