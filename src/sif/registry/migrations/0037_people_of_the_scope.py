"""A person is read by who has a relation with her in its scope: whoever nominates or nominated her, or enrols her.

The database writes who reaches whom as the relation enters, and asks it by the number of the person. The service looks
a whole CURP up, and writes, in the scope of the registry; so does it with the relation, which opens the person.
"""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, reached, seen, wall

RELATIONS = """
CREATE FUNCTION sif_reach_people() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_RELID NOT IN ('public.registry_candidatura'::regclass, 'public.catalogs_personasujeto'::regclass) THEN
        RAISE EXCEPTION '%.% no dice de quién es una persona.', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.registry_alcancepersona (identidad, sujeto_id)
        SELECT DISTINCT p.identidad, n.sujeto_id FROM nuevas n JOIN public.registry_persona p ON p.id = n.persona_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER registry_candidatura_alcance AFTER INSERT ON registry_candidatura REFERENCING NEW TABLE AS nuevas
    FOR EACH STATEMENT EXECUTE FUNCTION sif_reach_people();
CREATE TRIGGER registry_candidatura_alcance_corregida AFTER UPDATE ON registry_candidatura
    REFERENCING NEW TABLE AS nuevas FOR EACH STATEMENT EXECUTE FUNCTION sif_reach_people();
CREATE TRIGGER catalogs_personasujeto_alcance AFTER INSERT ON catalogs_personasujeto REFERENCING NEW TABLE AS nuevas
    FOR EACH STATEMENT EXECUTE FUNCTION sif_reach_people();
INSERT INTO registry_alcancepersona (identidad, sujeto_id)
    SELECT DISTINCT p.identidad, n.sujeto_id FROM (
        SELECT persona_id, sujeto_id FROM registry_candidatura
        UNION ALL SELECT (r.antes ->> 'persona_id')::bigint, c.sujeto_id
            FROM registry_correccionresuelta r JOIN registry_candidatura c ON c.id = r.candidatura_id
        UNION ALL SELECT persona_id, sujeto_id FROM catalogs_personasujeto
    ) n JOIN registry_persona p ON p.id = n.persona_id;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON registry_alcancepersona FROM sif_app;
END IF; END $$;
"""
OWN = f"{seen('sujeto_id', 'sif_sujetos()')} OR {REGISTRY}"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0036_proofs_of_rfc"),
        ("catalogs", "0009_people_and_suppliers_are_versions"),
        ("disclosure", "0016_walls_of_what_all_read"),
    ]
    operations = [
        migrations.CreateModel(
            name="AlcancePersona",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identidad", models.BigIntegerField()),
                (
                    "sujeto",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.sujetoobligado",
                    ),
                ),
            ],
            options={"verbose_name": "alcance de una persona"},
        ),
        migrations.AddConstraint(
            "alcancepersona", models.UniqueConstraint(fields=["identidad", "sujeto"], name="alcance_persona_una_vez")
        ),
        migrations.RunSQL(
            RELATIONS
            + wall("registry_alcancepersona", OWN, REGISTRY)
            + reached("registry_persona", "identidad", "registry_alcancepersona.identidad", ALL, REGISTRY)
            + wall("catalogs_personasujeto", OWN, f"{ALL} OR {REGISTRY}")
        ),
    ]
