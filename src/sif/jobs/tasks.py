"""Define the queue tasks: run a job as its person, requeue jobs of dead workers, delete old rows."""

from typing import Any

from django.conf import settings
from django.db import connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from sif.jobs import openings  # noqa: F401 - the kind of this room
from sif.jobs.files import sweep_files
from sif.jobs.models import Trabajo
from sif.jobs.running import fail, run_pieces
from sif.jobs.services import TASK
from sif.registry import events
from sif.registry.scope import everything, set_scope
from sif.registry.selectors import scope_of_user
from sif.sandbox.answers import sweep_answers

ATTEMPTS = 4
KEPT_HOURS = 30 * 24
LONGEST = 12 * 3600  # seconds that the scope of one job lasts


@app.task(name=TASK, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2))
def run(context: JobContext, trabajo: int) -> None:
    """Run a job; an error that nobody foresaw is tried again, and its last attempt ends the job as failed."""
    try:
        run_pieces(trabajo)
    except Exception as error:
        events.log_exception(error, trabajo=trabajo, intento=context.job.attempts + 1)
        connections.close_all()
        if context.job.attempts + 1 >= ATTEMPTS:
            with everything():  # the scope of the person went with the connection
                fail(trabajo)
        raise


def within_person(call_next: Any, context: JobContext, _worker: object) -> object:
    """Open the scope that the person who asked has now, for their job alone, and close it with its connection.

    This is the one place of a worker that opens a scope: tasks share a thread and its connection.
    """
    number = context.job.task_kwargs.get("trabajo")
    asked = _asked(number) if isinstance(number, int) else None
    if asked is not None:
        set_scope(scope_of_user(asked.persona), asked.persona_id, seconds=LONGEST)
    try:
        return call_next()
    finally:
        connections.close_all()  # a session of the database never passes from one person's job to another's


def _asked(number: int) -> Trabajo | None:
    """A job before its person is known: the worker's own scope."""
    with everything():
        return Trabajo.objects.select_related("persona").filter(pk=number).first()


@app.periodic(cron="*/1 * * * *")
@app.task(name="sif.rescatar", queueing_lock="sif.rescatar", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Put back each job whose worker stopped breathing."""
    await put_back(context.app, settings.TRABAJOS_PARADOS_S)


async def put_back(queue: Any, seconds: float) -> int:
    """Retry the jobs of workers without a heartbeat for that long; returns how many."""
    stalled = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        await queue.job_manager.retry_job(job)
        events.log("trabajo", trabajo=job.task_kwargs.get("trabajo"), codigo="rescatado", id=job.id)
    return len(stalled)


@app.periodic(cron="17 4 * * *")
@app.task(name="sif.barrer", queueing_lock="sif.barrer", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Delete the rows of the queue that ended a month ago and the files that expired; the jobs themselves stay."""
    sweep_files()
    sweep_answers(settings.DATOS)
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True)
