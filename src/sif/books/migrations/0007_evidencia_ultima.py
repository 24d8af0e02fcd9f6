"""An index that answers at once which piece of evidence of some books is the last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0006_campaign_walls")]
    operations = [
        migrations.AddIndex("evidencia", models.Index(fields=["contabilidad", "id"], name="evidencia_ultima"))
    ]
