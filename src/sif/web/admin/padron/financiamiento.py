"""Write the public financing of a subject, one accord at a time."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.audit.grants import NewGrant, concepts, grant
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.web.admin.desk import AdminRecord
from sif.web.admin.padron.granted import CONCEPTS
from sif.web.admin.words import AMBITS, entity_choices
from sif.web.fields import MoneyField, set_choices, text_field
from sif.web.record import RecordForm


class GrantForm(RecordForm):
    """The grant of an accord, as typed."""

    anio = forms.IntegerField(label=_("Año"), min_value=1, max_value=9999)
    concepto = forms.ChoiceField(label=_("Para qué"))
    ambito = forms.ChoiceField(label=_("Ámbito"), choices=AMBITS.items())
    entidad = forms.ChoiceField(label=_("Entidad"), required=False)
    monto = MoneyField(label=_("Importe"))
    acuerdo = text_field(_("Acuerdo que lo otorga"), required=True)
    layout = ("anio:short concepto:medium", "ambito:medium entidad:medium", "monto:amount acuerdo:grow")

    def offer(self, seat: object) -> None:
        """Offer what the list admits, and this year."""
        self.fields["anio"].initial = clock.today().year
        set_choices(self, "concepto", ((each, CONCEPTS.get(each, each)) for each in concepts()))
        set_choices(self, "entidad", entity_choices())


class Grant(AdminRecord):
    """Write what an accord grants to a subject, or correct it by a later one."""

    page, back, form_class = "sujetos", "administration:sujetos", GrantForm
    title, button = _("Financiamiento público"), _("Registrar")
    intro = _("Lo que dice la lista de ese año y concepto se reemplaza; la lista de antes queda como estaba.")
    done = _("Financiamiento registrado: la lista que leen las reglas ya lo dice.")

    def dispatch(self, request: HttpRequest, seat: Any, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the subject."""
        self.sujeto = get_object_or_404(SujetoObligado, pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def crumb(self) -> str:
        """Name the subject."""
        return self.sujeto.nombre

    def back_url(self) -> str:
        """Return to the subject."""
        return reverse("administration:sujeto", args=[self.sujeto.pk])

    def save(self, form: GrantForm) -> object:
        """Record it. Raises Refused."""
        data = form.cleaned_data
        new = NewGrant(
            anio=data["anio"],
            concepto=data["concepto"],
            ambito=data["ambito"],
            entidad=data["entidad"],
            monto=data["monto"],
            acuerdo=form.text("acuerdo"),
        )
        return grant(self.sujeto, new, self.seat.usuario)
