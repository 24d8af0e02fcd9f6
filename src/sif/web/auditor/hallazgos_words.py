"""Say where a hallazgo is, and which ones a person chose of a queue."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sif.audit.models import Hallazgo
from sif.audit.naming import WHOLE, named_in
from sif.web.auditor.queue import Queue


def where_words(hallazgo: Hallazgo) -> str:
    """Return the reference, folio or invoice of the row of a hallazgo, or the words for the whole books."""
    said = named_in(hallazgo)
    return _("Contabilidad completa") if said == WHOLE else said


def chosen(queue: Queue, keys: Sequence[str]) -> QuerySet[Hallazgo]:
    """Return the rows of the queue that a form ticked; what is not there is left out."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 18]
    return queue.filas.filter(pk__in=numbers)
