"""A letter tells who confirms what another person proposed, and who proposed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0004_letters_of_roles")]
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
                    ("dos_personas", "Acto de dos personas"),
                ],
                max_length=16,
            ),
        )
    ]
