"""Depósitos: deposit the document that proves a duty of a subject, and give what was deposited with its acuse."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.duties.depositing import NOT_OWED, NewDeposit, Receivable, deposit
from sif.duties.handover import MAX_BYTES
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.registry.selectors import may
from sif.values import Refused
from sif.web import deposits
from sif.web.fields import day_field, file_field
from sif.web.frame import Crumb
from sif.web.party.mesa import Mesa, party_page


class DepositForm(forms.Form):
    """The file, and the day of what it proves where that has a day of its own."""

    dia = day_field(gettext_lazy("Día en que se hizo"), gettext_lazy("Como 18/05/2026."))
    archivo = file_field(gettext_lazy("PDF sin contraseña, de 20 MB o menos."), most=MAX_BYTES)

    def __init__(self, found: Receivable, *args: Any) -> None:
        super().__init__(*args)
        if not found.acto:
            del self.fields["dia"]


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def duty(request: HttpRequest, mesa: Mesa, clave: str, siglas: str) -> HttpResponseBase:
    """Show a duty of a subject that the person sees whole, with its deposits; who presents for it deposits another."""
    subject = _whole(mesa, siglas)
    found = deposits.duty_or_404(subject, clave)
    presents = may(mesa.usuario, "presentar", sujeto=subject)
    form = DepositForm(found, request.POST, request.FILES) if request.method == "POST" else DepositForm(found)
    if form.is_valid():
        try:
            return _deposited(request, mesa, subject, clave, form)
        except Refused as refused:
            for each in refused.problems:
                form.add_error(each.donde if each.donde in form.fields else None, f"{each.mensaje} {each.cura}".strip())
    context = {
        "frame": mesa.frame("obligaciones", Crumb(_("Obligaciones"), reverse("party:obligaciones"))),
        "sujeto": subject,
        "presenta": presents and found.obligacion.estado not in NOT_OWED and found.primero <= clock.today(),
        "form": form,
        **deposits.duty_context(found, "party"),
    }
    return render(request, "party/obligacion.html", context, status=422 if form.errors else 200)


def _whole(mesa: Mesa, siglas: str) -> SujetoObligado:
    """Return a subject that the person sees whole. Raises Http404."""
    for each in mesa.sujetos:
        if each.siglas == siglas and each.pk in mesa.alcance.enteros:
            return each
    raise Http404(_("Usted no ve entero a ese sujeto."))


def _deposited(
    request: HttpRequest, mesa: Mesa, subject: SujetoObligado, clave: str, form: DepositForm
) -> HttpResponse:
    given = form.cleaned_data
    file = given["archivo"]
    made = deposit(subject, NewDeposit(clave, file.name or "", file.read(), given.get("dia")), mesa.usuario)
    messages.success(request, _("Quedó depositado con el folio %(folio)s.") % {"folio": made.folio})
    return HttpResponseRedirect(reverse("party:obligacion", args=[clave, subject.siglas]))


@require_safe
@party_page
def document(_request: HttpRequest, _mesa: Mesa, number: int) -> HttpResponse:
    """Give the file of a deposit of a subject that the person sees whole."""
    return deposits.document(number)


@require_safe
@party_page
def acuse(_request: HttpRequest, _mesa: Mesa, number: int) -> HttpResponse:
    """Give the acuse of a deposit of a subject that the person sees whole."""
    return deposits.acuse(number)
