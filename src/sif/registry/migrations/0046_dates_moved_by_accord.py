"""The days of a stage already open are moved by a later accord that two people act on; what they were stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import REGISTRY, follows, not_ahead, read_by_all, record, second_eye, signed

PROPOSED, SOLVED = "registry_fechaspropuestas", "registry_fechasresueltas"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
-- Who proposes withdraws, and another who administers moves or refuses.
CREATE FUNCTION sif_guard_fechas() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE p {PROPOSED};
BEGIN
    SELECT * INTO p FROM {PROPOSED} WHERE id = NEW.propuesta_id;
    IF (p.propuesto_por_id = NEW.hecho_por_id) IS DISTINCT FROM (NEW.sentido = 'retiradas') THEN
        RAISE EXCEPTION 'Las fechas propuestas % las retira quien las propuso, y las mueve o rechaza otra persona.',
            NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'movidas' AND NOT (sif_gives_role(NEW.hecho_por_id, '', NULL) AND EXISTS (
        SELECT FROM registry_usuario u WHERE u.id = p.propuesto_por_id AND u.rfc <> '')) THEN
        RAISE EXCEPTION 'Las fechas propuestas % las propone quien tiene RFC, y las mueve quien administra.',
            NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fechas_guarda BEFORE INSERT ON {SOLVED} FOR EACH ROW EXECUTE FUNCTION sif_guard_fechas();
"""
WALLS = (
    read_by_all(PROPOSED, REGISTRY)
    + read_by_all(SOLVED, REGISTRY)
    + signed(PROPOSED, "propuesto_por_id")
    + signed(SOLVED, "hecho_por_id")
    + second_eye(SOLVED, "hecho_por_id", "NEW.sentido = 'movidas'")
    + follows(SOLVED, "propuesta_id", PROPOSED)
    + not_ahead(PROPOSED, "propuesto_el")
    + not_ahead(SOLVED, "hecho_el")
)


def _of(model: str, name: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, related_name=name)


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0043_days_of_nobodys_session"),
        ("disclosure", "0037_answers_after_what_they_answer"),
        ("proceedings", "0017_acts_of_now_on_what_is_open"),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="ventana", name="ventana_unica"),
        migrations.AddConstraint(
            model_name="ventana",
            constraint=models.UniqueConstraint(
                fields=["periodo", "tipo", "sujeto", "cierra_el"], nulls_distinct=False, name="ventana_unica"
            ),
        ),
        migrations.CreateModel(
            name="FechasPropuestas",
            fields=[
                ("id", _key()),
                ("acuerdo", models.CharField(max_length=40)),
                ("aprobado_el", models.DateField()),
                ("motivo", models.CharField(max_length=300)),
                ("visto", models.JSONField()),
                ("pedido", models.JSONField()),
                ("dias", models.JSONField()),
                ("propuesto_el", models.DateTimeField()),
                ("etapa", _of("registry.etapa", "movimientos")),
                ("propuesto_por", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "fechas propuestas",
                "constraints": [
                    models.CheckConstraint(condition=~Q(acuerdo="") & ~Q(motivo=""), name="fechas_con_acuerdo")
                ],
            },
        ),
        migrations.CreateModel(
            name="FechasResueltas",
            fields=[
                ("id", _key()),
                (
                    "sentido",
                    models.CharField(
                        choices=[("movidas", "Movidas"), ("rechazadas", "Rechazadas"), ("retiradas", "Retiradas")],
                        max_length=10,
                    ),
                ),
                ("motivo", models.CharField(blank=True, help_text="de quien las rechaza", max_length=300)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _of(settings.AUTH_USER_MODEL)),
                (
                    "propuesta",
                    models.OneToOneField(
                        "registry.fechaspropuestas", django.db.models.deletion.PROTECT, related_name="resuelta"
                    ),
                ),
            ],
            options={
                "verbose_name": "fechas resueltas",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sentido="rechazadas") & ~Q(motivo="") | ~Q(sentido="rechazadas") & Q(motivo=""),
                        name="fechas_rechazadas_con_motivo",
                    )
                ],
            },
        ),
        migrations.RunSQL(record(PROPOSED) + record(SOLVED) + WALLS),
        migrations.RunSQL(GUARD),
    ]
