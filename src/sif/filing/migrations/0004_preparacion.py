"""When a cadena was given to be signed; kept like every act: nobody changes it, and only its books see it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filing", "0003_immutable"), ("registry", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Preparacion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serie", models.CharField(help_text="los 20 dígitos del certificado con que se firmará", max_length=40)),
                ("rfc", models.CharField(max_length=13)),
                ("preparada_el", models.DateTimeField()),
                (
                    "informe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="preparaciones", to="filing.informe"
                    ),
                ),
            ],
            options={
                "verbose_name": "preparación de cadena",
                "indexes": [models.Index(fields=["informe", "serie"], name="preparacion_informe_serie")],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER filing_preparacion_inmutable BEFORE UPDATE OR DELETE ON filing_preparacion "
            "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
            "CREATE TRIGGER filing_preparacion_sin_vaciar BEFORE TRUNCATE ON filing_preparacion "
            "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
            "ALTER TABLE filing_preparacion ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY filing_preparacion_alcance ON filing_preparacion "
            "USING (EXISTS (SELECT 1 FROM filing_informe i WHERE i.id = informe_id)) "
            "WITH CHECK (EXISTS (SELECT 1 FROM filing_informe i WHERE i.id = informe_id));"
        ),
    ]
