"""The catalogues, donors and templates of a subject are its own; bank accounts are of their books."""

from django.db import migrations

from sif.registry.protection import ALL, asked_by, seen, wall

OF_A_SUBJECT = [
    "apportionment_avisoporcentajes", "banks_mapacolumnas", "books_plantilla", "catalogs_fichaproveedor",
    "catalogs_personasujeto", "catalogs_proyecto", "catalogs_resolucionporpagar", "catalogs_serierecibos",
    "registry_aportante",
]
# Not IN: a subject has a million pieces of evidence and voids a few.
OF_THEIR_EVIDENCE = f"{ALL} OR EXISTS (SELECT 1 FROM books_evidencia e WHERE e.id = evidencia_id)"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0008_walls_of_the_audit")]
    operations = [
        migrations.RunSQL("".join(wall(table, seen("sujeto_id", "sif_sujetos()")) for table in OF_A_SUBJECT)),
        migrations.RunSQL(
            wall("registry_cuentabancaria")
            + wall("catalogs_foliocancelado", seen("serie_id", "id FROM catalogs_serierecibos"))
            + wall("books_evidenciasinefecto", OF_THEIR_EVIDENCE)
            + wall("batch_peticionapi", f"{ALL} OR {asked_by('usuario_id')}")
        ),
    ]
