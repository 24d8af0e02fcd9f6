"""Query the acts of publication: pending proposals, the current publication, the history."""

from dataclasses import dataclass

from django.db.models import QuerySet

from sif.disclosure.models import Publicacion, PublicacionPropuesta, RetiroPropuesto
from sif.proceedings.closing import OpenThing
from sif.proceedings.models import Dictamen, Resolucion
from sif.registry.models import Contabilidad, Etapa


def waiting_proposal(etapa: Etapa) -> PublicacionPropuesta | None:
    """The last proposal of a stage if nobody published it, or None: a later proposal stands over the earlier ones."""
    last = PublicacionPropuesta.objects.filter(etapa=etapa).select_related("propuesta_por").order_by("-pk").first()
    return None if last is None or Publicacion.objects.filter(propuesta=last).exists() else last


def publications_of(etapa: Etapa) -> QuerySet[Publicacion]:
    """Return the publications of a stage, the last first, with who proposed, published and withdrew each."""
    rows = Publicacion.objects.filter(propuesta__etapa=etapa).order_by("-pk")
    return rows.select_related(
        "propuesta__propuesta_por", "publicada_por", "retirada__hecho_por", "retirada__propuesta__propuesto_por"
    )


def standing_publication(etapa: Etapa) -> Publicacion | None:
    """Return the publication that the public sees: the last of the stage, unless it was withdrawn."""
    last = publications_of(etapa).first()
    return None if last is None or hasattr(last, "retirada") else last


def waiting_withdrawal(publicacion: Publicacion | None) -> RetiroPropuesto | None:
    """Return the last proposal to withdraw a publication that nobody confirmed, or None."""
    rows = RetiroPropuesto.objects.filter(publicacion=publicacion, publicacion__retirada=None)
    return rows.select_related("propuesto_por", "publicacion__propuesta").order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Unvoted:
    """The counts of the proceedings of a stage in which a subject lacks an approved resolución; the rejected are apart.

    sujetos: those with books or a dictamen in the stage. por_votar: those whose dictamen is closed and of which nothing
    was voted; a subject that nobody reviewed waits for a dictamen and not for a vote.
    """

    sujetos: int
    aprobadas: int
    rechazadas: int
    dictamenes: int
    cerrados: int
    por_votar: int
    sin_dictamen: int


def unvoted(etapa: Etapa) -> Unvoted | None:
    """Count the subjects of a stage by what the council resolved; None where it approved the resolución of each.

    What the law makes public of books and reports does not wait for a vote; sanctions and documents do [LGPP 82.1.c].
    """
    rows = Dictamen.objects.filter(etapa=etapa)
    subjects = {
        *Contabilidad.objects.filter(etapa=etapa).values_list("sujeto", flat=True),
        *rows.values_list("sujeto", flat=True),
    }
    approved = approved_subjects(etapa)
    if subjects and subjects == approved:
        return None
    rejected = Resolucion.objects.filter(
        dictamen__etapa=etapa, sustituta=None, votacion__estado=Resolucion.Estado.RECHAZADA
    ).count()
    drawn, closed = rows.count(), rows.exclude(cierre=None).count()
    without = len(subjects - {*rows.values_list("sujeto", flat=True)})
    return Unvoted(len(subjects), len(approved), rejected, drawn, closed, closed - len(approved) - rejected, without)


def approved_subjects(etapa: Etapa) -> frozenset[int]:
    """Return the numbers of the subjects of which the council approved a resolución at a stage."""
    rows = Dictamen.objects.filter(etapa=etapa, resoluciones__votacion__estado=Resolucion.Estado.APROBADA)
    return frozenset(rows.values_list("sujeto", flat=True))


def unpublished(etapa: Etapa) -> list[Resolucion]:
    """Return the resoluciones that the council approved and that nothing the public sees of the stage holds.

    What is published is what stood when it was proposed [LGPP 82.1.c].
    """
    rows = Resolucion.objects.filter(dictamen__etapa=etapa, votacion__estado=Resolucion.Estado.APROBADA)
    if shown := standing_publication(etapa):
        rows = rows.filter(votacion__votada_el__gt=shown.propuesta.propuesta_el)
    return list(rows.select_related("dictamen__sujeto", "votacion").order_by("pk"))


def unpublished_things(etapa: Etapa) -> list[OpenThing]:
    """Return as things open the resoluciones that the council approved and the public does not see."""
    return [OpenThing("sin_publicar", row.numero, row.dictamen.sujeto, row.pk) for row in unpublished(etapa)]
