"""Date a change of name after the one before it, though the clock stepped back between them."""

from django.db import migrations

NAMES = """
CREATE OR REPLACE FUNCTION sif_date_name() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.renombrada_el := NULL;
    ELSIF (NEW.username, NEW.nombre, NEW.rfc) IS DISTINCT FROM (OLD.username, OLD.nombre, OLD.rfc) THEN
        NEW.renombrada_el := greatest(clock_timestamp(), (SELECT max(v.desde) + interval '1 microsecond'
            FROM public.registry_nombreusuario v WHERE v.usuario_id = NEW.id));
    ELSE
        NEW.renombrada_el := OLD.renombrada_el;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0040_approval_of_candidacies")]
    operations = [migrations.RunSQL(NAMES, migrations.RunSQL.noop)]
