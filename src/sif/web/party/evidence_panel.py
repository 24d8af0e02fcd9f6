"""Find a póliza with its evidence, store what is attached to it and give it back."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from sif.books.evidence import other_uses
from sif.books.models import Archivo, Poliza
from sif.books.selectors import missing_of
from sif.books.services import Handed, store_file, store_path
from sif.books.services.evidencias import MAX_BYTES, admitted_classes
from sif.registry.selectors import windows_open
from sif.web.lazy import law_words
from sif.web.party.mesa import Mesa


def find_poliza(mesa: Mesa, number: int, asiento: int) -> Poliza:
    """Return the póliza at that place of the chain of some books of this person. Raises Http404, PermissionDenied."""
    rows = Poliza.objects.select_related(
        "contabilidad__sujeto", "contabilidad__etapa", "periodo", "registrada_por", "revierte_a__periodo"
    )
    poliza = rows.filter(contabilidad=mesa.books(number), eslabon=asiento).first()
    if poliza is None:
        raise Http404(_("La contabilidad %(books)d no tiene el asiento %(n)d.") % {"books": number, "n": asiento})
    return poliza


def panel_context(mesa: Mesa, poliza: Poliza) -> dict[str, object]:
    """Return the context of the evidence panel of a póliza: evidence, missing classes and, in open books, a form."""
    pieces = list(poliza.evidencias.select_related("clase", "archivo", "sin_efecto").order_by("pk"))
    lacks = [each.clase for each in missing_of([poliza.pk])]
    classes = {key: law_words(name) for key, name in admitted_classes(poliza).items()}
    is_open = any(window.periodo_id == poliza.periodo_id for window in windows_open(poliza.contabilidad))
    uses = other_uses(pieces)
    return {
        "poliza": poliza,
        "evidencias": [(piece, uses.get(piece.pk, [])) for piece in pieces],
        "faltan": [classes.get(key, key) for key in lacks],
        "clases": sorted(classes.items(), key=lambda item: (item[0] not in lacks, item[1])),
        "abierta": is_open and mesa.can("capturar", poliza.contabilidad),
        "maximo": MAX_BYTES,
    }


def store_upload(upload: Any, handed: Handed) -> Archivo:
    """Keep a file of a plain form, read whole only when it is small. Raises Refused."""
    if isinstance(upload, TemporaryUploadedFile):
        return store_path(Path(upload.temporary_file_path()), handed)
    return store_file(upload.read(), handed)
