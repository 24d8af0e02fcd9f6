"""An appointment ends by an act beside it; that a subject has one Responsable is judged under its lock."""

from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_caps_and_cancellations")]

    operations = [
        migrations.CreateModel(
            name="FinNombramiento",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("termina_el", models.DateTimeField()),
                ("motivo", models.CharField(max_length=200)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "nombramiento",
                    models.OneToOneField("registry.nombramiento", models.PROTECT, related_name="fin"),
                ),
            ],
            options={"verbose_name": "fin de nombramiento"},
        ),
        migrations.RemoveConstraint("nombramiento", "nombramiento_un_responsable"),
        migrations.RunSQL(record("registry_finnombramiento")),
    ]
