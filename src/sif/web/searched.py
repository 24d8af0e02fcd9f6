"""Search books by their words, and keep searches by personal keys out of addresses by a signed token."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Self

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import escape_leading_slashes

from sif.registry.folding import with_words
from sif.registry.models import Contabilidad, Usuario

SEARCH = "_buscar"
"""The field that marks a form which only searches: it is answered by the address of what it asks."""
LASTS = 24 * 3600  # seconds that the address of such a search serves
_MARK = "~"
_PERSONAL = re.compile(
    r"(?<![A-ZÑ&0-9])(?:[A-ZÑ&]{4}\d{6}[A-Z0-9]{3}|[A-Z]{4}\d{6}[A-Z]{6}[A-Z0-9]\d|[A-Z]{6}\d{8}[A-Z]\d{3})(?![A-Z0-9])",
    re.I,
)
"""RFC of a natural person, CURP and key of elector, wherever they stand; the RFC of a legal person is public."""

SAID = ("pk", "candidatura__persona__nombre", "candidatura__cargo__nombre", "candidatura__territorio__nombre", "clase")
"""What the words of a search of books are looked for in."""
Asker = Usuario | AnonymousUser


def said(books: QuerySet[Contabilidad], text: str) -> QuerySet[Contabilidad]:
    """Filter the books in which every word of a text stands: their number, holder, office, place or kind."""
    return with_words(books, text, *SAID)


def is_personal(text: str) -> bool:
    """Return whether a text holds what looks like a personal key."""
    return _PERSONAL.search(text) is not None


class SearchedQuery(QueryDict):
    """A query whose personal keys are read whole and written, in the links of its page, as the tokens they came by."""

    tokens: Mapping[str, str] = {}

    def urlencode(self, safe: str | None = None) -> str:
        """Write the query with tokens in the place of personal keys."""
        shown = QueryDict(mutable=True)
        for name, values in self.lists():
            shown.setlist(name, [self.tokens.get(str(each), str(each)) for each in values])
        return shown.urlencode(safe)

    def __deepcopy__(self, memo: MutableMapping[int, object]) -> Self:
        """Copy the query and its tokens."""
        made = super().__deepcopy__(memo)
        made.tokens = self.tokens
        return made


class SearchedMiddleware:
    """Answer a search with the address of what it asks, and open the personal keys of the query for the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect a posted search, or a query with a personal key in it, to an address without one."""
        posted = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
        query = request.POST if posted and SEARCH in request.POST else None
        if request.method in ("GET", "HEAD") and any(map(is_personal, _texts(request.GET))):
            query = request.GET
        if query is not None:
            return HttpResponseRedirect(address_of(request.path, query, request.user))
        request.GET = opened(request.GET, request.user)  # type: ignore[assignment]
        return self.get_response(request)


def _texts(query: QueryDict) -> Iterator[str]:
    for _name, values in query.lists():
        yield from (str(each) for each in values)


def address_of(path: str, query: QueryDict, by: Asker) -> str:
    """Return the address that asks a query at a path, with a token in the place of each text with a personal key."""
    asked = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in (SEARCH, "csrfmiddlewaretoken"):
            asked.setlist(name, [_token(text, by) if is_personal(text) else text for text in values])
    here = escape_leading_slashes(path)
    return f"{here}?{asked.urlencode()}" if asked else here


def opened(query: QueryDict, by: Asker) -> QueryDict:
    """Return a query with its tokens opened; one that is altered, old or of another person stays as it is."""
    tokens = {
        text: token for token in _texts(query) if token.startswith(_MARK) and (text := _text(token, by)) is not None
    }
    if not tokens:
        return query
    texts = {token: text for text, token in tokens.items()}
    made = SearchedQuery(mutable=True)
    for name, values in query.lists():
        made.setlist(name, [texts.get(each, each) for each in values])
    made.tokens = tokens
    made._mutable = False
    return made


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"sif.busqueda\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _token(text: str, by: Asker) -> str:
    return _MARK + _cipher().encrypt(f"{by.pk or 0} {text}".encode()).decode()


def _text(token: str, by: Asker) -> str | None:
    try:
        said = _cipher().decrypt(token.removeprefix(_MARK).encode(), ttl=LASTS).decode()
    except InvalidToken:
        return None
    person, _space, text = said.partition(" ")
    return text if person == str(by.pk or 0) else None
