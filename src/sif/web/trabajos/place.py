"""Frame the pages of jobs at the desk of their person."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from sif.notices.selectors import unread_count
from sif.proceedings.parts import notices_naming
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.selectors import reach_of, roles_of
from sif.web.frame import Crumb, Frame
from sif.web.seats import desk_of, to_login


def jobs_frame(person: Usuario, *crumbs: Crumb) -> Frame:
    """Return the frame of these pages at the desk of the person. Raises PermissionDenied for who has none."""
    desk = desk_of(roles_of(person))
    if not desk:
        raise PermissionDenied(_("Los trabajos son de quien tiene un nombramiento. Pida el suyo."))
    unread = unread_count(person, lambda: notices_naming(reach_of(person))) if desk == "party" else 0
    return Frame(desk, "trabajos", crumbs, buzon=unread, datos_al=clock.now())


def signed_in[**P](
    view: Callable[Concatenate[HttpRequest, Usuario, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view who asks; a visitor goes to sign in."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Usuario):
            return to_login(request)
        return view(request, request.user, *args, **kwargs)

    return seen
