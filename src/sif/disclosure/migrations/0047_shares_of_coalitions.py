"""Who makes up a coalition and with what share, beside each statement of its books.

What was published before does not say it: it stays null, by default in the database, since a program of the version
before publishes meanwhile.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0046_articles_with_their_standing")]
    operations = [
        migrations.AddField(
            "contabilidadpublicada",
            "integrantes",
            models.JSONField(
                help_text="de una coalición: siglas, nombre, parte en puntos base, desde y acuerdo; nulo si no se guardó",
                null=True,
            ),
        )
    ]
