"""Widen the form of a published sanction, which may be a reprimand or as much as what was exceeded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0021_open_files")]
    operations = [migrations.AlterField("sancionpublicada", "forma", models.CharField(max_length=16))]
