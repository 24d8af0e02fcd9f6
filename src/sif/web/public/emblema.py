"""Answer a published emblem."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sif.disclosure import stored
from sif.web.files import png_file


@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """Answer the PNG of an emblem that a statement in sight names, checked against its digest; 404 otherwise."""
    data = stored.emblem_file(sha256)
    if data is None:
        raise Http404(f"Ningún estado de cuenta publicado lleva el emblema {sha256}.")
    return png_file(data)
