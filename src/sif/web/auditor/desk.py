"""Lists of the audit desk, over the stage at hand."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, Concatenate

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sif.registry.models import Etapa
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import stage_at_hand
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.listing import Desk, Listing
from sif.web.seats import seated_at


def stage_page[**P](
    view: Callable[Concatenate[HttpRequest, Etapa, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Return a page of the audit desk about the stage at hand."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        return view(request, stage_at_hand(request), *args, **kwargs)

    return seated_at("auditor")(seen)


def _around(_request: HttpRequest, seat: Etapa, page: str, within: Words) -> Mapping[str, object]:
    return {"frame": auditor_frame(seat, page, *([Crumb(str(within))] if within else []))}


class StageListing(Listing[Etapa]):
    """A list of the audit desk, of the stage at hand; each has its template."""

    desk: ClassVar[Desk[Any]] = Desk(stage_page, _around, "")
