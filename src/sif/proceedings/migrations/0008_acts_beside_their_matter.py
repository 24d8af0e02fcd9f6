"""Analyses are versions, and closing, submitting, counting and revoking are rows: nothing in a proceeding changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, seen, show

USER = settings.AUTH_USER_MODEL
MOVE = """
DROP TRIGGER conclusion_guarda ON proceedings_conclusion;
DROP TRIGGER dictamen_guarda ON proceedings_dictamen;
DROP TRIGGER dictamen_de_dos_personas ON proceedings_dictamen;
DROP TRIGGER resolucion_guarda ON proceedings_resolucion;
DROP TRIGGER resolucion_de_dos_personas ON proceedings_resolucion;
DROP FUNCTION sif_guard_conclusion(), sif_guard_dictamen(), sif_guard_dos_personas(), sif_guard_resolucion(),
    sif_guard_cuenta();

INSERT INTO proceedings_analisisconclusion (conclusion_id, version, respuesta_considerada, analisis, referencia,
    monto_no_atendido, unidades_no_atendidas, hecho_el, hecho_por_id)
    SELECT c.id, 1, c.respuesta_considerada, c.analisis, c.referencia, c.monto_no_atendido, c.unidades_no_atendidas,
        coalesce(c.cerrada_el, d.abierto_el), c.cerrada_por_id
    FROM proceedings_conclusion c JOIN proceedings_dictamen d ON d.id = c.dictamen_id
    WHERE c.analisis <> '' OR c.respuesta_considerada <> '' OR c.referencia <> ''
       OR c.unidades_no_atendidas IS NOT NULL ORDER BY c.id;
INSERT INTO proceedings_conclusioncerrada (conclusion_id, analisis_id, cerrada_el, cerrada_por_id)
    SELECT c.id, a.id, c.cerrada_el, c.cerrada_por_id
    FROM proceedings_conclusion c JOIN proceedings_analisisconclusion a ON a.conclusion_id = c.id
    WHERE c.cerrada_el IS NOT NULL ORDER BY c.cerrada_el, c.id;
INSERT INTO proceedings_dictamencerrado (dictamen_id, documento_id, cerrado_el, cerrado_por_id)
    SELECT id, documento_id, cerrado_el, cerrado_por_id FROM proceedings_dictamen
    WHERE cerrado_el IS NOT NULL ORDER BY cerrado_el, id;
INSERT INTO proceedings_resolucionsometida (resolucion_id, sometida_el, sometida_por_id)
    SELECT id, coalesce(votada_el, elaborada_el), NULL FROM proceedings_resolucion
    WHERE estado <> 'proyecto' ORDER BY id;
INSERT INTO proceedings_resolucionvotada (resolucion_id, estado, documento_id, votada_el, contada_por_id)
    SELECT id, estado, documento_id, coalesce(votada_el, elaborada_el), contada_por_id FROM proceedings_resolucion
    WHERE estado IN ('aprobada', 'rechazada') ORDER BY id;
UPDATE proceedings_resolucion r SET documento_id = d.id FROM proceedings_documento d WHERE d.clave = r.numero || '/proyecto';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARDS = f"""
CREATE FUNCTION sif_guard_conclusion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM proceedings_dictamencerrado WHERE dictamen_id = NEW.dictamen_id) THEN
        RAISE EXCEPTION 'El dictamen de la conclusión % está cerrado.', NEW.clave USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_analisis() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE observado bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM proceedings_conclusioncerrada WHERE conclusion_id = NEW.conclusion_id) THEN
        RAISE EXCEPTION 'La conclusión % está cerrada y no se analiza de nuevo.', NEW.conclusion_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT o.monto INTO observado FROM proceedings_conclusion c JOIN audit_observacion o ON o.id = c.observacion_id
        WHERE c.id = NEW.conclusion_id;
    IF NEW.monto_no_atendido < 0 OR NEW.monto_no_atendido > observado THEN
        RAISE EXCEPTION 'La conclusión % deja % centavos sin atender de % observados.',
            NEW.conclusion_id, NEW.monto_no_atendido, observado USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_conclusion_cerrada() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE a proceedings_analisisconclusion;
BEGIN
    SELECT * INTO a FROM proceedings_analisisconclusion WHERE id = NEW.analisis_id;
    IF a.conclusion_id <> NEW.conclusion_id OR EXISTS (
        SELECT 1 FROM proceedings_analisisconclusion v WHERE v.conclusion_id = a.conclusion_id AND v.version > a.version)
    THEN
        RAISE EXCEPTION 'La conclusión % se cierra con la última versión de su análisis.', NEW.conclusion_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF a.respuesta_considerada !~ '\\S' OR a.analisis !~ '\\S' OR a.referencia = '' THEN
        RAISE EXCEPTION 'La conclusión % no tiene respuesta considerada, análisis y referencia.', NEW.conclusion_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_dictamen_cerrado() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM proceedings_conclusion c WHERE c.dictamen_id = NEW.dictamen_id
        AND NOT EXISTS (SELECT 1 FROM proceedings_conclusioncerrada x WHERE x.conclusion_id = c.id)) THEN
        RAISE EXCEPTION 'El dictamen % tiene conclusiones sin cerrar.', NEW.dictamen_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM proceedings_conclusion c JOIN proceedings_conclusioncerrada x ON x.conclusion_id = c.id
        WHERE c.dictamen_id = NEW.dictamen_id AND x.cerrada_por_id = NEW.cerrado_por_id) THEN
        RAISE EXCEPTION 'El dictamen % lo cierra otra persona que quien cerró sus conclusiones.', NEW.dictamen_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_resolucion_votada() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE elaborada_por bigint;
BEGIN
    SELECT elaborada_por_id INTO elaborada_por FROM proceedings_resolucion WHERE id = NEW.resolucion_id;
    IF elaborada_por IS NULL OR NEW.contada_por_id IS NULL OR elaborada_por = NEW.contada_por_id THEN
        RAISE EXCEPTION 'La resolución % la elabora una persona y otra cuenta su votación.', NEW.resolucion_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM proceedings_resolucionsometida WHERE resolucion_id = NEW.resolucion_id) THEN
        RAISE EXCEPTION 'Solo se cuenta la votación de lo que se sometió.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION sif_guard_sancion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM proceedings_resolucionsometida WHERE resolucion_id = NEW.resolucion_id) THEN
        RAISE EXCEPTION 'Solo un proyecto de resolución recibe sanciones.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION sif_guard_voto() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM proceedings_resolucionsometida WHERE resolucion_id = NEW.resolucion_id)
       OR EXISTS (SELECT 1 FROM proceedings_resolucionvotada WHERE resolucion_id = NEW.resolucion_id) THEN
        RAISE EXCEPTION 'Solo se vota lo que está en discusión.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conclusion_guarda BEFORE INSERT ON proceedings_conclusion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_conclusion();
CREATE TRIGGER analisis_guarda BEFORE INSERT ON proceedings_analisisconclusion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_analisis();
CREATE TRIGGER conclusion_cerrada_guarda BEFORE INSERT ON proceedings_conclusioncerrada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_conclusion_cerrada();
CREATE TRIGGER dictamen_cerrado_guarda BEFORE INSERT ON proceedings_dictamencerrado
    FOR EACH ROW EXECUTE FUNCTION sif_guard_dictamen_cerrado();
CREATE TRIGGER resolucion_votada_guarda BEFORE INSERT ON proceedings_resolucionvotada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_resolucion_votada();
"""
RECORDS = [
    "proceedings_dictamen", "proceedings_dictamencerrado", "proceedings_conclusion", "proceedings_analisisconclusion",
    "proceedings_conclusioncerrada", "proceedings_resolucionsometida", "proceedings_resolucionvotada",
    "proceedings_determinado", "proceedings_determinadorevocado",
]  # fmt: skip
PARENTS = (
    ("dictamencerrado", "dictamen"), ("analisisconclusion", "conclusion"), ("conclusioncerrada", "conclusion"),
    ("resolucionsometida", "resolucion"), ("resolucionvotada", "resolucion"), ("determinadorevocado", "determinado"),
)  # fmt: skip
WALLS = "".join(
    show(f"proceedings_{table}", reads=seen(f"{parent}_id", f"id FROM proceedings_{parent}"))
    for table, parent in PARENTS
)


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0007_two_people"),
        ("audit", "0011_decisions_are_rows"),
        migrations.swappable_dependency(USER),
    ]
    operations = [
        migrations.CreateModel(
            name='AnalisisConclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('respuesta_considerada', models.TextField(blank=True)),
                ('analisis', models.TextField(blank=True)),
                ('referencia', models.CharField(blank=True, choices=[('atendida', 'Atendida'), ('sin_efectos', 'Sin efectos'), ('no_atendida', 'No atendida')], max_length=12)),
                ('monto_no_atendido', models.BigIntegerField(default=0)),
                ('unidades_no_atendidas', models.PositiveIntegerField(help_text='hechos no atendidos de los observados; vacío: todos los hallazgos', null=True)),
                ('hecho_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'análisis de una conclusión',
                'ordering': ['version'],
            },
        ),
        migrations.CreateModel(
            name='ConclusionCerrada',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cerrada_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'conclusión cerrada',
            },
        ),
        migrations.CreateModel(
            name='DeterminadoRevocado',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motivo', models.CharField(max_length=500)),
                ('hecho_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'monto determinado que se revocó',
            },
        ),
        migrations.CreateModel(
            name='DictamenCerrado',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cerrado_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'dictamen cerrado',
            },
        ),
        migrations.CreateModel(
            name='ResolucionSometida',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sometida_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'resolución sometida a votación',
            },
        ),
        migrations.CreateModel(
            name='ResolucionVotada',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estado', models.CharField(choices=[('proyecto', 'Proyecto'), ('en_discusion', 'En discusión'), ('aprobada', 'Aprobada'), ('rechazada', 'Rechazada')], max_length=12)),
                ('votada_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'resolución votada',
            },
        ),
        migrations.AddField(
            model_name='analisisconclusion',
            name='conclusion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versiones', to='proceedings.conclusion'),
        ),
        migrations.AddField(
            model_name='analisisconclusion',
            name='hecho_por',
            field=models.ForeignKey(help_text='vacío: lo escrito antes de que se guardaran versiones', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='conclusioncerrada',
            name='analisis',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cierre', to='proceedings.analisisconclusion'),
        ),
        migrations.AddField(
            model_name='conclusioncerrada',
            name='cerrada_por',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='conclusioncerrada',
            name='conclusion',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cierre', to='proceedings.conclusion'),
        ),
        migrations.AddField(
            model_name='determinadorevocado',
            name='determinado',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocado', to='proceedings.determinado'),
        ),
        migrations.AddField(
            model_name='determinadorevocado',
            name='hecho_por',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='dictamencerrado',
            name='cerrado_por',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='dictamencerrado',
            name='dictamen',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cierre', to='proceedings.dictamen'),
        ),
        migrations.AddField(
            model_name='dictamencerrado',
            name='documento',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dictamen_cerrado', to='proceedings.documento'),
        ),
        migrations.AddField(
            model_name='resolucionsometida',
            name='resolucion',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sometimiento', to='proceedings.resolucion'),
        ),
        migrations.AddField(
            model_name='resolucionsometida',
            name='sometida_por',
            field=models.ForeignKey(help_text='vacío: lo sometido antes de que se guardara quién', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='resolucionvotada',
            name='contada_por',
            field=models.ForeignKey(help_text='vacío: lo contado antes de que se guardara quién', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=USER),
        ),
        migrations.AddField(
            model_name='resolucionvotada',
            name='documento',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resolucion_votada', to='proceedings.documento'),
        ),
        migrations.AddField(
            model_name='resolucionvotada',
            name='resolucion',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='votacion', to='proceedings.resolucion'),
        ),
        migrations.AddConstraint(
            model_name='analisisconclusion',
            constraint=models.UniqueConstraint(fields=('conclusion', 'version'), name='analisis_version_unica'),
        ),
        migrations.AddConstraint(
            model_name='analisisconclusion',
            constraint=models.CheckConstraint(condition=models.Q(('referencia', 'no_atendida'), ('monto_no_atendido', 0), _connector='OR'), name='analisis_monto_si_no_atendida'),
        ),
        migrations.AddConstraint(
            model_name='determinadorevocado',
            constraint=models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='determinado_revocado_con_motivo'),
        ),
        migrations.AddConstraint(
            model_name='resolucionvotada',
            constraint=models.CheckConstraint(condition=models.Q(('estado__in', ['aprobada', 'rechazada'])), name='resolucion_votada_de_un_modo'),
        ),
        migrations.RunSQL(MOVE),
        migrations.RemoveConstraint(model_name="conclusion", name="conclusion_cerrada_completa"),
        migrations.RemoveConstraint(model_name="conclusion", name="conclusion_monto_si_no_atendida"),
        migrations.RemoveConstraint(model_name="conclusion", name="conclusion_cerrada_en_palabras"),
        migrations.RemoveConstraint(model_name="dictamen", name="dictamen_cerrado_con_documento"),
        migrations.RenameField(
            model_name='resolucion',
            old_name='documento',
            new_name='proyecto',
        ),
        migrations.RemoveField(model_name="determinado", name="firme"),
        migrations.RemoveField(model_name="resolucion", name="contada_por"),
        migrations.RemoveField(model_name="resolucion", name="estado"),
        migrations.RemoveField(model_name="resolucion", name="votada_el"),
        migrations.RemoveField(model_name="conclusion", name="analisis"),
        migrations.RemoveField(model_name="conclusion", name="cerrada_el"),
        migrations.RemoveField(model_name="conclusion", name="cerrada_por"),
        migrations.RemoveField(model_name="conclusion", name="monto_no_atendido"),
        migrations.RemoveField(model_name="conclusion", name="referencia"),
        migrations.RemoveField(model_name="conclusion", name="respuesta_considerada"),
        migrations.RemoveField(model_name="conclusion", name="unidades_no_atendidas"),
        migrations.RemoveField(model_name="dictamen", name="cerrado_el"),
        migrations.RemoveField(model_name="dictamen", name="cerrado_por"),
        migrations.RemoveField(model_name="dictamen", name="documento"),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL("".join(map(record, RECORDS)) + record("proceedings_resolucion", lock=True) + WALLS),
    ]
