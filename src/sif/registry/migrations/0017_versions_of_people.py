"""A person is a list of versions: a candidacy, a receipt or a line keeps citing the one that it was recorded with."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models

from sif.registry.protection import versioned

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_trail")]

    operations = [
        migrations.AddField("persona", "identidad", models.BigIntegerField(db_default=0, editable=False)),
        migrations.AddField("persona", "version", models.PositiveIntegerField(db_default=0, editable=False)),
        migrations.AddField("persona", "motivo", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.AddField(
            "persona",
            "registrada_el",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            "persona",
            "registrada_por",
            models.ForeignKey(
                editable=False, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            "persona",
            "reemplaza_a",
            models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="reemplazada_por",
                to="registry.persona",
            ),
        ),
        migrations.AlterField("persona", "curp", models.CharField(max_length=18, null=True)),
        migrations.RunSQL(versioned("registry_persona")),
        migrations.AddConstraint(
            "persona",
            ExclusionConstraint(expressions=[("curp", "="), ("identidad", "<>")], name="persona_una_por_curp"),
        ),
    ]
