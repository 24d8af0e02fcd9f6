"""Cambio de coalición: a candidacy passes to a coalition or leaves one, seen before with its effects."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sif.registry.changing import (
    AllianceEffects,
    NewAlliance,
    change_alliance,
    coalitions_of,
    effects_of,
    why_not_moved,
)
from sif.registry.models import Candidatura, Contabilidad, Periodo
from sif.values import Refused
from sif.web.admin.desk import AdminRecord, Seat
from sif.web.fields import day_field, set_choices, text_field
from sif.web.formats import currency_amount, subject_words
from sif.web.record import RecordForm


class AllianceForm(RecordForm):
    """The subject for which a candidacy contends from a day on, and the accord."""

    sujeto = forms.ChoiceField(label=_("Contenderá por"))
    desde = day_field(_("Desde el"), _("El primer día en que contiende por ese sujeto, según el acuerdo."))
    acuerdo = text_field(_("Acuerdo"), _("El que aprueba el cambio."), required=True)
    layout = ("sujeto:grow", "desde:medium acuerdo:grow")


class ChangeAlliance(AdminRecord):
    """Say what a change of coalition would do, and then do it."""

    page, back, form_class = "candidaturas", "administration:candidaturas", AllianceForm
    template_name = "admin/cambio.html"
    title, button = _("Cambiar de coalición"), _("Hacer el cambio")
    done = _("La candidatura cambió de coalición: se abrió su contabilidad. La de antes se conserva.")

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find a candidacy that may change."""
        rows = Candidatura.objects.select_related("persona", "sujeto", "cargo", "territorio", "etapa__proceso")
        self.candidatura = get_object_or_404(rows, pk=kwargs["pk"])
        if (refused := why_not_moved(self.candidatura)) is not None:
            raise Http404(refused.mensaje)
        return super().dispatch(request, seat, *args, **kwargs)

    def back_url(self) -> str:
        """Return to its page."""
        return reverse("administration:candidatura", args=[self.candidatura.pk])

    def get_form(self, form_class: type[forms.Form] | None = None) -> AllianceForm:
        """Offer the subjects that share a party with its own."""
        form: AllianceForm = super().get_form(form_class)
        self.others = {str(each.pk): each for each in coalitions_of(self.candidatura)}
        pairs = [(pk, f"{each.nombre} ({each.siglas})") for pk, each in self.others.items()]
        set_choices(form, "sujeto", [("", translated("Elija")), *pairs])
        return form

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say whose candidacy it is, and for whom it contends."""
        words = translated("%(name)s, %(office)s, %(place)s. Contiende %(subject)s.") % {
            "name": self.candidatura.persona.nombre,
            "office": self.candidatura.cargo.nombre,
            "place": self.candidatura.territorio.lugar,
            "subject": subject_words(self.candidatura.sujeto.nombre, "por"),
        }
        return {**super().get_context_data(**kwargs), "intro": words, "nadie": not self.others}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what would follow, unless the change itself is asked."""
        if self.request.POST.get("acto") == "cambiar":
            return super().form_valid(form)
        try:
            effects = effects_of(self.candidatura, self.asked(form))
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        told = effects_told(self.candidatura, self.asked(form), effects)
        return self.render_to_response(self.get_context_data(form=form, efectos=told))

    def asked(self, form: AllianceForm) -> NewAlliance:
        """Return the change typed."""
        data = form.cleaned_data
        return NewAlliance(self.others[data["sujeto"]], data["desde"], form.text("acuerdo"))

    def save(self, form: AllianceForm) -> Contabilidad:
        """Make the change."""
        return change_alliance(self.candidatura, self.asked(form), self.seat.usuario)

    def saved_url(self, saved: Contabilidad) -> str:
        """Go to the candidacy as it contends now."""
        return reverse("administration:candidatura", args=[saved.candidatura_id])


def _periods(periods: tuple[Periodo, ...]) -> str:
    """Write periods by their number and days."""
    each = [f"{one.numero} ({one.desde:%d/%m/%Y} – {one.hasta:%d/%m/%Y})" for one in periods]
    return ", ".join(each) or translated("ninguno")


def effects_told(candidatura: Candidatura, new: NewAlliance, effects: AllianceEffects) -> list[tuple[str, str]]:
    """Write what a change does to books and obligations, each with its title."""
    day = f"{new.desde:%d/%m/%Y}"
    old, now = candidatura.sujeto.siglas, new.sujeto.siglas
    told = [
        (
            translated("Contabilidad de antes"),
            translated(
                "La %(books)s sigue siendo de %(old)s: registra lo ocurrido antes del %(day)s. %(old)s debe los "
                "informes de los periodos %(periods)s y responde de ellos."
            )
            % {"books": effects.libros, "old": old, "day": day, "periods": _periods(effects.de_antes)},
        ),
        (
            translated("Contabilidad nueva"),
            translated("De %(now)s, desde el %(day)s: debe los informes de los periodos %(periods)s.")
            % {"now": now, "day": day, "periods": _periods(effects.de_ahora)},
        ),
        (
            translated("Tope de gastos"),
            translated("%(cap)s, el mismo y por su acuerdo: es de la elección, y lo gastado en las dos se suma.")
            % {"cap": currency_amount(effects.tope.tope)}
            if effects.tope
            else translated("No tiene; si un acuerdo lo fija, vale para las dos."),
        ),
        (
            translated("Personas"),
            ngettext(
                "%(n)d persona actúa en la de antes y ahí sigue; en la nueva la nombra %(now)s.",
                "%(n)d personas actúan en la de antes y ahí siguen; en la nueva las nombra %(now)s.",
                effects.personas,
            )
            % {"n": effects.personas, "now": now},
        ),
    ]
    if effects.suplentes:
        words = ngettext("Cambia con ella %(n)d suplencia.", "Cambian con ella %(n)d suplencias.", effects.suplentes)
        told.append((translated("Fórmula"), words % {"n": effects.suplentes}))
    if effects.abre_concentradora:
        words = translated("Se abre la de %(now)s en la etapa, que no la tiene.") % {"now": now}
        told.append((translated("Concentradora"), words))
    return told
