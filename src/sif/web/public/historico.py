"""Serve the public page of a past process."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, Concatenate

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sif.disclosure.history import standing
from sif.disclosure.models import CargaHistorica
from sif.web import past
from sif.web.lazy import Words
from sif.web.listing import Desk
from sif.web.public.stage import Stages, public_context, stages_of


def _open[**P](
    view: Callable[Concatenate[HttpRequest, Stages, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open to anybody; the seat is the stages published."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, stages_of(request), *args, **kwargs)

    return seen


def _around(_request: HttpRequest, _stages: Stages, _page: str, _within: Words) -> Mapping[str, object]:
    return {}  # the list itself says which process is at hand


class PastProcess(past.Accounts[Stages]):
    """A past process: what its accounts spent and received, and what its file says of their caps."""

    desk: ClassVar[Desk[Any]] = Desk(_open, _around, "public/historico.html")
    page = "candidaturas"

    def loads(self) -> QuerySet[CargaHistorica]:
        """Return those in sight."""
        return standing()

    def extra(self) -> Mapping[str, object]:
        """Add its figures, and mark its tab."""
        around = public_context("candidaturas", Stages(self.seat.todas, None), past=self.carga.pk)
        return {**around, **past.shown(self.carga)}
