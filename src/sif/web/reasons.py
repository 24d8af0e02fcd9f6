"""Ask why somebody looks at whole personal keys, with one form for every desk."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sif.registry.looks import PURPOSES, Reason


def said_reason(request: HttpRequest) -> Reason:
    """Return the reason that a form posts."""
    return Reason(request.POST.get("finalidad", ""), request.POST.get("motivo", ""))


def purpose_choices() -> list[tuple[str, str]]:
    """List the purposes to choose from, in the language of who reads."""
    names = {
        "cotejar": _("Cotejar un documento"),
        "recibo": _("Expedir o entregar un recibo"),
        "corregir": _("Corregir un registro"),
        "titular": _("Atender a la persona titular"),
        "autoridad": _("Atender un requerimiento de autoridad"),
        "revision": _("Revisar un hallazgo"),
    }
    return [(key, names[key]) for key in PURPOSES]
