"""Translate the classes, criteria and kinds of campaign of a prorrateo."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from sif.web.formats import percent
from sif.web.tables import Link, Thing, query_with


def classes() -> dict[str, str]:
    """The classes of shared expense."""
    return {"generico": _("Genérico"), "conjunto": _("Conjunto"), "personalizado": _("Personalizado")}


def classes_help() -> dict[str, str]:
    """What each class means, in a line."""
    return {
        "generico": _("No identifica a ninguna candidatura ni tipo de campaña."),
        "conjunto": _("Beneficia a dos o más campañas y no las nombra a todas."),
        "personalizado": _("Nombra o muestra a dos o más candidaturas."),
    }


def criteria() -> dict[str, str]:
    """By what an expense benefits a campaign."""
    return {
        "conjunto": _("Invita a votar por un conjunto de candidaturas sin especificarlas"),
        "propuesta": _("Difunde una política pública o propuesta del partido o la coalición"),
        "emblema": _("Publica el emblema, el lema o la plataforma electoral"),
        "nombre": _("Menciona el nombre de las candidaturas"),
        "imagen": _("Difunde la imagen de las candidaturas"),
        "voto": _("Promueve de manera expresa el voto a favor de esas campañas"),
    }


def column_words(column: str, basis_points: int) -> Thing:
    """A kind of campaign with its percentage of law below: Senaduría, 50 %."""
    names = {"P": _("Presidencia"), "S": _("Senaduría"), "D": _("Diputación federal"), "L": _("Campaña local")}
    return Thing(names[column], debajo=percent(basis_points))


def file_links(query: QueryDict) -> tuple[Link, ...]:
    """The same list as files."""
    return tuple(Link(kind.upper(), query_with(query, formato=kind, pagina="")) for kind in ("csv", "xlsx"))
