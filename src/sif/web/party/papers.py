"""Give the paper of an oficio and leave its reading."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from sif.books.services import file_of, read_file
from sif.jobs.bounds import must_fit
from sif.notices.documents import render_pdf
from sif.proceedings.models import Oficio
from sif.proceedings.oficio_sheet import oficio_part_data
from sif.proceedings.parts import part_of
from sif.web.files import sealed_pdf
from sif.web.party.mesa import Mesa


def oficio_paper(mesa: Mesa, oficio: Oficio) -> HttpResponseBase:
    """Return the PDF of an oficio that the person sees: as it was notified, or drawn anew with their part alone.

    Raises LongFile for a part that a job draws.
    """
    part, name = part_of(oficio, mesa.alcance), oficio.numero.replace("/", "-")
    if not part.entero:
        must_fit(sum(len(row.hallazgos) for row in part.observaciones), "pdf")
        return sealed_pdf(render_pdf("oficio", oficio_part_data(part)), f"{name}-parte.pdf")
    kept = file_of(oficio.documento.pdf_sha256)
    if kept is None:
        raise Http404(_("El documento de este oficio no está en el archivo."))
    return sealed_pdf(read_file(kept.sha256), f"{name}.pdf")
