"""Tell whether the formula of a cap is of the stage whose caps are computed, and of the year of its process."""

from django.conf import settings

from sif.law.elections import federal_election
from sif.registry.cap_formulas import FORMULAS, CapInputs
from sif.registry.models import Ambito, Etapa
from sif.values import Problem, Refused

_PRESIDENTIAL = frozenset({"presidencia", "diputacion", "senaduria"})


def must_fit(formula: str, given: CapInputs, etapa: Etapa) -> None:
    """Refuse a formula of another stage, or of another ámbito than that of the process. Raises Refused."""
    kind, problems = FORMULAS[formula], list[Problem]()
    if etapa.tipo == Etapa.Tipo.ORDINARIO or kind.etapa not in ("", etapa.tipo):
        wanted = Etapa.Tipo(kind.etapa).label.lower() if kind.etapa else "precampaña, apoyo ciudadano o campaña"
        told = f"La fórmula es de {wanted} y la etapa es de {Etapa.Tipo(etapa.tipo).label.lower()}."
        problems.append(Problem("etapa", "etapa", told, "Elija la etapa de esa fórmula, o la fórmula de esa etapa."))
    by_local_law = kind.by_local_law(given)
    place = "factor" if kind.parte else "formula"
    if by_local_law and etapa.proceso.ambito == Ambito.FEDERAL:
        told = "El proceso es federal y el factor es de una ley local."
        cure = "Deje vacíos el factor y su artículo." if kind.parte else "Elija una fórmula federal, u otra etapa."
        problems.append(Problem("ambito", place, told, cure))
    if not by_local_law and etapa.proceso.ambito == Ambito.LOCAL:
        told = "La fórmula es de LGIPE para elecciones federales y el proceso es local."
        cure = "Escriba el factor y el artículo de la ley local." if kind.parte else "Elija «Elección local»."
        problems.append(Problem("ambito", place, told, cure))
    if problems:
        raise Refused(*problems)


def caution_of(formula: str, etapa: Etapa) -> str:
    """Return the kind of federal year that is not that of the formula: presidencial, intermedia, '' where it is.

    Where only deputies are elected their cap is the earlier one updated with the UMA [LGIPE 243.4.b.I].
    """
    year = federal_election(etapa.proceso.anio, settings.JURISDICTION)
    wrong = {"presidencial": {"diputacion_intermedia"}, "intermedia": _PRESIDENTIAL}.get(year, frozenset())
    return year if formula in wrong else ""
