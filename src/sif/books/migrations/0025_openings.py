"""The opening of the books of a year is an act: with what it brings, from where, and since when each thing is owed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import of_its_act, pair, record, signed, wall

PROTECT = django.db.models.deletion.PROTECT


def _key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0024_chart_in_acts"),
        ("registry", "0049_closed_stages"),
    ]
    operations = [
        migrations.AlterField(
            "poliza",
            "clase",
            models.CharField(
                choices=[
                    ("ordinaria", "Ordinaria"),
                    ("transferencia", "Transferencia"),
                    ("reclasificacion", "Reclasificación"),
                    ("prorrateo", "Prorrateo"),
                    ("apertura", "Apertura"),
                ],
                default="ordinaria",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Apertura",
            fields=[
                ("id", _key()),
                (
                    "origen",
                    models.CharField(
                        choices=[
                            ("cierre", "Ejercicio anterior en este sistema"),
                            ("archivo", "Traído de otro programa"),
                        ],
                        max_length=8,
                    ),
                ),
                ("eslabon", models.PositiveIntegerField(help_text="último de los libros que cerraron", null=True)),
                ("huella", models.BinaryField(max_length=32, null=True)),
                (
                    "resultado",
                    models.BigIntegerField(default=0, help_text="del ejercicio que cerró: ingresos menos gastos"),
                ),
                ("nombre", models.CharField(blank=True, max_length=255)),
                ("motivo", models.CharField(blank=True, max_length=300)),
                ("hecha_el", models.DateTimeField()),
                ("ajusta", models.ForeignKey("books.apertura", PROTECT, null=True, related_name="ajustes")),
                ("archivo", models.ForeignKey("books.archivo", PROTECT, null=True, related_name="aperturas")),
                ("contabilidad", models.ForeignKey("registry.contabilidad", PROTECT, related_name="aperturas")),
                ("de", models.ForeignKey("registry.contabilidad", PROTECT, null=True, related_name="cierres")),
                ("hecha_por", models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")),
                ("poliza", models.OneToOneField("books.poliza", PROTECT, related_name="apertura")),
            ],
            options={"verbose_name": "apertura de ejercicio"},
        ),
        migrations.CreateModel(
            name="PartidaApertura",
            fields=[
                ("id", _key()),
                ("linea", models.PositiveSmallIntegerField()),
                ("fecha", models.DateField()),
                ("referencia", models.CharField(blank=True, max_length=80)),
                ("apertura", models.ForeignKey("books.apertura", PROTECT, related_name="partidas")),
                (
                    "contabilidad",
                    models.ForeignKey("registry.contabilidad", PROTECT, related_name="partidas_apertura"),
                ),
            ],
            options={"verbose_name": "partida de apertura"},
        ),
        migrations.AddConstraint(
            "apertura",
            models.UniqueConstraint(fields=["contabilidad"], condition=Q(ajusta=None), name="apertura_una_vez"),
        ),
        migrations.AddConstraint(
            "apertura", models.UniqueConstraint(fields=["de"], condition=Q(ajusta=None), name="cierre_una_vez")
        ),
        migrations.AddConstraint(
            "apertura",
            models.CheckConstraint(
                condition=Q(origen="cierre", de__isnull=False, eslabon__isnull=False, archivo=None)
                | Q(origen="archivo", de=None, archivo__isnull=False),
                name="apertura_con_su_origen",
            ),
        ),
        migrations.AddConstraint(
            "apertura", models.CheckConstraint(condition=Q(ajusta=None) | ~Q(motivo=""), name="ajuste_con_motivo")
        ),
        migrations.AddConstraint(
            "partidaapertura",
            models.UniqueConstraint(fields=["apertura", "linea"], name="partida_una_por_linea"),
        ),
        migrations.RunSQL(
            record("books_apertura")
            + wall("books_apertura")
            + signed("books_apertura", "hecha_por_id")
            + pair("books_apertura")
            + record("books_partidaapertura")
            + wall("books_partidaapertura")
            + of_its_act("books_partidaapertura", "apertura_id", "books_apertura")
        ),
    ]
