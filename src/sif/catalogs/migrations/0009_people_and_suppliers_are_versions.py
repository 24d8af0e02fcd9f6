"""What a subject keeps of people and suppliers is a list of versions; rows that are there are the first."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import versioned

PROTECT = django.db.models.deletion.PROTECT
UNIQUE = {
    "personasujeto": ("persona_sujeto_unica", ["sujeto", "persona", "relacion", "desde"]),
    "fichaproveedor": ("ficha_proveedor_unica", ["sujeto", "proveedor"]),
}


def versions(model: str) -> list[migrations.operations.base.Operation]:
    """The columns of a version; a key is unique among first versions, and under the lock of the subject after."""
    name, fields = UNIQUE[model]
    author = models.ForeignKey(
        editable=False, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )
    now = models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)
    before = models.OneToOneField(
        blank=True, editable=False, null=True, on_delete=PROTECT, related_name="reemplazada_por", to=f"catalogs.{model}"
    )
    return [
        migrations.AddField(model, "identidad", models.BigIntegerField(db_default=0, editable=False)),
        migrations.AddField(model, "version", models.PositiveIntegerField(db_default=0, editable=False)),
        migrations.AddField(model, "reemplaza_a", before),
        migrations.AddField(model, "motivo", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.AlterField(model, "registrada_el", now),
        migrations.AlterField(model, "registrada_por", author),
        migrations.RemoveConstraint(model, name),
        migrations.AddConstraint(
            model, models.UniqueConstraint(condition=models.Q(reemplaza_a=None), fields=fields, name=name)
        ),
        migrations.RunSQL(versioned(f"catalogs_{model}")),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("catalogs", "0008_acts_on_houses_and_assets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [*versions("personasujeto"), *versions("fichaproveedor")]
