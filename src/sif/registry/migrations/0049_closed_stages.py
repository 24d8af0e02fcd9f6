"""A stage is closed, and opened again, by two people; a closed one takes no candidacy, books nor window."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import REGISTRY, follows, not_ahead, read_by_all, record, second_eye, signed

PROPOSED, SOLVED = "registry_cierrepropuesto", "registry_cierreresuelto"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
CREATE FUNCTION sif_stage_is_closed(stage bigint) RETURNS boolean LANGUAGE sql STABLE {PINNED} AS $$
    SELECT coalesce((SELECT p.clase = 'cierre' FROM {SOLVED} r JOIN {PROPOSED} p ON p.id = r.propuesta_id
        WHERE p.etapa_id = stage AND r.sentido = 'hecho' ORDER BY r.id DESC LIMIT 1), false)
$$;
-- Who proposes withdraws, and another who administers does or refuses it; each stage is closed once until it is reopened.
CREATE FUNCTION sif_guard_cierre() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE p {PROPOSED};
BEGIN
    SELECT * INTO p FROM {PROPOSED} WHERE id = NEW.propuesta_id;
    IF (p.propuesto_por_id = NEW.hecho_por_id) IS DISTINCT FROM (NEW.sentido = 'retirado') THEN
        RAISE EXCEPTION 'El cierre propuesto % lo retira quien lo propuso, y lo hace o rechaza otra persona.',
            NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'hecho' AND NOT (sif_gives_role(NEW.hecho_por_id, '', NULL) AND EXISTS (
        SELECT FROM registry_usuario u WHERE u.id = p.propuesto_por_id AND u.rfc <> '')) THEN
        RAISE EXCEPTION 'El cierre propuesto % lo propone quien tiene RFC, y lo hace quien administra.',
            NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'hecho' AND sif_stage_is_closed(p.etapa_id) = (p.clase = 'cierre') THEN
        RAISE EXCEPTION 'La etapa % ya está como pide el cierre propuesto %.', p.etapa_id, NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cierre_guarda BEFORE INSERT ON {SOLVED} FOR EACH ROW EXECUTE FUNCTION sif_guard_cierre();

CREATE FUNCTION sif_refuse_in_closed_stage() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE stage bigint := CASE WHEN TG_TABLE_NAME = 'registry_ventana'
    THEN (SELECT etapa_id FROM registry_periodo WHERE id = (to_jsonb(NEW) ->> 'periodo_id')::bigint)
    ELSE (to_jsonb(NEW) ->> 'etapa_id')::bigint END;
BEGIN
    IF sif_stage_is_closed(stage) THEN
        RAISE EXCEPTION 'La etapa % está cerrada: no admite nada en %.', stage, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_etapa_abierta BEFORE INSERT ON registry_{table} "
    "FOR EACH ROW EXECUTE FUNCTION sif_refuse_in_closed_stage();"
    for table in ("candidatura", "contabilidad", "ventana")
)
WALLS = (
    read_by_all(PROPOSED, REGISTRY)
    + read_by_all(SOLVED, REGISTRY)
    + signed(PROPOSED, "propuesto_por_id")
    + signed(SOLVED, "hecho_por_id")
    + second_eye(SOLVED, "hecho_por_id", "NEW.sentido = 'hecho'")
    + follows(SOLVED, "propuesta_id", PROPOSED)
    + not_ahead(PROPOSED, "propuesto_el")
    + not_ahead(SOLVED, "hecho_el")
)


def _of(model: str, name: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, related_name=name)


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("registry", "0048_windows_of_their_accord")]
    operations = [
        migrations.CreateModel(
            name="CierrePropuesto",
            fields=[
                ("id", _key()),
                (
                    "clase",
                    models.CharField(choices=[("cierre", "Cierre"), ("reapertura", "Reapertura")], max_length=10),
                ),
                ("acuerdo", models.CharField(blank=True, max_length=60)),
                ("motivo", models.CharField(blank=True, max_length=300)),
                ("propuesto_el", models.DateTimeField()),
                ("etapa", _of("registry.etapa", "cierres")),
                ("propuesto_por", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "cierre de etapa propuesto",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(clase="cierre") | ~Q(acuerdo="") & ~Q(motivo=""), name="reapertura_con_acuerdo"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CierreResuelto",
            fields=[
                ("id", _key()),
                (
                    "sentido",
                    models.CharField(
                        choices=[("hecho", "Hecho"), ("rechazado", "Rechazado"), ("retirado", "Retirado")],
                        max_length=10,
                    ),
                ),
                ("motivo", models.CharField(blank=True, help_text="de quien lo rechaza", max_length=300)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _of(settings.AUTH_USER_MODEL)),
                (
                    "propuesta",
                    models.OneToOneField(
                        "registry.cierrepropuesto", django.db.models.deletion.PROTECT, related_name="resuelta"
                    ),
                ),
            ],
            options={
                "verbose_name": "cierre de etapa resuelto",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sentido="rechazado") & ~Q(motivo="") | ~Q(sentido="rechazado") & Q(motivo=""),
                        name="cierre_rechazado_con_motivo",
                    )
                ],
            },
        ),
        migrations.RunSQL(record(PROPOSED) + record(SOLVED) + WALLS),
        migrations.RunSQL(GUARD),
    ]
