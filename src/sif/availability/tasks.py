"""Schedule the seal of each day of the log, hourly, so that a missed midnight is recovered."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from sif.availability.kept import keep_seals
from sif.availability.measuring import LOGS, folder_of
from sif.availability.sealing import seal_ended, unread_days
from sif.filing.authority import authority_key
from sif.registry import events


@app.periodic(cron="20 * * * *")
@app.task(name="sif.disponibilidad", queueing_lock="sif.disponibilidad")
def seal(timestamp: int) -> None:
    """Seal the days of each log that ended and have no seal, keep every seal, and tell the days that cannot be."""
    key = authority_key()
    for log in LOGS:
        seal_ended(folder_of(settings.DATOS, log), key, datetime.now(UTC))
        for fault in unread_days(folder_of(settings.DATOS, log)):
            events.log("error", codigo=fault.codigo, registro=log, objeto=fault.dia.isoformat())
    keep_seals(settings.DATOS, key.public_key())
