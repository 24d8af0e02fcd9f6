"""A lot may come of the ledger of another program."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batch", "0006_revocations")]
    operations = [
        migrations.AlterField(
            "lote",
            "origen",
            models.CharField(
                choices=[
                    ("archivo", "Archivo"),
                    ("sat", "Contabilidad electrónica"),
                    ("api", "Otro programa"),
                    ("diario", "Libro de beancount"),
                ],
                max_length=8,
            ),
        ),
    ]
