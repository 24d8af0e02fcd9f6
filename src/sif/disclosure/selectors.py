"""Query the acts of publication: pending proposals, the current publication, the history."""

from django.db.models import QuerySet

from sif.disclosure.models import Publicacion, PublicacionPropuesta, RetiroPropuesto
from sif.registry.models import Etapa


def waiting_proposal(etapa: Etapa) -> PublicacionPropuesta | None:
    """The last proposal of a stage if nobody published it, or None: a later proposal stands over the earlier ones."""
    last = PublicacionPropuesta.objects.filter(etapa=etapa).select_related("propuesta_por").order_by("-pk").first()
    return None if last is None or Publicacion.objects.filter(propuesta=last).exists() else last


def publications_of(etapa: Etapa) -> QuerySet[Publicacion]:
    """The publications of a stage, the last first, with who proposed, published and withdrew each."""
    rows = Publicacion.objects.filter(propuesta__etapa=etapa).order_by("-pk")
    return rows.select_related(
        "propuesta__propuesta_por", "publicada_por", "retirada__hecho_por", "retirada__propuesta__propuesto_por"
    )


def standing_publication(etapa: Etapa) -> Publicacion | None:
    """The publication that the public sees: the last of the stage, unless it was withdrawn."""
    last = publications_of(etapa).first()
    return None if last is None or hasattr(last, "retirada") else last


def waiting_withdrawal(publicacion: Publicacion | None) -> RetiroPropuesto | None:
    """The last proposal to withdraw a publication that nobody confirmed, or None."""
    rows = RetiroPropuesto.objects.filter(publicacion=publicacion, publicacion__retirada=None)
    return rows.select_related("propuesto_por", "publicacion__propuesta").order_by("-pk").first()
