"""A candidacy ends by an act with its accord, and another takes its place in the same contest or not at all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import REGISTRY, read_by_all, record, signed_by_pass

ENDED, REPLACED = "registry_fincandidatura", "registry_sustitucioncandidatura"
PINNED = "SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
-- Who takes the place of another contends for the same, has books, and has not ended.
CREATE FUNCTION sif_guard_sustitucion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_fincandidatura f
        JOIN registry_candidatura s ON s.id = f.candidatura_id
        JOIN registry_candidatura e ON e.id = NEW.entra_id
        JOIN registry_contabilidad c ON c.candidatura_id = e.id
        WHERE f.id = NEW.sale_id AND e.id <> s.id
          AND (e.etapa_id, e.sujeto_id, e.cargo_id, e.territorio_id)
            = (s.etapa_id, s.sujeto_id, s.cargo_id, s.territorio_id)
          AND NOT EXISTS (SELECT FROM registry_fincandidatura o WHERE o.candidatura_id = e.id)) THEN
        RAISE EXCEPTION 'La candidatura % no sustituye a esa: contiende por otra cosa, no tiene libros o ya terminó.',
            NEW.entra_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sustitucion_guarda BEFORE INSERT ON registry_sustitucioncandidatura
    FOR EACH ROW EXECUTE FUNCTION sif_guard_sustitucion();
"""


def number() -> tuple[str, models.BigAutoField]:
    """Return the key of a table."""
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def act() -> list[tuple[str, models.Field]]:
    """Return the columns of what was agreed, when it was done and by whom."""
    author = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )
    return [("acuerdo", models.CharField(max_length=60)), ("hecho_el", models.DateTimeField()), ("hecho_por", author)]


class Migration(migrations.Migration):
    dependencies = [("registry", "0030_rights_by_who_may")]
    operations = [
        migrations.CreateModel(
            name="FinCandidatura",
            fields=[
                number(),
                (
                    "candidatura",
                    models.OneToOneField("registry.candidatura", models.PROTECT, related_name="fin"),
                ),
                ("causa", models.CharField(max_length=20)),
                ("desde", models.DateField()),
                ("presentada_el", models.DateField(null=True)),
                *act(),
            ],
            options={
                "verbose_name": "fin de candidatura",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("acuerdo", ""), _negated=True), name="fin_candidatura_con_acuerdo"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("causa", "renuncia"),
                            ("presentada_el__isnull", False),
                            ("presentada_el__lte", models.F("desde")),
                        )
                        | models.Q(("causa", "renuncia"), _negated=True) & models.Q(("presentada_el__isnull", True)),
                        name="fin_candidatura_renuncia_presentada",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SustitucionCandidatura",
            fields=[
                number(),
                ("sale", models.OneToOneField("registry.fincandidatura", models.PROTECT, related_name="sustitucion")),
                ("entra", models.OneToOneField("registry.candidatura", models.PROTECT, related_name="sustituye")),
                *act(),
            ],
            options={
                "verbose_name": "sustitución de candidatura",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("acuerdo", ""), _negated=True), name="sustitucion_con_acuerdo"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "".join(
                record(table) + read_by_all(table, REGISTRY) + signed_by_pass(table, "hecho_por_id")
                for table in (ENDED, REPLACED)
            )
        ),
        migrations.RunSQL(GUARD),
    ]
