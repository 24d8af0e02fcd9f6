"""A candidacy that ended by mistake, or that a court restores, contends again by an act beside its end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import REGISTRY, read_by_all, record, signed

RESTORED = "registry_restitucioncandidatura"
PINNED = "SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
CREATE FUNCTION sif_standing_end(candidatura bigint) RETURNS bigint LANGUAGE sql STABLE {PINNED} AS $$
    SELECT f.id FROM registry_fincandidatura f WHERE f.candidatura_id = candidatura
        AND NOT EXISTS (SELECT FROM registry_restitucioncandidatura r WHERE r.fin_id = f.id) $$;

-- Those who held one place one after another.
CREATE FUNCTION sif_contest(candidatura bigint) RETURNS SETOF bigint LANGUAGE sql STABLE {PINNED} AS $$
    WITH RECURSIVE lugar (id) AS (
        SELECT candidatura
        UNION SELECT o.id FROM lugar l CROSS JOIN LATERAL (
            SELECT s.entra_id FROM registry_sustitucioncandidatura s
                JOIN registry_fincandidatura f ON f.id = s.sale_id WHERE f.candidatura_id = l.id
            UNION ALL SELECT f.candidatura_id FROM registry_sustitucioncandidatura s
                JOIN registry_fincandidatura f ON f.id = s.sale_id WHERE s.entra_id = l.id) o (id))
    SELECT id FROM lugar $$;

-- One end stands at most: two that enter at once wait for each other.
CREATE FUNCTION sif_guard_fin() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fin de candidatura ' || NEW.candidatura_id));
    IF sif_standing_end(NEW.candidatura_id) IS NOT NULL THEN
        RAISE EXCEPTION 'La candidatura % ya terminó.', NEW.candidatura_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fin_guarda BEFORE INSERT ON registry_fincandidatura FOR EACH ROW EXECUTE FUNCTION sif_guard_fin();

-- Nobody returns to a place that another holds, and nobody takes the place of one that contends.
CREATE FUNCTION sif_guard_restitucion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF EXISTS (SELECT FROM registry_fincandidatura f, sif_contest(f.candidatura_id) o
               WHERE f.id = NEW.fin_id AND o <> f.candidatura_id AND sif_standing_end(o) IS NULL) THEN
        RAISE EXCEPTION 'Otra candidatura tiene el lugar de la que terminó por el acto %.', NEW.fin_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restitucion_guarda BEFORE INSERT ON {RESTORED} FOR EACH ROW EXECUTE FUNCTION sif_guard_restitucion();

CREATE OR REPLACE FUNCTION sif_guard_sustitucion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_fincandidatura f
        JOIN registry_candidatura s ON s.id = f.candidatura_id
        JOIN registry_candidatura e ON e.id = NEW.entra_id
        JOIN registry_contabilidad c ON c.candidatura_id = e.id
        WHERE f.id = NEW.sale_id AND e.id <> s.id AND sif_standing_end(s.id) = f.id AND sif_standing_end(e.id) IS NULL
          AND NOT EXISTS (SELECT FROM sif_contest(s.id) o WHERE o <> s.id AND sif_standing_end(o) IS NULL)
          AND (e.etapa_id, e.sujeto_id, e.cargo_id, e.territorio_id)
            = (s.etapa_id, s.sujeto_id, s.cargo_id, s.territorio_id)) THEN
        RAISE EXCEPTION 'La candidatura % no sustituye a esa: contiende por otra cosa, no tiene libros, ya terminó o hay quien contienda en ese lugar.',
            NEW.entra_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0037_people_of_the_scope")]
    operations = [
        migrations.AlterField(
            model_name="fincandidatura",
            name="candidatura",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fines", to="registry.candidatura"
            ),
        ),
        migrations.CreateModel(
            name="RestitucionCandidatura",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("acuerdo", models.CharField(max_length=60)),
                ("motivo", models.CharField(max_length=300)),
                ("hecho_el", models.DateTimeField()),
                (
                    "fin",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restitucion",
                        to="registry.fincandidatura",
                    ),
                ),
                (
                    "hecho_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "restitución de candidatura",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("acuerdo", ""), _negated=True) & models.Q(("motivo", ""), _negated=True),
                        name="restitucion_con_acuerdo_y_motivo",
                    )
                ],
            },
        ),
        migrations.RunSQL(record(RESTORED) + read_by_all(RESTORED, REGISTRY) + signed(RESTORED, "hecho_por_id")),
        migrations.RunSQL(GUARD),
    ]
