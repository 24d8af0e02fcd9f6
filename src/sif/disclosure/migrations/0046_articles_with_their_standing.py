"""A published article says beside it that the authority confirmed it, which takes more letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0045_resoluciones_of_who_pays_a_part")]
    operations = [migrations.AlterField("sancionpublicada", "articulo", models.CharField(max_length=400))]
