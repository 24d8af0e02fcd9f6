"""All that changes what the books say has its leaf: numbers of support, what an invoice says, accounts of a process.

The leaf of a póliza has the numbers of its support, which hallazgos and receipts cite, so that support enters before its
header as lines do, and none after. What an invoice says enters with it (disclosure 0023) and is a record.
"""

from django.db import migrations

from sif.books.content import LINES, SUPPORT, SUPPORT_OF_BEFORE
from sif.registry.protection import LOG_LOCK, digest_of_row, record

SUPPORT_TABLES = ("books_usocomprobante", "books_pago", "books_aportacion", "books_ladotransferencia")
OF_AN_INVOICE = (
    "books_hojaine", "books_conceptocomprobante", "books_pagodocumento", "books_relacioncomprobante",
    "books_nominacomprobante",
)  # fmt: skip
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
WHOLE = f"to_jsonb(n.*) || {LINES.format(row='n')} || {SUPPORT.format(row='n')}"


def digest(table: str) -> str:
    return digest_of_row(f"'{table}'", f"'public.{table}'::regclass", "x.j")


NUMBERS = f"""
CREATE OR REPLACE FUNCTION sif_refuse_late_lines() RETURNS trigger LANGUAGE plpgsql
    {PINNED} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE closed record;
BEGIN
    -- two transactions never write the same books at once: otherwise each would miss the half that the other wrote
    PERFORM 1 FROM registry_contabilidad WHERE id IN (SELECT contabilidad_id FROM entered)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT p.subtipo || '-' || p.numero AS referido INTO closed
        FROM (SELECT DISTINCT poliza_id FROM entered) e JOIN books_poliza p ON p.id = e.poliza_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'La póliza % ya está cerrada: sus movimientos y lo que la soporta entran antes que ella y no se le agregan otros.',
            closed.referido USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sif_log_polizas() RETURNS trigger LANGUAGE plpgsql {PINNED}
    SET timezone = 'UTC' SET bytea_output = 'hex' SET enable_seqscan = off AS $$
BEGIN
    IF TG_RELID <> 'public.books_poliza'::regclass THEN
        RAISE EXCEPTION '%.% no es la tabla de las pólizas.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT 'books_poliza', x.j ->> 'id', (x.j ->> 'contabilidad_id')::bigint, {digest("books_poliza")}
        FROM nuevas n CROSS JOIN LATERAL (SELECT {WHOLE} AS j OFFSET 0) x;
    RETURN NULL;
END $$;

SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex';
INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella)
    SELECT '{SUPPORT_OF_BEFORE}', x.j ->> 'id', (x.j ->> 'contabilidad_id')::bigint, {digest("books_poliza")}
    FROM books_poliza n CROSS JOIN LATERAL (SELECT {WHOLE} AS j OFFSET 0) x
    WHERE jsonb_strip_nulls({SUPPORT.format(row="n")}) <> '{{}}' ORDER BY n.id;
"""

ACCOUNTS = f"""
CREATE FUNCTION sif_log_accounts() RETURNS trigger LANGUAGE plpgsql {PINNED}
    SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    IF TG_RELID <> 'public.books_cuenta'::regclass THEN
        RAISE EXCEPTION '%.% no es la tabla de las cuentas.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT 'books_cuenta', x.j ->> 'codigo', NULL, {digest("books_cuenta")}
        FROM nuevas n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) AS j OFFSET 0) x WHERE n.proceso_id IS NOT NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER books_cuenta_hoja AFTER INSERT ON books_cuenta REFERENCING NEW TABLE AS nuevas
    FOR EACH STATEMENT EXECUTE FUNCTION sif_log_accounts();
CREATE TRIGGER books_cuenta_inmutable BEFORE UPDATE OR DELETE ON books_cuenta
    FOR EACH ROW WHEN (OLD.proceso_id IS NOT NULL) EXECUTE FUNCTION sif_refuse_record();

INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella)
    SELECT 'books_cuenta', x.j ->> 'codigo', NULL, {digest("books_cuenta")}
    FROM books_cuenta n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) AS j OFFSET 0) x WHERE n.proceso_id IS NOT NULL
    ORDER BY n.codigo;
"""


def late(table: str) -> str:
    """A trigger that refuses support of a póliza that is there."""
    return (
        f"CREATE TRIGGER {table}_tardio AFTER INSERT ON {table} REFERENCING NEW TABLE AS entered "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_late_lines();"
    )


class Migration(migrations.Migration):
    dependencies = [("books", "0021_folio_and_bytes"), ("registry", "0033_pass_of_an_act")]
    operations = [
        migrations.RunSQL(NUMBERS + "".join(map(late, SUPPORT_TABLES)) + ACCOUNTS),
        migrations.RunSQL("".join(map(record, OF_AN_INVOICE))),
    ]
