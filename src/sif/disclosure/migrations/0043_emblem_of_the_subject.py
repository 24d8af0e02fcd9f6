"""The emblem of a subject on the last day of a stage is published with each statement of account.

It is empty where there is none, and by default in the database: a program of the version before publishes meanwhile.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0042_proposals_of_notified_oficios")]
    operations = [
        migrations.AddField(
            "contabilidadpublicada",
            "emblema",
            models.CharField(
                blank=True, db_default="", default="", help_text="SHA-256 del PNG del sujeto", max_length=64
            ),
        ),
    ]
