"""Why and since when a candidacy no longer contends, who took its place, and which reports have a term that runs.

What was published before does not say it: it stays null or empty, by default in the database, since a program of the
version before publishes meanwhile.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0043_emblem_of_the_subject")]
    operations = [
        migrations.AddField(
            "procesopublicado",
            "informes",
            models.JSONField(
                help_text="por clase de informe: cuántos vencieron, se presentaron y corren; nulo antes de que se guardara",
                null=True,
            ),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "baja",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="por qué dejó de contender, clave de bajas.yaml",
                max_length=20,
            ),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "baja_desde",
            models.DateField(help_text="primer día en que ya no contiende", null=True),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "sustituta",
            models.CharField(
                blank=True, db_default="", default="", help_text="nombre de quien la sustituye", max_length=160
            ),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "sustituta_contabilidad",
            models.BigIntegerField(help_text="contabilidad de quien la sustituye", null=True),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "informes_en_plazo",
            models.PositiveSmallIntegerField(
                help_text="sin presentar y con plazo que corre; nulo antes de que se guardara", null=True
            ),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "informes_hasta",
            models.DateField(help_text="último día del último de esos plazos", null=True),
        ),
    ]
