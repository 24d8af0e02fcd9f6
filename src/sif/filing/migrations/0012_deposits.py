"""A subject deposits what proves a duty of its own; who presents for it does, on the day that it says or later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import ALL, not_ahead, record, signed, wall

TABLE = "filing_deposito"
WHOLE = f"{ALL} OR (SELECT sif_rangos_enteros()) @> sujeto_id"

GUARD = f"""
-- Who deposits presents for the subject at that hour; what was done on a day was done before it is deposited.
CREATE FUNCTION sif_guard_deposito() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = NEW.depositado_por_id AND n.sujeto_id = NEW.sujeto_id
          AND n.rol = 'responsable_finanzas' AND n.delegado_de_id IS NULL
          AND n.desde <= (NEW.depositado_el AT TIME ZONE 'UTC')::date
          AND n.hasta > (NEW.depositado_el AT TIME ZONE 'UTC')::date - 1
          AND NOT EXISTS (SELECT FROM registry_finnombramiento f
                          WHERE f.nombramiento_id = n.id AND f.termina_el <= NEW.depositado_el)) THEN
        RAISE EXCEPTION 'La cuenta % no deposita por el sujeto %.', NEW.depositado_por_id, NEW.sujeto_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.cumplida_el NOT BETWEEN NEW.desde AND (NEW.depositado_el AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'El depósito % dice un día de antes de su periodo, o que no llega.', NEW.folio
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deposito_guarda BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION sif_guard_deposito();
"""


def _of(model: str, name: str, **more: bool) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, related_name=name, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0011_two_signers"),
        ("registry", "0060_external_auditor_one_at_a_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Deposito",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folio", models.CharField(max_length=40, unique=True)),
                ("obligacion", models.CharField(max_length=8)),
                ("desde", models.DateField(help_text="primer día del periodo")),
                ("hasta", models.DateField(help_text="último día del periodo")),
                ("cumplida_el", models.DateField()),
                ("nombre", models.CharField(help_text="del archivo, como llegó", max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("bytes", models.BigIntegerField()),
                ("depositado_el", models.DateTimeField()),
                ("depositado_por", _of(settings.AUTH_USER_MODEL, "+")),
                ("etapa", _of("registry.etapa", "depositos", null=True)),
                ("sujeto", _of("registry.sujetoobligado", "depositos")),
            ],
            options={
                "verbose_name": "depósito de una obligación",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            sha256__regex=r"^[0-9a-f]{64}$", bytes__gt=0, hasta__gte=models.F("desde")
                        ),
                        name="deposito_completo",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            record(TABLE)
            + wall(TABLE, WHOLE)
            + signed(TABLE, "depositado_por_id")
            + not_ahead(TABLE, "depositado_el")
            + GUARD
        ),
    ]
