"""Record the open files of a publication with the act that publishes it; anybody reads which they are."""

from django.db import migrations, models

from sif.registry.protection import of_its_act, publish, record

TABLE = "disclosure_archivopublicado"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0020_past_processes")]
    operations = [
        migrations.CreateModel(
            name="ArchivoPublicado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publicacion", models.BigIntegerField(help_text="número de la publicación")),
                ("proceso", models.CharField(max_length=60)),
                ("clave", models.CharField(max_length=40)),
                ("forma", models.CharField(max_length=4)),
                ("sha256", models.CharField(max_length=64)),
                ("bytes", models.BigIntegerField()),
                ("renglones", models.PositiveIntegerField()),
            ],
            options={"verbose_name": "archivo publicado"},
        ),
        migrations.AddConstraint(
            model_name="archivopublicado",
            constraint=models.UniqueConstraint(
                fields=("publicacion", "clave", "forma"), name="archivo_publicado_unico"
            ),
        ),
        migrations.RunSQL(
            record(TABLE) + publish(TABLE) + of_its_act(TABLE, "publicacion", "disclosure_publicacion")
        ),
    ]
