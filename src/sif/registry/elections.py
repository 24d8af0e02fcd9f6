"""What the authority's desk reads: processes, subjects, and how many of each thing an election has."""

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from sif.registry.models import Nombramiento, Proceso, SujetoObligado
from sif.registry.selectors import in_force


def processes() -> QuerySet[Proceso]:
    """Return every process with how many candidacies and books it has."""
    return Proceso.objects.annotate(
        candidaturas=Count("etapas__candidaturas", distinct=True),
        libros=Count("etapas__contabilidades", distinct=True),
    )


def subjects() -> QuerySet[SujetoObligado]:
    """Return every subject with how many members and books it has, and whether somebody answers for its finances."""
    heads = in_force(Nombramiento.objects.filter(sujeto=OuterRef("pk"), rol=Nombramiento.Rol.RESPONSABLE))
    return SujetoObligado.objects.annotate(
        partes=Count("integrantes", distinct=True),
        libros=Count("contabilidades", distinct=True),
        con_responsable=Exists(heads),
        clase=F("tipo"),
    )
