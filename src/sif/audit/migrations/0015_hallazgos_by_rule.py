"""Index the hallazgos of a run by rule: those like one, and those of the same fact, are read by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0014_matters_of_hallazgos")]
    operations = [
        migrations.AddIndex(
            model_name="hallazgo",
            index=models.Index(fields=["corrida", "regla", "resultado", "monto"], name="hallazgo_por_regla"),
        ),
    ]
