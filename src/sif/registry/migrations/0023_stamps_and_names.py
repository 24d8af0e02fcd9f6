"""Time stamps of cuts and names of people become records: each has a leaf, and what goes or changes is named."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import REGISTRY, publish, read_by_all, record

STAMPS = """
INSERT INTO registry_sellocorte (corte_id, respuesta)
    SELECT id, sello_de_tiempo FROM registry_corte WHERE sello_de_tiempo IS NOT NULL ORDER BY numero;
"""
NAMES = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO registry_nombreusuario (usuario_id, username, nombre, rfc, desde)
    SELECT id, username, nombre, rfc, least(date_joined, now()) FROM registry_usuario ORDER BY id;

-- When a person was renamed is said by the database alone.
CREATE FUNCTION sif_date_name() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.renombrada_el := NULL;
    ELSIF (NEW.username, NEW.nombre, NEW.rfc) IS DISTINCT FROM (OLD.username, OLD.nombre, OLD.rfc) THEN
        NEW.renombrada_el := clock_timestamp();
    ELSE
        NEW.renombrada_el := OLD.renombrada_el;
    END IF;
    RETURN NEW;
END $$;

-- Keeps what a person is called from now on, beside what they were called.
CREATE FUNCTION sif_keep_name() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.renombrada_el IS DISTINCT FROM OLD.renombrada_el THEN
        INSERT INTO public.registry_nombreusuario (usuario_id, username, nombre, rfc, desde)
            VALUES (NEW.id, NEW.username, NEW.nombre, NEW.rfc, coalesce(NEW.renombrada_el, clock_timestamp()));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER registry_usuario_fecha BEFORE INSERT OR UPDATE ON registry_usuario
    FOR EACH ROW EXECUTE FUNCTION sif_date_name();
CREATE TRIGGER registry_usuario_nombre AFTER INSERT OR UPDATE ON registry_usuario
    FOR EACH ROW EXECUTE FUNCTION sif_keep_name();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0022_one_account_by_rfc")]
    operations = [
        migrations.CreateModel(
            name="SelloCorte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("respuesta", models.BinaryField(help_text="respuesta RFC 3161 sobre raices.json")),
                (
                    "corte",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sello", to="registry.corte"
                    ),
                ),
            ],
            options={"verbose_name": "sello de tiempo de un corte"},
        ),
        migrations.RunSQL(STAMPS + publish("registry_sellocorte") + record("registry_sellocorte")),
        migrations.RemoveField(model_name="corte", name="sello_de_tiempo"),
        migrations.AddField(
            model_name="usuario",
            name="renombrada_el",
            field=models.DateTimeField(editable=False, help_text="lo escribe la base", null=True),
        ),
        migrations.CreateModel(
            name="NombreUsuario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150)),
                ("nombre", models.CharField(max_length=120)),
                ("rfc", models.CharField(blank=True, max_length=13)),
                ("desde", models.DateTimeField()),
                (
                    "usuario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nombres", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "nombre de una persona",
                "indexes": [models.Index(fields=["usuario", "id"], name="nombres_de_usuario")],
            },
        ),
        migrations.RunSQL(
            NAMES + read_by_all("registry_nombreusuario", REGISTRY) + record("registry_nombreusuario")
        ),
    ]
