"""The walls of what a campaign records beside its pólizas; notices and warehouse movements are never changed."""

from django.db import migrations

from sif.registry.protection import pair, refuse_change, wall_by_setting

WALLED = ["books_movimientoinventario", "books_avisocontratacion", "books_reciborepap", "books_cep"]
IMMUTABLE = ["books_movimientoinventario", "books_avisocontratacion"]
PAIRED = ["books_movimientoinventario", "books_reciborepap", "books_cep"]


class Migration(migrations.Migration):
    dependencies = [("books", "0005_campaign_records_more")]
    operations = [
        migrations.RunSQL("".join(map(wall_by_setting, WALLED))),
        migrations.RunSQL("".join(map(refuse_change, IMMUTABLE))),
        migrations.RunSQL("".join(map(pair, PAIRED))),
    ]
