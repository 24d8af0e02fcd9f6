"""Who must report, for what, when, and by whom: what nothing changes becomes a record, each row with its leaf."""

from django.db import migrations

from sif.registry.protection import record

LOCKED = ("proceso", "etapa", "sujetoobligado")
GUARDED = (
    "territorio", "cargo", "integrantecoalicion", "candidatura", "periodo", "ventana", "proveedor", "nombramiento",
    "nombramiento_contabilidades",
)  # fmt: skip
SQL = "".join(
    [record(f"registry_{name}", lock=True) for name in LOCKED] + [record(f"registry_{name}") for name in GUARDED]
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_records_of_rnp")]
    operations = [migrations.RunSQL(SQL)]
