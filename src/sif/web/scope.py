"""Open the scope of the person for each request, and close it after."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse

from sif.registry import events
from sif.registry.scope import leave_session, set_scope
from sif.registry.selectors import appointments_kept, scope_of_user
from sif.web.logged import StatementCounter


class ScopeMiddleware:
    """Row level security by request: an anonymous visitor sees no books at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the person's scope; the connection goes back to the pool seeing nothing, and clean."""
        if not request.user.is_authenticated:
            asked = StatementCounter()
            try:
                with connection.execute_wrapper(asked):
                    return self.get_response(request)
            finally:
                if asked.number:  # what asked nothing of the database left nothing in its session
                    leave_session(closed=False)
        events.bind(persona=request.user.pk)
        with appointments_kept():
            set_scope(scope_of_user(request.user), request.user.pk)
            try:
                return self.get_response(request)
            finally:
                leave_session()
