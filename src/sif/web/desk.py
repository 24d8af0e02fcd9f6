"""Choose the desk where a person lands, and who may use each."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.registry.models import Nombramiento
from sif.registry.selectors import roles_of
from sif.web.rails import address
from sif.web.stage import NothingOpen

Rol = Nombramiento.Rol
SEATS: dict[str, frozenset[str]] = {
    "party": frozenset({Rol.RESPONSABLE, Rol.ADMINISTRADOR_SO, Rol.CAPTURISTA, Rol.CANDIDATURA, Rol.CONSULTA}),
    "auditor": frozenset({Rol.AUDITOR, Rol.REVISOR}),
    "council": frozenset({Rol.RESOLUCIONES, Rol.CONSEJERO, Rol.SECRETARIA}),
    "administration": frozenset({Rol.ADMINISTRADOR}),
}
"""The roles that sit at each desk; a person with several opens the first."""


def to_login(request: HttpRequest) -> HttpResponse:
    """To the page of sign-in, and back here afterwards."""
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def desk_of(roles: set[str]) -> str:
    """The key of the desk of a person with these roles, or '' when nobody appointed them."""
    return next((desk for desk, seats in SEATS.items() if seats & roles), "")


def seated_at[**P](
    *desks: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Only for who sits at one of these desks: others are told so (403); who did not sign in goes to sign in."""
    seats = frozenset().union(*(SEATS[desk] for desk in desks))

    def wrap(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            if not seats & roles_of(request.user):
                raise PermissionDenied(_("Esta mesa es de otras personas. La suya está en «Hoy»."))
            try:
                return view(request, *args, **kwargs)
            except NothingOpen:
                if request.method not in ("GET", "HEAD"):
                    raise
                return render(request, "sin_etapas.html")

        return seen

    return wrap


@require_safe
def my_desk(request: HttpRequest) -> HttpResponse:
    """After signing in: the first page of the person's desk, or words when nobody has appointed them yet."""
    if not request.user.is_authenticated:
        return to_login(request)
    desk = desk_of(roles_of(request.user))
    url = address(f"{desk}:home") or (address("personas") if desk == "administration" else "")
    if url:
        return HttpResponseRedirect(url)
    return render(request, "party/sin_mesa.html")
