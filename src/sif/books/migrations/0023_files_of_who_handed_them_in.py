"""A file is of who handed it in: its row is seen, and cited as evidence, by its subject and by books that cite it.

Naming the digest of a file of another gives neither its size nor its bytes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, reached, record, seen, shut_view, signed, wall

PROTECT = django.db.models.deletion.PROTECT
VIEW = """
CREATE VIEW sif_archivos_del_alcance AS
    SELECT archivo_id AS llave FROM books_evidencia WHERE (SELECT sif_rangos_libros()) @> contabilidad_id
    UNION ALL
    SELECT archivo_id FROM books_entrega WHERE (SELECT sif_rangos_sujetos()) @> sujeto_id;
"""
CITED = """
CREATE FUNCTION sif_refuse_unhanded() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE other text;
BEGIN
    IF public.sif_todo() THEN
        RETURN NULL;
    END IF;
    SELECT n.archivo_id INTO other FROM (SELECT DISTINCT archivo_id FROM entered) n
        WHERE NOT EXISTS (SELECT FROM public.books_entrega g
            WHERE g.archivo_id = n.archivo_id AND (SELECT public.sif_rangos_sujetos()) @> g.sujeto_id)
        AND NOT EXISTS (SELECT FROM public.books_evidencia e
            WHERE e.archivo_id = n.archivo_id AND (SELECT public.sif_rangos_libros()) @> e.contabilidad_id
                AND NOT EXISTS (SELECT FROM entered x WHERE x.id = e.id)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'El archivo %… no lo entregó ese sujeto ni lo citan sus libros: para citarlo, entréguelo.',
            left(other, 16) USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER books_evidencia_entregada AFTER INSERT ON books_evidencia REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_unhanded();
"""
BEFORE = """
INSERT INTO books_entrega (archivo_id, sujeto_id, entregada_el, entregada_por_id)
    SELECT t.sha256, c.sujeto_id, now(), t.por FROM (
        SELECT archivo_id AS sha256, contabilidad_id AS libro, iniciada_el AS el, iniciada_por_id AS por
            FROM books_carga WHERE archivo_id IS NOT NULL
        UNION ALL SELECT archivo_id, contabilidad_id, recibido_el, recibido_por_id FROM batch_lote
            WHERE archivo_id IS NOT NULL
        UNION ALL SELECT f.xml_sha256, r.contabilidad_id, r.recibida_el, r.recibida_por_id
            FROM books_recepcion r JOIN books_comprobante f ON f.id = r.comprobante_id
        UNION ALL SELECT e ->> 'sha256', b.contabilidad_id, b.guardado_el, b.guardado_por_id FROM books_borrador b,
            jsonb_path_query(b.contenido, '$.evidencias[*]') e
    ) t JOIN books_archivo a ON a.sha256 = t.sha256 JOIN registry_contabilidad c ON c.id = t.libro
    ORDER BY t.el ON CONFLICT DO NOTHING;
"""
OWN = f"{seen('sujeto_id', 'sif_sujetos()')} OR {REGISTRY}"


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0022_all_that_changes_the_books"),
        ("batch", "0006_revocations"),
        ("disclosure", "0016_walls_of_what_all_read"),
        ("registry", "0033_pass_of_an_act"),
    ]
    operations = [
        migrations.CreateModel(
            name="Entrega",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entregada_el", models.DateTimeField()),
                (
                    "archivo",
                    models.ForeignKey(
                        db_index=False, on_delete=PROTECT, related_name="entregas", to="books.archivo"
                    ),
                ),
                ("entregada_por", models.ForeignKey(on_delete=PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "sujeto",
                    models.ForeignKey(on_delete=PROTECT, related_name="entregas", to="registry.sujetoobligado"),
                ),
            ],
            options={"verbose_name": "entrega de archivo"},
        ),
        migrations.AddConstraint(
            "entrega", models.UniqueConstraint(fields=["archivo", "sujeto"], name="entrega_una_por_sujeto")
        ),
        migrations.RunSQL(
            BEFORE + record("books_entrega") + wall("books_entrega", OWN, REGISTRY)
            + signed("books_entrega", "entregada_por_id")
        ),
        migrations.RunSQL(
            VIEW
            + shut_view("sif_archivos_del_alcance")
            + reached("books_archivo", "sha256", "sif_archivos_del_alcance.llave", ALL, REGISTRY)
            + CITED
        ),
    ]
