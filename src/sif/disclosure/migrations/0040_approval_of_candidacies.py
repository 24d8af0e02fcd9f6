"""The day from which a candidacy contends, and its accord, are published with its statement of account.

The empty accord has its default in the database: a program of the version before publishes while this one is put in.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0037_answers_after_what_they_answer")]
    operations = [
        migrations.AddField(
            "contabilidadpublicada",
            "contiende_desde",
            models.DateField(help_text="de la candidatura; nulo si no consta o no es de una", null=True),
        ),
        migrations.AddField(
            "contabilidadpublicada",
            "acuerdo_aprobacion",
            models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
