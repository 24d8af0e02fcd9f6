"""Gente: those who work for the subject, are paid or keep its cash, with what its books say of each."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.catalogs.models import PersonaSujeto
from sif.catalogs.selectors.people import rfc_doubt
from sif.catalogs.services import NewPersona, save_persona
from sif.catalogs.services.people import FOREVER
from sif.counterparties.history import history_of
from sif.counterparties.seen import people_of
from sif.registry.folding import Folded
from sif.registry.looks import NewLook
from sif.registry.masks import masked, unmasked
from sif.values import Refused
from sif.web.columns import Column, Link, Values
from sif.web.fields import ServiceForm, day_field, day_words, text_field
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.party.catalog_form import (
    captures,
    found_or_404,
    must_be_own,
    of_other_books,
    own_subject,
)
from sif.web.party.historial import history_table
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.personal_keys import PERSON_KEYS, KeyedListing, key_column, shown_keys
from sif.web.party.versions import add_reason, history_rows, version_seen
from sif.web.tables import Empty
from sif.web.tables import Link as Button
from sif.web.typed import posted

RELATIONS = {
    "empleo": _("Empleo"),
    "honorarios": _("Honorarios"),
    "repap": _("REPAP"),
    "representante": _("Representante"),
    "caja": _("Responsable de caja"),
}
"""What a person is to the subject."""
STATES = {"si": ("vigente", _("Vigente")), "no": ("cerrada", _("Terminada"))}
"""Whether the relation runs today."""


def _until(row: Values) -> object:
    return _("sigue") if row["hasta"] == FOREVER else row["hasta"]


def _end(row: Values) -> object:
    return "" if row["hasta"] == FOREVER else row["hasta"]


class People(KeyedListing):
    """The people of the catalogues, by name."""

    page, file_name = "gente", "personas"
    looked, keys = "persona", PERSON_KEYS
    title = _("Gente")
    intro = _("Empleos, honorarios, REPAP, representantes y responsables de caja: a quiénes nombran sus pólizas.")
    filters = {
        "q": words(_("Nombre"), "persona__nombre"),
        "relacion": choice(_("Relación"), "relacion", RELATIONS.items(), _("Todas")),
        "hoy": choice(_("Vigencia"), "hoy", (("si", _("Vigente hoy")), ("no", _("Terminada"))), _("Todas")),
    }
    order = "nombre"
    columns = (
        Column(
            "nombre",
            _("Persona"),
            "cosa",
            "persona__nombre",
            sort=Folded("persona__nombre"),
            link=Link("party:persona", ("identidad",)),
        ),
        Column("identidad", where="hidden"),
        Column("relacion", _("Relación"), words=RELATIONS, sort=True),
        key_column("curp", source="persona__curp", under="nombre"),
        key_column("rfc", "RFC", source="persona__rfc"),
        key_column("clave_elector", where="file"),
        Column("domicilio", where="file"),
        Column("desde", _("Desde"), "dia", sort=True),
        Column("hasta", _("Hasta"), "dia", "hasta", sort=True, show=_until, written=_end),
        Column("hoy", _("Vigencia"), "estado", states=STATES, where="screen"),
    )
    empty = Empty(_("Todavía no hay gente."), _("Aquí van empleos, honorarios, REPAP y cajas."))
    unmatched = _("Nadie responde a este filtro.")
    create = Button(_("Persona nueva"), "party:persona_nueva")

    def query(self) -> QuerySet[Any]:
        """Select the people whom the person sees."""
        today = self.seat.ahora.date()
        runs = Case(When(desde__lte=today, hasta__gte=today, then=Value("si")), default=Value("no"))
        return people_of(self.seat.alcance).annotate(hoy=runs)


class PersonForm(ServiceForm):
    """A person the subject deals with."""

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        once = _("Quien ya está registrado con esa CURP conserva su nombre.")
        self.fields["nombre"] = text_field(_("Nombre completo"), once, required=True)
        self.fields["relacion"] = forms.ChoiceField(label=_("Relación"), choices=list(RELATIONS.items()))
        self.fields["curp"] = text_field(_("CURP"), _("18 letras y cifras."))
        self.fields["rfc"] = text_field(_("RFC"), _("13 letras y cifras."))
        self.fields["clave_elector"] = text_field(_("Clave de elector"))
        self.fields["domicilio"] = text_field(_("Domicilio"))
        self.fields["desde"] = day_field(_("Desde"), _("Día/mes/año, por ejemplo 18/05/2026."))
        self.fields["hasta"] = day_field(_("Hasta"), _("Vacío mientras siga."), required=False)
        if corrects:
            add_reason(self)


def field_words() -> dict[str, str]:
    """Name the fields that a subject keeps of a person as their sheet does."""
    return {
        "relacion": gettext("Relación"),
        "clave_elector": gettext("Clave de elector"),
        "domicilio": gettext("Domicilio"),
        "desde": gettext("Desde"),
        "hasta": gettext("Hasta"),
        "persona.nombre": gettext("Nombre"),
        "persona.curp": "CURP",
        "persona.rfc": "RFC",
    }


def _is_current(row: PersonaSujeto, today: date) -> bool:
    return row.desde <= today <= row.hasta


def _keys(row: PersonaSujeto) -> dict[str, str]:
    return {"curp": row.persona.curp or "", "rfc": row.persona.rfc, "clave_elector": row.clave_elector}


def _own(mesa: Mesa, number: int) -> PersonaSujeto:
    """What is kept now of the person that this number, of any version, names."""
    rows = PersonaSujeto.objects.select_related("persona", "sujeto", "registrada_por")
    row = found_or_404(rows.filter(pk=number).first())
    must_be_own(mesa, row.sujeto_id)
    found = people_of(mesa.alcance).filter(identidad=row.identidad).select_related("registrada_por").first()
    if found is None:
        raise PermissionDenied(of_other_books())
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One person: what they are to the subject, and every póliza that names them; a post shows the keys whole."""
    row = _own(mesa, number)
    new = NewLook(row.sujeto_id, "persona", row.identidad, PERSON_KEYS)
    keys = shown_keys(request, mesa, new, _keys(row))
    context = {
        "frame": mesa.frame("gente", Crumb(row.persona.nombre)), "fila": row, "captura": captures(mesa),
        "relacion": RELATIONS[row.relacion], "vigente": _is_current(row, mesa.ahora.date()),
        "sigue": row.hasta == FOREVER, "duda": rfc_doubt(row.persona.rfc, keys.valores["rfc"]),
        "claves": keys,
        "otras": people_of(mesa.alcance).filter(persona__identidad=row.persona.identidad).exclude(pk=row.pk),
        "tabla": history_table(request, history_of("persona", row.persona_id, mesa.libros)),
        "historia": history_rows(row, field_words()),
    }  # fmt: skip
    return render(request, "party/persona.html", context, status=422 if keys.problema else 200)


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A new person."""
    return _edit(request, mesa, None)


@party_page
def edit(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Correct what is kept of a person, or say when it ended."""
    return _edit(request, mesa, _own(mesa, number))


def _edit(request: HttpRequest, mesa: Mesa, row: PersonaSujeto | None) -> HttpResponse:
    kept = _before(row) if row else {}
    covered = {name: masked(name, value) for name, value in kept.items()}
    form = PersonForm(posted(request), initial=covered, corrects=row is not None)
    general, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason = form.cleaned_data.pop("motivo", "")
            seen = version_seen(row, form.cleaned_data.pop("vista", None)) if row else None
            data = unmasked(kept, form.cleaned_data) | {"hasta": form.cleaned_data["hasta"] or FOREVER}
            subject = row.sujeto if row else own_subject(mesa)
            try:
                saved = save_persona(NewPersona(subject.pk, **data), mesa.usuario, ficha=seen, motivo=reason)
            except Refused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, gettext("Persona guardada: %(name)s.") % {"name": saved.persona.nombre})
                return HttpResponseRedirect(reverse("party:persona", args=[saved.identidad]))
    context = {
        "frame": mesa.frame("gente", Crumb(row.persona.nombre if row else _("Persona nueva"))),
        "form": form, "generales": general, "titulo": _("Editar persona") if row else _("Persona nueva"),
        "volver": reverse("party:persona", args=[row.identidad]) if row else reverse("party:gente"),
        "grande": ("nombre", "domicilio", "motivo"),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)


def _before(row: PersonaSujeto) -> dict[str, Any]:
    own: dict[str, Any] = {name: getattr(row, name) for name in ("relacion", "clave_elector", "domicilio")}
    person = {"nombre": row.persona.nombre, "curp": row.persona.curp or "", "rfc": row.persona.rfc}
    own["vista"] = row.pk
    return own | person | {"desde": day_words(row.desde), "hasta": day_words(row.hasta)}
