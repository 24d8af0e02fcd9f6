"""Let an observación cite as many articles as its rule rests on: eight of them, each por confirmar, pass 200 letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0015_hallazgos_by_rule")]
    operations = [
        migrations.AlterField(
            model_name="observacion", name="fundamento", field=models.CharField(max_length=1000)
        ),
    ]
