"""«Consultar un código»: which document prints a verification code, its digest, and whether it stands."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sif.disclosure.codes import document_of_code
from sif.web.public.stage import public_page, stages_of
from sif.web.public.words import kind_words, place_words, standing_words

LONGEST = 60
"""Letters of what is typed, beyond which it is neither."""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the number and the code of a document, and say what it is; 404 where there is none."""
    numero, codigo = (request.GET.get(name, "").strip()[:LONGEST] for name in ("numero", "codigo"))
    found = document_of_code(numero, codigo)
    said: dict[str, object] = {"numero": numero, "codigo": codigo, "documento": found}
    if found:
        said |= {"dice": standing_words(found), "que_es": kind_words(found), "donde": place_words(found)}
    answer = public_page(request, "codigo", "datos", stages_of(request), said)
    answer.status_code = 404 if codigo and not found else 200
    return answer
