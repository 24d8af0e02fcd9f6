"""Tell of the candidacies of a stage that no longer contend: why, since when, and who took their place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sif.registry.leaving_models import MOVED, standing_ends
from sif.registry.models import Etapa

LEFT = "baja"  # the status of books whose candidacy ended
CHANGED = MOVED  # the cause of who goes on for another subject, which the law does not name
STAYS: Mapping[str, Any] = MappingProxyType(
    {"baja": "", "baja_desde": None, "sustituta": "", "sustituta_contabilidad": None}
)


def leaving_in(etapa: Etapa) -> dict[int, dict[str, Any]]:
    """Return by its number each candidacy of a stage with an end that stands, as the published table says it."""
    rows = standing_ends().filter(candidatura__etapa=etapa)
    said = rows.values_list(
        "candidatura",
        "causa",
        "desde",
        "sustitucion__entra__persona__nombre",
        "sustitucion__entra__contabilidad",
    )
    return {
        number: {"baja": why, "baja_desde": since, "sustituta": name or "", "sustituta_contabilidad": books}
        for number, why, since, name, books in said
    }
