"""An observación left without effect: written once, never of one notified, nor by who adopted it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import refuse_change

GUARD = """
CREATE FUNCTION sif_guard_sin_efecto() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM proceedings_oficio_observaciones WHERE observacion_id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % ya se notificó.', NEW.observacion_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.hecho_por_id = (SELECT adoptada_por_id FROM audit_observacion WHERE id = NEW.observacion_id) THEN
        RAISE EXCEPTION 'La observación % la deja sin efecto otra persona que quien la adoptó.', NEW.observacion_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sin_efecto_guarda BEFORE INSERT ON audit_observacionsinefecto
    FOR EACH ROW EXECUTE FUNCTION sif_guard_sin_efecto();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_rule_versions"),
        ("proceedings", "0005_what_the_database_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ObservacionSinEfecto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.CharField(max_length=500)),
                ("hecho_el", models.DateTimeField()),
                (
                    "hecho_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "observacion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sin_efecto", to="audit.observacion"
                    ),
                ),
            ],
            options={"verbose_name": "observación sin efecto"},
        ),
        migrations.AddConstraint(
            model_name="observacionsinefecto",
            constraint=models.CheckConstraint(
                condition=models.Q(("motivo", ""), _negated=True), name="sin_efecto_con_motivo"
            ),
        ),
        migrations.RunSQL(GUARD + refuse_change("audit_observacionsinefecto")),
    ]
