"""Remind each morning of what falls due."""

from procrastinate.contrib.django import app

from sif.duties.mailing import remind


@app.periodic(cron="5 14 * * *")
@app.task(name="sif.recordatorios", queueing_lock="sif.recordatorios")
def remind_all(timestamp: int) -> None:
    """Queue the reminders of the day, at eight of the centre; nothing is done where no mail is configured."""
    remind()
