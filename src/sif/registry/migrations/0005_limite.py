"""Counts of attempts and the cache that all processes share, both unlogged: they may begin again after a crash."""

from django.db import migrations, models

CACHE = """
CREATE UNLOGGED TABLE sif_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX sif_cache_expires ON sif_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_pass_of_scope")]

    operations = [
        migrations.CreateModel(
            name="Limite",
            fields=[
                ("clave", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("n", models.PositiveIntegerField()),
                ("desde", models.DateTimeField()),
            ],
            options={"verbose_name": "límite de intentos"},
        ),
        migrations.RunSQL("ALTER TABLE registry_limite SET UNLOGGED", migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "DROP TABLE sif_cache"),
    ]
