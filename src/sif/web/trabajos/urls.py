"""The addresses of jobs, for who has signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from sif.registry.models import Usuario
from sif.web.seats import to_login
from sif.web.trabajos import largos, queue, views

app_name = "trabajos"


def _signed_in[**P](
    view: Callable[Concatenate[HttpRequest, Usuario, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view who asks; a visitor goes to sign in."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Usuario):
            return to_login(request)
        return view(request, request.user, *args, **kwargs)

    return seen


urlpatterns = [
    path("", _signed_in(queue.listing), name="lista"),
    path("aparte/", _signed_in(largos.ask_apart), name="aparte"),
    path("<int:number>/", _signed_in(views.job), name="ver"),
    path("<int:number>/avance/", _signed_in(views.progress), name="avance"),
    path("<int:number>/archivo/", _signed_in(views.file), name="archivo"),
    path("<int:number>/cancelar/", _signed_in(views.act), {"verb": "cancelar"}, name="cancelar"),
    path("<int:number>/seguir/", _signed_in(views.act), {"verb": "seguir"}, name="seguir"),
]
