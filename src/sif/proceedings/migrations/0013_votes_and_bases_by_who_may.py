"""A vote is of a councillor, and a basis of the law is proposed and confirmed by who holds that function that day.

No act enters dated before what it answers: a vote before its submission, the end of a proposal before the proposal.
"""

from django.db import migrations

PINNED = "SET search_path = pg_catalog, public, pg_temp"

# A legal day is at most one day from that of UTC, wherever the authority is. An appointment that ended gives nothing
# any more, whatever day the act says of itself.
GUARDS = f"""
CREATE FUNCTION sif_guard_funcion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE
    quien CONSTANT bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    cuando CONSTANT timestamptz := (to_jsonb(NEW) ->> TG_ARGV[1])::timestamptz;
    dia CONSTANT date := (cuando AT TIME ZONE 'UTC')::date;
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_nombramiento n WHERE n.usuario_id = quien AND n.rol = ANY (TG_ARGV[2:])
            AND n.desde <= dia + 1 AND n.hasta > dia - 1
            AND NOT EXISTS (
                SELECT FROM registry_finnombramiento f
                WHERE f.nombramiento_id = n.id AND f.termina_el <= greatest(cuando, now()))) THEN
        RAISE EXCEPTION 'La cuenta % no tiene ese día la función que pide %.', quien, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- The arguments: the moment of the act, the column that names what it answers, its table, its key and its moment.
CREATE FUNCTION sif_guard_despues() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
DECLARE antes timestamptz;
BEGIN
    EXECUTE format('SELECT a.%I FROM public.%I a WHERE a.%I = $1', TG_ARGV[4], TG_ARGV[2], TG_ARGV[3])
        INTO antes USING (to_jsonb(NEW) ->> TG_ARGV[1])::bigint;
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz < antes THEN
        RAISE EXCEPTION 'Una fila de % no es de antes de lo que resuelve, que es de %.', TG_TABLE_NAME, antes
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BASES = ("resoluciones", "secretaria")
WHO = (
    ("proceedings_voto", "", "consejero_id", "emitido_el", "consejero"),
    ("statutes_basepropuesta", "", "propuesta_por_id", "propuesta_el", *BASES),
    # Who proposed it takes it back, with that function or without it.
    ("statutes_baseresuelta", "WHEN (NEW.sentido <> 'retirada') ", "hecho_por_id", "hecho_el", *BASES),
    ("statutes_basesinefecto", "", "hecho_por_id", "hecho_el", *BASES),
)
AFTER = (
    ("proceedings_voto", "emitido_el", "resolucion_id", "proceedings_resolucionsometida", "resolucion_id",
     "sometida_el"),
    ("statutes_baseresuelta", "hecho_el", "propuesta_id", "statutes_basepropuesta", "id", "propuesta_el"),
    ("statutes_basesinefecto", "hecho_el", "resuelta_id", "statutes_baseresuelta", "id", "hecho_el"),
)  # fmt: skip


def _trigger(table: str, name: str, function: str, said: tuple[str, ...], when: str = "") -> str:
    given = ", ".join(f"'{each}'" for each in said)
    return (
        f"CREATE TRIGGER {table.partition('_')[2]}_{name} BEFORE INSERT ON {table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION {function}({given});"
    )


HELD = "".join(_trigger(table, "quien_puede", "sif_guard_funcion", tuple(said), when) for table, when, *said in WHO)
DATED = "".join(_trigger(table, "despues", "sif_guard_despues", tuple(said)) for table, *said in AFTER)


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0012_sanctions_by_person"),
        ("registry", "0030_rights_by_who_may"),
        ("statutes", "0001_initial"),
    ]
    operations = [migrations.RunSQL(GUARDS + HELD + DATED)]
