"""What was not reported is absent until the council resolves, and a stage keeps that it was proposed before that.

What was published stays as it was: its amounts are not emptied, and nobody said whether there was a vote.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0040_approval_of_candidacies")]
    operations = [
        migrations.AlterField(
            "contabilidadpublicada",
            "no_reportado",
            models.BigIntegerField(help_text="nulo mientras el Consejo no lo resuelve", null=True),
        ),
        migrations.AddField(
            "procesopublicado",
            "sin_voto",
            models.BooleanField(
                help_text="se propuso sin ninguna resolución aprobada; nulo antes de que se guardara", null=True
            ),
        ),
    ]
