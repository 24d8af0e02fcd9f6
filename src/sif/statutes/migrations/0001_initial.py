"""Texts of law as records, and the two people who confirm a basis, as the database holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from sif.registry.protection import publish, record, second_eye, signed_by_pass

USER = settings.AUTH_USER_MODEL
PINNED = "SET search_path = pg_catalog, public, pg_temp"
GUARDS = f"""
CREATE FUNCTION sif_guard_base() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE propuesta statutes_basepropuesta;
BEGIN
    SELECT * INTO propuesta FROM statutes_basepropuesta WHERE id = NEW.propuesta_id;
    IF (propuesta.propuesta_por_id = NEW.hecho_por_id) IS DISTINCT FROM (NEW.sentido = 'retirada') THEN
        RAISE EXCEPTION 'La base % la retira quien la propuso, y la confirma o rechaza otra persona.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'confirmada' AND NOT EXISTS (
        SELECT FROM registry_usuario u WHERE u.id = propuesta.propuesta_por_id AND u.rfc <> '') THEN
        RAISE EXCEPTION 'La base % la propone quien tiene RFC.', NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER base_de_dos_personas BEFORE INSERT ON statutes_baseresuelta
    FOR EACH ROW EXECUTE FUNCTION sif_guard_base();

-- Nobody votes while a basis loses its effect: each vote takes this lock shared (proceedings 0010).
CREATE FUNCTION sif_guard_base_sin_efecto() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7346104);
    IF NOT EXISTS (
        SELECT FROM statutes_baseresuelta r WHERE r.id = NEW.resuelta_id AND r.sentido = 'confirmada') THEN
        RAISE EXCEPTION 'La base % no estaba confirmada.', NEW.resuelta_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER base_sin_efecto_guarda BEFORE INSERT ON statutes_basesinefecto
    FOR EACH ROW EXECUTE FUNCTION sif_guard_base_sin_efecto();
"""
SIGNED = {
    "statutes_textodeley": "cargado_por_id", "statutes_basepropuesta": "propuesta_por_id",
    "statutes_baseresuelta": "hecho_por_id", "statutes_basesinefecto": "hecho_por_id",
}
TABLES = ("statutes_textodeley", "statutes_articulodeley", *list(SIGNED)[1:])
WALLS = publish(*TABLES) + "".join(signed_by_pass(*each) for each in SIGNED.items())
EYE = second_eye("statutes_baseresuelta", "hecho_por_id", "NEW.sentido = 'confirmada'")


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _user(null: bool = False, **said: str) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(USER, django.db.models.deletion.PROTECT, null=null, related_name="+", **said)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registry", "0029_sessions_by_digest"), migrations.swappable_dependency(USER)]
    operations = [
        migrations.CreateModel(
            name="TextoDeLey",
            fields=[
                ("id", _key()),
                ("ley", models.CharField(max_length=10)),
                ("desde", models.DateField()),
                (
                    "hasta",
                    models.DateField(
                        help_text="primer día en que ya no rige; vacío: hasta la versión siguiente", null=True
                    ),
                ),
                ("archivo", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("articulos", models.PositiveIntegerField()),
                ("cargado_el", models.DateTimeField()),
                ("cargado_por", _user(True, help_text="vacío: quien opera la máquina")),
            ],
            options={
                "verbose_name": "texto de una ley",
                "constraints": [
                    models.UniqueConstraint(fields=["ley", "desde", "sha256"], name="texto_una_vez"),
                    models.CheckConstraint(
                        condition=Q(hasta__isnull=True) | Q(hasta__gt=F("desde")), name="texto_lapso_en_orden"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticuloDeLey",
            fields=[
                ("id", _key()),
                ("numero", models.CharField(max_length=20)),
                ("contenido", models.TextField()),
                (
                    "texto",
                    models.ForeignKey(
                        "statutes.textodeley", django.db.models.deletion.PROTECT, related_name="filas"
                    ),
                ),
            ],
            options={
                "verbose_name": "artículo de un texto de ley",
                "constraints": [models.UniqueConstraint(fields=["texto", "numero"], name="articulo_una_vez")],
            },
        ),
        migrations.CreateModel(
            name="BasePropuesta",
            fields=[
                ("id", _key()),
                ("clave", models.CharField(max_length=160)),
                ("huella", models.CharField(max_length=64)),
                ("articulo", models.CharField(max_length=200)),
                ("dice", models.TextField(blank=True)),
                ("sujeto", models.CharField(blank=True, max_length=16)),
                ("etapa", models.CharField(blank=True, max_length=16)),
                ("ambito", models.CharField(blank=True, max_length=8)),
                ("palabras", models.TextField(blank=True)),
                ("motivo", models.CharField(blank=True, max_length=500)),
                ("propuesta_el", models.DateTimeField()),
                (
                    "leido",
                    models.ForeignKey(
                        "statutes.articulodeley", django.db.models.deletion.PROTECT, null=True, related_name="bases"
                    ),
                ),
                ("propuesta_por", _user()),
            ],
            options={
                "verbose_name": "base propuesta para confirmarse",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(leido__isnull=False) & ~Q(palabras="") | Q(leido__isnull=True) & ~Q(motivo=""),
                        name="base_con_palabras_o_motivo",
                    )
                ],
                "indexes": [models.Index(fields=["clave"], name="base_por_clave")],
            },
        ),
        migrations.CreateModel(
            name="BaseResuelta",
            fields=[
                ("id", _key()),
                (
                    "sentido",
                    models.CharField(
                        choices=[("confirmada", "Confirmada"), ("rechazada", "Rechazada"), ("retirada", "Retirada")],
                        max_length=10,
                    ),
                ),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _user()),
                (
                    "propuesta",
                    models.OneToOneField(
                        "statutes.basepropuesta", django.db.models.deletion.PROTECT, related_name="resuelta"
                    ),
                ),
            ],
            options={
                "verbose_name": "base propuesta, resuelta",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sentido__in=["confirmada", "rechazada", "retirada"]), name="base_en_un_sentido"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BaseSinEfecto",
            fields=[
                ("id", _key()),
                ("motivo", models.CharField(max_length=500)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _user()),
                (
                    "resuelta",
                    models.OneToOneField(
                        "statutes.baseresuelta", django.db.models.deletion.PROTECT, related_name="sin_efecto"
                    ),
                ),
            ],
            options={
                "verbose_name": "base que dejó de estar confirmada",
                "constraints": [
                    models.CheckConstraint(condition=~Q(motivo=""), name="base_sin_efecto_con_motivo")
                ],
            },
        ),
        migrations.RunSQL(GUARDS + EYE),
        migrations.RunSQL("".join(map(record, TABLES)) + WALLS),
    ]
