"""Build the frame of the council desk: crumbs, running term, counts."""

from sif.proceedings.models import Resolucion, Voto
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may
from sif.web.authority_seat import stage_frame
from sif.web.frame import Crumb, Frame


def to_vote(etapa: Etapa, by: Usuario) -> list[Resolucion]:
    """Resoluciones under discussion on which a councillor has not voted; none for who does not vote."""
    if not may(by, "votar"):
        return []
    voted = Voto.objects.filter(consejero=by).values("resolucion")
    rows = Resolucion.objects.filter(dictamen__etapa=etapa, sometimiento__isnull=False, votacion__isnull=True)
    rows = rows.exclude(pk__in=voted)
    return list(rows.select_related("dictamen__sujeto").order_by("sesion_el", "dictamen__sujeto__numero"))


def council_frame(etapa: Etapa, by: Usuario, actual: str, *crumbs: Crumb) -> Frame:
    """Return the frame of a page of the council desk."""
    return stage_frame(etapa, "council", actual, *crumbs, cuentas={"resoluciones": len(to_vote(etapa, by))})
