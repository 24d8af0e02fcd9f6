"""No act is dated ahead of the clock of the database, and none enters what another act closed meanwhile.

Services refuse both, by their clock and by their locks. Here SQL of a page is refused too: the moment may be ahead by
the hour that `sif verificar` forgives, but for who makes a demonstration; and an analysis waits for the closing of its
conclusion or its dictamen, a vote for the count of its resolución, and the other way round.
"""

from django.db import migrations

from sif.registry.protection import not_ahead

PINNED = "SET search_path = pg_catalog, public, pg_temp"
OPEN = f"""
-- The argument: the column where the clock wrote the moment of the act.
CREATE FUNCTION sif_guard_ahora() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz > clock_timestamp() + interval '1 hour' AND sif_persona() <> -1 THEN
        RAISE EXCEPTION 'Una fila de % no lleva una hora que no ha llegado: %.',
            TG_TABLE_NAME, to_jsonb(NEW) ->> TG_ARGV[0] USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- What analyses or closes holds the word of its dictamen first, whose row the role of the pages may not lock; what
-- another closed before is read after that.
CREATE FUNCTION sif_guard_antes_de_cerrar() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE
    de CONSTANT bigint := (to_jsonb(NEW) ->> 'conclusion_id')::bigint;
    cual CONSTANT bigint := coalesce((to_jsonb(NEW) ->> 'dictamen_id')::bigint,
        (SELECT c.dictamen_id FROM proceedings_conclusion c WHERE c.id = de));
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('proceedings.dictamen:' || cual));
    IF cual IS NULL OR EXISTS (SELECT FROM proceedings_dictamencerrado x WHERE x.dictamen_id = cual)
       OR EXISTS (SELECT FROM proceedings_conclusioncerrada x WHERE x.conclusion_id = de) THEN
        RAISE EXCEPTION 'Ya está cerrado lo que % cambia: dictamen %, conclusión %.', TG_TABLE_NAME, cual, de
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sif_guard_antes_de_contar() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    PERFORM FROM proceedings_resolucion r WHERE r.id = NEW.resolucion_id FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM proceedings_resolucionvotada x WHERE x.resolucion_id = NEW.resolucion_id) THEN
        RAISE EXCEPTION 'La votación de la resolución % ya se contó.', NEW.resolucion_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# The first of their triggers by name: what they read after the lock is what the others judge.
FIRST = "".join(
    f"CREATE TRIGGER {table.partition('_')[2]}_abierto BEFORE INSERT ON {table} "
    f"FOR EACH ROW EXECUTE FUNCTION sif_guard_{what}();"
    for what, tables in (
        (
            "antes_de_cerrar",
            ("proceedings_analisisconclusion", "proceedings_conclusioncerrada", "proceedings_dictamencerrado"),
        ),
        ("antes_de_contar", ("proceedings_voto", "proceedings_resolucionvotada")),
    )
    for table in tables
)
DATED = (
    ("proceedings_analisisconclusion", "hecho_el"),
    ("proceedings_conclusioncerrada", "cerrada_el"),
    ("proceedings_determinadorevocado", "hecho_el"),
    ("proceedings_dictamen", "abierto_el"),
    ("proceedings_dictamencerrado", "cerrado_el"),
    ("proceedings_documento", "hecho_el"),
    ("proceedings_oficio", "notificado_el"),
    ("proceedings_oficiopropuesto", "propuesto_el"),
    ("proceedings_oficioretirado", "retirado_el"),
    ("proceedings_resolucion", "elaborada_el"),
    ("proceedings_resolucionsometida", "sometida_el"),
    ("proceedings_resolucionvotada", "votada_el"),
    ("proceedings_respuesta", "presentada_el"),
    ("proceedings_voto", "emitido_el"),
    ("filing_preparacion", "preparada_el"),
    ("filing_presentacion", "recibida_el"),
    ("notices_notificacion", "depositada_el"),
    ("notices_lecturanotificacion", "leida_el"),
    ("books_avisocontratacion", "presentado_el"),
    ("registry_avisocuenta", "hecho_el"),
    ("registry_finnombramiento", "hecho_el"),
    ("statutes_basepropuesta", "propuesta_el"),
    ("statutes_baseresuelta", "hecho_el"),
    ("statutes_basesinefecto", "hecho_el"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0016_sessions_to_come"),
        ("books", "0024_chart_in_acts"),
        ("filing", "0008_leaves_and_limits"),
        ("notices", "0003_records"),
        ("registry", "0043_days_of_nobodys_session"),
        ("statutes", "0001_initial"),
    ]
    operations = [migrations.RunSQL(OPEN + FIRST + "".join(not_ahead(*each) for each in DATED))]
