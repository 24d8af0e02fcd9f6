"""The subject that each name of the files of candidacies is, as a person said."""

from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import publish, record

TABLE = "registry_aliassujeto"


class Migration(migrations.Migration):
    dependencies = [("registry", "0024_opening_of_processes")]

    operations = [
        migrations.CreateModel(
            name="AliasSujeto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nombre", models.CharField(help_text="sin acentos, en mayúsculas", max_length=120)),
                ("dicho_el", models.DateTimeField()),
                ("dicho_por", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("sujeto", models.ForeignKey("registry.sujetoobligado", models.PROTECT, related_name="alias")),
            ],
            options={"verbose_name": "nombre de sujeto en archivos"},
        ),
        migrations.RunSQL(publish(TABLE) + record(TABLE)),
    ]
