"""What the database holds of the review: comments once, proposals and requests answered once, nothing erased."""

from django.db import migrations

from sif.registry.protection import refuse_change, wall_by_setting

FUNCTIONS = """
CREATE FUNCTION sif_guard_propuesta() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sentido <> '' THEN
        RAISE EXCEPTION 'La propuesta % ya se resolvió y no se modifica.', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.asunto_id, OLD.hallazgo_id, OLD.decision, OLD.motivo, OLD.propuesta_por_id, OLD.propuesta_el)
        IS DISTINCT FROM
       (NEW.asunto_id, NEW.hallazgo_id, NEW.decision, NEW.motivo, NEW.propuesta_por_id, NEW.propuesta_el) THEN
        RAISE EXCEPTION 'Lo propuesto no se modifica: retírelo y proponga de nuevo.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_pedido() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.respondido_el IS NOT NULL OR (OLD.asunto_id, OLD.destino, OLD.texto, OLD.pedido_por_id, OLD.pedido_el)
        IS DISTINCT FROM (NEW.asunto_id, NEW.destino, NEW.texto, NEW.pedido_por_id, NEW.pedido_el) THEN
        RAISE EXCEPTION 'Un pedido se responde una vez y no se modifica.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER propuesta_guarda BEFORE UPDATE ON audit_propuesta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_propuesta();
CREATE TRIGGER pedido_guarda BEFORE UPDATE ON audit_pedido
    FOR EACH ROW EXECUTE FUNCTION sif_guard_pedido();
"""
WRITTEN_ONCE = ["audit_asunto", "audit_comentario", "audit_redaccion"]
NEVER_DELETED = ["audit_asignacion", "audit_reparto", "audit_propuesta", "audit_pedido"]


def keep(table: str) -> str:
    """Triggers that refuse to delete the rows of a table or to empty it."""
    return (
        f"CREATE TRIGGER {table}_sin_borrar BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_review_bench"), ("books", "0003_immutable_and_walled")]
    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL("".join(map(refuse_change, WRITTEN_ONCE))),
        migrations.RunSQL("".join(map(keep, NEVER_DELETED))),
        migrations.RunSQL(wall_by_setting("audit_asunto")),
    ]
