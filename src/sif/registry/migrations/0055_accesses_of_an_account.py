"""The events of an account are read by its person and by who manages it, and no longer by the administrators alone."""

from django.db import migrations, models

from sif.registry.protection import ALL, wall

TABLE = "registry_suceso"
PINNED = "LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp"
READS = f"""
-- Whether the person of the pass manages an account: every role that it ever had is one that they give.
CREATE FUNCTION sif_maneja_cuenta(cuenta bigint) RETURNS boolean {PINNED} AS $$
    SELECT EXISTS (SELECT FROM registry_nombramiento n WHERE n.usuario_id = cuenta) AND NOT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = cuenta
            AND NOT sif_gives_role(sif_persona(), n.rol, n.sujeto_id))
$$;

-- What a person did is theirs to read; of what was done to an account, and of its entries, its person and who manages it.
CREATE FUNCTION sif_ve_suceso(clase text, tipo text, objeto bigint, persona bigint) RETURNS boolean {PINNED} AS $$
    SELECT sif_persona() > 0 AND CASE
        WHEN tipo = 'Usuario' THEN persona = sif_persona() OR clase IN ('entrada', 'credencial', 'cuenta')
            AND (objeto = sif_persona() OR sif_maneja_cuenta(objeto))
        ELSE persona = sif_persona() OR clase IN ('entrada', 'credencial') AND sif_maneja_cuenta(persona) END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0054_columns_of_files")]
    operations = [
        migrations.AddIndex(
            "suceso",
            models.Index(fields=["objeto", "-id"], name="suceso_de_cuenta", condition=models.Q(tipo="Usuario")),
        ),
        migrations.RunSQL(READS),
        migrations.RunSQL(wall(TABLE, f"{ALL} OR sif_ve_suceso(clase, tipo, objeto, persona_id)", ALL)),
    ]
