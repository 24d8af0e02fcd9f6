"""Who gives a role, and who asks whose RFC was proven, do so by the day of the law and not by that of the session.

`CURRENT_DATE` is that of the zone of the session, which SQL that got into a page sets as it likes: with it, an
appointment that ended gave a day more.
"""

from django.db import migrations

from sif.registry.protection import PINNED

PATH = "SET search_path = pg_catalog, public, pg_temp"

# A legal day is at most one day from that of UTC, wherever the authority is.
GUARDS = f"""
CREATE OR REPLACE FUNCTION sif_gives_role(quien bigint, dado text, de bigint) RETURNS boolean LANGUAGE sql STABLE
    {PATH} AS $$
    SELECT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien AND n.hasta > (now() AT TIME ZONE 'UTC')::date - 1
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())
            AND (n.rol = 'administrador' OR n.rol IN ('responsable_finanzas', 'administrador_so')
                AND n.sujeto_id = de AND dado IN ('administrador_so', 'capturista', 'candidatura', 'consulta')))
$$;

CREATE OR REPLACE FUNCTION sif_rfc_probado(cuenta bigint) RETURNS boolean LANGUAGE sql {PINNED} AS $$
    SELECT (sif_todo() OR sif_registro() OR sif_persona() IN (cuenta, -1) OR EXISTS (
        SELECT FROM registry_nombramiento n
        WHERE n.usuario_id = sif_persona() AND n.rol IN ('responsable_finanzas', 'administrador_so')
          AND n.hasta > (now() AT TIME ZONE 'UTC')::date - 1 AND NOT EXISTS (
            SELECT FROM registry_finnombramiento f WHERE f.nombramiento_id = n.id AND f.termina_el <= now())))
    AND EXISTS (
        SELECT FROM registry_pruebarfc p JOIN registry_usuario u ON u.id = p.usuario_id AND u.rfc = p.rfc
        WHERE p.usuario_id = cuenta AND NOT EXISTS (
            SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
            WHERE i.usuario_id = cuenta AND c.usada_por_id IS NOT NULL AND c.cerrada_el >= p.hecha_el))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0042_links_of_who_still_gives"),
        ("disclosure", "0037_answers_after_what_they_answer"),
    ]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
