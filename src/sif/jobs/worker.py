"""Run a worker: take jobs from the queue until told to stop, after putting back those of workers that died."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection

from sif.jobs.tasks import put_back, within_person
from sif.registry.scope import HOUR, OPEN_PASS, QUEUE, mint


@dataclass(frozen=True, slots=True)
class Pulse:
    """Seconds of a worker: between heartbeats, until a silent worker counts as dead, and of grace when told to stop."""

    latido: float = 10.0
    parado: float = 45.0
    gracia: float = 10.0


def run_worker(concurrency: int, pulse: Pulse, *, until_empty: bool = False) -> None:
    """Take jobs until a signal, or until the queue is empty."""
    asyncio.run(_run(concurrency, pulse, until_empty))


async def _run(concurrency: int, pulse: Pulse, until_empty: bool) -> None:
    connections = _Queue(kwargs=connector_params(), configure=_open_to_the_queue)
    with app.replace_connector(connections) as queue:  # what is periodic too is put in the queue by them
        async with queue.open_async():
            await put_back(queue, pulse.parado)
            await queue.run_worker_async(
                concurrency=concurrency,
                wait=not until_empty,
                install_signal_handlers=True,
                shutdown_graceful_timeout=pulse.gracia,
                update_heartbeat_interval=pulse.latido,
                stalled_worker_timeout=pulse.parado,
                task_middleware=[within_person],
            )


class _Queue(PsycopgConnector):
    """The connections of a worker to its queue, who takes no notice for more than «look again».

    Any session of the database notifies: what a notice says would stop a worker that believed it or could not read it.
    """

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen, and say of each notice that a job entered, whatever it says; what is asked to stop, a table tells."""

        async def hear(*, channel: str, payload: str) -> None:
            await on_notification(channel=channel, payload=LOOK_AGAIN)

        await super().listen_notify(hear, channels)


LOOK_AGAIN = '{"type": "job_inserted", "job_id": 0}'


async def _open_to_the_queue(connection: AsyncConnection[object]) -> None:
    """Open on a connection the pass of the queue, which sees no books and signs nothing; the pool keeps it an hour."""
    said = mint("", connection.info.backend_pid, QUEUE, 12 * HOUR)
    await connection.execute(OPEN_PASS, [said])
    await connection.commit()
