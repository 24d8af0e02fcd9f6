"""A donor is a list of versions: what was recorded with one keeps citing it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import versioned


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_log_of_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="aportante",
            name="identidad",
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name="aportante",
            name="motivo",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="aportante",
            name="reemplaza_a",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reemplazada_por",
                to="registry.aportante",
            ),
        ),
        migrations.AddField(
            model_name="aportante",
            name="registrada_el",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="aportante",
            name="registrada_por",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="aportante",
            name="version",
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.RunSQL(versioned("registry_aportante")),
    ]
