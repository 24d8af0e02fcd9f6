"""Say which offices a process elects, by the kind that it was opened as, and which another elects at once."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from sif.law.processes import ProcessKind, lacking_offices, load_kinds
from sif.law.sources import data_path, read_data
from sif.registry.candidaturas import entity_names
from sif.registry.leaving_models import contends
from sif.registry.models import Candidatura, Etapa, ProcesoAbierto
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


def entity_problem(entity: str, office: str, name: str) -> Problem | None:
    """Return that an entity does not elect an office; None where it does."""
    article = lacking_offices(entity, settings.JURISDICTION).get(office)
    if article is None:
        return None
    where = entity_names(settings.JURISDICTION).get(entity, entity)
    told = f"{name} no se elige en {where} ({article})."
    return Problem("cargo", "cargo", told, "Corrija el cargo o la entidad.")


def unheard_of(etapa: Etapa, offices: Iterable[tuple[str, str, str, str]]) -> list[Problem]:
    """Return each office that the kind of process does not elect, or that none of its candidacies has.

    The second, where it has candidacies of others. offices: key, name, place and what to do of each.
    """
    kind = kind_opened(etapa.proceso_id)
    contend = Candidatura.objects.filter(etapa__proceso=etapa.proceso)
    there = set(contend.order_by().values_list("cargo__clave", flat=True).distinct())
    found = []
    for key, name, where, cure in offices:
        if kind is not None and not is_elected(kind, key):
            found.append(Problem("cargo", where, f"{name}: el proceso se abrió como «{kind.nombre}».", cure))
        elif there and key not in there:
            told = f"{name}: ninguna candidatura de este proceso es de ese cargo."
            found.append(Problem("cargo", where, told, cure))
    return found


def office_names() -> dict[str, str]:
    """Return the name of each office that may be contested, by key."""
    words = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))
    return {row["clave"]: row["nombre"] for row in words["cargos"].values()}


def single_offices() -> frozenset[str]:
    """Return the offices that elect one person in each place, by key: a subject postulates one in a campaign."""
    words = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))
    return frozenset(row["clave"] for row in words["cargos"].values() if row.get("una"))


Seat = tuple[str, str]
"""An office and the territory in which it is contested, each by its key."""


def elsewhere(etapa: Etapa, seat: Seat | None = None) -> dict[Seat, str]:
    """Return the process that contests each office and place at once with a stage: one of its kind, days in common.

    seat: the one asked about; all unless told.
    """
    rows = Candidatura.objects.filter(
        contends(),
        etapa__tipo=etapa.tipo,
        etapa__inicia_el__lte=etapa.termina_el,
        etapa__termina_el__gte=etapa.inicia_el,
    ).exclude(etapa__proceso=etapa.proceso_id)
    if seat is not None:
        rows = rows.filter(cargo__clave=seat[0], territorio__clave=seat[1])
    said = rows.values_list("cargo__clave", "territorio__clave", "etapa__proceso__nombre").distinct()
    return {(office, place): name for office, place, name in said}


def elsewhere_problem(seat: Seat, taken: Mapping[Seat, str]) -> Problem | None:
    """Return that an office is contested there in another process at the same time; None where it is not."""
    if seat not in taken:
        return None
    told = f"Ese cargo ya se contiende ahí, en los mismos días, en {taken[seat]}."
    return Problem("traslape", "cargo", told, "Corrija el cargo o el lugar, o cárguela en ese proceso.")
