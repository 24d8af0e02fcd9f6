"""Take a report back from signature, while it waits for the second of its two signers."""

from sif.filing.committing import leave_without_effect
from sif.filing.models import Informe, Presentacion
from sif.filing.refusals import already_presented, nothing_to_withdraw, withdrawn
from sif.filing.selectors import signed_whole
from sif.filing.signers import signs_as
from sif.registry import trail
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.values import Refused


def withdraw(informe: Informe, by: Usuario) -> int:
    """Leave without effect the signatures of a version that wait for another; returns how many. They are kept.

    Either of its signers takes it back, so that a report that the other will not sign is not held for ever. Raises
    Refused: sin_permiso, ya_presentado, nada_que_retirar.
    """
    signs_as(informe, by)
    with acting():
        lock_contabilidades([informe.contabilidad_id])
        if Presentacion.objects.filter(informe=informe.pk).exists():
            raise Refused(already_presented(informe.folio, informe))
        rows = informe.compromisos.filter(sin_efecto__isnull=True, papel__isnull=False)
        waiting = list(rows.order_by("pk"))
        if not waiting or signed_whole(rows).exists():  # with both, it is the worker's to present
            raise Refused(nothing_to_withdraw(informe))
        for one in waiting:
            leave_without_effect(one, [withdrawn(informe, by)])
        trail.act("retirar_firma", by, informe)
    return len(waiting)
