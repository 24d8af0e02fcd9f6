"""Let an oficio follow another whose answers it appraises, and no other way [LGPP 80.1.b.III]."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

GUARDS = """
CREATE FUNCTION sif_guard_segundo() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.primero_id IS DISTINCT FROM
        (SELECT p.primero_id FROM proceedings_oficiopropuesto p WHERE p.id = NEW.propuesto_id) THEN
        RAISE EXCEPTION 'El oficio % no es el que se propuso.', NEW.numero USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.primero_id IS NOT NULL AND (
        NOT EXISTS (
            SELECT FROM proceedings_oficio o
            WHERE o.id = NEW.primero_id AND o.primero_id IS NULL AND o.etapa_id = NEW.etapa_id
              AND o.sujeto_id = NEW.sujeto_id AND o.vence_el < NEW.notificado_el)
        OR EXISTS (
            SELECT FROM proceedings_dictamen d WHERE d.etapa_id = NEW.etapa_id AND d.sujeto_id = NEW.sujeto_id)) THEN
        RAISE EXCEPTION 'El segundo oficio % sigue al primero de su sujeto, ya vencido y sin dictamen.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oficio_segundo_de_su_primero BEFORE INSERT ON proceedings_oficio
    FOR EACH ROW EXECUTE FUNCTION sif_guard_segundo();

CREATE FUNCTION sif_guard_observada() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE de CONSTANT bigint := (SELECT o.primero_id FROM proceedings_oficio o WHERE o.id = NEW.oficio_id);
BEGIN
    IF de IS NOT NULL AND NOT EXISTS (
        SELECT FROM proceedings_oficio_observaciones x
        WHERE x.oficio_id = de AND x.observacion_id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'El segundo oficio % notifica la observación %, que el primero no notificó.',
            NEW.oficio_id, NEW.observacion_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oficio_observada_en_el_primero BEFORE INSERT ON proceedings_oficio_observaciones
    FOR EACH ROW EXECUTE FUNCTION sif_guard_observada();
"""
WINDOWS = """
-- A second correction of a subject is of its second oficio: it opens once the one before closed, until its answer is due.
CREATE OR REPLACE FUNCTION sif_guard_ventana() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE closes CONSTANT date := (NEW.cierra_el AT TIME ZONE 'UTC')::date;
BEGIN
    IF EXISTS (SELECT FROM registry_ventana w WHERE w.periodo_id = NEW.periodo_id AND w.tipo = NEW.tipo
               AND w.sujeto_id IS NOT DISTINCT FROM NEW.sujeto_id)
       AND NOT EXISTS (
        SELECT FROM registry_fechasresueltas r JOIN registry_fechaspropuestas p ON p.id = r.propuesta_id
        JOIN registry_periodo t ON t.id = NEW.periodo_id AND t.etapa_id = p.etapa_id
        WHERE r.sentido = 'movidas' AND sif_of_this_transaction(r.xmin) AND NEW.tipo = 'normal'
          AND NEW.sujeto_id IS NULL AND NEW.base = p.acuerdo
          AND (p.pedido -> 'vencen' ->> t.numero::text)::date BETWEEN closes - 1 AND closes)
       AND NOT EXISTS (
        SELECT FROM proceedings_oficio o JOIN registry_periodo t ON t.id = NEW.periodo_id AND t.etapa_id = o.etapa_id
        WHERE o.primero_id IS NOT NULL AND sif_of_this_transaction(o.xmin) AND NEW.tipo = 'correccion'
          AND o.sujeto_id = NEW.sujeto_id AND o.numero = NEW.base
          AND NEW.abre_el >= o.notificado_el AND NEW.cierra_el <= o.vence_el + interval '1 second'
          AND NOT EXISTS (
            SELECT FROM registry_ventana w WHERE w.periodo_id = NEW.periodo_id AND w.tipo = NEW.tipo
            AND w.sujeto_id = NEW.sujeto_id AND w.cierra_el > NEW.abre_el)) THEN
        RAISE EXCEPTION 'El periodo % ya tiene ventana; otra la abre el acuerdo que la alarga.', NEW.periodo_id
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0018_projects_after_a_rejection"),
        ("registry", "0056_spans_of_appointments"),
    ]
    operations = [
        migrations.AddField(
            "oficiopropuesto",
            "primero",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="segundos_propuestos",
                to="proceedings.oficio",
            ),
        ),
        migrations.AddField(
            "oficiopropuesto",
            "valoraciones",
            models.JSONField(null=True, help_text="de un segundo oficio: [{observacion, subsana, razon}]"),
        ),
        migrations.AddField(
            "oficio",
            "primero",
            models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="segundo", to="proceedings.oficio"
            ),
        ),
        migrations.RemoveConstraint("oficio", "oficio_uno_por_sujeto"),
        migrations.AddConstraint(
            "oficio",
            models.UniqueConstraint(
                fields=["etapa", "sujeto"], condition=Q(primero__isnull=True), name="oficio_uno_por_sujeto"
            ),
        ),
        migrations.AddConstraint(
            "oficiopropuesto",
            models.CheckConstraint(
                condition=Q(primero__isnull=True) & Q(valoraciones__isnull=True)
                | ~Q(primero__isnull=True) & Q(valoraciones__isnull=False),
                name="oficio_propuesto_con_valoraciones",
            ),
        ),
        migrations.RunSQL(GUARDS + WINDOWS),
    ]
