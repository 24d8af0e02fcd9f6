"""Schedule the daily cut of the log, hourly, so that a missed midnight is recovered; cut it when a person asks.

Complete each minute the reports that arrived and have no acuse yet, and draw the acuses of deposits that wait.
"""

from collections.abc import Mapping

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sif.filing.authority import AuthorityMissing
from sif.filing.cuts import CutRefused, cut_of_today, make_cut
from sif.filing.deposit_acuses import draw_waiting
from sif.filing.presenting import complete_waiting
from sif.filing.stamping import service_address
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry import events, trail
from sif.registry.models import Corte, Usuario
from sif.registry.selectors import may
from sif.signing.problems import SigningError

CUT = "raices_publicar"


@app.periodic(cron="10 * * * *")
@app.task(name="sif.corte", queueing_lock="sif.corte", retry=RetryStrategy(max_attempts=3, wait=60))
def cut(timestamp: int) -> None:
    """Cut the log of records if it was not cut today. An error is logged and tried again, now and the next hour."""
    try:
        cut_of_today()
    except Exception as error:
        events.log_exception(error, objeto="registry.corte")
        raise


@app.periodic(cron="*/1 * * * *")
@app.task(name="sif.compromisos", queueing_lock="sif.compromisos")
def complete_those_that_wait(timestamp: int) -> None:
    """Make the acuse of each report that arrived and was left for later, or whose process died before making it."""
    complete_waiting()


@app.periodic(cron="*/1 * * * *")
@app.task(name="sif.acuses", queueing_lock="sif.acuses")
def draw_those_that_wait(timestamp: int) -> None:
    """Draw the acuse of each deposit that was kept without it, or whose process died before drawing it."""
    draw_waiting()


def must_publish(by: Usuario) -> None:
    """Raise PermissionError for whoever does not administer the installation."""
    if not may(by, "administrar"):
        raise PermissionError("Las raíces del registro las publica quien administra.")


def ask_to_publish(by: Usuario) -> Trabajo:
    """Ask for the job that cuts the log and publishes its sealed roots. Raises PermissionError."""
    must_publish(by)
    last = Corte.objects.order_by("-numero").values_list("numero", flat=True).first() or 0
    return ask(CUT, str(last), {"tras": last}, by)


def _cut(encargo: Encargo) -> Mapping[str, object]:
    """Cut, unless another cut came after the person asked: that one says what was to be said."""
    must_publish(encargo.persona)
    after = int(encargo.trabajo.referencia["tras"])
    found = Corte.objects.filter(numero__gt=after, hecho_el__gte=encargo.trabajo.pedido_el).order_by("-numero").first()
    cut = found or make_cut()
    if found is None:
        trail.write(trail.Clase.ACTO, "publicar_raices", encargo.persona, tipo="Corte", objeto=cut.pk)
    return {"numero": cut.numero, "sin_sello": bool(service_address()) and cut.sello_de_tiempo is None}


register(Kind(CUT, _cut, refusals=(AuthorityMissing, CutRefused, SigningError), alone=lambda _n: True))
