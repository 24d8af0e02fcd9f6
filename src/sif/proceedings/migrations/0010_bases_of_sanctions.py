"""Each sanction says what of the law it rests on, and nobody votes what rests on law that nobody read nor confirmed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import of_its_act, record, seen, show

PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARDS = f"""
CREATE FUNCTION sif_bases_pendientes(resolucion bigint) RETURNS text LANGUAGE sql STABLE {PINNED} AS $$
    SELECT string_agg(DISTINCT b.articulo, '; ' ORDER BY b.articulo)
    FROM proceedings_basedesancion b
    JOIN proceedings_sancion s ON s.id = b.sancion_id
    JOIN proceedings_resolucion r ON r.id = s.resolucion_id
    JOIN proceedings_dictamen d ON d.id = r.dictamen_id
    JOIN registry_sujetoobligado o ON o.id = d.sujeto_id
    JOIN registry_etapa e ON e.id = d.etapa_id
    JOIN registry_proceso p ON p.id = e.proceso_id
    WHERE r.id = resolucion AND b.estatus <> 'confirmado' AND NOT EXISTS (
        SELECT FROM statutes_basepropuesta c
        JOIN statutes_baseresuelta x ON x.propuesta_id = c.id AND x.sentido = 'confirmada'
        WHERE c.clave = b.clave AND c.huella = b.huella AND c.sujeto IN ('', o.tipo) AND c.etapa IN ('', e.tipo)
          AND c.ambito IN ('', p.ambito)
          AND NOT EXISTS (SELECT FROM statutes_basesinefecto f WHERE f.resuelta_id = x.id))
$$;
CREATE FUNCTION sif_guard_fundamento() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE faltan text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7346104);
    faltan := sif_bases_pendientes(NEW.resolucion_id);
    IF faltan IS NOT NULL THEN
        RAISE EXCEPTION 'La resolución % descansa en bases de ley por confirmar: %.', NEW.resolucion_id, faltan
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resolucion_sometida_con_fundamento BEFORE INSERT ON proceedings_resolucionsometida
    FOR EACH ROW EXECUTE FUNCTION sif_guard_fundamento();
CREATE TRIGGER voto_con_fundamento BEFORE INSERT ON proceedings_voto
    FOR EACH ROW EXECUTE FUNCTION sif_guard_fundamento();
CREATE TRIGGER resolucion_votada_con_fundamento BEFORE INSERT ON proceedings_resolucionvotada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_fundamento();

-- It runs when the transaction ends, in whatever scope it ends.
CREATE FUNCTION sif_guard_sancion_con_bases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {PINNED} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM proceedings_basedesancion b WHERE b.sancion_id = NEW.id) THEN
        RAISE EXCEPTION 'La sanción % no dice en qué bases de ley descansa.', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sancion_con_bases AFTER INSERT ON proceedings_sancion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_guard_sancion_con_bases();
"""
TABLE = "proceedings_basedesancion"
WALL = show(TABLE, reads=seen("sancion_id", "id FROM proceedings_sancion"))


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0009_who_opened_a_dictamen"),
        ("statutes", "0001_initial"),
        ("disclosure", "0019_with_their_act"),
    ]
    operations = [
        migrations.CreateModel(
            name="BaseDeSancion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clave", models.CharField(max_length=160)),
                ("huella", models.CharField(max_length=64)),
                ("articulo", models.CharField(max_length=200)),
                ("dice", models.TextField(blank=True)),
                ("estatus", models.CharField(max_length=13)),
                (
                    "sancion",
                    models.ForeignKey(
                        "proceedings.sancion", django.db.models.deletion.PROTECT, related_name="bases"
                    ),
                ),
            ],
            options={
                "verbose_name": "base de una sanción",
                "constraints": [
                    models.UniqueConstraint(fields=["sancion", "clave"], name="base_de_sancion_unica"),
                    models.CheckConstraint(
                        condition=Q(estatus__in=["confirmado", "por confirmar"]), name="base_de_sancion_estatus"
                    ),
                ],
            },
        ),
        migrations.RunSQL(record(TABLE) + WALL + of_its_act(TABLE, "sancion_id", "proceedings_sancion")),
        migrations.RunSQL(GUARDS),
    ]
