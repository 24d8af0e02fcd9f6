"""Serve the public page of a past process."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar, Concatenate

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from sif.disclosure.history import accounts_of, standing, totals_of
from sif.web import past
from sif.web.columns import Column
from sif.web.lazy import Words
from sif.web.listing import Desk, Listing
from sif.web.public.stage import Stages, public_context, stages_of


def _open[**P](
    view: Callable[Concatenate[HttpRequest, Stages, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open to anybody; the seat is the stages published."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, stages_of(request), *args, **kwargs)

    return seen


def _around(_request: HttpRequest, _stages: Stages, _page: str, _within: Words) -> Mapping[str, Any]:
    return {}  # the list itself says which process is at hand


class PastProcess(Listing[Stages]):
    """A past process: what its accounts spent and received, and what its file says of their caps."""

    desk: ClassVar[Desk[Any]] = Desk(_open, _around, "public/historico.html")
    page, title, file_name = "candidaturas", _("Cuentas"), "historico"
    filters = past.FILTERS
    order = "-gasto"
    columns: Sequence[Column] = past.COLUMNS
    empty = _("Su archivo no trae cuentas.")

    def get(self, request: HttpRequest, seat: Stages, pk: int = 0) -> HttpResponseBase:
        """Find the process in sight of that number."""
        self.carga = get_object_or_404(standing(), pk=pk)
        self.columns = past.columns_told(totals_of(self.carga))
        if "gasto" not in {column.key for column in self.columns}:
            self.order = "-ingresos"
        return super().get(request, seat)

    def query(self) -> QuerySet[Any]:
        """Select its accounts."""
        return accounts_of(self.carga)

    def extra(self) -> Mapping[str, object]:
        """Add its figures, and mark its tab."""
        around = public_context("candidaturas", Stages(self.seat.todas, None), past=self.carga.pk)
        return {**around, **past.shown(self.carga)}
