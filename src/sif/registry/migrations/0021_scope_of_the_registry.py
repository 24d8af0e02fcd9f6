"""A scope of its own for the tables that say who may do what and until when; every request is refused them."""

from django.db import migrations

from sif.registry.protection import PINNED, REGISTRY, read_by_all

OPENED = f"""
-- Whether the scope is the registry's own. Never null.
CREATE FUNCTION sif_registro() RETURNS boolean LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF left(coalesce(current_setting('sif.pase', true), ''), 9) <> 'registro|' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT 1 FROM public.sif_pase() p WHERE p.alcance = 'registro');
END $$;

-- Refuses a change of the columns named: the row of a person does not become the row of another.
CREATE FUNCTION sif_hold_columns() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
            RAISE EXCEPTION '% no cambia en %: es de quien era. Haga una fila nueva.', name, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""
LOCKED = ("proceso", "etapa", "sujetoobligado", "contabilidad", "usuario")
OTHERS = (
    "integrantecoalicion", "candidatura", "periodo", "cancelacioncontabilidad", "topecontabilidad", "ventana",
    "registrornp", "nombramiento", "nombramiento_contabilidades", "finnombramiento", "invitacion", "cierreinvitacion",
    "usuario_groups", "usuario_user_permissions",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_whole_rows")]
    operations = [
        migrations.RunSQL(OPENED),
        migrations.RunSQL(
            "".join(read_by_all(f"registry_{name}", REGISTRY, locks=True) for name in LOCKED)
            + "".join(read_by_all(f"registry_{name}", REGISTRY) for name in OTHERS)
        ),
    ]
