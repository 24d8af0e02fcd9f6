"""Every act that a publication of the list of article 69-B tells, and what of its file was repeated or left out."""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import publish, record

SITUATIONS = [
    ("presunto", "Presunto"), ("desvirtuado", "Desvirtuado"), ("definitivo", "Definitivo"),
    ("favorable", "Sentencia favorable"),
]  # fmt: skip
# what lists loaded before told: one row of each taxpayer, with a day for each act
BEFORE = """
INSERT INTO catalogs_acto69b (lista_id, rfc, situacion, fecha)
SELECT s.lista_id, s.rfc, a.situacion, coalesce(a.fecha, l.publicada_el)
FROM catalogs_situacion69b s JOIN catalogs_lista69b l ON l.id = s.lista_id
CROSS JOIN LATERAL (VALUES ('presunto', s.presunto_el), ('desvirtuado', s.desvirtuado_el),
                           ('definitivo', s.definitivo_el), ('favorable', s.favorable_el)) a(situacion, fecha)
WHERE a.fecha IS NOT NULL OR a.situacion = s.situacion;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("catalogs", "0010_events_are_versions"),
        ("registry", "0029_sessions_by_digest"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acto69b",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rfc", models.CharField(max_length=13)),
                ("situacion", models.CharField(choices=SITUATIONS, max_length=12)),
                ("fecha", models.DateField()),
                ("renglon", models.PositiveIntegerField(null=True)),
                (
                    "lista",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actos", to="catalogs.lista69b"
                    ),
                ),
            ],
            options={
                "verbose_name": "acto en la lista 69-B",
                "indexes": [models.Index(fields=["lista", "rfc"], name="acto_69b_de_quien")],
            },
        ),
        migrations.AddField("lista69b", "contribuyentes", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "lista69b",
            "repetidos",
            models.PositiveIntegerField(null=True, help_text="renglones de quien tiene más de uno, sin el primero"),
        ),
        migrations.AddField(
            "lista69b",
            "descartados",
            models.JSONField(null=True, help_text="renglones que no entraron: número y motivo"),
        ),
        migrations.AddField(
            "situacion69b",
            "renglon",
            models.PositiveIntegerField(null=True, help_text="el que la da, por su número en el archivo"),
        ),
        migrations.RunSQL(BEFORE),
        migrations.RunSQL(record("catalogs_acto69b") + publish("catalogs_acto69b")),
    ]
