"""An observación changes by a version: its words and its hallazgos as each version said them stay."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import versioned

PINNED = "SET search_path = pg_catalog, public, pg_temp"
BEFORE = """
DROP TRIGGER observacion_guarda ON audit_observacion;
DROP FUNCTION sif_guard_observacion();
"""
GUARD = f"""
CREATE FUNCTION sif_guard_observacion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE before audit_observacion;
BEGIN
    IF NEW.reemplaza_a_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO before FROM audit_observacion WHERE id = NEW.reemplaza_a_id;
    IF (before.etapa_id, before.numero, before.regla, before.titulo, before.solicitud, before.fundamento,
        before.criterio, before.adoptada_el, before.adoptada_por_id) IS DISTINCT FROM
       (NEW.etapa_id, NEW.numero, NEW.regla, NEW.titulo, NEW.solicitud, NEW.fundamento, NEW.criterio,
        NEW.adoptada_el, NEW.adoptada_por_id) THEN
        RAISE EXCEPTION 'De la observación % solo cambia su texto y su monto, antes de notificarse.', before.numero
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM proceedings_oficio_observaciones WHERE observacion_id = before.id) THEN
        RAISE EXCEPTION 'La observación % ya se notificó y no se modifica.', before.numero
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM audit_observacionsinefecto WHERE observacion_id = before.id) THEN
        RAISE EXCEPTION 'La observación % quedó sin efecto y no se modifica.', before.numero
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER observacion_guarda BEFORE INSERT ON audit_observacion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_observacion();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0011_decisions_are_rows'),
        ('registry', '0013_caps_and_cancellations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(BEFORE),
        migrations.RemoveConstraint(
            model_name='observacion',
            name='observacion_numero_unico',
        ),
        migrations.AddField(
            model_name='observacion',
            name='identidad',
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name='observacion',
            name='reemplaza_a',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reemplazada_por', to='audit.observacion'),
        ),
        migrations.AddField(
            model_name='observacion',
            name='registrada_el',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name='observacion',
            name='registrada_por',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='observacion',
            name='version',
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='observacion',
            name='motivo',
            field=models.CharField(blank=True, help_text='de la adopción en la primera versión; del cambio en las demás', max_length=500),
        ),
        migrations.AddConstraint(
            model_name='observacion',
            constraint=models.UniqueConstraint(fields=('etapa', 'sujeto', 'numero', 'version'), name='observacion_numero_unico'),
        ),
        migrations.RunSQL(versioned("audit_observacion") + GUARD),
    ]
