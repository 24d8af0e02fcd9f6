"""What the database itself holds: closed conclusions, closed dictámenes and voted resoluciones do not change."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION sif_guard_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE observado bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.cerrada_el IS NOT NULL THEN
        RAISE EXCEPTION 'La conclusión % está cerrada y no se modifica.', OLD.clave USING ERRCODE = 'restrict_violation';
    END IF;
    IF (SELECT cerrado_el FROM proceedings_dictamen WHERE id = NEW.dictamen_id) IS NOT NULL THEN
        RAISE EXCEPTION 'El dictamen de la conclusión % está cerrado.', NEW.clave USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT monto INTO observado FROM audit_observacion WHERE id = NEW.observacion_id;
    IF NEW.monto_no_atendido < 0 OR NEW.monto_no_atendido > observado THEN
        RAISE EXCEPTION 'La conclusión % deja % centavos sin atender de % observados.',
            NEW.clave, NEW.monto_no_atendido, observado USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_dictamen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cerrado_el IS NOT NULL THEN
        RAISE EXCEPTION 'El dictamen % está cerrado y no se modifica.', OLD.numero USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.cerrado_el IS NOT NULL AND EXISTS (
        SELECT 1 FROM proceedings_conclusion WHERE dictamen_id = NEW.id AND cerrada_el IS NULL) THEN
        RAISE EXCEPTION 'El dictamen % tiene conclusiones sin cerrar.', NEW.numero USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_resolucion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.votada_el IS NOT NULL THEN
        RAISE EXCEPTION 'La resolución % ya se votó y no se modifica.', OLD.numero USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_sancion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT estado FROM proceedings_resolucion WHERE id = NEW.resolucion_id) <> 'proyecto' THEN
        RAISE EXCEPTION 'Solo un proyecto de resolución recibe sanciones.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_voto() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT estado FROM proceedings_resolucion WHERE id = NEW.resolucion_id) <> 'en_discusion' THEN
        RAISE EXCEPTION 'Solo se vota lo que está en discusión.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER conclusion_guarda BEFORE INSERT OR UPDATE ON proceedings_conclusion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_conclusion();
CREATE TRIGGER dictamen_guarda BEFORE UPDATE ON proceedings_dictamen
    FOR EACH ROW EXECUTE FUNCTION sif_guard_dictamen();
CREATE TRIGGER resolucion_guarda BEFORE UPDATE ON proceedings_resolucion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_resolucion();
CREATE TRIGGER sancion_guarda BEFORE INSERT ON proceedings_sancion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_sancion();
CREATE TRIGGER voto_guarda BEFORE INSERT ON proceedings_voto
    FOR EACH ROW EXECUTE FUNCTION sif_guard_voto();
"""
NEVER_CHANGED = ["proceedings_sancion", "proceedings_partesancion"]
NEVER_DELETED = [
    "proceedings_oficio", "proceedings_dictamen", "proceedings_conclusion", "proceedings_resolucion",
    "proceedings_determinado",
]


def refuse(table: str, acts: str) -> str:
    """A trigger that refuses those acts on a table, and one that refuses to empty it."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE {acts} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0004_parts_and_units"), ("audit", "0003_immutable")]
    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL("".join(refuse(table, "UPDATE OR DELETE") for table in NEVER_CHANGED)),
        migrations.RunSQL("".join(refuse(table, "DELETE") for table in NEVER_DELETED)),
    ]
