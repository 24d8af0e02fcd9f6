"""What the database itself holds of posted books: they balance, they chain, nothing changes them, walls stand."""

from django.db import migrations

from sif.registry.protection import pair, refuse_change, wall_by_setting

IMMUTABLE = [
    "books_poliza", "books_movimiento", "books_evidencia", "books_evidenciasinefecto", "books_usocomprobante",
    "books_pago", "books_aportacion", "books_ladotransferencia", "books_archivo",
]
# Every table whose rows belong to one contabilidad; the column that says which.
WALLED = {
    "books_poliza": "contabilidad_id", "books_movimiento": "contabilidad_id", "books_evidencia": "contabilidad_id",
    "books_usocomprobante": "contabilidad_id", "books_pago": "contabilidad_id", "books_aportacion": "contabilidad_id",
    "books_ladotransferencia": "contabilidad_id", "books_contrato": "contabilidad_id",
    "books_borrador": "contabilidad_id", "books_recepcion": "contabilidad_id",
}
# Rows that carry both a póliza and its contabilidad: the pair must be the póliza's own.
PAIRED = [
    "books_movimiento", "books_evidencia", "books_usocomprobante", "books_pago", "books_aportacion",
    "books_ladotransferencia",
]

FUNCTIONS = """
CREATE FUNCTION sif_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Lo registrado en % no se modifica ni se borra; se corrige con otra póliza.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION sif_visible(contabilidad bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('sif.alcance', true), '') = 'todo'
        OR contabilidad = ANY (string_to_array(
            nullif(nullif(coalesce(current_setting('sif.alcance', true), ''), 'todo'), ''), ',')::bigint[])
$$;

CREATE FUNCTION sif_check_poliza() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint := CASE WHEN TG_TABLE_NAME = 'books_poliza' THEN (to_jsonb(NEW)->>'id')::bigint
                         ELSE (to_jsonb(NEW)->>'poliza_id')::bigint END;
    posted record; lines record;
BEGIN
    SELECT total, revierte_a_id, referido INTO posted FROM
        (SELECT total, revierte_a_id, subtipo || '-' || numero AS referido FROM books_poliza WHERE id = which) p;
    SELECT count(*) AS n, coalesce(sum(cargo), 0) AS cargos, coalesce(sum(abono), 0) AS abonos,
           coalesce(bool_or(cargo < 0 OR abono < 0), false) AS negative,
           coalesce(bool_or(cargo > 0 OR abono > 0), false) AS positive
        INTO lines FROM books_movimiento WHERE poliza_id = which;
    IF lines.cargos <> lines.abonos OR lines.cargos <> posted.total THEN
        RAISE EXCEPTION 'La póliza % no cuadra: cargos %, abonos %, total % (centavos).',
            posted.referido, lines.cargos, lines.abonos, posted.total USING ERRCODE = 'check_violation';
    END IF;
    IF (lines.negative AND posted.revierte_a_id IS NULL) OR (lines.positive AND posted.revierte_a_id IS NOT NULL) THEN
        RAISE EXCEPTION 'La póliza % tiene un signo que solo admite la que revierte a otra.', posted.referido
            USING ERRCODE = 'check_violation';
    END IF;
    IF posted.total <> 0 AND lines.n < 2 THEN
        RAISE EXCEPTION 'La póliza % tiene % movimiento(s); la partida doble pide dos o más.', posted.referido, lines.n
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION sif_check_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before bytea;
BEGIN
    IF NEW.eslabon > 1 THEN
        SELECT huella INTO before FROM books_poliza
            WHERE contabilidad_id = NEW.contabilidad_id AND eslabon = NEW.eslabon - 1;
    END IF;
    IF before IS DISTINCT FROM NEW.huella_anterior THEN
        RAISE EXCEPTION 'El eslabón % de la contabilidad % no sigue al anterior.', NEW.eslabon, NEW.contabilidad_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER poliza_eslabon BEFORE INSERT ON books_poliza FOR EACH ROW EXECUTE FUNCTION sif_check_link();
CREATE CONSTRAINT TRIGGER poliza_cuadra AFTER INSERT ON books_poliza
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_check_poliza();
CREATE CONSTRAINT TRIGGER movimiento_cuadra AFTER INSERT ON books_movimiento
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sif_check_poliza();
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0002_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
        migrations.RunSQL("".join(wall_by_setting(table, column) for table, column in WALLED.items())),
        migrations.RunSQL("".join(map(pair, PAIRED))),
    ]
