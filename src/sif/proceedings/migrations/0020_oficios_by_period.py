"""Let several oficios review the periods of a stage, each its own, in their order [LGPP 80.1.d.II-III]."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FIRST, OF_ALL = Q(primero__isnull=True), Q(periodo__isnull=True)
UNTIL = "el último periodo que revisa, si otro oficio revisa los que siguen; vacío: hasta el último de la etapa"
GUARDS = """
CREATE FUNCTION sif_guard_periodo_de_oficio() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ultimo CONSTANT integer := (SELECT p.numero FROM registry_periodo p WHERE p.id = NEW.periodo_id);
BEGIN
    IF NEW.periodo_id IS DISTINCT FROM
        (SELECT p.periodo_id FROM proceedings_oficiopropuesto p WHERE p.id = NEW.propuesto_id) THEN
        RAISE EXCEPTION 'El oficio % no revisa los periodos que se propusieron.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.periodo_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_periodo p JOIN registry_periodo q ON q.etapa_id = p.etapa_id AND q.numero > p.numero
        WHERE p.id = NEW.periodo_id AND p.etapa_id = NEW.etapa_id) THEN
        RAISE EXCEPTION 'El oficio % revisa un periodo de otra etapa, o el último, que cierra la revisión.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.primero_id IS NULL AND EXISTS (
        SELECT FROM proceedings_oficio o LEFT JOIN registry_periodo p ON p.id = o.periodo_id
        WHERE o.etapa_id = NEW.etapa_id AND o.sujeto_id = NEW.sujeto_id AND o.primero_id IS NULL
          AND (o.periodo_id IS NULL OR p.numero >= ultimo)) THEN
        RAISE EXCEPTION 'El oficio % revisa un periodo que otro oficio de su sujeto ya revisó.', NEW.numero
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oficio_varios_por_periodo BEFORE INSERT ON proceedings_oficio
    FOR EACH ROW EXECUTE FUNCTION sif_guard_periodo_de_oficio();

CREATE FUNCTION sif_guard_observada_una_vez() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM proceedings_oficio_observaciones x JOIN proceedings_oficio o ON o.id = x.oficio_id
        WHERE x.observacion_id = NEW.observacion_id AND x.oficio_id <> NEW.oficio_id AND o.primero_id IS NULL
          AND EXISTS (SELECT FROM proceedings_oficio n WHERE n.id = NEW.oficio_id AND n.primero_id IS NULL)) THEN
        RAISE EXCEPTION 'La observación % ya la notificó otro oficio.', NEW.observacion_id
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oficio_observada_una_vez BEFORE INSERT ON proceedings_oficio_observaciones
    FOR EACH ROW EXECUTE FUNCTION sif_guard_observada_una_vez();
"""


def period() -> models.ForeignKey:
    """Return the column of the last period that an oficio reviews."""
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="registry.periodo",
        help_text=UNTIL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0019_second_oficio"),
        ("registry", "0058_external_auditor"),
    ]
    operations = [
        migrations.AddField("oficiopropuesto", "periodo", period()),
        migrations.AddField("oficio", "periodo", period()),
        migrations.RemoveConstraint("oficio", "oficio_uno_por_sujeto"),
        migrations.AddConstraint(
            "oficio",
            models.UniqueConstraint(
                fields=["etapa", "sujeto"], condition=FIRST & OF_ALL, name="oficio_uno_por_sujeto"
            ),
        ),
        migrations.AddConstraint(
            "oficio", models.UniqueConstraint(fields=["etapa", "sujeto", "periodo"], name="oficio_uno_por_periodo")
        ),
        migrations.AddConstraint(
            "oficio", models.CheckConstraint(condition=FIRST | OF_ALL, name="oficio_segundo_de_toda_la_etapa")
        ),
        migrations.AddConstraint(
            "oficiopropuesto",
            models.CheckConstraint(condition=FIRST | OF_ALL, name="oficio_propuesto_segundo_de_toda_la_etapa"),
        ),
    ] + [migrations.RunSQL(GUARDS)]
