"""A person is read by who has a relation with her in its scope: whoever nominates or nominated her, or enrols her.

The service looks a whole CURP up, and writes, in the scope of the registry; so does it with the relation, which opens
the person to its subject.
"""

from django.db import migrations

from sif.registry.protection import ALL, REGISTRY, reached, seen, wall

VIEW = """
CREATE INDEX registry_correccionresuelta_persona ON registry_correccionresuelta (((antes ->> 'persona_id')::bigint))
    WHERE candidatura_id IS NOT NULL;
CREATE VIEW sif_personas_del_alcance AS
    SELECT p.identidad AS llave FROM registry_candidatura c JOIN registry_persona p ON p.id = c.persona_id
    WHERE (SELECT sif_rangos_sujetos()) @> c.sujeto_id
    UNION ALL
    SELECT p.identidad FROM registry_correccionresuelta r JOIN registry_candidatura c ON c.id = r.candidatura_id
    JOIN registry_persona p ON p.id = (r.antes ->> 'persona_id')::bigint
    WHERE r.candidatura_id IS NOT NULL AND (SELECT sif_rangos_sujetos()) @> c.sujeto_id
    UNION ALL
    SELECT p.identidad FROM catalogs_personasujeto s JOIN registry_persona p ON p.id = s.persona_id
    WHERE (SELECT sif_rangos_sujetos()) @> s.sujeto_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0036_proofs_of_rfc"),
        ("catalogs", "0009_people_and_suppliers_are_versions"),
        ("disclosure", "0016_walls_of_what_all_read"),
    ]
    operations = [
        migrations.RunSQL(
            VIEW
            + reached("registry_persona", "identidad", "sif_personas_del_alcance", ALL, REGISTRY)
            + wall(
                "catalogs_personasujeto", f"{seen('sujeto_id', 'sif_sujetos()')} OR {REGISTRY}", f"{ALL} OR {REGISTRY}"
            )
        )
    ]
