"""A dictamen says who opened it, and another person closes it, as the database also holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PINNED = "SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
CREATE FUNCTION sif_guard_dictamen_abierto() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM proceedings_dictamen d
        WHERE d.id = NEW.dictamen_id AND d.abierto_por_id = NEW.cerrado_por_id) THEN
        RAISE EXCEPTION 'El dictamen % lo cierra otra persona que quien lo abrió.', NEW.dictamen_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dictamen_cerrado_otra_persona BEFORE INSERT ON proceedings_dictamencerrado
    FOR EACH ROW EXECUTE FUNCTION sif_guard_dictamen_abierto();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0008_acts_beside_their_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="dictamen",
            name="abierto_por",
            field=models.ForeignKey(help_text="vacío: lo abierto antes de que se guardara quién", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(GUARD),
    ]
