"""Name the roles of people and the choices that tables keep, in the language of who reads."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from sif.registry.models import CierrePropuesto, Contabilidad, Nombramiento, Ventana
from sif.web.lazy import Words

CONTEXT = "función"
"""Context of roles in the catalogues: «Consulta» is a role here and a question elsewhere."""
ROLES: dict[str, Words] = {rol.value: pgettext_lazy(CONTEXT, str(rol.label)) for rol in Nombramiento.Rol}


def _labels(kind: type[TextChoices]) -> dict[str, Words]:
    return {each.value: gettext_lazy(str(each.label)) for each in kind}


WINDOWS, BOOKS, CLOSINGS = _labels(Ventana.Tipo), _labels(Contabilidad.Clase), _labels(CierrePropuesto.Clase)
RELATIONS: dict[str, Words] = {
    "empleo": gettext_lazy("Empleo"),
    "honorarios": gettext_lazy("Honorarios"),
    "repap": gettext_lazy("REPAP"),
    "representante": gettext_lazy("Representante"),
    "caja": gettext_lazy("Responsable de caja"),
}
QUALITIES: dict[str, Words] = {
    "simpatizante": gettext_lazy("Simpatizante"),
    "militante": gettext_lazy("Militante"),
    "candidatura": gettext_lazy("Candidatura"),
}
"""Kinds of donor."""
WAYS: dict[str, Words] = {
    "transferencia": gettext_lazy("Transferencia"),
    "cheque": gettext_lazy("Cheque"),
    "efectivo": gettext_lazy("Efectivo"),
    "especie": gettext_lazy("Especie"),
}
"""Ways of paying and of giving."""
PAID = {key: WAYS[key] for key in ("transferencia", "cheque", "efectivo")}
"""How something was paid."""
SIDES: dict[str, Words] = {"salida": gettext_lazy("Salida"), "entrada": gettext_lazy("Entrada")}
EVERY = {
    "rol": ROLES,
    "ventana": WINDOWS,
    "libros": BOOKS,
    "cierre": CLOSINGS,
    "relacion": RELATIONS,
    "calidad": QUALITIES,
    "medio": WAYS,
    "lado": SIDES,
}
"""The labels that a template asks by `{{ value|label:"medio" }}`."""
