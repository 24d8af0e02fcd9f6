"""Give the address of one's own mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sif.mail.addresses import keep_address
from sif.mail.outbox import is_configured
from sif.mail.recipients import recipient_of
from sif.web.mailing import language_field, mail_field
from sif.web.seats import to_login


class AddressForm(forms.Form):
    """The address of who asks, and the language of what is written to it."""

    def __init__(self, data: QueryDict | None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["correo"] = mail_field(_("Vacío, no se le escribe."))
        self.fields["idioma"] = language_field()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_address(request: HttpRequest) -> HttpResponse:
    """Return the address of one's mail and the form that changes it; the one before is told."""
    if not request.user.is_authenticated:
        return to_login(request)
    now = recipient_of(request.user)
    form = AddressForm(request.POST or None, initial={"correo": now.correo, "idioma": now.idioma})
    if form.is_valid():
        given = form.cleaned_data
        keep_address(request.user, given["correo"], given["idioma"] or get_language() or "")
        messages.success(request, _("Quedó guardado."))
        return HttpResponseRedirect(reverse("mi_correo"))
    context = {"form": form, "hoy": now, "hay_correo": is_configured()}
    return render(request, "account/correo.html", context, status=422 if form.errors else 200)
