"""An oficio, a dictamen and a resolución take two people, and what was notified or answered does not change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record

GUARDS = """
CREATE FUNCTION sif_guard_oficio() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM proceedings_oficiopropuesto p
        WHERE p.id = NEW.propuesto_id AND p.etapa_id = NEW.etapa_id AND p.sujeto_id = NEW.sujeto_id
          AND p.propuesto_por_id <> NEW.emitido_por_id
          AND NOT EXISTS (SELECT 1 FROM proceedings_oficioretirado r WHERE r.propuesto_id = p.id)) THEN
        RAISE EXCEPTION 'El oficio % lo propone una persona y lo emite otra.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_dos_personas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cerrado_el IS NOT NULL AND EXISTS (
        SELECT 1 FROM proceedings_conclusion WHERE dictamen_id = NEW.id AND cerrada_por_id = NEW.cerrado_por_id) THEN
        RAISE EXCEPTION 'El dictamen % lo cierra otra persona que quien cerró sus conclusiones.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sif_guard_cuenta() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.votada_el IS NOT NULL AND (
        NEW.elaborada_por_id IS NULL OR NEW.contada_por_id IS NULL OR NEW.elaborada_por_id = NEW.contada_por_id) THEN
        RAISE EXCEPTION 'La resolución % la elabora una persona y otra cuenta su votación.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oficio_de_dos_personas BEFORE INSERT ON proceedings_oficio
    FOR EACH ROW EXECUTE FUNCTION sif_guard_oficio();
CREATE TRIGGER dictamen_de_dos_personas BEFORE UPDATE ON proceedings_dictamen
    FOR EACH ROW EXECUTE FUNCTION sif_guard_dos_personas();
CREATE TRIGGER resolucion_de_dos_personas BEFORE UPDATE ON proceedings_resolucion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_cuenta();
"""
RECORDS = [
    "proceedings_oficio",
    "proceedings_oficiopropuesto", "proceedings_oficioretirado", "proceedings_oficio_observaciones",
    "proceedings_respuesta_polizas",
]


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0006_records"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="OficioPropuesto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("huella", models.CharField(max_length=64)),
                ("propuesto_el", models.DateTimeField()),
                ("etapa", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="oficios_propuestos", to="registry.etapa")),
                ("propuesto_por", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("sujeto", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="oficios_propuestos", to="registry.sujetoobligado")),
            ],
            options={"verbose_name": "oficio propuesto"},
        ),
        migrations.CreateModel(
            name="OficioRetirado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("retirado_el", models.DateTimeField()),
                ("propuesto", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="retirado", to="proceedings.oficiopropuesto")),
                ("retirado_por", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "oficio retirado"},
        ),
        migrations.AddField(
            model_name="oficio",
            name="propuesto",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="oficio", to="proceedings.oficiopropuesto"),
        ),
        migrations.AddField(model_name="resolucion", name="elaborada_por", field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.AddField(model_name="resolucion", name="contada_por", field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL("".join(map(record, RECORDS))),
    ]
