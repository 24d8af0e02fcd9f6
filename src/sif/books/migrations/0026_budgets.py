"""What a party's organ approves to spend is a record of its books, which only another amends."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import record, signed, wall

PROTECT = django.db.models.deletion.PROTECT
TABLE = "books_partidapresupuesto"


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0025_openings"),
        ("catalogs", "0011_acts_of_69b"),
        ("registry", "0062_seals_of_the_log"),
    ]
    operations = [
        migrations.CreateModel(
            name="PartidaPresupuesto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monto", models.BigIntegerField()),
                ("aprobada_el", models.DateField()),
                (
                    "acuerdo",
                    models.CharField(help_text="del órgano del sujeto que la aprobó o la modificó", max_length=160),
                ),
                ("registrada_el", models.DateTimeField()),
                ("contabilidad", models.ForeignKey("registry.contabilidad", PROTECT, related_name="presupuesto")),
                ("cuenta", models.ForeignKey("books.cuenta", PROTECT, related_name="presupuesto")),
                ("proyecto", models.ForeignKey("catalogs.proyecto", PROTECT, null=True, related_name="presupuesto")),
                ("registrada_por", models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT)),
            ],
            options={"verbose_name": "partida del presupuesto"},
        ),
        migrations.AddConstraint(
            "partidapresupuesto",
            models.CheckConstraint(condition=Q(monto__gte=0), name="partida_presupuesto_monto"),
        ),
        migrations.RunSQL(record(TABLE) + wall(TABLE) + signed(TABLE, "registrada_por_id")),
    ]
