"""The agreement of a coalition is a record: its members sum the whole, and each rules until the one that follows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from sif.registry.protection import REGISTRY, not_ahead, read_by_all, record, signed

AGREED, MEMBER = "registry_conveniocoalicion", "registry_integrantecoalicion"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
-- An agreement begins no earlier than what it follows, and its coalition is not two at once.
CREATE FUNCTION sif_guard_convenio() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    PERFORM FROM registry_sujetoobligado s WHERE s.id = NEW.coalicion_id AND s.tipo IN ('coalicion', 'comun')
        FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM {MEMBER} i WHERE i.coalicion_id = NEW.coalicion_id AND i.desde > NEW.desde) THEN
        RAISE EXCEPTION 'El convenio de % no rige desde el %: no es coalición, o ya hay partes posteriores.',
            NEW.coalicion_id, NEW.desde USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER convenio_guarda BEFORE INSERT ON {AGREED} FOR EACH ROW EXECUTE FUNCTION sif_guard_convenio();

-- What is registered of an agreement is of its coalition and its day, and enters with it; without one, before any.
CREATE FUNCTION sif_guard_integrante() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE c {AGREED}; fresh boolean;
BEGIN
    IF NEW.convenio_id IS NULL THEN
        IF EXISTS (SELECT FROM {AGREED} a WHERE a.coalicion_id = NEW.coalicion_id) THEN
            RAISE EXCEPTION 'La coalición % tiene convenio: sus integrantes entran con él.', NEW.coalicion_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT a.* INTO c FROM {AGREED} a WHERE a.id = NEW.convenio_id;
    SELECT sif_of_this_transaction(a.xmin) INTO fresh FROM {AGREED} a WHERE a.id = NEW.convenio_id;
    IF fresh IS NOT TRUE OR (c.coalicion_id, c.desde) IS DISTINCT FROM (NEW.coalicion_id, NEW.desde) OR NOT EXISTS (
        SELECT FROM registry_sujetoobligado s WHERE s.id = NEW.sujeto_id AND s.tipo IN ('partido', 'partido_local')) THEN
        RAISE EXCEPTION 'El integrante % no es de ese convenio, o no es un partido.', NEW.sujeto_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrante_guarda BEFORE INSERT ON {MEMBER} FOR EACH ROW EXECUTE FUNCTION sif_guard_integrante();

-- At the end of its transaction an agreement has two members or more, which sum the whole.
CREATE FUNCTION sif_whole_convenio() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE many bigint; total bigint;
BEGIN
    SELECT count(DISTINCT i.sujeto_id), coalesce(sum(i.participacion_pb), 0) INTO many, total
        FROM {MEMBER} i WHERE i.convenio_id = NEW.id;
    IF many < 2 OR total <> 10000 THEN
        RAISE EXCEPTION 'El convenio % tiene % integrantes que suman % de 10000.', NEW.id, many, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER convenio_suma_el_todo AFTER INSERT ON {AGREED} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sif_whole_convenio();
"""
WALLS = read_by_all(AGREED, REGISTRY) + signed(AGREED, "registrado_por_id") + not_ahead(AGREED, "registrado_el")
NAMED = models.UniqueConstraint(
    fields=["coalicion", "sujeto", "desde", "convenio"], nulls_distinct=False, name="integrante_unico"
)


def _of(model: str, name: str = "+", *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, null=null, related_name=name)


class Migration(migrations.Migration):
    dependencies = [("registry", "0049_closed_stages")]
    operations = [
        migrations.CreateModel(
            name="ConvenioCoalicion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("acuerdo", models.CharField(max_length=60)),
                ("aprobado_el", models.DateField()),
                ("desde", models.DateField()),
                ("documento", models.CharField(blank=True, max_length=160)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("registrado_el", models.DateTimeField()),
                ("coalicion", _of("registry.sujetoobligado", "convenios")),
                ("registrado_por", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "convenio de coalición",
                "constraints": [
                    models.CheckConstraint(condition=~Q(acuerdo=""), name="convenio_con_acuerdo"),
                    models.CheckConstraint(condition=Q(desde__gte=F("aprobado_el")), name="convenio_dias_en_orden"),
                    models.CheckConstraint(
                        condition=Q(documento="", sha256="") | ~Q(documento="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                        name="convenio_documento_con_huella",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="integrantecoalicion",
            name="convenio",
            field=_of("registry.conveniocoalicion", "partes", null=True),
        ),
        migrations.RemoveConstraint(model_name="integrantecoalicion", name="integrante_unico"),
        migrations.AddConstraint(model_name="integrantecoalicion", constraint=NAMED),
        migrations.AddConstraint(
            model_name="integrantecoalicion",
            constraint=models.CheckConstraint(condition=~Q(coalicion=F("sujeto")), name="integrante_es_otro"),
        ),
        migrations.RunSQL(record(AGREED) + WALLS),
        migrations.RunSQL(GUARD),
    ]
