"""An index for the hallazgos of a run in order of amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0009_hands")]
    operations = [
        migrations.AddIndex("hallazgo", models.Index(fields=["corrida", "estado", "monto"], name="hallazgo_por_monto"))
    ]
