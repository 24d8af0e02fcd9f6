"""Room for the longest heading of a project."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0002_walls")]
    operations = [
        migrations.AlterField(
            "proyecto",
            "rubro",
            models.CharField(
                choices=[
                    ("actividades_especificas", "Actividades específicas"),
                    ("liderazgo_mujeres", "Liderazgo de las mujeres"),
                    ("liderazgo_jovenes", "Liderazgos juveniles"),
                ],
                max_length=24,
            ),
        )
    ]
