"""The calendar proposed of a process and the act that opens it; more kinds of subject."""

from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import REGISTRY, read_by_all, record, reserve

PROPOSED, OPENED = "registry_calendariopropuesto", "registry_procesoabierto"


def number() -> tuple[str, models.BigAutoField]:
    """Return the key of a table."""
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def author() -> models.ForeignKey:
    """Return the column of who did it."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")


class Migration(migrations.Migration):
    dependencies = [("registry", "0023_stamps_and_names")]

    operations = [
        migrations.CreateModel(
            name="CalendarioPropuesto",
            fields=[
                number(),
                ("clase", models.CharField(max_length=24)),
                ("clave", models.CharField(max_length=40)),
                ("nombre", models.CharField(max_length=160)),
                ("ambito", models.CharField(max_length=8)),
                ("entidad", models.CharField(blank=True, max_length=3)),
                ("anio", models.PositiveSmallIntegerField()),
                ("jornada_el", models.DateField(null=True)),
                ("etapas", models.JSONField()),
                ("propuesto_el", models.DateTimeField()),
                ("propuesto_por", author()),
            ],
            options={"verbose_name": "calendario propuesto"},
        ),
        migrations.CreateModel(
            name="ProcesoAbierto",
            fields=[
                number(),
                ("abierto_el", models.DateTimeField()),
                ("abierto_por", author()),
                (
                    "proceso",
                    models.OneToOneField("registry.proceso", models.PROTECT, related_name="apertura"),
                ),
                (
                    "propuesta",
                    models.OneToOneField("registry.calendariopropuesto", models.PROTECT, related_name="apertura"),
                ),
            ],
            options={"verbose_name": "apertura de proceso"},
        ),
        migrations.AlterField(
            "sujetoobligado",
            "tipo",
            models.CharField(
                choices=[
                    ("partido", "Partido político nacional"),
                    ("partido_local", "Partido político local"),
                    ("coalicion", "Coalición"),
                    ("comun", "Candidatura común"),
                    ("independiente", "Candidatura independiente"),
                    ("aspirante", "Aspirante a candidatura independiente"),
                    ("agrupacion", "Agrupación política"),
                    ("observadores", "Organización de observadores"),
                    ("en_formacion", "Organización que busca ser partido"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(reserve(PROPOSED) + record(PROPOSED) + read_by_all(OPENED, REGISTRY) + record(OPENED)),
    ]
