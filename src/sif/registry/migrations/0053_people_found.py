"""People are found by words of their name, user and RFC, folded once, and listed by their name and by their roles."""

from django.db import migrations, models
from django.db.models.functions import Concat

from sif.registry.folding import Folded


class Migration(migrations.Migration):
    dependencies = [("registry", "0052_changes_of_coalition")]
    operations = [
        migrations.AddField(
            model_name="usuario",
            name="buscado",
            field=models.GeneratedField(
                db_persist=True,
                expression=Folded(Concat("nombre", models.Value(" "), "username", models.Value(" "), "rfc")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex("usuario", models.Index(fields=["nombre", "id"], name="usuario_por_nombre")),
        migrations.AddIndex("nombramiento", models.Index(fields=["rol", "usuario"], name="nombramiento_por_rol")),
    ]
