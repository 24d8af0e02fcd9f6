"""A code of a second factor is taken in an act of its person, or of nobody yet: its step of time does not go back."""

from django.db import migrations

from sif.registry.protection import hold

GUARD = """
-- Out of an act of its person a factor only takes a code: a step of time later than the last one and not of the future,
-- or a recovery code that was not used. When it was last used does not go back.
CREATE OR REPLACE FUNCTION sif_guard_factor() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken bigint := CASE WHEN OLD.type = 'totp' THEN OLD.data ->> 'paso' END;
    takes bigint := CASE WHEN OLD.type = 'totp' THEN NEW.data ->> 'paso' END;
    used bigint := CASE WHEN OLD.type = 'recovery_codes' THEN OLD.data ->> 'used_mask' END;
    uses bigint := CASE WHEN OLD.type = 'recovery_codes' THEN NEW.data ->> 'used_mask' END;
    own text := CASE OLD.type WHEN 'totp' THEN 'paso' WHEN 'recovery_codes' THEN 'used_mask' ELSE '' END;
BEGIN
    IF public.sif_registro() OR public.sif_autor() = OLD.user_id THEN
        RETURN NEW;
    END IF;
    IF NEW.data - own IS DISTINCT FROM OLD.data - own
       OR taken IS NOT NULL AND takes IS NULL OR takes < taken
       OR takes > extract(epoch FROM clock_timestamp()) / 30 + 10
       OR used IS NOT NULL AND (uses IS NULL OR used & ~uses <> 0)
       OR OLD.last_used_at IS NOT NULL AND (NEW.last_used_at IS NULL OR NEW.last_used_at < OLD.last_used_at) THEN
        RAISE EXCEPTION 'El factor % es de otra persona: solo ella lo cambia, después de entrar.', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""


def marked(table: str, condition: str) -> str:
    """The policy by which a credential is marked as used where a condition holds; triggers say what may change."""
    return (
        f"DROP POLICY {table}_candado ON {table};"
        f"CREATE POLICY {table}_candado ON {table} FOR UPDATE USING (true) WITH CHECK ({condition});"
    )


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0032_parts_of_acts_in_acts")]
    operations = [
        migrations.RunSQL(
            GUARD
            + marked("mfa_authenticator", "(SELECT sif_autor()) = 0")
            + marked("socialaccount_socialaccount", "(SELECT sif_autor()) IS NOT NULL")
            + hold("mfa_authenticator", "user_id", "type", "created_at")
            + hold("socialaccount_socialaccount", "user_id", "provider", "uid", "date_joined")
        ),
    ]
