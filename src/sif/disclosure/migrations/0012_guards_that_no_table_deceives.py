"""Guards look for temporary tables last: a shadow of the proposals does not let one person do what takes two."""

from django.db import migrations

GUARDS = "".join(
    f"ALTER FUNCTION {name}() SET search_path = pg_catalog, public, pg_temp;"
    for name in (
        "sif_guard_oficio", "sif_guard_sin_efecto", "sif_guard_observacion_hallazgo", "sif_refuse_change",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0011_walls_of_what_is_published"),
        ("audit", "0012_versions_of_observaciones"),
        ("proceedings", "0008_acts_beside_their_matter"),
    ]
    operations = [migrations.RunSQL(GUARDS)]
