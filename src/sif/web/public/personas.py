"""«Entre a la demostración»: which invented person to sign in as, and what each may do. Absent in production."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.registry.models import Nombramiento
from sif.registry.selectors import in_force
from sif.web.public.stage import public_page, stages_of

PASSWORD = "demostracion"  # noqa: S105 - invented people, told on the page itself
Rol = Nombramiento.Rol


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
    told = read_personas(settings.DATOS / "demo" / "personas.json")
    rows = told if told is not None else _appointed()
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


def read_personas(path: Path) -> list[Persona] | None:
    """The people that the demonstration wrote down; None where there is no such file or it is not a list of them."""
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        names = ("usuario", "nombre", "rol", "sujeto", "puede")
        return [Persona(*(str(row.get(name) or "") for name in names)) for row in rows]
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _appointed() -> list[Persona]:
    """The people with an appointment in force, as the registry has them."""
    rows = in_force(Nombramiento.objects.select_related("usuario", "sujeto")).order_by("pk")
    return [
        Persona(
            row.usuario.get_username(), row.usuario.nombre, str(Rol(row.rol).label),
            row.sujeto.nombre if row.sujeto else "", _may(row.rol),
        )
        for row in rows
    ]  # fmt: skip


def _may(rol: str) -> str:
    words = {
        Rol.RESPONSABLE: _("captura, presenta informes y contesta el oficio"),
        Rol.ADMINISTRADOR_SO: _("da permisos a su gente"),
        Rol.CAPTURISTA: _("captura pólizas"),
        Rol.CANDIDATURA: _("consulta su contabilidad"),
        Rol.CONSULTA: _("consulta"),
        Rol.AUDITOR: _("revisa hallazgos y adopta observaciones"),
        Rol.REVISOR: _("revisa, emite oficios, cierra dictámenes y publica"),
        Rol.RESOLUCIONES: _("elabora resoluciones"),
        Rol.CONSEJERO: _("vota resoluciones"),
        Rol.SECRETARIA: _("somete a votación y publica"),
        Rol.ADMINISTRADOR: _("administra cuentas y accesos"),
    }
    return words[Rol(rol)]
