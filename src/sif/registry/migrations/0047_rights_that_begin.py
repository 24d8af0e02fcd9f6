"""An appointment gives a role from its first day: one that was written beforehand gives nothing yet."""

from django.db import migrations

# A legal day is at most one day from that of UTC, wherever the authority is; the services ask for the very day.
GUARD = """
CREATE OR REPLACE FUNCTION sif_gives_role(quien bigint, dado text, de bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien
            AND n.desde <= (now() AT TIME ZONE 'UTC')::date + 1 AND n.hasta > (now() AT TIME ZONE 'UTC')::date - 1
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())
            AND (n.rol = 'administrador' OR n.rol IN ('responsable_finanzas', 'administrador_so')
                AND n.sujeto_id = de AND dado IN ('administrador_so', 'capturista', 'candidatura', 'consulta')))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0046_dates_moved_by_accord")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
