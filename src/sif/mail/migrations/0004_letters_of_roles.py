"""A letter tells whoever gains or loses a role by the act of another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0003_addresses_of_the_registry")]
    operations = [
        migrations.AlterField(
            "mensaje",
            "clase",
            models.CharField(
                choices=[
                    ("invitacion", "Invitación"),
                    ("enlace", "Enlace nuevo"),
                    ("aviso", "Aviso de una notificación"),
                    ("direccion", "Cambio de dirección"),
                    ("recordatorio", "Recordatorio de un plazo"),
                    ("acuse", "Acuse de un informe"),
                    ("funcion", "Cambio de una función"),
                ],
                max_length=16,
            ),
        )
    ]
