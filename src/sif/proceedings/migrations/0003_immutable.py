"""Acts that are written once: the database refuses to change or delete them."""

from django.db import migrations

IMMUTABLE = ["proceedings_documento", "proceedings_respuesta", "proceedings_voto"]


def refuse_change(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE of a table."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0002_initial"), ("books", "0003_immutable_and_walled")]
    operations = [migrations.RunSQL("".join(map(refuse_change, IMMUTABLE)))]
