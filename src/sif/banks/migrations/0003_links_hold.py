"""What the database itself holds of links: both sides add up, all are of one account, and no row of them is deleted."""

from django.db import migrations

FUNCTIONS = """
-- As the owner of the tables: the check comes at the end of the transaction, when the scope may be closed already.
CREATE FUNCTION banks_check_enlace() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE bank record; book record;
BEGIN
    SELECT count(*) AS n, coalesce(sum(l.monto), 0) AS total,
           bool_and(l.cuenta_id = NEW.cuenta_id AND s.contabilidad_id = NEW.contabilidad_id) AS own
        INTO bank FROM banks_ladobanco s JOIN banks_lineabancaria l ON l.id = s.linea_id WHERE s.enlace_id = NEW.id;
    SELECT count(*) AS n, coalesce(sum(m.cargo - m.abono), 0) AS total,
           bool_and(m.auxiliar_tipo = 'cuenta_bancaria' AND m.auxiliar_id = NEW.cuenta_id
                    AND m.contabilidad_id = NEW.contabilidad_id AND s.contabilidad_id = NEW.contabilidad_id) AS own
        INTO book FROM banks_ladolibros s JOIN books_movimiento m ON m.id = s.movimiento_id WHERE s.enlace_id = NEW.id;
    IF bank.n = 0 OR book.n = 0 OR bank.total <> book.total THEN
        RAISE EXCEPTION 'El enlace % no cuadra: banco %, libros % (centavos).', NEW.id, bank.total, book.total
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT (bank.own AND book.own) THEN
        RAISE EXCEPTION 'El enlace % junta partes de otra cuenta.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER banks_enlace_cuadra AFTER INSERT ON banks_enlace
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION banks_check_enlace();
"""
KEPT = "".join(
    f"CREATE TRIGGER {table}_se_queda BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
    for table in ("banks_enlace", "banks_ladobanco", "banks_ladolibros")
)


class Migration(migrations.Migration):
    dependencies = [("banks", "0002_walls")]
    operations = [migrations.RunSQL(FUNCTIONS), migrations.RunSQL(KEPT)]
