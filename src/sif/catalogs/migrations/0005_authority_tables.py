"""Lists that the authority loads for the rules: never changed, and the secret ones seen in its own scope only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import refuse_change, withhold_by_setting

TABLES = ["catalogs_cargadetabla", "catalogs_renglondetabla"]


class Migration(migrations.Migration):
    dependencies = [
        ("catalogs", "0004_lista_69b"),
        ("registry", "0003_cuenta_bancaria_traits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CargaDeTabla",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tabla", models.CharField(max_length=40)),
                ("al", models.DateField()),
                ("archivo", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("renglones", models.PositiveIntegerField()),
                ("secreta", models.BooleanField()),
                ("cargada_el", models.DateTimeField()),
                (
                    "cargada_por",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "etapa",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tablas_cargadas",
                        to="registry.etapa",
                    ),
                ),
            ],
            options={
                "verbose_name": "carga de una lista de la autoridad",
            },
        ),
        migrations.CreateModel(
            name="RenglonDeTabla",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.BigIntegerField()),
                ("secreta", models.BooleanField()),
                ("valores", models.JSONField()),
                (
                    "carga",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filas", to="catalogs.cargadetabla"
                    ),
                ),
            ],
            options={
                "verbose_name": "renglón de una lista de la autoridad",
            },
        ),
        migrations.AddIndex(
            model_name="cargadetabla",
            index=models.Index(fields=["tabla", "etapa", "al"], name="carga_de_tabla_vigente"),
        ),
        migrations.AddConstraint(
            model_name="renglondetabla",
            constraint=models.UniqueConstraint(fields=("carga", "numero"), name="renglon_de_tabla_unico"),
        ),
        migrations.RunSQL("".join(map(refuse_change, TABLES)) + "".join(map(withhold_by_setting, TABLES))),
    ]
