"""Serve pages of no desk: samples, «Ir a…», keys, language and theme."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.web import samples
from sif.web.frame import THEMES, Frame
from sif.web.goto import article_named, key_lists, pages_named
from sif.web.rails import address
from sif.web.searched import address_of

_YEAR = 365 * 24 * 3600


def _return_address(request: HttpRequest) -> str:
    """Return the address of ?volver= where it is of this site, otherwise '/'."""
    asked = request.GET.get("volver", "/")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else "/"


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(cookie, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the reader's language in a cookie and go back; 404 for a language we do not speak."""
    if code not in dict(settings.LANGUAGES):
        raise Http404(f"No hay sentencias en «{code}».")
    response = HttpResponseRedirect(_return_address(request))
    _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@require_safe
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """Remember the reader's background, claro or oscuro, and go back; 404 for another."""
    if name not in THEMES:
        raise Http404(f"No hay fondo «{name}».")
    response = HttpResponseRedirect(_return_address(request))
    _remember(response, settings.THEME_COOKIE_NAME, name)
    return response


@require_safe
def go_to(request: HttpRequest) -> HttpResponse:
    """Straight to the list that knows the key or to the one page of that name; otherwise what was found, in words."""
    text = request.GET.get("q", "").strip()
    query = QueryDict(mutable=True)
    query["q"] = text
    lists = [url for name in key_lists(text) if (url := address(name))]
    if lists:
        return HttpResponseRedirect(address_of(lists[0], query, request.user))
    if cited := article_named(text):
        return HttpResponseRedirect(reverse("articulo", args=[cited.replace(" ", "-")]))
    found = pages_named(text)
    if len(found) == 1:
        return HttpResponseRedirect(found[0][1])
    searched = address_of(reverse("public:candidaturas"), query, request.user)
    return render(request, "piezas/go_to_page.html", {"text": text, "found": found, "searched": searched})


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Return the dialog of keys as a page, for who has no script."""
    return render(request, "piezas/keys_page.html", {"frame": Frame("party")})


def _only_in_the_demonstration() -> None:
    if settings.PRODUCTION:
        raise Http404(_("La hoja de muestras es de la demostración."))


@require_safe
def sample_sheet(request: HttpRequest) -> HttpResponse:
    """«Hoja de muestras»: every piece on one page, with invented data; 404 outside of the demonstration."""
    _only_in_the_demonstration()
    return render(request, "piezas/muestras.html", samples.sample_context())


@require_safe
def sample_public(request: HttpRequest) -> HttpResponse:
    """Return the public frame with its pieces, with invented data; 404 outside of the demonstration."""
    _only_in_the_demonstration()
    return render(request, "piezas/muestras_publico.html", samples.public_context())
