"""A second factor is added, changed and erased in an act of its person, and an identity is linked by the registry."""

from django.db import migrations

from sif.registry.protection import REGISTRY, read_by_all

THEIRS = f"{REGISTRY} OR user_id = (SELECT sif_autor())"

GUARD = """
-- Out of an act of its person a factor is only marked as used: of recovery codes, one that was not becomes so.
CREATE OR REPLACE FUNCTION sif_guard_factor() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.data IS NOT DISTINCT FROM OLD.data OR public.sif_registro() OR public.sif_autor() = OLD.user_id THEN
        RETURN NEW;
    END IF;
    IF NEW.data - 'used_mask' IS DISTINCT FROM OLD.data - 'used_mask'
       OR (OLD.data ->> 'used_mask')::bigint & ~(NEW.data ->> 'used_mask')::bigint IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'El factor % es de otra persona: solo ella lo cambia, después de entrar.', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0026_records_by_acts")]
    operations = [
        migrations.RunSQL(
            GUARD + read_by_all("mfa_authenticator", THEIRS) + read_by_all("socialaccount_socialaccount", REGISTRY)
        )
    ]
