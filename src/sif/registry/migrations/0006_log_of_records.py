"""The log of records: a leaf for each row, its cuts, and what makes a table a record or a list of versions."""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import LOG_LOCK, digest_of_row, record

PINNED = "SET search_path = pg_catalog, public, pg_temp"
FUNCTIONS = f"""
CREATE FUNCTION sif_refuse_record() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    RAISE EXCEPTION 'Lo registrado en % no se modifica ni se borra; se corrige con otro registro.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- The shared lock comes before the number of the leaf: whoever holds it exclusive knows that no lower number follows.
CREATE FUNCTION sif_log_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {PINNED}
    SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOG_LOCK});
    INSERT INTO public.registry_hoja (tabla, fila, contabilidad_id, huella)
        SELECT TG_TABLE_NAME, j ->> TG_ARGV[0], (j ->> 'contabilidad_id')::bigint,
               {digest_of_row("TG_TABLE_NAME", "TG_RELID", "j")}
        FROM nuevas n CROSS JOIN LATERAL (SELECT to_jsonb(n) AS j OFFSET 0) x;
    RETURN NULL;
END $$;

CREATE FUNCTION sif_number_version() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE before jsonb; entering jsonb := to_jsonb(NEW); owner text;
BEGIN
    IF NEW.reemplaza_a_id IS NULL THEN
        NEW.identidad := NEW.id;
        NEW.version := 1;
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM %I.%I t WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO before USING NEW.reemplaza_a_id;
    IF before IS NULL THEN
        RAISE EXCEPTION 'No hay en % una versión % que reemplazar.', TG_TABLE_NAME, NEW.reemplaza_a_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF NEW.motivo = '' OR NEW.registrada_por_id IS NULL THEN
        RAISE EXCEPTION 'Una versión nueva en % dice su motivo y quién la registra.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    FOREACH owner IN ARRAY ARRAY['sujeto_id', 'contabilidad_id'] LOOP
        IF before -> owner IS DISTINCT FROM entering -> owner THEN
            RAISE EXCEPTION 'La versión nueva en % es de otro dueño que la que reemplaza.', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    NEW.identidad := (before ->> 'identidad')::bigint;
    NEW.version := (before ->> 'version')::integer + 1;
    RETURN NEW;
END $$;

DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON registry_hoja FROM sif_app;
END IF; END $$;
"""
OWN = ("registry_hoja", "registry_corte", "registry_cabeza")


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_limite"),
    ]

    operations = [
        migrations.CreateModel(
            name="Corte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveIntegerField(unique=True)),
                ("hecho_el", models.DateTimeField()),
                ("hasta", models.BigIntegerField()),
                (
                    "sello_de_tiempo",
                    models.BinaryField(help_text="respuesta RFC 3161 sobre raices.json, si hay servicio", null=True),
                ),
            ],
            options={
                "verbose_name": "corte del registro",
            },
        ),
        migrations.CreateModel(
            name="Hoja",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tabla", models.CharField(db_collation="C", max_length=63)),
                (
                    "fila",
                    models.CharField(db_collation="C", help_text="la llave de la fila, como texto", max_length=64),
                ),
                ("contabilidad_id", models.BigIntegerField(null=True)),
                ("huella", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "hoja del registro",
                "indexes": [
                    models.Index(
                        condition=models.Q(("contabilidad_id__isnull", False)),
                        fields=["contabilidad_id", "id"],
                        name="hoja_por_contabilidad",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("tabla", "fila"), name="hoja_de_una_fila")],
            },
        ),
        migrations.CreateModel(
            name="Cabeza",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("arbol", models.CharField(max_length=64)),
                ("tamano", models.PositiveBigIntegerField()),
                ("raiz", models.CharField(max_length=64)),
                ("sello", models.TextField()),
                (
                    "corte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cabezas", to="registry.corte"
                    ),
                ),
            ],
            options={
                "verbose_name": "cabeza de árbol",
                "constraints": [models.UniqueConstraint(fields=("corte", "arbol"), name="cabeza_unica_del_corte")],
            },
        ),
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL("".join(record(table, leaves=False) for table in OWN)),
    ]
