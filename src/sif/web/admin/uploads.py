"""Take a file that is looked at before anything of it enters."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.jobs.files import FileGone, keep, open_kept
from sif.values import Problem, Refused
from sif.web.admin.desk import AdminRecord
from sif.web.lazy import Words
from sif.web.record import RecordForm

BROUGHT = "archivos_traidos"


def brought(request: HttpRequest, sha256: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that this session brought: nobody else opens it by its digest.

    Raises Http404, the same for one that expired and for another's.
    """
    try:
        name = request.session.get(BROUGHT, {}).get(sha256)
        if name is None:
            raise FileGone
        with open_kept(sha256) as stream:
            return name, stream.read()
    except FileGone as gone:
        raise Http404(str(gone)) from gone


class Upload(AdminRecord):
    """A form with an `archivo`, kept for the page that shows what it would load; nothing enters yet."""

    template_name = "admin/archivo.html"
    button = _("Ver qué trae")
    most: ClassVar[int]
    """Bytes of the largest file."""
    too_large: ClassVar[Words]
    """What to do with a larger one."""

    def save(self, form: RecordForm) -> str:
        """Keep the file and return the address that looks at it. Raises Refused for one that is too large."""
        file = form.cleaned_data["archivo"]
        if file.size > self.most:
            told = translated("Pesa más de %(n)d MB.") % {"n": self.most // 2**20}
            raise Refused(Problem("grande", "archivo", told, str(self.too_large)))
        sha256, _size = keep(lambda stream: stream.writelines(file.chunks()))
        self.request.session[BROUGHT] = {**self.request.session.get(BROUGHT, {}), sha256: file.name}
        return self.look_url(form, sha256)

    def look_url(self, form: Any, sha256: str) -> str:
        """Return the address that looks at the file kept."""
        raise NotImplementedError

    def saved_url(self, saved: str) -> str:
        """Go to what the file would load."""
        return saved
