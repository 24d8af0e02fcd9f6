"""An appointment has its document, and one Responsable takes the place of another by one act."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, asked_by, follows, not_ahead, ranges, record, signed, wall
from sif.registry.protection import PINNED as READS

PAPER, RELIEF = "registry_documentonombramiento", "registry_relevoresponsable"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

GUARDS = f"""
-- Who gives a role keeps its document, and nobody that of their own appointment.
CREATE FUNCTION sif_guard_documento_nombramiento() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM registry_nombramiento n WHERE n.id = NEW.nombramiento_id
        AND n.usuario_id <> NEW.guardado_por_id AND sif_gives_role(NEW.guardado_por_id, n.rol, n.sujeto_id)) THEN
        RAISE EXCEPTION 'La cuenta % no guarda el documento del nombramiento %.', NEW.guardado_por_id,
            NEW.nombramiento_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documento_nombramiento_guarda BEFORE INSERT ON {PAPER}
    FOR EACH ROW EXECUTE FUNCTION sif_guard_documento_nombramiento();

-- A relief ends one Responsable of a subject and begins another, in its own transaction.
CREATE FUNCTION sif_guard_relevo() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_finnombramiento f JOIN registry_nombramiento s ON s.id = f.nombramiento_id
        JOIN registry_nombramiento e ON e.id = NEW.entra_id JOIN {PAPER} d ON d.id = NEW.documento_id
        WHERE f.id = NEW.sale_id AND d.nombramiento_id = e.id AND s.usuario_id <> e.usuario_id
          AND s.rol = 'responsable_finanzas' AND e.rol = s.rol AND e.desde = NEW.desde
          AND s.sujeto_id = NEW.sujeto_id AND e.sujeto_id = NEW.sujeto_id
          AND sif_of_this_transaction(f.xmin) AND sif_of_this_transaction(e.xmin) AND sif_of_this_transaction(d.xmin)
          AND sif_gives_role(NEW.hecho_por_id, e.rol, NEW.sujeto_id)) THEN
        RAISE EXCEPTION 'El relevo del sujeto % no termina a un Responsable y nombra a otro en el mismo acto.',
            NEW.sujeto_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relevo_guarda BEFORE INSERT ON {RELIEF} FOR EACH ROW EXECUTE FUNCTION sif_guard_relevo();
"""
SUBJECTS = f"""
-- The subjects that the scope sees whole: those listed, and not those of which some books are.
CREATE FUNCTION sif_enteros() RETURNS SETOF bigint LANGUAGE sql {READS} AS $$
    SELECT substr(i, 2)::bigint FROM public.sif_pase() p, unnest(string_to_array(p.alcance, ',')) i
        WHERE i ~ '^s[0-9]+$'
$$;
""" + ranges("enteros")
WHOLE = "(SELECT sif_rangos_enteros()) @>"
OWN_PAPER = (
    "EXISTS (SELECT FROM registry_nombramiento n WHERE n.id = nombramiento_id "
    f"AND ({asked_by('n.usuario_id')} OR {WHOLE} n.sujeto_id))"
)
LEFT = (
    "EXISTS (SELECT FROM registry_finnombramiento f JOIN registry_nombramiento n ON n.id = f.nombramiento_id "
    f"WHERE f.id = sale_id AND {asked_by('n.usuario_id')})"
)
WALLS = (
    wall(PAPER, f"{ALL} OR {REGISTRY} OR {OWN_PAPER}", REGISTRY)
    + wall(RELIEF, f"{ALL} OR {REGISTRY} OR {WHOLE} sujeto_id OR {LEFT}", REGISTRY)
    + signed(PAPER, "guardado_por_id")
    + signed(RELIEF, "hecho_por_id")
    + follows(PAPER, "nombramiento_id", "registry_nombramiento")
    + follows(RELIEF, "sale_id", "registry_finnombramiento")
    + not_ahead(PAPER, "guardado_el")
    + not_ahead(RELIEF, "hecho_el")
)


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _of(model: str, name: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, related_name=name)


def _one(model: str) -> models.OneToOneField:  # type: ignore[type-arg]
    return models.OneToOneField(model, django.db.models.deletion.PROTECT, related_name="relevo")


class Migration(migrations.Migration):
    dependencies = [("registry", "0050_agreements_of_coalitions")]
    operations = [
        migrations.CreateModel(
            name="DocumentoNombramiento",
            fields=[
                ("id", _key()),
                ("referencia", models.CharField(help_text="número del oficio, acta o acuerdo", max_length=120)),
                ("nombre", models.CharField(help_text="del archivo, como llegó", max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("bytes", models.BigIntegerField()),
                ("guardado_el", models.DateTimeField()),
                ("guardado_por", _of(settings.AUTH_USER_MODEL)),
                ("nombramiento", _of("registry.nombramiento", "documentos")),
            ],
            options={
                "verbose_name": "documento de nombramiento",
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(referencia="") & models.Q(sha256__regex=r"^[0-9a-f]{64}$", bytes__gt=0),
                        name="documento_nombramiento_completo",
                    ),
                    models.UniqueConstraint(fields=["nombramiento", "sha256"], name="documento_nombramiento_una_vez"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelevoResponsable",
            fields=[
                ("id", _key()),
                ("desde", models.DateField()),
                ("entrega", models.JSONField()),
                ("hecho_el", models.DateTimeField()),
                ("documento", _one("registry.documentonombramiento")),
                ("entra", _one("registry.nombramiento")),
                ("hecho_por", _of(settings.AUTH_USER_MODEL)),
                ("sale", _one("registry.finnombramiento")),
                ("sujeto", _of("registry.sujetoobligado", "relevos")),
            ],
            options={"verbose_name": "relevo de responsable de finanzas"},
        ),
        migrations.RunSQL(record(PAPER) + record(RELIEF)),
        migrations.RunSQL(SUBJECTS),
        migrations.RunSQL(WALLS),
        migrations.RunSQL(GUARDS),
    ]
