"""Build the frame of the council desk: crumbs, running term, counts."""

from sif.registry.models import Etapa, Usuario
from sif.web.authority_seat import stage_frame
from sif.web.council.waiting import to_vote
from sif.web.frame import Crumb, Frame


def council_frame(etapa: Etapa, by: Usuario, actual: str, *crumbs: Crumb) -> Frame:
    """Return the frame of a page of the council desk."""
    return stage_frame(etapa, "council", actual, *crumbs, cuentas={"resoluciones": len(to_vote(by, etapa))})
