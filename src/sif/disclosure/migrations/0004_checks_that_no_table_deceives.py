"""Checks that run as the owner of the tables look for temporary tables last: none can deceive them."""

from django.db import migrations

# They ran with `public` alone, and there a temporary table of any connection comes first.
CHECKS = "".join(
    f"ALTER FUNCTION {name}() SET search_path = pg_catalog, public, pg_temp;"
    for name in (
        "banks_check_enlace", "sif_check_prorrateo", "sif_check_prorrateo_reversal", "sif_refuse_late_lines",
        "sif_close_polizas",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0003_walls_by_pass"),
        ("audit", "0008_records"),
        ("notices", "0002_initial"),
        ("proceedings", "0006_records"),
    ]
    operations = [migrations.RunSQL(CHECKS)]
