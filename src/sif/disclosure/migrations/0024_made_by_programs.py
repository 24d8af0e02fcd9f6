"""A run and the files of a publication are made by a program: no request writes one, nor adds to one that ended."""

from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, of_its_act, read_by_all, wall

RUNS = ("audit_instantanea", "audit_corrida")
OF_A_RUN = ("audit_reglacorrida", "audit_cobertura", "audit_hallazgo")
WALLS = "".join(wall(table, f"{ALL} OR {REGISTRY}", REGISTRY) for table in RUNS) + "".join(
    read_by_all(table, REGISTRY) for table in ("audit_versionregla", "disclosure_archivopublicado")
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0023_with_what_brought_them"), ("audit", "0013_looks")]
    operations = [
        migrations.AddField(
            model_name="publicacion",
            name="archivos",
            field=models.JSONField(
                help_text="clave.forma de cada archivo abierto -> SHA-256, bytes y renglones; nulo antes de que se dijera",
                null=True,
            ),
        ),
        migrations.RunSQL(WALLS + "".join(of_its_act(table, "corrida_id", "audit_corrida") for table in OF_A_RUN)),
    ]
