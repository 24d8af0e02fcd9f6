"""A registered subject or candidacy is corrected by an act of two people, which the database alone writes on its row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from sif.registry.protection import ALL, REGISTRY, read_by_all, record, second_eye, signed, wall
from sif.registry.tables import CORRECTED

PROPOSED, SOLVED = "registry_correccionpropuesta", "registry_correccionresuelta"
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

FUNCTIONS = f"""
-- The columns of a row that a correction changes, by name.
CREATE FUNCTION sif_facts(fila jsonb, columnas text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT jsonb_object_agg(c, fila -> c) FROM unnest(columnas) c
$$;

-- A row changes by an approved correction of this transaction, in what that says and no more.
CREATE FUNCTION sif_refuse_uncorrected() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE columns CONSTANT text[] := TG_ARGV[1:];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - columns = to_jsonb(NEW) - columns AND EXISTS (
        SELECT FROM {SOLVED} r
        WHERE r.sentido = 'aprobada' AND sif_of_this_transaction(r.xmin)
          AND (to_jsonb(r) ->> TG_ARGV[0])::bigint = OLD.id
          AND r.antes = sif_facts(to_jsonb(OLD), columns) AND r.despues = sif_facts(to_jsonb(NEW), columns)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Lo registrado en % no se modifica ni se borra; se corrige con otro registro.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- Who proposes withdraws, and another who administers approves or refuses; what is approved is of the row as it stands.
CREATE FUNCTION sif_guard_correccion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE p {PROPOSED};
BEGIN
    SELECT * INTO p FROM {PROPOSED} WHERE id = NEW.propuesta_id;
    IF (NEW.sujeto_id, NEW.candidatura_id) IS DISTINCT FROM (p.sujeto_id, p.candidatura_id)
       OR (p.propuesta_por_id = NEW.hecho_por_id) IS DISTINCT FROM (NEW.sentido = 'retirada') THEN
        RAISE EXCEPTION 'La corrección % la retira quien la propuso, y la aprueba o rechaza otra persona.',
            NEW.propuesta_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sentido = 'aprobada' AND NOT (sif_gives_role(NEW.hecho_por_id, '', NULL) AND EXISTS (
        SELECT FROM registry_usuario u WHERE u.id = p.propuesta_por_id AND u.rfc <> '')) THEN
        RAISE EXCEPTION 'La corrección % la propone quien tiene RFC, y la aprueba quien administra.', NEW.propuesta_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correccion_guarda BEFORE INSERT ON {SOLVED}
    FOR EACH ROW EXECUTE FUNCTION sif_guard_correccion();

-- What was approved is written on its row, which refuses it where it does not stand as it was seen.
CREATE FUNCTION sif_correct() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NEW.sujeto_id IS NOT NULL THEN
        UPDATE registry_sujetoobligado SET (numero, siglas, nombre, rfc) = (
            NEW.despues ->> 'numero', NEW.despues ->> 'siglas', NEW.despues ->> 'nombre', NEW.despues ->> 'rfc')
            WHERE id = NEW.sujeto_id;
    ELSE
        UPDATE registry_candidatura SET (persona_id, cargo_id, territorio_id, folio) = (
            (NEW.despues ->> 'persona_id')::bigint, (NEW.despues ->> 'cargo_id')::bigint,
            (NEW.despues ->> 'territorio_id')::bigint, NEW.despues ->> 'folio')
            WHERE id = NEW.candidatura_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER correccion_escribe AFTER INSERT ON {SOLVED}
    FOR EACH ROW WHEN (NEW.sentido = 'aprobada') EXECUTE FUNCTION sif_correct();
"""
CORRECTABLE = "".join(
    f"DROP TRIGGER {table}_inmutable ON {table};"
    f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
    f"EXECUTE FUNCTION sif_refuse_uncorrected({', '.join(repr(each) for each in (column, *facts))});"
    for table, (column, facts) in CORRECTED.items()
)
WALLS = (
    wall(PROPOSED, f"{ALL} OR {REGISTRY}", REGISTRY)
    + read_by_all(SOLVED, REGISTRY)
    + signed(PROPOSED, "propuesta_por_id")
    + signed(SOLVED, "hecho_por_id")
    + second_eye(SOLVED, "hecho_por_id", "NEW.sentido = 'aprobada'")
)


def _of(model: str, name: str = "+", *, null: bool = True) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(model, django.db.models.deletion.PROTECT, null=null, related_name=name)


def _key() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("registry", "0033_pass_of_an_act")]
    operations = [
        migrations.CreateModel(
            name="CorreccionPropuesta",
            fields=[
                ("id", _key()),
                ("visto", models.JSONField()),
                ("pedido", models.JSONField()),
                ("motivo", models.CharField(max_length=300)),
                ("documento", models.CharField(help_text="acuerdo o documento que lo prueba", max_length=120)),
                ("propuesta_el", models.DateTimeField()),
                ("propuesta_por", _of(settings.AUTH_USER_MODEL, null=False)),
                ("sujeto", _of("registry.sujetoobligado", "correcciones")),
                ("candidatura", _of("registry.candidatura", "correcciones")),
            ],
            options={
                "verbose_name": "corrección propuesta",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sujeto__isnull=False, candidatura__isnull=True)
                        | Q(sujeto__isnull=True, candidatura__isnull=False),
                        name="correccion_de_una_cosa",
                    ),
                    models.CheckConstraint(condition=~Q(motivo="") & ~Q(documento=""), name="correccion_con_motivo"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorreccionResuelta",
            fields=[
                ("id", _key()),
                (
                    "sentido",
                    models.CharField(
                        choices=[("aprobada", "Aprobada"), ("rechazada", "Rechazada"), ("retirada", "Retirada")],
                        max_length=9,
                    ),
                ),
                ("motivo", models.CharField(blank=True, help_text="de quien la rechaza", max_length=300)),
                ("antes", models.JSONField(null=True)),
                ("despues", models.JSONField(null=True)),
                ("hecho_el", models.DateTimeField()),
                ("hecho_por", _of(settings.AUTH_USER_MODEL, null=False)),
                ("sujeto", _of("registry.sujetoobligado")),
                ("candidatura", _of("registry.candidatura")),
                (
                    "propuesta",
                    models.OneToOneField(
                        "registry.correccionpropuesta", django.db.models.deletion.PROTECT, related_name="resuelta"
                    ),
                ),
            ],
            options={
                "verbose_name": "corrección resuelta",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sentido="aprobada", antes__isnull=False, despues__isnull=False)
                        | Q(sentido__in=["rechazada", "retirada"], antes__isnull=True, despues__isnull=True),
                        name="correccion_aprobada_con_lo_que_cambia",
                    ),
                    models.CheckConstraint(
                        condition=Q(sentido="rechazada") & ~Q(motivo="") | ~Q(sentido="rechazada") & Q(motivo=""),
                        name="correccion_rechazada_con_motivo",
                    ),
                ],
            },
        ),
        migrations.RunSQL(record(PROPOSED) + record(SOLVED) + WALLS),
        migrations.RunSQL(FUNCTIONS + CORRECTABLE),
    ]
