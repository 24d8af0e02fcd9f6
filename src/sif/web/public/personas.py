"""«Entre a la demostración»: which invented person to sign in as, and what each may do. Absent in production."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.web.public.stage import public_page, stages_of

PASSWORD = "demostracion"  # noqa: S105 - invented people, told on the page itself


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to sign in as. rol and puede in words; sujeto: '' for the authority's people."""

    usuario: str
    nombre: str
    rol: str
    sujeto: str
    puede: str


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of the demonstration with a form each, already filled. 404 in production."""
    if settings.PRODUCTION:
        raise Http404("No hay personas de demostración en producción.")
    rows = invented()
    party = [row for row in rows if row.sujeto]
    context = {
        "groups": [
            (_("Quienes rinden cuentas"), party),
            (_("La autoridad"), [row for row in rows if not row.sujeto]),
        ],
        "password": PASSWORD,
        "count": len(rows),
    }
    return public_page(request, "demostracion", "", stages_of(request), context)


def invented() -> list[Persona]:
    """The people of the demonstration; none where nobody built it, since real accounts are told to nobody."""
    return [] if settings.PRODUCTION else read_personas(settings.DATOS / "demo" / "personas.json") or []


def read_personas(path: Path) -> list[Persona] | None:
    """The people that the demonstration wrote down; None where there is no such file or it is not a list of them."""
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        names = ("usuario", "nombre", "rol", "sujeto", "puede")
        return [Persona(*(str(row.get(name) or "") for name in names)) for row in rows]
    except (OSError, ValueError, AttributeError, TypeError):
        return None
