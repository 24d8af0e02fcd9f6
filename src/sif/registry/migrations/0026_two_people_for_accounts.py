"""An account of the authority takes two administrators: one proposes and another approves, as the database holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import ALL, REGISTRY, record, second_eye, wall

USER = settings.AUTH_USER_MODEL
PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARDS = f"""
CREATE FUNCTION sif_guard_propuesta_cuenta() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE propuesta registry_propuestacuenta;
BEGIN
    SELECT * INTO propuesta FROM registry_propuestacuenta WHERE id = NEW.propuesta_id;
    IF (propuesta.propuesta_por_id = NEW.hecho_por_id) IS DISTINCT FROM (NEW.sentido = 'retirada') THEN
        RAISE EXCEPTION 'La propuesta % la retira quien la hizo, y la aprueba o rechaza otra persona.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'aprobada' AND (propuesta.usuario_id = NEW.hecho_por_id OR NOT EXISTS (
        SELECT FROM registry_usuario u WHERE u.id = propuesta.propuesta_por_id AND u.rfc <> '')) THEN
        RAISE EXCEPTION 'La propuesta % la hace quien tiene RFC, y la aprueba quien no es su cuenta.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER propuesta_cuenta_guarda BEFORE INSERT ON registry_propuestacuentaresuelta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_propuesta_cuenta();

-- A link for the authority is that of an approved proposal, made by who approved it; one of nobody is of the machine.
CREATE FUNCTION sif_guard_invitacion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE autoridad CONSTANT text[] :=
    ARRAY['auditor', 'revisor', 'resoluciones', 'consejero', 'secretaria', 'administrador'];
BEGIN
    IF NEW.invitada_por_id IS NULL OR NOT (NEW.rol = ANY (autoridad) OR EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = NEW.usuario_id AND n.rol = ANY (autoridad)))
    THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM registry_propuestacuenta p JOIN registry_propuestacuentaresuelta r ON r.propuesta_id = p.id
        WHERE p.id = NEW.propuesta_id AND r.sentido = 'aprobada' AND r.hecho_por_id = NEW.invitada_por_id
          AND p.usuario_id IS NOT DISTINCT FROM NEW.usuario_id
          AND (p.rol, p.username, p.rfc) = (NEW.rol, NEW.username, NEW.rfc)) THEN
        RAISE EXCEPTION 'Un enlace para la autoridad lo propone una persona y lo aprueba otra.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invitacion_guarda BEFORE INSERT ON registry_invitacion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_invitacion();
"""
TABLES = ("registry_propuestacuenta", "registry_propuestacuentaresuelta")
WALLS = "".join(wall(table, f"{ALL} OR {REGISTRY}", REGISTRY) for table in TABLES)
EYE = second_eye("registry_propuestacuentaresuelta", "hecho_por_id", "NEW.sentido = 'aprobada'")


def _user(null: bool = False, **said: str) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(USER, django.db.models.deletion.PROTECT, null=null, related_name="+", **said)


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("registry", "0025_names_of_subjects")]
    operations = [
        migrations.CreateModel(
            name="PropuestaCuenta",
            fields=[
                ("id", _key()),
                (
                    "clase",
                    models.CharField(
                        choices=[
                            ("invitacion", "Invitación"),
                            ("funcion", "Una función más"),
                            ("enlace", "Enlace nuevo"),
                            ("factor", "Quitar el segundo factor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rol", models.CharField(blank=True, max_length=24)),
                ("nombre", models.CharField(blank=True, max_length=120)),
                ("username", models.CharField(blank=True, max_length=150)),
                ("rfc", models.CharField(blank=True, max_length=13)),
                ("propuesta_el", models.DateTimeField()),
                ("propuesta_por", _user()),
                ("usuario", _user(True, help_text="de quién; vacío: cuenta nueva")),
            ],
            options={
                "verbose_name": "propuesta sobre una cuenta",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(usuario__isnull=False) | (Q(clase="invitacion") & ~Q(username="")),
                        name="propuesta_cuenta_para_alguien",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PropuestaCuentaResuelta",
            fields=[
                ("id", _key()),
                (
                    "sentido",
                    models.CharField(
                        choices=[("aprobada", "Aprobada"), ("rechazada", "Rechazada"), ("retirada", "Retirada")],
                        max_length=10,
                    ),
                ),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _user()),
                (
                    "propuesta",
                    models.OneToOneField(
                        "registry.propuestacuenta", django.db.models.deletion.PROTECT, related_name="resuelta"
                    ),
                ),
            ],
            options={
                "verbose_name": "propuesta sobre una cuenta, resuelta",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sentido__in=["aprobada", "rechazada", "retirada"]),
                        name="propuesta_cuenta_en_un_sentido",
                    )
                ],
            },
        ),
        migrations.AddField(
            "invitacion",
            "propuesta",
            models.OneToOneField(
                "registry.propuestacuenta", django.db.models.deletion.PROTECT, null=True, related_name="invitacion"
            ),
        ),
        migrations.RunSQL(GUARDS + EYE),
        migrations.RunSQL("".join(map(record, TABLES)) + WALLS),
    ]
