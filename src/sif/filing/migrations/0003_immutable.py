"""Acts that are written once: the database refuses to change or delete them."""

from django.db import migrations

IMMUTABLE = ["filing_informe", "filing_presentacion", "filing_cabezaarbol"]


def refuse_change(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE of a table."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


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
