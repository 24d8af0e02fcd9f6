"""Tell which desk is of whom, and refuse the pages of one to who sits at another."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.registry.models import Nombramiento
from sif.registry.selectors import roles_of
from sif.web.authority_seat import NothingOpen

Rol = Nombramiento.Rol


SEATS: dict[str, frozenset[str]] = {
    "party": frozenset(
        {
            Rol.RESPONSABLE,
            Rol.ADMINISTRADOR_SO,
            Rol.CAPTURISTA,
            Rol.CANDIDATURA,
            Rol.CONSULTA,
            Rol.AUDITOR_EXTERNO,
        }
    ),
    "auditor": frozenset({Rol.AUDITOR, Rol.REVISOR}),
    "council": frozenset({Rol.RESOLUCIONES, Rol.CONSEJERO, Rol.SECRETARIA}),
    "administration": frozenset({Rol.ADMINISTRADOR}),
}
"""The roles that sit at each desk; a person with several opens the first."""


def to_login(request: HttpRequest) -> HttpResponse:
    """To the page of sign-in, and back here afterwards."""
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def desk_of(roles: set[str]) -> str:
    """Return the key of the desk of a person with these roles, or '' when nobody appointed them."""
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
