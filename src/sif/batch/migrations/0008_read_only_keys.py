"""A key says whether it only reads. Those of before say nothing, so that their leaves stay, and post as they did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batch", "0007_ledgers")]
    operations = [
        migrations.AddField(
            "claveapi",
            "solo_lectura",
            models.BooleanField(null=True, help_text="vacío: de antes de poder elegirlo; registra"),
        ),
    ]
