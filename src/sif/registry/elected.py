"""Say which offices a process elects, by the kind that it was opened as."""

from django.conf import settings

from sif.law.processes import ProcessKind, load_kinds
from sif.law.sources import data_path, read_data
from sif.registry.models import ProcesoAbierto
from sif.values import Problem


def kind_opened(proceso: int) -> ProcessKind | None:
    """Return the kind that a process was opened as; None for one that no calendar opened."""
    opened = ProcesoAbierto.objects.filter(proceso=proceso).values_list("propuesta__clase", flat=True).first()
    return load_kinds(settings.JURISDICTION)[opened] if opened else None


def is_elected(kind: ProcessKind | None, office: str) -> bool:
    """Return whether a kind of process elects an office, or does not say which it elects."""
    return kind is None or kind.cargos is None or office in kind.cargos.son


def office_problem(kind: ProcessKind | None, office: str, name: str) -> Problem | None:
    """Return that the law which was read has no such office in a kind of process; None where it may be elected."""
    if kind is None or kind.cargos is None or is_elected(kind, office) or kind.cargos.estatus != "confirmado":
        return None
    told = f"{name} no se elige en un proceso «{kind.nombre}» ({kind.cargos.base})."
    return Problem("cargo", "cargo", told, "Corrija el cargo, o cárguela en el proceso en que se elige.")


def office_names() -> dict[str, str]:
    """Return the name of each office that may be contested, by key."""
    words = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))
    return {row["clave"]: row["nombre"] for row in words["cargos"].values()}
