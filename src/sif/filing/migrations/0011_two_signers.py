"""A report that the law asks two people to sign keeps as what each one signed it; the others keep nothing more."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("filing", "0010_hours_of_a_clock")]
    operations = [
        migrations.AddField("compromiso", "papel", models.CharField(max_length=24, null=True)),
        migrations.AddConstraint(
            "compromiso",
            models.CheckConstraint(condition=Q(papel__isnull=True) | ~Q(papel=""), name="compromiso_papel_dicho"),
        ),
    ]
