"""What a bank account is for, where it is, and whether two signatures move it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_cuenta_bancaria")]
    operations = [
        migrations.AddField(
            "cuentabancaria",
            "tipo",
            models.CharField(
                choices=[
                    ("campana", "Gastos de campaña"),
                    ("concentradora", "Concentradora"),
                    ("ordinaria", "Operación ordinaria"),
                    ("aportaciones", "Aportaciones"),
                ],
                default="campana",
                max_length=16,
            ),
        ),
        migrations.AddField("cuentabancaria", "plaza", models.CharField(blank=True, max_length=80)),
        migrations.AddField("cuentabancaria", "mancomunada", models.BooleanField(default=False)),
    ]
