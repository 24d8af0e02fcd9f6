"""How a proposal ended and what came of a request are rows of their own: proposals and requests never change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import record, seen, wall

BEFORE = """
DROP TRIGGER propuesta_guarda ON audit_propuesta;
DROP TRIGGER pedido_guarda ON audit_pedido;
DROP TRIGGER audit_propuesta_sin_borrar ON audit_propuesta;
DROP TRIGGER audit_pedido_sin_borrar ON audit_pedido;
DROP FUNCTION sif_guard_propuesta();
DROP FUNCTION sif_guard_pedido();
INSERT INTO audit_propuestaresuelta (propuesta_id, sentido, comentario, observacion_id, hecho_el, hecho_por_id)
    SELECT id, sentido, comentario, CASE WHEN sentido = 'confirmada' THEN observacion_id END, resuelta_el, resuelta_por_id
    FROM audit_propuesta WHERE sentido <> '' ORDER BY resuelta_el, id;
INSERT INTO audit_pedidorespondido (pedido_id, texto, hecho_el, hecho_por_id)
    SELECT id, respuesta, respondido_el, respondido_por_id
    FROM audit_pedido WHERE respondido_el IS NOT NULL ORDER BY respondido_el, id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARDS = f"""
CREATE FUNCTION sif_guard_propuesta() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_propuesta p WHERE p.asunto_id = NEW.asunto_id
               AND NOT EXISTS (SELECT 1 FROM audit_propuestaresuelta r WHERE r.propuesta_id = p.id)) THEN
        RAISE EXCEPTION 'El asunto % ya tiene una propuesta que espera.', NEW.asunto_id
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_propuesta_resuelta() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE propuesta audit_propuesta; decidida timestamptz;
BEGIN
    SELECT * INTO propuesta FROM audit_propuesta WHERE id = NEW.propuesta_id;
    IF (propuesta.propuesta_por_id = NEW.hecho_por_id) <> (NEW.sentido = 'retirada') THEN
        RAISE EXCEPTION 'La propuesta % la retira quien la hizo, y la confirma o devuelve otra persona.', propuesta.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'confirmada' THEN
        SELECT coalesce(max(r.hecho_el), '-infinity') INTO decidida
            FROM audit_propuestaresuelta r JOIN audit_propuesta p ON p.id = r.propuesta_id
            WHERE p.asunto_id = propuesta.asunto_id AND r.sentido = 'confirmada';
        IF EXISTS (SELECT 1 FROM audit_redaccion WHERE asunto_id = propuesta.asunto_id
                   AND hecha_por_id = NEW.hecho_por_id AND hecha_el > decidida)
           OR EXISTS (SELECT 1 FROM audit_comentario WHERE asunto_id = propuesta.asunto_id
                      AND hecho_por_id = NEW.hecho_por_id AND hecho_el > decidida) THEN
            RAISE EXCEPTION 'La propuesta % la confirma quien no puso mano en su asunto.', propuesta.id
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER propuesta_guarda BEFORE INSERT ON audit_propuesta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_propuesta();
CREATE TRIGGER propuesta_resuelta_guarda BEFORE INSERT ON audit_propuestaresuelta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_propuesta_resuelta();
"""
USER = settings.AUTH_USER_MODEL
RECORDS = ["audit_propuesta", "audit_pedido", "audit_propuestaresuelta", "audit_pedidorespondido"]
WALLS = wall("audit_propuestaresuelta", seen("propuesta_id", "id FROM audit_propuesta")) + wall(
    "audit_pedidorespondido", seen("pedido_id", "id FROM audit_pedido")
)


def _key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("audit", "0010_index_of_hallazgos"), migrations.swappable_dependency(USER)]
    operations = [
        migrations.CreateModel(
            name="PedidoRespondido",
            fields=[
                ("id", _key()),
                ("texto", models.TextField()),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=USER)),
                ("pedido", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="respondido", to="audit.pedido")),
            ],
            options={
                "verbose_name": "pedido respondido",
                "constraints": [models.CheckConstraint(condition=~Q(texto=""), name="pedido_respondido_con_texto")],
            },
        ),
        migrations.CreateModel(
            name="PropuestaResuelta",
            fields=[
                ("id", _key()),
                ("sentido", models.CharField(choices=[("confirmada", "Confirmada"), ("devuelta", "Devuelta"), ("retirada", "Retirada")], max_length=10)),
                ("comentario", models.CharField(blank=True, max_length=500)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=USER)),
                ("observacion", models.ForeignKey(help_text="la que quedó al confirmar", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="resueltas", to="audit.observacion")),
                ("propuesta", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="resuelta", to="audit.propuesta")),
            ],
            options={
                "verbose_name": "propuesta resuelta",
                "constraints": [
                    models.CheckConstraint(condition=Q(sentido__in=["confirmada", "devuelta", "retirada"]), name="propuesta_resuelta_en_un_sentido")
                ],
            },
        ),
        migrations.RunSQL(BEFORE),
        migrations.RemoveConstraint(model_name="pedido", name="pedido_respondido_por_alguien"),
        migrations.RemoveConstraint(model_name="propuesta", name="propuesta_abierta_unica"),
        migrations.RemoveConstraint(model_name="propuesta", name="propuesta_de_dos_personas"),
        *(migrations.RemoveField(model_name="pedido", name=name) for name in ("respondido_el", "respondido_por", "respuesta")),
        *(
            migrations.RemoveField(model_name="propuesta", name=name)
            for name in ("comentario", "resuelta_el", "resuelta_por", "sentido")
        ),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL("".join(map(record, RECORDS)) + WALLS),
    ]
