"""The digest of a póliza covers all that entered with it; those there keep theirs, and have a leaf for the rest."""

from django.db import migrations, models

from sif.books.content import CONTENT
from sif.registry.protection import record

# the content that the digest of format 1 did not reach, as it stands on the day of this change
REST = f"""
INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella)
    SELECT 'books_poliza/contenido', p.id::text, p.contabilidad_id, sha256({CONTENT})
    FROM books_poliza p WHERE p.formato = 1 ORDER BY p.id;
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0012_records")]
    operations = [
        migrations.AddField(
            "poliza",
            "formato",
            models.PositiveSmallIntegerField(db_default=1, help_text="escritura que cubre su huella"),
        ),
        migrations.RunSQL(record("books_poliza") + REST),
    ]
