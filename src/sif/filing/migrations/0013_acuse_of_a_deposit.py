"""A deposit names its acuse as it was issued; those of before keep none, and theirs is drawn when it is asked for."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("filing", "0012_deposits")]
    operations = [
        migrations.AddField("deposito", "acuse_sha256", models.CharField(max_length=64, null=True)),
        migrations.AddConstraint(
            "deposito",
            models.CheckConstraint(
                condition=Q(acuse_sha256__isnull=True) | Q(acuse_sha256__regex=r"^[0-9a-f]{64}$"),
                name="deposito_acuse_es_huella",
            ),
        ),
    ]
