"""Read which external auditor each subject designated, which proves the duty of designating one."""

from collections import defaultdict
from datetime import date

from sif.duties.evidence import Proof, Reach
from sif.duties.plan import Planned
from sif.registry import clock
from sif.registry.models import Nombramiento

DUTY = "AUD"


class Auditors:
    """The external auditors of some subjects on a day, each until the first day without the role."""

    def __init__(self, reach: Reach) -> None:
        rows = Nombramiento.objects.filter(rol=Nombramiento.Rol.AUDITOR_EXTERNO, desde__lte=reach.al)
        if reach.sujetos is not None:
            rows = rows.filter(sujeto__in=reach.sujetos)
        self.of: dict[int, list[tuple[date, Proof]]] = defaultdict(list)
        fields = ("pk", "sujeto_id", "desde", "hasta", "fin__termina_el")
        for pk, sujeto, since, until, ended in rows.order_by("desde", "pk").values_list(*fields):
            last = min(until, clock.legal_day(ended)) if ended and ended < reach.end else until
            self.of[sujeto].append((last, Proof(since, f"nombramiento {pk}")))

    def proof(self, planned: Planned, sujeto: int) -> Proof | None:
        """Return what proves that a subject designated who audits a year: the first in the role once it ended.

        A duty of another kind has no such proof [LGPP 78.1.b.IV].
        """
        if planned.duty.clave != DUTY:
            return None
        return next((proof for last, proof in self.of.get(sujeto, ()) if last > planned.abre), None)
