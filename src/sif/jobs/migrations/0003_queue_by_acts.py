"""The queue is of the workers: who asks for a job puts in it the row of that job, in the act that asks, and no other.

-3 is the person of the passes that a worker's own connections open (`scope.QUEUE`). The function that puts in the queue
runs as the owner, past the walls: what it puts, a trigger judges. Under a wall PostgreSQL does not say which row was
there already, and Procrastinate reads it.
"""

from django.db import migrations

from sif.registry.protection import SOMEBODY

WORKER = "(SELECT sif_persona()) = -3"
WALLS = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY {table}_cola ON {table} USING ({WORKER}) WITH CHECK ({WORKER});"
    for table in (
        "procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers",
    )
)  # fmt: skip
BREATH = f"CREATE POLICY procrastinate_workers_latido ON procrastinate_workers FOR SELECT USING ({SOMEBODY});"
DOOR = """
ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;

CREATE FUNCTION sif_guard_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who bigint := public.sif_autor();
    asked public.jobs_trabajo;
BEGIN
    IF public.sif_persona() = -3 THEN
        RETURN NEW;
    END IF;
    SELECT * INTO asked FROM public.jobs_trabajo t
        WHERE t.id = (NEW.args ->> 'trabajo')::bigint AND t.estado = 'en_cola' AND (who = t.persona_id OR who = -1);
    IF asked.id IS NULL
       OR (NEW.task_name, NEW.queue_name, NEW.args, NEW.queueing_lock, NEW.lock, NEW.priority, NEW.status, NEW.attempts,
           NEW.scheduled_at, NEW.worker_id, NEW.abort_requested)
          IS DISTINCT FROM
          ('sif.trabajo', 'default', jsonb_build_object('trabajo', asked.id), 'trabajo:' || asked.id,
           'contabilidad:' || asked.contabilidad_id, 0, 'todo'::public.procrastinate_job_status, 0,
           NULL::timestamptz, NULL::bigint, false) THEN
        RAISE EXCEPTION 'A la cola entra el trabajo que alguien pide, en el acto en que lo pide; esta fila no lo es.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procrastinate_jobs_de_quien_pide BEFORE INSERT ON procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION sif_guard_queue();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_resumed_by_who_asked"),
        ("registry", "0033_pass_of_an_act"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [migrations.RunSQL(WALLS + BREATH + DOOR)]
