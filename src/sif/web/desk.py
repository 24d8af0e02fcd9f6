"""Lead a person who signs in to their desk."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sif.registry.selectors import roles_of
from sif.web.rails import address
from sif.web.seats import desk_of, to_login


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
