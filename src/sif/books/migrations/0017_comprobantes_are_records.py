"""What SAT says of an invoice is derived from each answer written down, so that the invoice itself never changes."""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import record


class Migration(migrations.Migration):
    dependencies = [("books", "0016_acts_on_receipts")]
    operations = [
        migrations.RemoveField("comprobante", "estatus_sat"),
        migrations.RemoveField("comprobante", "estatus_el"),
        migrations.AddIndex(
            "estatuscomprobante", models.Index(fields=["comprobante", "-al", "-id"], name="estatus_ultimo")
        ),
        migrations.AlterField(
            "estatuscomprobante",
            "comprobante",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="estatus",
                to="books.comprobante",
            ),
        ),
        migrations.RunSQL(record("books_comprobante")),
    ]
