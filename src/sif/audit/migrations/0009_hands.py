"""A hand in a matter does not confirm it; what an oficio notified does not change, nor does who adopted it."""

from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import record

GUARDS = """
CREATE OR REPLACE FUNCTION sif_guard_propuesta() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decidida timestamptz;
BEGIN
    IF OLD.sentido <> '' THEN
        RAISE EXCEPTION 'La propuesta % ya se resolvió y no se modifica.', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.asunto_id, OLD.hallazgo_id, OLD.decision, OLD.motivo, OLD.texto, OLD.propuesta_por_id, OLD.propuesta_el)
        IS DISTINCT FROM
       (NEW.asunto_id, NEW.hallazgo_id, NEW.decision, NEW.motivo, NEW.texto, NEW.propuesta_por_id, NEW.propuesta_el)
    THEN
        RAISE EXCEPTION 'Lo propuesto no se modifica: retírelo y proponga de nuevo.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.sentido = 'confirmada' THEN
        SELECT coalesce(max(resuelta_el), '-infinity') INTO decidida FROM audit_propuesta
            WHERE asunto_id = NEW.asunto_id AND sentido = 'confirmada' AND id <> NEW.id;
        IF EXISTS (SELECT 1 FROM audit_redaccion WHERE asunto_id = NEW.asunto_id
                   AND hecha_por_id = NEW.resuelta_por_id AND hecha_el > decidida)
           OR EXISTS (SELECT 1 FROM audit_comentario WHERE asunto_id = NEW.asunto_id
                      AND hecho_por_id = NEW.resuelta_por_id AND hecho_el > decidida) THEN
            RAISE EXCEPTION 'La propuesta % la confirma quien no puso mano en su asunto.', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_observacion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'texto' - 'monto' IS DISTINCT FROM to_jsonb(NEW) - 'texto' - 'monto' THEN
        RAISE EXCEPTION 'De la observación % solo cambia su texto y su monto, antes de notificarse.', OLD.numero
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM proceedings_oficio_observaciones WHERE observacion_id = OLD.id) THEN
        RAISE EXCEPTION 'La observación % ya se notificó y no se modifica.', OLD.numero
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_observacion_hallazgo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM proceedings_oficio_observaciones WHERE observacion_id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % ya se notificó y no recibe hallazgos.', NEW.observacion_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER observacion_guarda BEFORE UPDATE ON audit_observacion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_observacion();
CREATE TRIGGER observacion_hallazgo_guarda BEFORE INSERT ON audit_observacion_hallazgos
    FOR EACH ROW EXECUTE FUNCTION sif_guard_observacion_hallazgo();
"""


def refuse(table: str, acts: str) -> str:
    """Triggers that refuse those acts on a table, and to empty it."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE {acts} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_records")]
    operations = [
        migrations.AddField(
            model_name="propuesta",
            name="texto",
            field=models.TextField(blank=True, default="", help_text="las palabras nuevas, si se propone cambiar el texto"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="propuesta",
            name="decision",
            field=models.CharField(
                choices=[
                    ("adoptar", "Adoptar"), ("desechar", "Desechar"), ("unir", "Unir a una observación"),
                    ("redactar", "Cambiar el texto de su observación"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="propuesta",
            constraint=models.CheckConstraint(
                condition=(Q(decision="redactar", observacion__isnull=False) & ~Q(texto=""))
                | (~Q(decision="redactar") & Q(texto="")),
                name="propuesta_redactar_con_texto",
            ),
        ),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL(refuse("audit_observacion", "DELETE")),
        migrations.RunSQL(record("audit_observacion_hallazgos")),
    ]
