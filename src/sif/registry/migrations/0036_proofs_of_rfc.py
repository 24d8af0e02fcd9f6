"""An RFC is a claim until its e.firma proves it: what a subject's link says of one is no longer written on its account.

Accounts that such a link opened, and nobody made Responsable or of the authority, are left without RFC until they
prove it; their names keep what it was.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import ALL, PINNED, REGISTRY, record, signed, wall

TABLE = "registry_pruebarfc"

# Only while this migration takes away what was never proven.
OPENED = """
CREATE OR REPLACE FUNCTION sif_hold_rfc() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN NEW; END $$;
UPDATE registry_usuario u SET rfc = '' WHERE u.rfc <> ''
    AND EXISTS (
        SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
        WHERE c.usada_por_id = u.id AND i.usuario_id IS NULL AND i.rfc = u.rfc
          AND i.rol IN ('administrador_so', 'capturista', 'candidatura', 'consulta'))
    AND NOT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = u.id
          AND n.rol NOT IN ('administrador_so', 'capturista', 'candidatura', 'consulta'));
SET CONSTRAINTS ALL IMMEDIATE;
"""
HELD = f"""
-- An RFC leaves an account only where its e.firma proves another, and that account gets no other RFC.
CREATE OR REPLACE FUNCTION sif_hold_rfc() RETURNS trigger LANGUAGE plpgsql {PINNED.replace("STABLE ", "")} AS $$
BEGIN
    IF NEW.rfc = OLD.rfc THEN
        RETURN NEW;
    END IF;
    IF OLD.rfc <> '' AND NOT (NEW.rfc = '' AND EXISTS (
        SELECT FROM {TABLE} p WHERE p.rfc = OLD.rfc AND p.usuario_id <> OLD.id AND sif_of_this_transaction(p.xmin)))
    THEN
        RAISE EXCEPTION 'El RFC de la cuenta % ya está escrito y no cambia.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.rfc = '' AND EXISTS (
        SELECT FROM registry_nombreusuario v WHERE v.usuario_id = OLD.id AND v.rfc NOT IN ('', NEW.rfc)) THEN
        RAISE EXCEPTION 'La cuenta % tuvo otro RFC, y no cambia.', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- A proof takes the RFC to its account, from whichever had it.
CREATE FUNCTION sif_take_rfc() RETURNS trigger LANGUAGE plpgsql {PINNED.replace("STABLE ", "")} AS $$
BEGIN
    UPDATE registry_usuario SET rfc = '' WHERE rfc = NEW.rfc AND id <> NEW.usuario_id;
    UPDATE registry_usuario SET rfc = NEW.rfc WHERE id = NEW.usuario_id AND rfc <> NEW.rfc;
    RETURN NULL;
END $$;
CREATE TRIGGER {TABLE}_lo_lleva AFTER INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION sif_take_rfc();

-- Whether the person of the RFC proved an account theirs since anybody last opened it with a link.
CREATE FUNCTION sif_rfc_probado(cuenta bigint) RETURNS boolean LANGUAGE sql {PINNED} AS $$
    SELECT EXISTS (
        SELECT FROM {TABLE} p JOIN registry_usuario u ON u.id = p.usuario_id AND u.rfc = p.rfc
        WHERE p.usuario_id = cuenta AND NOT EXISTS (
            SELECT FROM registry_cierreinvitacion c JOIN registry_invitacion i ON i.id = c.invitacion_id
            WHERE i.usuario_id = cuenta AND c.usada_por_id IS NOT NULL AND c.cerrada_el >= p.hecha_el))
$$;

-- A function of a subject goes to an account that is of that subject, of no other, or of who proved its RFC.
CREATE FUNCTION sif_guard_nombramiento_rfc() RETURNS trigger LANGUAGE plpgsql {PINNED.replace("STABLE ", "")} AS $$
BEGIN
    IF sif_persona() <> -1 AND NOT sif_is_of_authority(NEW.rol)
       AND EXISTS (SELECT FROM registry_nombramiento n
                   WHERE n.usuario_id = NEW.usuario_id AND n.sujeto_id <> NEW.sujeto_id)
       AND NOT EXISTS (SELECT FROM registry_nombramiento n
                       WHERE n.usuario_id = NEW.usuario_id AND n.sujeto_id = NEW.sujeto_id)
       AND NOT sif_rfc_probado(NEW.usuario_id) THEN
        RAISE EXCEPTION 'La cuenta % se abrió por otro sujeto y no ha probado su RFC.', NEW.usuario_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nombramiento_rfc_guarda BEFORE INSERT ON registry_nombramiento
    FOR EACH ROW EXECUTE FUNCTION sif_guard_nombramiento_rfc();
"""
WALLS = wall(TABLE, f"{ALL} OR {REGISTRY}", REGISTRY) + signed(TABLE, "usuario_id")


class Migration(migrations.Migration):
    dependencies = [("registry", "0035_corrections")]
    operations = [
        migrations.RunSQL(OPENED),
        migrations.CreateModel(
            name="PruebaRfc",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rfc", models.CharField(max_length=13)),
                ("cadena", models.TextField()),
                ("sello", models.TextField()),
                ("certificado", models.BinaryField()),
                ("serie", models.CharField(max_length=40)),
                ("hecha_el", models.DateTimeField()),
                (
                    "usuario",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, related_name="pruebas_rfc"
                    ),
                ),
            ],
            options={"verbose_name": "prueba de RFC"},
        ),
        migrations.RunSQL(record(TABLE) + WALLS),
        migrations.RunSQL(HELD),
    ]
