"""A salt for each leaf, made by the database: what is published of a row does not confirm a guess of it."""

from django.db import migrations, models

SALT = f"sha256({' || '.join(['uuid_send(gen_random_uuid())'] * 3)})"
"""256 bits out of 366 at random: a version 4 UUID brings 122."""

FIRST = """
DO $$ BEGIN IF EXISTS (SELECT FROM registry_corte) THEN
    RAISE EXCEPTION 'Hay cortes del registro hechos antes de que las hojas llevaran sal; este programa no los continúa.'
        USING HINT = 'Conserve esta instalación con el programa que los hizo, o empiece una nueva.';
END IF; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_versions_of_people")]

    operations = [
        migrations.RunSQL(FIRST),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # each row that is there takes its own: PostgreSQL evaluates a volatile default once a row
                migrations.RunSQL(
                    f"ALTER TABLE registry_hoja ADD COLUMN sal bytea NOT NULL DEFAULT {SALT}"
                    " CONSTRAINT hoja_con_sal CHECK (octet_length(sal) = 32)"
                )
            ],
            state_operations=[
                migrations.AddField(
                    "hoja", "sal",
                    models.BinaryField(max_length=32, help_text="al azar; entra al árbol y no se publica"),
                    preserve_default=False,
                )
            ],
        ),
    ]  # fmt: skip
