"""The seal of a day of a log of availability is a record, made by the program and read by anybody."""

from django.db import migrations, models

from sif.registry.protection import REGISTRY, not_ahead, read_by_all, record

TABLE = "registry_sellobitacora"


class Migration(migrations.Migration):
    dependencies = [("registry", "0061_emblems_of_subjects")]
    operations = [
        migrations.CreateModel(
            name="SelloBitacora",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bitacora", models.CharField(help_text="sonda, paginas o fallas", max_length=20)),
                ("dia", models.DateField()),
                ("sha256", models.CharField(help_text="del archivo del día, como se selló", max_length=64)),
                ("guardado_el", models.DateTimeField()),
            ],
            options={
                "verbose_name": "sello de un día de la bitácora",
                "constraints": [models.UniqueConstraint(fields=("bitacora", "dia"), name="sello_de_un_dia")],
            },
        ),
        migrations.RunSQL(record(TABLE) + read_by_all(TABLE, REGISTRY) + not_ahead(TABLE, "guardado_el")),
    ]
