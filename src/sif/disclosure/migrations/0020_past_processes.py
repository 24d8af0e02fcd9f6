"""Totals of past processes, as their public files say them: records, read by anybody, that never become books."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import publish, record, signed_by_pass

TABLES = ["disclosure_cargahistorica", "disclosure_cuentahistorica", "disclosure_cargahistoricaretirada"]


class Migration(migrations.Migration):

    dependencies = [
        ("disclosure", "0019_with_their_act"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CargaHistorica",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clave", models.CharField(max_length=60)),
                ("nombre", models.CharField(max_length=200)),
                ("ambito", models.CharField(blank=True, max_length=8)),
                ("inicia_el", models.DateField(null=True)),
                ("termina_el", models.DateField(null=True)),
                ("archivo", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("mapa", models.JSONField(help_text="de qué columna del archivo salió cada dato")),
                ("redondeados", models.PositiveIntegerField(help_text="importes con fracciones de centavo")),
                ("descuadrados", models.PositiveIntegerField(help_text="cuentas cuyos rubros no suman su total")),
                ("cargada_el", models.DateTimeField()),
                (
                    "cargada_por",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "carga histórica",
                "indexes": [models.Index(fields=["clave", "-id"], name="carga_historica_vigente")],
            },
        ),
        migrations.CreateModel(
            name="CuentaHistorica",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("renglon", models.PositiveIntegerField(help_text="su lugar en el archivo")),
                (
                    "identificador",
                    models.CharField(blank=True, help_text="su número en el archivo, si lo trae", max_length=40),
                ),
                ("nombre", models.CharField(max_length=200)),
                ("sujeto", models.CharField(blank=True, max_length=200)),
                ("siglas", models.CharField(blank=True, max_length=200)),
                ("asociacion", models.CharField(blank=True, max_length=40)),
                ("cargo", models.CharField(blank=True, max_length=120)),
                ("entidad", models.CharField(blank=True, max_length=120)),
                ("lugar", models.CharField(blank=True, max_length=200)),
                ("estatus", models.CharField(blank=True, max_length=40)),
                ("tope", models.BigIntegerField(null=True)),
                ("ingresos", models.BigIntegerField(null=True)),
                ("gasto", models.BigIntegerField(null=True)),
                ("determinado", models.BigIntegerField(null=True)),
                ("ajustes_negativos", models.PositiveSmallIntegerField()),
                ("rubros", models.JSONField(help_text="rubro de gasto -> centavos")),
                ("origenes", models.JSONField(help_text="origen del ingreso -> centavos")),
                (
                    "carga",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cuentas",
                        to="disclosure.cargahistorica",
                    ),
                ),
            ],
            options={
                "verbose_name": "cuenta histórica",
                "constraints": [
                    models.UniqueConstraint(fields=("carga", "renglon"), name="cuenta_historica_unica")
                ],
            },
        ),
        migrations.CreateModel(
            name="CargaHistoricaRetirada",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.CharField(max_length=300)),
                ("hecho_el", models.DateTimeField()),
                (
                    "carga",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retirada",
                        to="disclosure.cargahistorica",
                    ),
                ),
                (
                    "hecho_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "carga histórica retirada",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("motivo", ""), _negated=True), name="carga_historica_retirada_con_motivo"
                    )
                ],
            },
        ),
        migrations.RunSQL("".join(record(table) for table in TABLES) + publish(*TABLES)),
        migrations.RunSQL(
            signed_by_pass("disclosure_cargahistorica", "cargada_por_id")
            + signed_by_pass("disclosure_cargahistoricaretirada", "hecho_por_id")
        ),
    ]
