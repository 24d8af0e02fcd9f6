"""The acuse of a deposit is drawn after its act, outside the lock of its subject: by the program, once, in an act."""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import REGISTRY, follows, not_ahead, of_an_act, record, seen, wall

TABLE = "filing_acusedeposito"
OF_THEIR_DEPOSIT = f"{seen('deposito_id', 'id FROM filing_deposito')} OR {REGISTRY}"


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0013_acuse_of_a_deposit"),
        ("books", "0025_openings"),
    ]
    operations = [
        migrations.CreateModel(
            name="AcuseDeposito",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dibujado_el", models.DateTimeField()),
                (
                    "archivo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="books.archivo"
                    ),
                ),
                (
                    "deposito",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acuse", to="filing.deposito"
                    ),
                ),
            ],
            options={"verbose_name": "acuse de un depósito"},
        ),
        migrations.RunSQL(
            record(TABLE)
            + wall(TABLE, OF_THEIR_DEPOSIT, REGISTRY)
            + of_an_act(TABLE)
            + follows(TABLE, "deposito_id", "filing_deposito")
            + not_ahead(TABLE, "dibujado_el")
        ),
    ]
