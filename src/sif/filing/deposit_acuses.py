"""Draw the acuse of each deposit after its act, once, and keep it as issued."""

from django.db.models import QuerySet

from sif.books.services import store_file
from sif.filing.campaign_sheets import deposit_pdf
from sif.filing.models import AcuseDeposito, Deposito
from sif.registry import clock, events
from sif.registry.locks import hold
from sif.registry.scope import acting, everything, registering


def without_acuse() -> QuerySet[Deposito]:
    """Return the deposits of the scope whose acuse was not drawn yet, in the order of their hours."""
    return Deposito.objects.filter(acuse_sha256=None, acuse=None).order_by("depositado_el", "pk")


def draw_acuse(number: int) -> bool:
    """Draw and keep the acuse of a deposit that has none; return whether this call drew it.

    No lock of its subject is held: a second call for the same deposit waits for the first one, and nobody else does.
    """
    with acting():
        hold(f"filing_acusedeposito:{number}")
        made = without_acuse().filter(pk=number).select_related("sujeto", "depositado_por").first()
        if made is None:
            return False
        file = store_file(deposit_pdf(made))
        with registering():
            AcuseDeposito.objects.create(deposito=made, archivo=file, dibujado_el=clock.now())
    return True


def keep_acuse(number: int) -> bool:
    """Draw the acuse of a deposit as `draw_acuse`; a failure is logged, and waits for the next turn of the worker."""
    try:
        return draw_acuse(number)
    except Exception as error:
        events.log_exception(error, objeto="filing.deposito", id=number)
        return False


def draw_waiting() -> int:
    """Draw the acuses that wait, each in the name of its author; return how many. None that fails stops the others."""
    with everything():
        found = list(without_acuse().values_list("pk", "depositado_por"))
    done = 0
    for number, person in found:
        with everything(person):
            done += keep_acuse(number)
    return done
