"""A póliza is closed when its header enters: its lines are there before, whole and balanced, and none comes after."""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import seen_by_setting

# The checks look rows up by index whatever the planner thought of tables that were empty when it first planned; they
# run as the owner of the tables, so that no scope of a connection hides from them what they must see.
PLANNED = (
    "SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off "
    "SET enable_mergejoin = off"
)

CLOSE = f"""
DROP TRIGGER poliza_eslabon ON books_poliza;
DROP TRIGGER poliza_cuadra ON books_poliza;
DROP TRIGGER movimiento_cuadra ON books_movimiento;
DROP FUNCTION sif_check_link();
DROP FUNCTION sif_check_poliza();

CREATE FUNCTION sif_refuse_late_lines() RETURNS trigger LANGUAGE plpgsql {PLANNED} AS $$
DECLARE closed record;
BEGIN
    -- two transactions never write the same books at once: otherwise each would miss the half that the other wrote
    PERFORM 1 FROM registry_contabilidad WHERE id IN (SELECT contabilidad_id FROM entered)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT p.subtipo || '-' || p.numero AS referido INTO closed
        FROM (SELECT DISTINCT poliza_id FROM entered) e JOIN books_poliza p ON p.id = e.poliza_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'La póliza % ya está cerrada: sus movimientos entran antes que ella y no se le agregan otros.',
            closed.referido USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION sif_close_polizas() RETURNS trigger LANGUAGE plpgsql {PLANNED} AS $$
DECLARE bad record;
BEGIN
    PERFORM 1 FROM registry_contabilidad WHERE id IN (SELECT contabilidad_id FROM entered)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT e.eslabon, e.contabilidad_id INTO bad
        FROM entered e LEFT JOIN books_poliza b ON b.contabilidad_id = e.contabilidad_id AND b.eslabon = e.eslabon - 1
        WHERE e.eslabon < 1 OR e.huella_anterior IS DISTINCT FROM b.huella LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'El eslabón % de la contabilidad % no sigue al anterior.', bad.eslabon, bad.contabilidad_id
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT e.subtipo || '-' || e.numero AS referido, e.total, e.revierte_a_id, l.* INTO bad
        FROM entered e CROSS JOIN LATERAL (
            SELECT count(*) AS n, coalesce(sum(cargo), 0) AS cargos, coalesce(sum(abono), 0) AS abonos,
                   coalesce(bool_or(cargo < 0 OR abono < 0), false) AS negative,
                   coalesce(bool_or(cargo > 0 OR abono > 0), false) AS positive
            FROM books_movimiento m WHERE m.poliza_id = e.id) l
        WHERE l.cargos <> l.abonos OR l.cargos <> e.total OR (e.total <> 0 AND l.n < 2)
           OR (l.negative AND e.revierte_a_id IS NULL) OR (l.positive AND e.revierte_a_id IS NOT NULL)
        LIMIT 1;
    IF FOUND AND (bad.cargos <> bad.abonos OR bad.cargos <> bad.total) THEN
        RAISE EXCEPTION 'La póliza % no cuadra: cargos %, abonos %, total % (centavos).',
            bad.referido, bad.cargos, bad.abonos, bad.total USING ERRCODE = 'check_violation';
    ELSIF FOUND AND bad.total <> 0 AND bad.n < 2 THEN
        RAISE EXCEPTION 'La póliza % tiene % movimiento(s); la partida doble pide dos o más.', bad.referido, bad.n
            USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'La póliza % tiene un signo que solo admite la que revierte a otra.', bad.referido
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER movimiento_tardio AFTER INSERT ON books_movimiento REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_late_lines();
CREATE TRIGGER poliza_cerrada AFTER INSERT ON books_poliza REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION sif_close_polizas();
"""

# Policies made before `wall` read the scope once for a statement.
POLICIES = """
ALTER FUNCTION sif_visible(bigint) PARALLEL SAFE;
DO $$
DECLARE p record; seen text;
BEGIN
    FOR p IN SELECT tablename, policyname, substring(qual from 'sif_visible\\((\\w+)\\)') AS col FROM pg_policies
             WHERE schemaname = 'public' AND qual LIKE '%sif_visible(%' LOOP
        seen := replace($q$SEEN$q$, 'COLUMN', quote_ident(p.col));
        EXECUTE format('ALTER POLICY %I ON %I USING (%s) WITH CHECK (%s)', p.policyname, p.tablename, seen, seen);
    END LOOP;
END $$;
""".replace("SEEN", seen_by_setting("COLUMN"))


def _key(to, name, **extra):
    return models.ForeignKey(to, django.db.models.deletion.PROTECT, related_name=name, db_index=False, **extra)


class Migration(migrations.Migration):
    dependencies = [("books", "0008_origin_of_goods")]
    operations = [
        migrations.RunSQL(CLOSE),
        migrations.RunSQL(POLICIES),
        # What the pair of póliza and contabilidad already holds is not asked twice, and no index stands inside another.
        migrations.AlterField("movimiento", "poliza", _key("books.poliza", "movimientos", db_constraint=False)),
        migrations.AlterField(
            "movimiento", "contabilidad", _key("registry.contabilidad", "movimientos", db_constraint=False)
        ),
        migrations.AlterField("movimiento", "cuenta", _key("books.cuenta", "movimientos")),
        migrations.RemoveIndex("movimiento", "movimiento_por_cuenta"),
        migrations.AddIndex(
            "movimiento",
            models.Index(fields=["contabilidad", "cuenta"], include=["cargo", "abono"], name="movimiento_por_cuenta"),
        ),
        migrations.AlterField("poliza", "contabilidad", _key("registry.contabilidad", "polizas")),
    ]
