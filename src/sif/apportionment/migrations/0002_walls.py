"""What the database holds of prorrateos: seen in scope, never changed, exact to the centavo, undone whole or not."""

from django.db import migrations

from sif.registry.protection import pair, refuse_change, wall_by_setting

TABLES = ["apportionment_prorrateo", "apportionment_parteprorrateo"]
IMMUTABLE = [*TABLES, "apportionment_avisoporcentajes"]

# They look at every part whatever the scope of the connection, hence as the owner of the tables.
FUNCTIONS = """
ALTER TABLE apportionment_prorrateo ADD CONSTRAINT apportionment_prorrateo_de_su_gasto
    FOREIGN KEY (gasto_id, contabilidad_id) REFERENCES books_poliza (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION sif_check_prorrateo() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    which bigint := CASE WHEN TG_TABLE_NAME = 'apportionment_prorrateo' THEN (to_jsonb(NEW)->>'id')::bigint
                         ELSE (to_jsonb(NEW)->>'prorrateo_id')::bigint END;
    whole record; parts record;
BEGIN
    SELECT p.folio, p.total, p.diferencia, q.total AS poliza INTO whole
        FROM apportionment_prorrateo p JOIN books_poliza q ON q.id = p.poliza_id WHERE p.id = which;
    SELECT count(*) AS n, coalesce(sum(s.monto), 0) AS monto, coalesce(bool_and(q.total = s.monto), false) AS recorded
        INTO parts FROM apportionment_parteprorrateo s JOIN books_poliza q ON q.id = s.poliza_id
        WHERE s.prorrateo_id = which;
    IF parts.n < 2 OR parts.monto + whole.diferencia <> whole.total OR whole.poliza <> whole.total OR NOT parts.recorded THEN
        RAISE EXCEPTION 'El prorrateo % no suma: % partes por %, diferencia %, total %, póliza % (centavos).',
            whole.folio, parts.n, parts.monto, whole.diferencia, whole.total, whole.poliza
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION sif_check_prorrateo_reversal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
DECLARE which bigint; folio_of text; every integer; undone integer;
BEGIN
    SELECT p.id, p.folio INTO which, folio_of FROM apportionment_prorrateo p
        LEFT JOIN apportionment_parteprorrateo s ON s.prorrateo_id = p.id
        WHERE p.poliza_id = NEW.revierte_a_id OR s.poliza_id = NEW.revierte_a_id LIMIT 1;
    IF which IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*), count(r.id) INTO every, undone FROM (
        SELECT poliza_id FROM apportionment_prorrateo WHERE id = which
        UNION ALL SELECT poliza_id FROM apportionment_parteprorrateo WHERE prorrateo_id = which) a
        LEFT JOIN books_poliza r ON r.revierte_a_id = a.poliza_id;
    IF undone <> every THEN
        RAISE EXCEPTION 'El prorrateo % se revierte completo: se revirtieron % de sus % pólizas.', folio_of, undone, every
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER prorrateo_suma AFTER INSERT ON apportionment_prorrateo
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_check_prorrateo();
CREATE CONSTRAINT TRIGGER parte_prorrateo_suma AFTER INSERT ON apportionment_parteprorrateo
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_check_prorrateo();
CREATE CONSTRAINT TRIGGER prorrateo_se_revierte_completo AFTER INSERT ON books_poliza
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revierte_a_id IS NOT NULL AND NEW.clase = 'prorrateo')
    EXECUTE FUNCTION sif_check_prorrateo_reversal();
"""


class Migration(migrations.Migration):
    dependencies = [("apportionment", "0001_initial"), ("books", "0006_campaign_walls")]
    operations = [
        migrations.RunSQL("".join(map(wall_by_setting, TABLES))),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
        migrations.RunSQL("".join(map(pair, TABLES))),
        migrations.RunSQL(FUNCTIONS),
    ]
