"""Gente: those who work for the subject, are paid or keep its cash, with what its books say of each."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
from sif.web.columns import Column, Link, Values
from sif.web.fields import day_field, day_words, text_field
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.labels import RELATIONS
from sif.web.lazy import Words
from sif.web.party.catalog_form import (
    captures,
    found_or_404,
    must_be_own,
    of_other_books,
    own_subject,
)
from sif.web.party.catalogos.history_table import history_table
from sif.web.party.catalogos.keyed import PERSON_KEYS, KeyedListing, key_column, shown_keys
from sif.web.party.catalogos.versions import VersionForm, VersionRecord, history_rows
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty
from sif.web.tables import Link as Button

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

    def query(self) -> QuerySet[Model]:
        """Select the people whom the person sees."""
        today = self.seat.ahora.date()
        runs = Case(When(desde__lte=today, hasta__gte=today, then=Value("si")), default=Value("no"))
        return people_of(self.seat.alcance).annotate(hoy=runs)


class PersonForm(VersionForm):
    """A person the subject deals with."""

    makes = NewPersona
    nombre = text_field(
        _("Nombre completo"), _("Quien ya está registrado con esa CURP conserva su nombre."), required=True
    )
    relacion = forms.ChoiceField(label=_("Relación"), choices=RELATIONS.items())
    curp = text_field(_("CURP"), _("18 letras y cifras."))
    rfc = text_field(_("RFC"), _("13 letras y cifras."))
    clave_elector = text_field(_("Clave de elector"))
    domicilio = text_field(_("Domicilio"))
    desde = day_field(_("Desde"), _("Día/mes/año, por ejemplo 18/05/2026."))
    hasta = day_field(_("Hasta"), _("Vacío mientras siga."), required=False)
    layout = (
        "nombre:grow",
        "relacion:medium curp:medium rfc:medium",
        "clave_elector:medium domicilio:grow",
        "desde:medium hasta:medium",
        "motivo:grow vista",
    )


FIELD_WORDS: dict[str, Words] = {
    "relacion": _("Relación"),
    "clave_elector": _("Clave de elector"),
    "domicilio": _("Domicilio"),
    "desde": _("Desde"),
    "hasta": _("Hasta"),
    "persona.nombre": _("Nombre"),
    "persona.curp": "CURP",
    "persona.rfc": "RFC",
}
"""What a subject keeps of a person, as their sheet names it."""


def _keys(row: PersonaSujeto) -> dict[str, str]:
    return {"curp": row.persona.curp or "", "rfc": row.persona.rfc, "clave_elector": row.clave_elector}


def _own(mesa: Mesa, number: int) -> PersonaSujeto:
    """Return the current version of the person that a number, of any version, names."""
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
        "frame": mesa.frame("gente", Crumb(row.persona.nombre)),
        "fila": row,
        "captura": captures(mesa),
        "relacion": RELATIONS[row.relacion],
        "vigente": row.desde <= mesa.ahora.date() <= row.hasta,
        "sigue": row.hasta == FOREVER,
        "duda": rfc_doubt(row.persona.rfc, keys.valores["rfc"]),
        "claves": keys,
        "otras": people_of(mesa.alcance).filter(persona__identidad=row.persona.identidad).exclude(pk=row.pk),
        "tabla": history_table(request, history_of("persona", row.persona_id, mesa.libros)),
        "historia": history_rows(row, FIELD_WORDS),
    }
    return render(request, "party/persona.html", context, status=422 if keys.problema else 200)


class EditPerson(VersionRecord):
    """Register a person, or correct what is kept of one or say when it ended."""

    page, back, sheet, form_class = "gente", "party:gente", "party:persona", PersonForm
    title, editing, done = _("Persona nueva"), _("Editar persona"), _("Persona guardada: %(name)s.")

    def find(self, number: int) -> PersonaSujeto:
        """Return what is kept now of a person whom the person sees."""
        return _own(self.seat, number)

    def named(self, row: PersonaSujeto) -> tuple[int, str]:
        """Return the number of the record and their name."""
        return row.identidad, row.persona.nombre

    def kept(self) -> dict[str, Any]:
        """Return it by field."""
        row: PersonaSujeto | None = self.row
        if row is None:
            return {}
        days = {"desde": day_words(row.desde), "hasta": day_words(row.hasta)}
        own = {"nombre": row.persona.nombre, "relacion": row.relacion, "domicilio": row.domicilio}
        return own | _keys(row) | days

    def save(self, form: PersonForm) -> PersonaSujeto:
        """Keep it for its subject, or for the first of the person's."""
        subject = self.row.sujeto_id if self.row else own_subject(self.seat).pk
        new = form.made(sujeto_id=subject, hasta=form.cleaned_data["hasta"] or FOREVER)
        return save_persona(new, self.seat.usuario, ficha=self.seen(form), motivo=form.text("motivo"))
