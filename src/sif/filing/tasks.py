"""Schedule the daily cut of the log, hourly, so that a missed midnight is recovered."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sif.filing.cuts import cut_of_today
from sif.registry import events


@app.periodic(cron="10 * * * *")
@app.task(name="sif.corte", queueing_lock="sif.corte", retry=RetryStrategy(max_attempts=3, wait=60))
def cut(timestamp: int) -> None:
    """Cut the log of records if it was not cut today. An error is logged and tried again, now and the next hour."""
    try:
        cut_of_today()
    except Exception as error:
        events.log_exception(error, objeto="registry.corte")
        raise
