"""Offer the open files of a stage: what each holds, its columns, size, digest and permanent address."""

import base64

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from sif.disclosure import catalog, stored
from sif.web.files import CSV, XLSX
from sif.web.public.archivos import offered
from sif.web.public.stage import found_stage, nothing_yet, public_page, stages_of

MEDIA = {"csv": CSV, "xlsx": XLSX, "json": "application/json"}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return the files of a stage and the dictionary of their columns."""
    stages = stages_of(request)
    files = offered(stages.clave) if stages.actual else []
    return public_page(request, "datos", "datos", stages, {"files": files, "nothing": nothing_yet()})


@require_safe
def download(request: HttpRequest, proceso: str, archivo: str, forma: str) -> HttpResponseBase:
    """A file of a stage as it was published, with its digest. 404 for one that is not offered, 410 once withdrawn."""
    found = stored.open_file(proceso, archivo, forma)
    if found is None:
        found_stage(tuple(catalog.processes()), proceso)
        raise Http404(f"No hay archivo «{archivo}.{forma}» de «{proceso}»; los que hay están en Datos abiertos.")
    etag = f'"{found.sha256}"'
    known: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    name = f"{proceso}-{archivo}.{forma}"
    answer = FileResponse(stored.file_stream(found), as_attachment=True, filename=name, content_type=MEDIA[forma])
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    answer["ETag"], answer["Repr-Digest"] = etag, f"sha-256=:{digest}:"
    return answer
