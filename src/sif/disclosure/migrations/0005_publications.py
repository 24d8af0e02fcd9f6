"""Publishing is an act of record of two people, and so is withdrawing; the published tables are copies of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, wall

GUARDS = """
CREATE FUNCTION sif_guard_publicacion() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE propuesta disclosure_publicacionpropuesta;
BEGIN
    SELECT * INTO propuesta FROM disclosure_publicacionpropuesta WHERE id = NEW.propuesta_id;
    IF propuesta.propuesta_por_id IS NOT DISTINCT FROM NEW.publicada_por_id THEN
        RAISE EXCEPTION 'La publicación la propone una persona y la hace otra.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM disclosure_publicacionpropuesta p
               WHERE p.etapa_id = propuesta.etapa_id AND p.id > propuesta.id) THEN
        RAISE EXCEPTION 'Hay una propuesta de publicación posterior.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publicacion_guarda BEFORE INSERT ON disclosure_publicacion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_publicacion();
"""
RECORDS = ["disclosure_publicacionpropuesta", "disclosure_publicacion", "disclosure_publicacionretirada"]
AUTHORITY = "(SELECT sif_todo())"  # what is proposed and withdrawn is work of the authority; the copies are public


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0004_checks_that_no_table_deceives'),
        ('registry', '0009_records_of_rnp'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicacionPropuesta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('huella', models.CharField(max_length=64)),
                ('propuesta_el', models.DateTimeField()),
                ('etapa', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publicaciones_propuestas', to='registry.etapa')),
                ('propuesta_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'publicación propuesta',
            },
        ),
        migrations.CreateModel(
            name='Publicacion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('publicada_el', models.DateTimeField()),
                ('publicada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('propuesta', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publicacion', to='disclosure.publicacionpropuesta')),
            ],
            options={
                'verbose_name': 'publicación',
            },
        ),
        migrations.CreateModel(
            name='PublicacionRetirada',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motivo', models.CharField(max_length=500)),
                ('hecho_el', models.DateTimeField()),
                ('hecho_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publicacion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retirada', to='disclosure.publicacion')),
            ],
            options={
                'verbose_name': 'publicación retirada',
                'constraints': [models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='publicacion_retirada_con_motivo')],
            },
        ),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL("".join(record(table) + wall(table, AUTHORITY) for table in RECORDS)),
    ]
