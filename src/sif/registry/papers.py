"""Keep the documents that prove an appointment."""

from collections.abc import Iterator
from dataclasses import dataclass

from sif.registry import clock, trail
from sif.registry.appointments import require_giver
from sif.registry.models import DocumentoNombramiento, Nombramiento, Usuario
from sif.registry.scope import acting, registering
from sif.values import Problem, Refused, refusal


@dataclass(frozen=True, slots=True)
class Paper:
    """The document of an appointment: how it is cited, and the name, SHA-256 and bytes of its file."""

    referencia: str
    nombre: str
    sha256: str
    bytes: int


def paper_problems(paper: Paper) -> Iterator[Problem]:
    """Yield what a document of an appointment lacks."""
    if not 1 <= len(paper.referencia.strip()) <= 120:
        told = "Falta cómo se cita el documento, o pasa de 120 letras."
        yield Problem("referencia", "referencia", told, "Escriba su número: oficio, acta o acuerdo.")


def keep_paper(appointment: Nombramiento, paper: Paper, by: Usuario) -> DocumentoNombramiento:
    """Keep the document of an appointment whose file is already kept, after the act was judged."""
    with registering(by.pk):
        kept: DocumentoNombramiento = DocumentoNombramiento.objects.create(
            nombramiento=appointment,
            referencia=paper.referencia.strip(),
            nombre=paper.nombre[-255:],
            sha256=paper.sha256,
            bytes=paper.bytes,
            guardado_el=clock.now(),
            guardado_por=by,
        )
    return kept


def add_paper(appointment: Nombramiento, paper: Paper, by: Usuario) -> DocumentoNombramiento:
    """Keep one more document of an appointment. Raises Refused, and PermissionError for who does not give that role."""
    with acting():
        require_giver(appointment, by)
        if problems := [*paper_problems(paper)]:
            raise Refused(*problems)
        if DocumentoNombramiento.objects.filter(nombramiento=appointment, sha256=paper.sha256).exists():
            raise refusal("repetido", "archivo", "Ese archivo ya está guardado en este nombramiento.", "Elija otro.")
        kept = keep_paper(appointment, paper, by)
        trail.write(trail.Clase.CUENTA, "guardar_documento", by, tipo="Nombramiento", objeto=appointment.pk)
    return kept
