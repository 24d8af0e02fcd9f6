"""Run a worker: take jobs from the queue until told to stop, after putting back those of workers that died."""

import asyncio
from dataclasses import dataclass

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from sif.jobs.tasks import put_back, within_person


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
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    queue = app.with_connector(connector.get_worker_connector())
    async with queue.open_async():
        await put_back(queue, pulse.parado)
        await queue.run_worker_async(
            concurrency=concurrency, wait=not until_empty, install_signal_handlers=True,
            shutdown_graceful_timeout=pulse.gracia, update_heartbeat_interval=pulse.latido,
            stalled_worker_timeout=pulse.parado, task_middleware=[within_person],
        )  # fmt: skip
