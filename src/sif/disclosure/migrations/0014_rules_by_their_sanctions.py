"""A published rule counts its sanctions, and not what a review in course examined and found; the copies are emptied."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0013_walls_of_roots")]
    operations = [
        migrations.RunSQL("TRUNCATE disclosure_reglapublicada;"),  # copies of what was not to be public
        migrations.RemoveField("reglapublicada", "juzgadas"),
        migrations.RemoveField("reglapublicada", "hallazgos"),
        migrations.RemoveField("reglapublicada", "sin_dato"),
        migrations.AddField("reglapublicada", "sancionadas", models.PositiveIntegerField(default=0), preserve_default=False),
    ]
