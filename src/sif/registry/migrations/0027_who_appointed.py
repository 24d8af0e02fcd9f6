"""An appointment says who made it; those that are there keep their leaf, which leaves out what is null."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0026_two_people_for_accounts")]
    operations = [
        migrations.AddField(
            model_name="nombramiento",
            name="nombrado_por",
            field=models.ForeignKey(
                help_text="quién nombró; vacío: la orden que hace la instalación, o antes de que se guardara",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        )
    ]
