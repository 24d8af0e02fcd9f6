"""«Consultar un código»: which document prints a verification code, its digest, and whether it stands."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.disclosure.codes import CodedDocument, document_of_code
from sif.web.public.stage import public_page, stages_of

LONGEST = 60
"""Letters of what is typed, beyond which it is neither."""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the number and the code of a document, and say what it is; 404 where there is none."""
    numero, codigo = (request.GET.get(name, "").strip()[:LONGEST] for name in ("numero", "codigo"))
    found = document_of_code(numero, codigo)
    said = {"numero": numero, "codigo": codigo, "documento": found, "dice": _said(found) if found else ""}
    answer = public_page(request, "codigo", "datos", stages_of(request), said)
    answer.status_code = 404 if codigo and not found else 200
    return answer


def _said(found: CodedDocument) -> str:
    """Return how a document stands, in a sentence."""
    said = {
        ("acuse", "vigente"): _("Está vigente: es el acuse de la última versión presentada."),
        ("acuse", "sustituido"): _("Es auténtico; después se presentó la versión %(por)s."),
        ("informe", "vigente"): _("Está vigente: es la última versión presentada."),
        ("informe", "sustituido"): _("Se presentó; después se presentó la versión %(por)s."),
        ("informe", "borrador"): _("No se ha presentado: es un proyecto."),
        ("acto", "vigente"): _(
            "Es auténtico y aquí no consta que otro acto lo sustituya. Este sistema no registra lo que resuelva un "
            "tribunal."
        ),
        ("acto", "sustituido"): _("Es el proyecto; lo que se votó es %(por)s."),
        ("acto", "borrador"): _("Es un proyecto: todavía no se vota."),
        ("acto", "rechazado"): _("El Consejo no la aprobó."),
    }[found.clase, found.estado]
    return said % {"por": found.por}
