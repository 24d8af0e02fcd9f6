"""Read back the statement whose columns are being named."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from sif.books.services import read_file


def received(request: HttpRequest, sha256: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that this session brought. Raises Http404."""
    name = request.session.get("estados", {}).get(sha256)
    if name is None:
        raise Http404(_("Ese archivo no se recibió en esta sesión. Cárguelo de nuevo."))
    return name, read_file(sha256)
