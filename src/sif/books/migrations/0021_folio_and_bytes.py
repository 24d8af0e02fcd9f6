"""An invoice is its folio and the bytes of its XML, so that who shows first a folio keeps it from nobody (ADR 0217)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0020_chart_by_who_holds_the_machine")]
    operations = [
        migrations.AlterField("comprobante", "uuid", models.CharField(max_length=36)),
        migrations.AddConstraint(
            "comprobante",
            models.UniqueConstraint(fields=["uuid", "xml_sha256"], name="comprobante_folio_y_archivo"),
        ),
    ]
