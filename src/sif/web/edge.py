"""Refuse at the edge what no page can mean: what is no text, numbers that no row has, and other methods."""

import json
import re
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.template.loader import render_to_string

from sif.values.texts import NO_TEXT, is_blank

API = "/api/"  # programs send JSON there
MOST_FIGURES = 18  # of a number in an address: a key of the database has no more
LONGEST_NUMBER = 60  # figures in a row that a field may hold; no account, serial or amount has as many
_FIGURES = re.compile(rf"\d{{{LONGEST_NUMBER + 1}}}")
_ESCAPED = re.compile(rb"\\u(0000|[dD][89abAB])")


class EdgeMiddleware:
    """Answer 400 to a path, a query, a form or a JSON body with such text, and 404 to a number too long in a path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address before anything else does."""
        refuse_spoilt([request.path_info], "la dirección")
        refuse_spoilt(_texts(request.GET), "la consulta")
        if any(len(each) > MOST_FIGURES and each.isdecimal() for each in request.path_info.split("/")):
            raise Http404
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_about: object) -> None:
        """Look at a form or a JSON body; another kind of body is a file, and who reads it looks at it."""
        if request.method not in ("POST", "PUT", "PATCH"):
            return
        if request.path_info.startswith(API) and request.content_type != "application/json":
            return  # it takes JSON alone, and reading a form here would leave it nothing to refuse
        if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            refuse_spoilt(_texts(request.POST), "el formulario")
            refuse_no_text((each.name or "" for _field, each in _files(request)), "el nombre de un archivo")
        elif request.content_type == "application/json" and _ESCAPED.search(request.body):
            try:
                whole = json.dumps(json.loads(request.body), ensure_ascii=False)
            except (ValueError, RecursionError):
                return  # the door of the API says what is wrong
            refuse_spoilt([whole.replace("\\u0000", "\0")], "el mensaje")


class MethodMiddleware:
    """Give words to the 405 of an address that is not asked in that way, whose answer has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Draw the page of what is not opened by its address, and keep what the answer allows."""
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed) or answer.content or request.path_info.startswith(API):
            return answer
        answer.content = render_to_string("405.html", {}, request)
        return answer


def refuse_no_text(texts: Iterable[str], where: str) -> None:
    """Raises SuspiciousOperation for a control, half of a character or a mark that turns the reading, and for a text of
    marks that are drawn as nothing: a name of them would be a blank."""
    for text in texts:
        if NO_TEXT.search(text):
            raise SuspiciousOperation(f"Hay un carácter que no es texto en {where}.")
        if is_blank(text) and not text.isspace() and text:
            raise SuspiciousOperation(f"Hay un texto de marcas que no se ven en {where}.")


def refuse_spoilt(texts: Iterable[str], where: str) -> None:
    """Raises SuspiciousOperation for what is no text, or a number of more than LONGEST_NUMBER figures."""
    for text in texts:
        refuse_no_text([text], where)
        if len(text) > LONGEST_NUMBER and _FIGURES.search(text):
            raise SuspiciousOperation(f"Hay un número de más de {LONGEST_NUMBER} cifras en {where}.")


def _texts(query: QueryDict) -> Iterator[str]:
    for name, values in query.lists():
        yield name
        yield from (each for each in values if isinstance(each, str))


def _files(request: HttpRequest) -> Iterator[tuple[str, "UploadedFile[bytes]"]]:
    for name, files in request.FILES.lists():
        yield from ((name, each) for each in files)
