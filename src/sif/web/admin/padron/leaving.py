"""Show one candidacy, end it by its accord, approve who takes its place, and restore who should not have left."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.law.subjects import kind_of
from sif.registry.changing import why_not_moved
from sif.registry.leaving import (
    NewEnd,
    NewReturn,
    NewSubstitute,
    contest_of,
    end_candidacy,
    end_of,
    restore_candidacy,
    substitute,
    why_not_restored,
    why_not_substituted,
)
from sif.registry.leaving_models import standing_ends
from sif.registry.models import Candidatura, Contabilidad, FinCandidatura, RestitucionCandidatura
from sif.web.admin.desk import AdminRecord, Seat, admin_page
from sif.web.admin.padron.corrected import corrections_of
from sif.web.admin.words import CAUSES, ENDINGS, SEXES, STAGES
from sif.web.fields import day_field, text_field
from sif.web.frame import Crumb
from sif.web.record import RecordForm


def _candidacy(pk: int) -> Candidatura:
    rows = Candidatura.objects.select_related(
        "persona", "sujeto", "cargo", "territorio", "etapa__proceso", "contabilidad"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@admin_page
def candidacy(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Show a candidacy: its contest, its books and cap, who held it before and after, and how it ended."""
    found = _candidacy(pk)
    books = getattr(found, "contabilidad", None)
    fin = end_of(found)
    chain = contest_of(found)
    context = {
        "frame": seat.frame("candidaturas", Crumb(_("Candidaturas"), reverse("administration:candidaturas"))),
        "candidatura": found,
        "etapa_palabras": STAGES[found.etapa.tipo],
        "libros": books,
        "tope": books.topes.order_by("-pk").first() if books else None,
        "fin": fin,
        "causa": ENDINGS[fin.causa] if fin else "",
        "cadena": [(each, end_of(each)) for each in chain] if len(chain) > 1 else [],
        "restituciones": RestitucionCandidatura.objects.filter(fin__candidatura=found)
        .select_related("fin", "hecho_por")
        .order_by("-pk"),
        "sustituida": hasattr(fin, "sustitucion"),
        "correcciones": corrections_of(found),
        "cambia": why_not_moved(found) is None,
        "no_se_sustituye": why_not_substituted(fin) if fin else None,
        "no_se_restituye": why_not_restored(fin) if fin else None,
    }
    return render(request, "admin/candidatura.html", context)


class EndForm(RecordForm):
    """The end of a candidacy, as its accord says it."""

    makes = NewEnd
    causa = forms.ChoiceField(label=_("Causa"), choices=CAUSES.items())
    desde = day_field(_("Dejó de contender el"), _("El primer día en que ya no contiende, según el acuerdo."))
    presentada_el = day_field(_("Renuncia presentada el"), _("Solo si renunció."), required=False)
    acuerdo = text_field(_("Acuerdo"), _("El que la aprueba o la hace constar."), required=True)
    layout = ("causa:grow", "desde:medium presentada_el:medium", "acuerdo:grow")


class _OfOne(AdminRecord):
    """A form about one candidacy."""

    page, back = "candidaturas", "administration:candidaturas"

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: Any) -> HttpResponseBase:
        """Find the candidacy."""
        self.candidatura = _candidacy(kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def back_url(self) -> str:
        """Return to its page."""
        return reverse("administration:candidatura", args=[self.candidatura.pk])


class _OfEnded(_OfOne):
    """A form about one that ended."""

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: Any) -> HttpResponseBase:
        """Refuse one that still contends."""
        fin = standing_ends().filter(candidatura=kwargs["pk"]).first()
        if fin is None:
            raise Http404("Esa candidatura no ha terminado.")
        self.fin = fin
        return super().dispatch(request, seat, *args, **kwargs)


class EndCandidacy(_OfOne):
    """End a candidacy."""

    form_class = EndForm
    title, button = _("Terminar la candidatura"), _("Terminarla")
    done = _("La candidatura terminó. Sus libros siguen abiertos para lo ocurrido antes de ese día.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say whose candidacy it is and what follows."""
        words = translated(
            "%(name)s, %(office)s. Su contabilidad se conserva: registra lo ocurrido antes de ese día y debe los "
            "informes de los periodos que corrió. Solo otro acuerdo o una sentencia la restituye."
        ) % {"name": self.candidatura.persona.nombre, "office": self.candidatura.cargo.nombre}
        if not kind_of(self.candidatura.sujeto.tipo, settings.JURISDICTION).may_be_substituted:
            more = translated("Con ella termina la fórmula completa: nadie la sustituye (LGIPE 390.1, 391.1).")
            words = f"{words} {more}"
        return {**super().get_context_data(**kwargs), "intro": words}

    def save(self, form: EndForm) -> FinCandidatura:
        """End it."""
        return end_candidacy(self.candidatura, form.made(), self.seat.usuario)


class SubstituteForm(RecordForm):
    """The data of the person who replaces a candidacy, with the acuerdo that approves the substitution."""

    makes = NewSubstitute
    nombre = text_field(_("Nombre completo"), required=True)
    sexo = forms.ChoiceField(label=_("Sexo"), required=False, choices=SEXES)
    folio = text_field(_("Folio del registro"), _("Vacío: se hace uno."))
    curp, rfc = text_field(_("CURP")), text_field(_("RFC"))
    aprobada_el = day_field(_("Contiende desde el"), _("El día de su aprobación, según el acuerdo."))
    acuerdo = text_field(_("Acuerdo"), _("El que aprueba la sustitución."), required=True)
    layout = ("nombre:grow sexo:short", "folio:medium curp:medium rfc:medium", "aprobada_el:medium acuerdo:grow")


class Substitute(_OfEnded):
    """Approve who takes the place of a candidacy that ended, which opens books of its own."""

    form_class = SubstituteForm
    title, button = _("Sustituir la candidatura"), _("Aprobar la sustitución")
    done = _("Sustitución aprobada: se abrió su contabilidad.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say whose place it is and what follows."""
        words = translated(
            "Toma el lugar de %(name)s: %(office)s, %(place)s. Abre libros propios, con el mismo tope y su acuerdo; el "
            "tope es de la elección, así que lo gastado por ambas personas se suma (LGIPE 243.1, por confirmar)."
        ) % {
            "name": self.candidatura.persona.nombre,
            "office": self.candidatura.cargo.nombre,
            "place": self.candidatura.territorio.lugar,
        }
        return {**super().get_context_data(**kwargs), "intro": words}

    def save(self, form: SubstituteForm) -> Contabilidad:
        """Approve it."""
        return substitute(self.fin, form.made(), self.seat.usuario)

    def saved_url(self, saved: Contabilidad) -> str:
        """Go to who came in."""
        return reverse("administration:candidatura", args=[saved.candidatura_id])


class ReturnForm(RecordForm):
    """The reason and the acuerdo or sentencia by which a candidacy contends again."""

    makes = NewReturn
    acuerdo = text_field(
        _("Acuerdo o sentencia"), _("El que corrige el error, o la que ordena restituirla."), required=True
    )
    motivo = text_field(_("Motivo"), required=True)
    layout = ("acuerdo:grow", "motivo:grow")


class Restore(_OfEnded):
    """Leave the end of a candidacy without effect."""

    form_class = ReturnForm
    title, button = _("Restituir la candidatura"), _("Restituirla")
    done = _("La candidatura contiende de nuevo, como si no hubiera terminado.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say which end is left without effect and what follows."""
        words = translated(
            "%(name)s, %(office)s, dejó de contender el %(day)s por %(accord)s. Restituida, sus libros registran todos "
            "los días y deben todos los informes de sus periodos, también los que vencieron entretanto. El acto que la "
            "terminó se conserva."
        ) % {
            "name": self.candidatura.persona.nombre,
            "office": self.candidatura.cargo.nombre,
            "day": f"{self.fin.desde:%d/%m/%Y}",
            "accord": self.fin.acuerdo,
        }
        return {**super().get_context_data(**kwargs), "intro": words}

    def save(self, form: ReturnForm) -> RestitucionCandidatura:
        """Restore it."""
        return restore_candidacy(self.fin, form.made(), self.seat.usuario)
