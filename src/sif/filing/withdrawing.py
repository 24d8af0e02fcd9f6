"""Take signatures of a report back, while it waits for the second of its two signers."""

from sif.filing.committing import leave_without_effect
from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.refusals import already_presented, in_term, nothing_to_withdraw, withdrawn
from sif.filing.selectors import signed_whole, term_of
from sif.filing.signers import SECOND, of_two
from sif.registry import clock, trail
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Refused


def withdraw(informe: Informe, by: Usuario) -> int:
    """Leave without effect the signatures of a version that wait for another; returns how many. They are kept.

    Who presents takes back all, so that a report that the other will not sign is not held for ever; anybody else, their
    own. The signature of who presents met the term once it ended, and stays. Raises Refused: nada_que_retirar,
    en_termino, ya_presentado.
    """
    with acting():
        lock_contabilidades([informe.contabilidad_id])
        if Presentacion.objects.filter(informe=informe.pk).exists():
            raise Refused(already_presented(informe.folio, informe))
        rows = of_two(informe)
        waiting = list(rows if may(by, "presentar", contabilidad=informe.contabilidad) else rows.filter(recibido_de=by))
        if not waiting or signed_whole(rows).exists():  # with both, it is the worker's to present
            raise Refused(nothing_to_withdraw(informe))
        if any(_met_its_term(one) for one in waiting):
            raise Refused(in_term(informe))
        for one in waiting:
            leave_without_effect(one, [withdrawn(informe, by)])
        trail.act("retirar_firma", by, informe)
    return len(waiting)


def _met_its_term(one: Compromiso) -> bool:
    """Return whether a signature of who presents arrived in a term that has ended."""
    report = term_of(one.informe)
    return one.papel not in SECOND and report is not None and one.recibido_el < report.vence_el <= clock.now()
