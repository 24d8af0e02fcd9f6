"""Sujetos obligados: who must report, and what each says today."""

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.registry import clock
from sif.registry.coalitions import members_on
from sif.registry.corrections import waiting
from sif.registry.elections import subjects
from sif.registry.folding import Folded
from sif.registry.models import SujetoObligado
from sif.registry.relieving import standing
from sif.registry.sujetos import ALLIANCES, NewSujeto, register_subject
from sif.web.admin.desk import AdminListing, AdminRecord, Seat, admin_page
from sif.web.admin.padron.convenios import agreements_drawn
from sif.web.admin.padron.corrected import corrections_of
from sif.web.admin.padron.emblem_rows import emblems_drawn
from sif.web.admin.padron.granted import granted
from sif.web.admin.words import SUBJECTS
from sif.web.columns import Column, Link, Values
from sif.web.fields import text_field
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.record import RecordForm
from sif.web.tables import Empty, Thing
from sif.web.tables import Link as To


def _members(row: Values) -> object:
    """Draw how many parties a coalition has, with the way to say which where none was said."""
    if row["tipo"] not in ALLIANCES:
        return ""
    if row["partes"]:
        return str(row["partes"])
    return Thing(_("Decir quiénes la forman"), reverse("administration:integrantes", args=[row["pk"]]))


class Subjects(AdminListing):
    """Every subject bound to report."""

    page, title, file_name = "sujetos", _("Sujetos obligados"), "sujetos"
    intro = _("Partidos, coaliciones, independientes y quienes más deben informar, en todos los procesos.")
    filters = {
        "q": words(_("Nombre o siglas"), "nombre", "siglas"),
        "tipo": choice(_("Tipo"), "tipo", SUBJECTS.items()),
    }
    order = "nombre"
    columns = (
        Column("nombre", _("Sujeto"), "cosa", sort=Folded("nombre"), link=Link("administration:sujeto")),
        Column("siglas", _("Siglas"), "clave", under="nombre"),
        Column("tipo", _("Tipo"), source="clase", words=SUBJECTS, sort=True),
        Column("rfc", _("RFC"), "clave"),
        Column("partes", _("Integrantes"), show=_members, source="partes"),
        Column("libros", _("Contabilidades"), "numero", sort=True),
        Column(
            "responsable",
            _("Responsable de Finanzas"),
            "estado",
            source="con_responsable",
            states={True: ("completa", _("Nombrado")), False: ("incompleta", _("Falta"))},
        ),
    )
    empty = Empty(
        _("Todavía no hay sujetos."), _("Registre primero los partidos; después sus coaliciones y los independientes.")
    )
    create = To(_("Sujeto nuevo"), "administration:sujeto_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select every subject."""
        return subjects()

    def context(self) -> dict[str, object]:
        """Show above the corrections of subjects that wait."""
        return {**super().context(), "correcciones": waiting().filter(candidatura=None)}


@require_safe
@admin_page
def subject(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Show a subject: what it says today, its members, what hangs from it and how it was corrected."""
    found = get_object_or_404(subjects(), pk=pk)
    context = {
        "frame": seat.frame("sujetos", Crumb(_("Sujetos obligados"), reverse("administration:sujetos"))),
        "sujeto": found,
        "tipo": SUBJECTS[found.tipo],
        "alianza": found.tipo in ALLIANCES,
        "integrantes": [(each.sujeto, each.participacion_pb) for each in members_on(found, clock.today())],
        "convenios": agreements_drawn(found),
        "emblemas": emblems_drawn(found),
        "financiamiento": granted(found),
        "candidaturas": found.candidaturas.count(),
        "correcciones": corrections_of(found),
        "responsable": standing(found),
        "relevos": found.relevos.select_related("entra__usuario", "sale__nombramiento__usuario").order_by("-pk"),
    }
    return render(request, "admin/sujeto.html", context)


class SubjectForm(RecordForm):
    """A subject as typed."""

    makes = NewSujeto
    tipo = forms.ChoiceField(label=_("Tipo"), choices=SUBJECTS.items())
    nombre = text_field(_("Nombre completo"), required=True)
    siglas = text_field(_("Siglas"), _("Con ellas se le llama en listas y archivos."), required=True)
    rfc = text_field(_("RFC"), _("De la persona moral; con él se leen sus CFDI."))
    numero = text_field(_("Número"), _("Abre la clave de sus conclusiones; vacío, el primero que esté libre."))
    layout = ("tipo:grow", "nombre:grow siglas:short", "rfc:medium numero:short")


class NewSubject(AdminRecord):
    """Register a subject."""

    page, back, form_class = "sujetos", "administration:sujetos", SubjectForm
    title, done = _("Sujeto nuevo"), _("Sujeto registrado.")

    def save(self, form: SubjectForm) -> SujetoObligado:
        """Register it."""
        return register_subject(form.made(), self.seat.usuario)

    def saved_url(self, saved: SujetoObligado) -> str:
        """Go on with its members where it is a coalition."""
        if saved.tipo in ALLIANCES:
            return reverse("administration:integrantes", args=[saved.pk])
        return super().saved_url(saved)
