"""A proposed calendar may be closed without opening it: another person refuses it, or who proposed it withdraws it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, reserve, signed_by_pass

CLOSED = "registry_calendariocerrado"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
-- Who proposed withdraws and another refuses; what was opened is not closed, nor what was closed opened.
CREATE FUNCTION sif_guard_calendario_cerrado() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT FROM registry_procesoabierto a WHERE a.propuesta_id = NEW.propuesta_id)
       OR NOT EXISTS (SELECT FROM registry_calendariopropuesto p WHERE p.id = NEW.propuesta_id
                      AND (p.propuesto_por_id = NEW.hecho_por_id) = (NEW.sentido = 'retirado')) THEN
        RAISE EXCEPTION 'El calendario % ya se abrió, o no lo cierra así esa persona.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER calendario_cerrado_guarda BEFORE INSERT ON {CLOSED}
    FOR EACH ROW EXECUTE FUNCTION sif_guard_calendario_cerrado();

CREATE FUNCTION sif_guard_proceso_abierto() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT FROM {CLOSED} c WHERE c.propuesta_id = NEW.propuesta_id) THEN
        RAISE EXCEPTION 'El calendario % se rechazó o se retiró: no se abre.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proceso_abierto_guarda BEFORE INSERT ON registry_procesoabierto
    FOR EACH ROW EXECUTE FUNCTION sif_guard_proceso_abierto();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0031_ends_of_candidacies")]
    operations = [
        migrations.CreateModel(
            name="CalendarioCerrado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sentido",
                    models.CharField(
                        choices=[("rechazado", "Rechazado"), ("retirado", "Retirado")], max_length=9
                    ),
                ),
                ("motivo", models.CharField(blank=True, max_length=300)),
                ("hecho_el", models.DateTimeField()),
                (
                    "hecho_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "propuesta",
                    models.OneToOneField("registry.calendariopropuesto", models.PROTECT, related_name="cierre"),
                ),
            ],
            options={
                "verbose_name": "cierre de calendario propuesto",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("motivo", ""), ("sentido", "retirado"))
                        | models.Q(("sentido", "rechazado"), models.Q(("motivo", ""), _negated=True)),
                        name="calendario_rechazado_con_motivo",
                    )
                ],
            },
        ),
        migrations.RunSQL(reserve(CLOSED) + record(CLOSED) + signed_by_pass(CLOSED, "hecho_por_id")),
        migrations.RunSQL(GUARD),
    ]
