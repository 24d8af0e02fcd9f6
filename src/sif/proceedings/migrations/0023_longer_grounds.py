"""Let a conclusion cite as many articles as the observación that it concludes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0022_results_of_second_answers")]
    operations = [
        migrations.AlterField(model_name="conclusion", name="articulo", field=models.CharField(max_length=1000)),
    ]
