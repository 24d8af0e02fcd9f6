"""The trail of access: a record that only who sees everything reads."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record, wall

KINDS = [
    ("entrada", "Entrada"), ("rechazo", "Rechazo"), ("credencial", "Credencial"), ("cuenta", "Cuenta y función"),
    ("acto", "Acto"), ("exportacion", "Descarga"),
]  # fmt: skip
NETWORK = "red de donde vino: /24 en IPv4, /48 en IPv6"
FACTOR = "si entró con un segundo factor; vacío: no es una entrada"
REQUEST = "el mismo de la línea del registro de sucesos"


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_looks")]

    operations = [
        migrations.CreateModel(
            name="Suceso",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ocurrido_el", models.DateTimeField()),
                ("clase", models.CharField(choices=KINDS, max_length=12)),
                ("verbo", models.CharField(max_length=60)),
                ("tipo", models.CharField(blank=True, max_length=40)),
                ("objeto", models.BigIntegerField(null=True)),
                ("direccion", models.CharField(blank=True, help_text=NETWORK, max_length=43)),
                ("via", models.CharField(blank=True, max_length=20)),
                ("factor", models.BooleanField(help_text=FACTOR, null=True)),
                ("pedido", models.CharField(blank=True, help_text=REQUEST, max_length=26)),
                (
                    "persona",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sucesos",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "suceso de acceso",
                "indexes": [models.Index(fields=["persona", "-id"], name="suceso_de_persona")],
            },
        ),
        migrations.RunSQL(wall("registry_suceso", "(SELECT sif_todo())")),
        migrations.RunSQL(record("registry_suceso")),
    ]
