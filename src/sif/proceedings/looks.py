"""Disclose the looks of the authority to the subject once they can no longer tip off a review."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from sif.audit.review_models import MiradaAuditoria
from sif.proceedings.models import Oficio, Resolucion, ResolucionVotada
from sif.registry import clock
from sif.registry.scope import everything

MOST = 500
"""The looks that are told at once, the last ones."""


@dataclass(frozen=True, slots=True)
class ToldLook:
    """A look of the authority as its subject is told of it: who, in which books, at a paper or at which keys."""

    quien: str
    usuario: str
    sujeto: str
    contabilidad: int
    archivo: str
    campos: tuple[str, ...]
    motivo: str
    cuando: datetime


def told_looks(sujetos: Collection[int]) -> list[ToldLook]:
    """List the looks at what is of some subjects that are before a notified oficio, or an approved resolución.

    An oficio that reviews some periods tells none: what is looked at may be of those that are still to be reviewed.
    Those of after the oficio wait for the resolución: what is looked at then may be of what is not yet decided.
    """
    now = clock.now()
    of_its_stage = {
        "etapa": OuterRef("hallazgo__corrida__instantanea__etapa"),
        "sujeto": OuterRef("hallazgo__contabilidad__sujeto"),
    }
    between = {"gte": OuterRef("mirada_el"), "lte": now}
    oficio = Oficio.objects.filter(
        periodo=None, **of_its_stage, **{f"notificado_el__{at}": when for at, when in between.items()}
    )
    voted = ResolucionVotada.objects.filter(
        estado=Resolucion.Estado.APROBADA,
        **{f"resolucion__dictamen__{name}": value for name, value in of_its_stage.items()},
        **{f"votada_el__{at}": when for at, when in between.items()},
    )
    with everything():
        rows = MiradaAuditoria.objects.filter(hallazgo__contabilidad__sujeto__in=sujetos)
        rows = (
            rows.filter(Exists(oficio) | Exists(voted))
            .select_related("persona", "hallazgo__contabilidad__sujeto")
            .order_by("-pk")
        )
        return [
            ToldLook(
                each.persona.named_at(each.mirada_el),
                each.persona.username,
                each.hallazgo.contabilidad.sujeto.siglas,
                each.hallazgo.contabilidad_id,
                each.archivo,
                tuple(filter(None, each.campos.split(","))),
                each.motivo,
                each.mirada_el,
            )
            for each in rows[:MOST]
        ]
