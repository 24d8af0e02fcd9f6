"""Send the outbox each minute, by whichever worker takes the turn."""

from procrastinate.contrib.django import app

from sif.mail.sending import send_due


@app.periodic(cron="*/1 * * * *")
@app.task(name="sif.correo", queueing_lock="sif.correo")
def send(timestamp: int) -> None:
    """Send what waits; nothing is done where no mail is configured."""
    send_due()
