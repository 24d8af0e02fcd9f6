"""Schedule the seal of each day of the log, hourly, so that a missed midnight is recovered."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from sif.availability.kept import keep_seals
from sif.availability.measuring import LOGS, folder_of
from sif.availability.sealing import seal_ended
from sif.filing.authority import authority_key


@app.periodic(cron="20 * * * *")
@app.task(name="sif.disponibilidad", queueing_lock="sif.disponibilidad")
def seal(timestamp: int) -> None:
    """Seal the days of each log that ended and have no seal, and keep every seal."""
    key = authority_key()
    for log in LOGS:
        seal_ended(folder_of(settings.DATOS, log), key, datetime.now(UTC))
    keep_seals(settings.DATOS, key.public_key())
