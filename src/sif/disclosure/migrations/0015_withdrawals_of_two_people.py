"""Withdrawing a publication is an act of two people too, and leaves a notice that the public reads for ever."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import publish, record, reserve

GUARDS = """
CREATE FUNCTION sif_guard_retiro() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE propuesto disclosure_retiropropuesto;
BEGIN
    SELECT * INTO propuesto FROM disclosure_retiropropuesto WHERE id = NEW.propuesta_id;
    IF propuesto.id IS NULL OR propuesto.publicacion_id <> NEW.publicacion_id OR propuesto.motivo <> NEW.motivo
       OR propuesto.propuesto_por_id = NEW.hecho_por_id THEN
        RAISE EXCEPTION 'El retiro lo propone una persona y lo confirma otra.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM disclosure_retiropropuesto p
               WHERE p.publicacion_id = NEW.publicacion_id AND p.id > propuesto.id) THEN
        RAISE EXCEPTION 'Hay una propuesta de retiro posterior.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publicacion_retirada_guarda BEFORE INSERT ON disclosure_publicacionretirada
    FOR EACH ROW EXECUTE FUNCTION sif_guard_retiro();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0014_rules_by_their_sanctions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="RetiroPropuesto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.CharField(max_length=500)),
                ("fundamento", models.CharField(
                    max_length=200, help_text="artículos de la ley, o acuerdo o sentencia que lo ordena",
                )),
                ("propuesto_el", models.DateTimeField()),
                ("propuesto_por", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
                )),
                ("publicacion", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="retiros_propuestos",
                    to="disclosure.publicacion",
                )),
            ],
            options={
                "verbose_name": "retiro propuesto",
                "constraints": [models.CheckConstraint(
                    condition=models.Q(("motivo", ""), _negated=True) & models.Q(("fundamento", ""), _negated=True),
                    name="retiro_propuesto_con_motivo",
                )],
            },
        ),
        migrations.CreateModel(
            name="RetiroPublicado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publicacion", models.BigIntegerField(help_text="número de la publicación retirada", unique=True)),
                ("proceso", models.CharField(max_length=60)),
                ("nombre", models.CharField(max_length=200)),
                ("huella", models.CharField(max_length=64)),
                ("datos_al", models.DateTimeField()),
                ("publicada_el", models.DateTimeField()),
                ("retirada_el", models.DateTimeField()),
                ("motivo", models.CharField(max_length=500)),
                ("fundamento", models.CharField(max_length=200)),
                ("autoridad", models.CharField(max_length=200)),
                ("lugares", models.JSONField()),
            ],
            options={"verbose_name": "retiro publicado"},
        ),
        migrations.AddField(
            model_name="publicacionretirada",
            name="propuesta",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="retiro",
                to="disclosure.retiropropuesto",
            ),
        ),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL(
            record("disclosure_retiropropuesto") + reserve("disclosure_retiropropuesto")
            + record("disclosure_retiropublicado") + publish("disclosure_retiropublicado")
        ),
    ]  # fmt: skip
