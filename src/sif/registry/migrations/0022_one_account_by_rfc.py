"""A person has one account: the RFC is of one, is that of a natural person, and never changes once written."""

from django.db import migrations, models
from django.db.models import Q

FIRST = """
DO $$ DECLARE seen text; BEGIN
    SELECT string_agg(u.username, ', ' ORDER BY u.username) INTO seen FROM registry_usuario u
    WHERE u.rfc <> '' AND (u.rfc !~ '^[A-ZÑ&]{4}[0-9]{6}[A-Z0-9]{2}[0-9A]$'
        OR EXISTS (SELECT FROM registry_usuario o WHERE o.rfc = u.rfc AND o.id <> u.id));
    IF seen IS NOT NULL THEN
        RAISE EXCEPTION 'Estas cuentas repiten un RFC o traen uno que no es de persona física: %', seen
            USING HINT = 'Deje el RFC en una de cada persona y vacío en las otras; después ejecute `sif migrar`.';
    END IF;
END $$;
"""
HELD = """
CREATE FUNCTION sif_hold_rfc() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.rfc <> '' AND NEW.rfc <> OLD.rfc THEN
        RAISE EXCEPTION 'El RFC de la cuenta % ya está escrito y no cambia.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registry_usuario_rfc BEFORE UPDATE ON registry_usuario
    FOR EACH ROW EXECUTE FUNCTION sif_hold_rfc();

-- Refuses the act of who is a second eye without an RFC: nobody knows whether it is another person than the first.
CREATE FUNCTION sif_with_rfc() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE who bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM registry_usuario u WHERE u.id = who AND u.rfc <> '') THEN
        RAISE EXCEPTION 'En % actúa la cuenta %, sin RFC: no consta que sea otra persona.', TG_TABLE_NAME, who
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0021_scope_of_the_registry")]
    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "usuario", models.UniqueConstraint(fields=["rfc"], condition=~Q(rfc=""), name="usuario_uno_por_rfc")
        ),
        migrations.AddConstraint(
            "usuario",
            models.CheckConstraint(
                condition=Q(rfc="") | Q(rfc__regex=r"^[A-ZÑ&]{4}[0-9]{6}[A-Z0-9]{2}[0-9A]$"),
                name="usuario_rfc_de_persona",
            ),
        ),
        migrations.RunSQL(HELD),
    ]
