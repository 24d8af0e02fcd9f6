"""Keep what a signed-in person sees out of every cache, and clear the browser's when the session ends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivateResponsesMiddleware:
    """Mark the answers to a person, or to the key of one, as not storable unless the page set its own Cache-Control."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add Cache-Control to private answers and Clear-Site-Data to the answer that ends a session."""
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if (signed_in or "Authorization" in request.headers) and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        if signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response
