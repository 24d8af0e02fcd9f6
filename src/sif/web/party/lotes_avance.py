"""How far a lot has come while its request is still being answered, told to whoever sent it and waits."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.registry.models import Usuario
from sif.web.formats import whole_number
from sif.web.party.mesa import Mesa, party_page

EVERY = 0.5  # seconds between two writings
_MARK = re.compile(r"^[0-9a-f]{32}$")


def _place(person: Usuario, mark: str) -> Path:
    """Where any process of this installation finds it; of each person, whatever mark another one guesses."""
    folder: Path = settings.DATOS / "parciales"
    return folder / f"avance-{hashlib.sha256(f'{person.pk}:{mark}'.encode()).hexdigest()[:32]}"


@contextmanager
def followed(request: HttpRequest, person: Usuario) -> Iterator[Callable[[int], None] | None]:
    """What hears how many were done so far, if the page sent a mark to ask by; nothing is left when the work ends."""
    mark = request.POST.get("avance", "")
    if not _MARK.match(mark):
        yield None
        return
    place, told = _place(person, mark), [0.0]
    place.parent.mkdir(parents=True, exist_ok=True)

    def tell(count: int) -> None:
        now = time.monotonic()
        if now - told[0] >= EVERY:
            told[0] = now
            fresh = place.with_suffix(".nuevo")
            fresh.write_text(str(count), encoding="ascii")
            fresh.replace(place)  # whoever reads sees one figure or the other, never half

    try:
        tell(0)
        yield tell
    finally:
        place.unlink(missing_ok=True)


@require_safe
@party_page
def progress(request: HttpRequest, mesa: Mesa, mark: str) -> HttpResponse:
    """The sentence of how far the work of that mark has come; empty before it begins and after it ends."""
    if not _MARK.match(mark):
        raise Http404(_("No se conoce ese avance."))
    try:
        count = int(_place(mesa.usuario, mark).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return JsonResponse({"texto": ""})
    words = ngettext("%(n)s leído hasta ahora.", "%(n)s leídos hasta ahora.", count) % {"n": whole_number(count)}
    return JsonResponse({"texto": words if count else _("Leyendo el archivo.")})
