"""An observación that an oficio notified is left without effect too, with the notice to its subject."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION sif_guard_sin_efecto() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE notificada CONSTANT boolean := EXISTS (
    SELECT FROM proceedings_oficio_observaciones WHERE observacion_id = NEW.observacion_id);
BEGIN
    IF notificada AND NEW.notificacion_id IS NULL THEN
        RAISE EXCEPTION 'La observación % ya se notificó: queda sin efecto con aviso al sujeto.', NEW.observacion_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT notificada AND NEW.notificacion_id IS NOT NULL THEN
        RAISE EXCEPTION 'La observación % no se notificó: no hay qué avisar.', NEW.observacion_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM proceedings_conclusion WHERE observacion_id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % ya tiene conclusión en su dictamen.', NEW.observacion_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.hecho_por_id = (SELECT adoptada_por_id FROM audit_observacion WHERE id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % la deja sin efecto otra persona que quien la adoptó.', NEW.observacion_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0016_longer_grounds"),
        ("notices", "0003_records"),
        ("proceedings", "0023_longer_grounds"),
    ]
    operations = [
        migrations.AddField(
            model_name="observacionsinefecto",
            name="notificacion",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sin_efecto",
                to="notices.notificacion",
                help_text="el aviso a su sujeto, de lo que un oficio ya había notificado",
            ),
        ),
        migrations.RunSQL(GUARD),
    ]
