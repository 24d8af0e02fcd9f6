"""Acts that are written once: the database refuses to change or delete them."""

from django.db import migrations

from sif.registry.protection import refuse_change

IMMUTABLE = ["filing_informe", "filing_presentacion", "filing_cabezaarbol"]


class Migration(migrations.Migration):
    dependencies = [("filing", "0002_initial"), ("books", "0003_immutable_and_walled")]
    operations = [
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
        migrations.RunSQL(
            "ALTER TABLE filing_informe ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY filing_informe_alcance ON filing_informe "
            "USING (sif_visible(contabilidad_id)) WITH CHECK (sif_visible(contabilidad_id));"
            "ALTER TABLE filing_presentacion ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY filing_presentacion_alcance ON filing_presentacion "
            "USING (EXISTS (SELECT 1 FROM filing_informe i WHERE i.id = informe_id)) "
            "WITH CHECK (EXISTS (SELECT 1 FROM filing_informe i WHERE i.id = informe_id));"
        ),
    ]
