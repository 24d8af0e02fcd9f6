"""«Entre a la demostración»: which invented person to sign in as, and what each may do. Absent in production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.web.public.cast import invented
from sif.web.public.stage import public_page, stages_of

PASSWORD = "demostracion"  # noqa: S105 - invented people, told on the page itself


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Return the people of the demonstration with a form each, already filled. 404 in production."""
    if settings.PRODUCTION:
        raise Http404("No hay personas de demostración en producción.")
    rows = invented()
    party = [row for row in rows if row.sujeto]
    context = {
        "groups": [
            (_("Quienes rinden cuentas"), party),
            (_("La autoridad"), [row for row in rows if not row.sujeto]),
        ],
        "password": PASSWORD,
        "count": len(rows),
    }
    return public_page(request, "demostracion", "", stages_of(request), context)
